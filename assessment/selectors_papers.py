"""Papers of a meeting as they are printed: minutes with the list, and the sign-in sheet; and the scans that hang on an object.

No number of a person and nothing of an illness is on a paper: a household is its householder's name, group and the last four digits of
its code. The free text of the minutes is for callers with the field class of health, notes on single households are for nobody's paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts import roles
from assessment.meeting import (
    UNGROUPED_NAME,
    Attendance,
    area_name,
    attendance,
    decision_of,
    default_category,
    is_stale,
)
from assessment.models import (
    Ballot,
    Case,
    Evidence,
    EvidenceKind,
    Opinion,
    Score,
    Sitting,
    SittingKind,
    SittingStatus,
    Survey,
    Verdict,
)
from assessment.procedures import Stage, procedure_of
from assessment.procedures.reasons import reason_words
from assessment.selectors_samples import Drawn, Sampled, sampled
from core.errors import NotFound, WrongState
from core.scope import FieldClass, Scope
from households.secrets import reveal

CODE_TAIL = 4
SIGN_IN_LINES, SPARE_LINES, MOST_LINES = 22, 6, 240


@dataclass(frozen=True, slots=True)
class Line:
    """One household on the minutes. What was decided is empty on the paper that goes to the meeting."""

    group: str
    head: str
    tail: str
    persons: int
    points: int | None
    tier: str
    opinion: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    category: str = ""
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What both papers say at their head, and the minutes' list."""

    sitting: Sitting
    stage: Stage
    area: str
    kind: str
    blank: bool
    there: Attendance
    seated: Sequence[Mapping[str, object]]
    lines: Sequence[Line] = ()
    checks: Sequence[tuple[str, str]] = ()
    text: str = ""
    text_hidden: bool = False
    signers: Sequence[str] = ()
    spare: Sequence[int] = field(default=())
    drawn: Sequence[Drawn] = ()
    """抽查表: the households to visit again, with what was found."""
    sampled: Sampled | None = None

    @property
    def closed(self) -> bool:
        return self.sitting.status == SittingStatus.CLOSED

    @property
    def with_groups(self) -> bool:
        return not self.stage.per_group

    @property
    def unsaid(self) -> int:
        """Households of an open meeting that nobody has entered an answer for."""
        return 0 if self.blank or self.closed else sum(1 for line in self.lines if not line.opinion)

    @property
    def tally(self) -> list[tuple[str, int]]:
        opinions = [row for row in Opinion.values if row != Opinion.RETURN or self.stage.returns_to]
        words = [self.stage.words.of(opinion) for opinion in opinions]
        return [(word, sum(1 for line in self.lines if line.opinion == word)) for word in words]

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


def sitting_to_print(scope: Scope, uuid: object) -> Sitting:
    """The meeting in the caller's area. NotFound; WrongState for one that was cancelled."""
    rows = Sitting.objects.visible_to(scope).select_related(
        "round__rubric", "county", "township", "village", "group", "closed_by", "delegation__principal"
    )
    sitting = rows.filter(uuid=uuid).first()
    if sitting is None:
        raise NotFound
    if sitting.status == SittingStatus.DROPPED:
        raise WrongState("这次会议已取消，没有材料可打印。", code="sitting_dropped")
    return sitting


def minutes_of(scope: Scope, sitting: Sitting, waiting: QuerySet[Case], *, blank: bool) -> Paper:
    """`waiting` are the cases of an open meeting; a closed one shows what its verdicts say. Four queries, however long the list."""
    hidden = bool(sitting.minutes_enc) and not scope.may_see(FieldClass.HEALTH, sitting)
    text = "" if blank or hidden else reveal(sitting, "minutes")
    stage = _stage(sitting)
    lines = (
        _decided(sitting, blank) if sitting.status == SittingStatus.CLOSED else _open(sitting, stage, waiting, blank)
    )
    checks = [(check.question, "" if blank else _answer(sitting.checks.get(check.code))) for check in stage.checks]
    return _paper(
        sitting,
        stage,
        blank,
        lines=lines,
        checks=checks,
        text=text,
        text_hidden=hidden and not blank,
        signers=_signers(sitting, stage, blank),
    )


def sign_in_of(sitting: Sitting, *, blank: bool) -> Paper:
    """The panel's names to sign beside, then empty lines for all who were expected."""
    there = attendance(sitting)
    named = 0 if blank else len(sitting.panel)
    wanted = max(SIGN_IN_LINES, named + SPARE_LINES, there.expected)
    return _paper(sitting, _stage(sitting), blank, spare=range(named + 1, min(wanted, MOST_LINES) + 1))


def sample_of(sitting: Sitting, *, blank: bool) -> Paper:
    """抽查表: with room to write when blank, else with what was found. WrongState where nothing was drawn."""
    found = sampled(sitting)
    if not found.samples:
        raise WrongState("这次会议还没有抽查，没有抽查表可打印。", code="nothing_drawn")
    return _paper(sitting, _stage(sitting), blank, drawn=found.drawn, sampled=found, signers=_signers(sitting, _stage(sitting), False))


def _paper(sitting: Sitting, stage: Stage, blank: bool, **more: object) -> Paper:
    kind = "" if sitting.kind == SittingKind.REGULAR else SittingKind(sitting.kind).label
    seated = () if blank else tuple(sitting.panel)
    return Paper(sitting, stage, area_name(sitting), kind, blank, attendance(sitting), seated, **more)


def _stage(sitting: Sitting) -> Stage:
    return procedure_of(sitting.round.procedure).by_code[sitting.stage]


def _signers(sitting: Sitting, stage: Stage, blank: bool) -> list[str]:
    """Names under which a line is drawn; empty lines for a panel that is not filled in yet."""
    if stage.panel is None:
        return []
    named = [] if blank else [str(member.get("name", "")) for member in sitting.panel if member.get("present", True)]
    least = stage.panel.exactly or stage.panel.minimum
    return named or [""] * least


def _answer(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "")


# --- the list -------------------------------------------------------------------------------------------------


def _decided(sitting: Sitting, blank: bool) -> list[Line]:
    stage, names = _stage(sitting), _tier_names(sitting)
    rows = sitting.verdicts.select_related("case__household", "case__group", "survey", "score").order_by(
        "position", "pk"
    )
    return _in_order(
        _line(row.case, row.survey, row.score, names, **({} if blank else _said(stage, row, names, row.category)))
        for row in rows
    )


def _open(sitting: Sitting, stage: Stage, waiting: QuerySet[Case], blank: bool) -> list[Line]:
    names = _tier_names(sitting)
    cases = waiting.select_related("household", "group", "survey__score", "score").order_by("household__code")
    ballots = {} if blank else {ballot.case_id: ballot for ballot in sitting.ballots.all()}
    lines = []
    for case in cases:
        ballot = ballots.get(case.pk)
        said = {} if ballot is None or is_stale(ballot, case) else _entered(sitting, stage, case, ballot, names)
        score = case.score or (case.survey.score if case.survey_id else None)
        lines.append(_line(case, case.survey, score, names, **said))
    return _in_order(lines)


def _in_order(lines: Iterable[Line]) -> list[Line]:
    """As the meeting's page lists them: the fewest points first, so that paper and screen are read line by line."""
    return sorted(lines, key=lambda line: (line.points is None, line.points or 0))


def _line(case: Case, survey: Survey | None, score: Score | None, names: Mapping[str, str], **said: object) -> Line:
    household = case.household
    return Line(
        group=case.group.name if case.group_id else UNGROUPED_NAME,
        head=household.head_name,
        tail=household.code[-CODE_TAIL:],
        persons=survey.persons if survey else household.persons,
        points=score.points if score else None,
        tier=names.get(score.tier, "") if score else "",
        **said,
    )


def _entered(sitting: Sitting, stage: Stage, case: Case, ballot: Ballot, names: Mapping[str, str]) -> dict[str, object]:
    """A ballot as closing would take it: votes left out are everybody's."""
    decision = decision_of(stage, case, ballot, attendance(sitting).present or None)
    category = decision.category or (default_category(case) if ballot.opinion == Opinion.AGREE else "")
    said = _said(stage, ballot, names, category)
    return said | {"votes_for": decision.votes_for, "votes_against": decision.votes_against}


def _said(stage: Stage, row: Verdict | Ballot, names: Mapping[str, str], category: str) -> dict[str, object]:
    back = (f"退回{_stage_name(row)}",) if row.return_to else ()
    return {
        "opinion": stage.words.of(row.opinion),
        "votes_for": row.votes_for,
        "votes_against": row.votes_against,
        "category": names.get(category, "") if row.opinion == Opinion.AGREE else "",
        "reasons": (*back, *reason_words(row.reasons)),
    }


def _stage_name(row: Verdict | Ballot) -> str:
    return procedure_of(row.sitting.round.procedure).by_code[row.return_to].name


def _tier_names(sitting: Sitting) -> dict[str, str]:
    return {tier.code: tier.name for tier in sitting.round.rubric.value.tiers}


# --- scans on an object ---------------------------------------------------------------------------------------


def may_read(scope: Scope, row: Evidence) -> bool:
    """A photo of a poster is for all who see the list. A scan may show numbers and tell of an illness: for those who hold that field
    class there. What somebody brought against a household is for the offices and for who took it in, not for the neighbours."""
    if row.kind == EvidenceKind.POSTING:
        return scope.may(roles.LIST_VIEW, row)
    if row.kind == EvidenceKind.OBJECTION and not scope.may(roles.OBJECTION_HANDLE, row):
        return scope.actor_id is not None and row.by_id == scope.actor_id and scope.may(roles.OBJECTION_LODGE, row)
    return scope.may(roles.LIST_VIEW, row) and scope.may_see(FieldClass.HEALTH, row)


@dataclass(frozen=True, slots=True)
class Hung:
    """A scan in a list, and whether the caller may open it."""

    row: Evidence
    readable: bool


def evidence_on(
    scope: Scope, *, sitting: object = None, sheets: Iterable[object] = (), case: object = None, objection: object = None
) -> list[Hung]:
    """The scans of a meeting, of a notice's sheets, of a household's case or of an objection, oldest first; for `papers/_evidence.html`.
    One query."""
    rows = Evidence.objects.visible_to(scope).select_related("by", "village")
    if sitting is not None or objection is not None:
        rows = rows.filter(sitting=sitting) if sitting is not None else rows.filter(objection=objection)
    else:
        rows = rows.filter(case=case) if case is not None else rows.filter(sheet__in=list(sheets))
    return [Hung(row, may_read(scope, row)) for row in rows]
