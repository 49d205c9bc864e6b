"""What the page of a meeting shows: its list with score, earlier answers and doubts, what has been entered, and what is still missing.

One read, the same number of queries for 3 households or 300. An open meeting shows the households that wait; a closed one those that it
decided, as it decided them. Whoever may see the list may ask; what may be done is said per line.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessment.actions.casework import actor_of, facts_of
from assessment.actions.sitting_steps import place_in, waiting
from assessment.meeting import (
    Attendance,
    Faults,
    Missing,
    area_name,
    attendance,
    default_category,
    head_faults,
    is_stale,
    list_mark,
    refused_reasons,
    takes_over,
)
from assessment.missing_below import missing_below
from assessment.models import Ballot, Case, CaseState, Round, Sitting, SittingStatus, Verdict
from assessment.procedures import Check, Procedure, Stage
from assessment.procedures.reasons import reason_words, reasons_for
from assessment.ranked_list import Rank, RankedList, contested, ranked_list
from assessment.selectors_samples import Sampled, sampled, unvisited
from assessment.selectors_signing import unsigned_groups
from assessment.selectors_sittings import sitting_of
from assessment.workflow import Actor, CaseFacts, Step, exclusions_standing, level_reasons, papers_missing, who_may
from core.scope import FieldClass, Scope
from households.codes import TIER
from households.secrets import reveal
from households.selectors_doubts import pressing

LOOK_SEPARATOR = ","
NAMED = 3


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier stage said of the household; `votes` is "28 : 1" or ""."""

    stage: str
    word: str
    opinion: str
    votes: str
    category: str
    by: str
    pass_no: int
    standing: bool
    reasons: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One household of the list. `refused` says why the caller may not decide it, `who` then says who may."""

    case: Case
    points: int | None
    tier: str
    looks: tuple[tuple[str, str, str], ...]
    category: str
    past: tuple[Past, ...]
    doubts: int
    ballot: Ballot | None
    note: str
    opinion: str
    word: str
    stale: bool
    refused: tuple[str, ...] = ()
    who: str = ""
    elsewhere: bool = False
    back: Past | None = None
    verdict: Verdict | None = None
    lacking: tuple[str, ...] = ()
    """Papers of the household's own without which it cannot be agreed to here."""
    excluded: tuple[str, ...] = ()
    """Exclusion conditions that keep it from being agreed to here (D6-02)."""
    rank: Rank | None = None
    """Its place in the queue, once every sheet is complete (A9-02)."""
    recheck: str = ""
    """Tier that a re-visit found, where it is not the form's (D6-09)."""

    @property
    def code(self) -> str:
        return self.case.household.code

    @property
    def head_name(self) -> str:
        return self.case.household.head_name

    @property
    def group_name(self) -> str:
        return self.case.group.name if self.case.group_id else ""

    @property
    def persons(self) -> int:
        return self.case.survey.persons if self.case.survey_id else self.case.household.persons

    @property
    def tier_name(self) -> str:
        return TIER.items.get(self.tier, "")

    @property
    def category_name(self) -> str:
        return TIER.items.get(self.category, "")

    @property
    def last(self) -> str:
        """What the round before this one concluded."""
        return self.case.last_category or ""

    @property
    def last_name(self) -> str:
        return TIER.items.get(self.last, "")

    @property
    def moved(self) -> bool:
        """The score now says another class than last time."""
        return bool(self.last and self.tier and self.last != self.tier)

    @property
    def version(self) -> int:
        return self.ballot.version if self.ballot else 0

    @property
    def blocked(self) -> bool:
        return bool(self.refused)

    @property
    def changed(self) -> bool:
        """The category is not that of the score."""
        return bool(self.tier and self.category and self.category != self.tier)

    @property
    def unanswered(self) -> bool:
        """A re-visit found another tier, and what has been entered does not say why that is to be passed over."""
        agreed = self.opinion == Step.AGREE.value and self.category != self.recheck
        grounds = self.ballot is not None and (self.ballot.reasons or self.ballot.note_enc)
        return bool(self.recheck and not self.refused and (not self.opinion or (agreed and not grounds)))

    @property
    def returned(self) -> bool:
        return self.case.pass_no > 1


@dataclass(frozen=True, slots=True)
class Tally:
    """Households by answer; `blank` have none yet, `blocked` are not the caller's to decide, `lacking` have none and lack a paper,
    `excluded` have none and stand under an exclusion condition."""

    agree: int = 0
    back: int = 0
    reject: int = 0
    blank: int = 0
    blocked: int = 0
    lacking: int = 0
    excluded: int = 0

    @property
    def total(self) -> int:
        return self.entered + self.blank + self.blocked + self.lacking + self.excluded

    @property
    def entered(self) -> int:
        return self.agree + self.back + self.reject


@dataclass(frozen=True, slots=True)
class Docket:
    sitting: Sitting
    procedure: Procedure
    stage: Stage
    area: str
    lines: tuple[Line, ...]
    tally: Tally
    there: Attendance
    faults: Faults
    missing: Missing
    may_decide: bool
    takes_over: bool
    mark: str
    minutes: str
    following: str
    categories: tuple[tuple[str, str], ...]
    reasons: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    queue: RankedList | None = None
    sampled: Sampled | None = None
    """None where the stage re-visits nobody."""

    @property
    def count(self) -> int:
        """How many wait: what `close_sitting` compares with."""
        return len(self.lines)

    @property
    def open(self) -> bool:
        return self.sitting.status == SittingStatus.OPEN

    @property
    def returns_to(self) -> tuple[tuple[str, str], ...]:
        return tuple((code, self.procedure.by_code[code].name) for code in self.procedure.returns_from(self.stage.code))

    @property
    def checks(self) -> tuple[tuple[Check, bool | None], ...]:
        return tuple((check, self.sitting.checks.get(check.code)) for check in self.stage.checks)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Sentences: what is missing before the list can be locked."""
        sentences = [line for lines in self.faults.values() for line in lines]
        if lacking := [line for line in self.lines if line.lacking and line.opinion == Step.AGREE.value]:
            named = _named([line.head_name for line in lacking])
            sentences.append(f"{named}还没有本户签字的{'、'.join(lacking[0].lacking)}，不能同意。")
        if excluded := [line.head_name for line in self.lines if line.excluded and line.opinion == Step.AGREE.value]:
            sentences.append(f"{_named(excluded)}有排除情形，没有乡镇确认的列入理由，不能同意。")
        if found := [line.head_name for line in self.lines if line.unanswered]:
            sentences.append(f"{_named(found)}抽查复核后档次不同，不能随其余同意，请逐户填意见并写明理由。")
        if stale := [line.head_name for line in self.lines if line.stale]:
            sentences.append(f"{_named(stale)}重新回到{self.stage.name}，请重新填意见。")
        if unscored := [line.head_name for line in self.lines if not (line.category or line.refused or line.opinion)]:
            sentences.append(f"{_named(unscored)}还没有评估表，不能随其余同意，请逐户填意见。")
        if sentence := contested(self.lines):
            sentences.append(sentence)
        return tuple(sentences)

    @property
    def outcome(self) -> str:
        """What closing with 其余全部同意 will do, as one sentence."""
        tally, words = self.tally, self.stage.words
        if tally.total and tally.blocked == tally.total:
            return f"名单上的 {tally.total} 户您都不能决定。请取消这次会议，由{who_may(self.stage)}办理。"
        own = sum(1 for line in self.lines if line.refused and not line.elsewhere)
        agree, then = tally.agree + tally.blank, f"送{self.following}" if self.following else "名单办结"
        parts = [
            (agree, f"{agree} 户{words.agree}，{then}"),
            (tally.back, f"{tally.back} 户{words.back}"),
            (tally.reject, f"{tally.reject} 户{words.reject}"),
            (own, f"{own} 户须由{who_may(self.stage)}决定，留在{self.stage.name}"),
            (tally.lacking, f"{tally.lacking} 户还缺本户签字的材料，留在{self.stage.name}"),
            (tally.excluded, f"{tally.excluded} 户有排除情形，留在{self.stage.name}"),
            (tally.blocked - own, f"{tally.blocked - own} 户由{self.stage.name}的承办人办理，不动"),
        ]
        return "锁定后：" + "；".join(text for number, text in parts if number) + "。"


def _named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 户" if len(names) > NAMED else "")


def docket(scope: Scope, sitting: object) -> Docket:
    """The whole of one meeting; NotFound out of the caller's area."""
    row = sitting_of(scope, sitting)
    procedure, stage = place_in(row)
    actor = actor_of(scope, row)
    is_open, private = row.status == SittingStatus.OPEN, scope.may_see(FieldClass.HEALTH, row)
    reader = _Reader(procedure, stage, private, _look_names(row))
    lines = _open_lines(row, reader, actor) if is_open else _decided_lines(row, reader)
    missing = missing_below(row.round, stage, row.village) if is_open else Missing()
    unsigned = unsigned_groups(row.round, stage, [line.case for line in lines]) if is_open else ()
    decided = None if is_open else {str(line.case.uuid): line.tier for line in lines}
    queue = ranked_list(stage, row, [line.case for line in lines], decided)
    ranks = queue.ranks() if queue else {}
    lines = [replace(line, rank=ranks.get(str(line.case.uuid))) for line in lines]
    drawn = sampled(row) if stage.inspects else None
    waits = unvisited(drawn, [line.case for line in lines]) if drawn and is_open else ()
    after = procedure.after(stage.code)
    own = stage.level in actor.levels
    taking = _taking(stage, actor, [line.case for line in lines])
    return Docket(
        sitting=row, procedure=procedure, stage=stage, area=area_name(row), lines=tuple(lines), tally=_tally(lines),
        there=attendance(row), faults=head_faults(stage, row, missing, unsigned, queue.wanting if queue else (), waits) if is_open else {}, missing=missing,
        may_decide=is_open and (own or taking), takes_over=taking, mark=list_mark(line.case for line in lines) if is_open else "",
        minutes=reveal(row, "minutes") if private else "", following=after.name if after else "",
        categories=tuple((tier.code, tier.name) for tier in row.round.rubric.value.tiers),
        reasons={step.value: reasons_for(stage, step.value) for step in (Step.AGREE, Step.RETURN, Step.REJECT)}, queue=queue,
        sampled=drawn,
    )  # fmt: skip


def _rows(cases: QuerySet[Case], sitting: Sitting) -> list[Case]:
    rows = pressing().filter(household_id=OuterRef("household_id")).order_by().values("household_id")
    doubts = Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)
    history = Verdict.objects.select_related("by", "voiding", "score").defer("body_enc").order_by("pk")
    found = cases.select_related("household", "group", "survey__score", "score").annotate(
        open_doubts=doubts, last_category=_last_category(sitting.round)
    )
    found = list(found.prefetch_related(Prefetch("verdicts", history)))
    for case in found:  # one round and village for all, not a copy each
        case.round, case.village = sitting.round, sitting.village
    return found


def _last_category(round_: Round) -> Subquery:
    """去年 (or the last time there was one): a column of the list's own query."""
    before = Case.objects.filter(household=OuterRef("household_id"), state=CaseState.CONCLUDED, round__reference_date__lt=round_.reference_date)
    return Subquery(before.order_by("-round__reference_date").values("category")[:1])


def _taking(stage: Stage, actor: Actor, cases: Sequence[Case]) -> bool:
    """The next level up has something to decide here: households that separation has blocked (ruling 16)."""
    return takes_over(stage, actor) and any(case.blocked_stage == stage.code for case in cases)


def _open_lines(sitting: Sitting, reader: "_Reader", actor: Actor) -> list[Line]:
    cases = _rows(waiting(sitting), sitting)
    facts = facts_of(cases)
    ballots = {ballot.case_id: ballot for ballot in sitting.ballots.select_related("by")}
    decides = reader.stage.level in actor.levels or _taking(reader.stage, actor, cases)
    who = actor if decides else None
    return sorted((reader.open_line(case, facts[case.pk], ballots.get(case.pk), who) for case in cases), key=_order)


def _decided_lines(sitting: Sitting, reader: "_Reader") -> list[Line]:
    """As it was decided then."""
    cases = _rows(Case.objects.filter(verdicts__sitting=sitting), sitting)
    return sorted((reader.decided_line(case, sitting) for case in cases), key=_order)


def _order(line: Line) -> tuple:
    return (line.points is None, line.points or 0, line.code)


def _look_names(sitting: Sitting) -> list[tuple[str, str]]:
    return [(look.name, str(look.weight)) for look in sitting.round.rubric.value.looks]


def _tally(lines: Sequence[Line]) -> Tally:
    found = Counter("blocked" if line.refused else (line.opinion or _waits(line)) for line in lines)
    counted = (found[name] for name in ("agree", "return", "reject", "", "blocked", "lacking", "excluded"))
    return Tally(*counted)


def _waits(line: Line) -> str:
    """Why 其余全部同意 leaves the household where it is; "" when it does not."""
    return "excluded" if line.excluded else ("lacking" if line.lacking else "")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes lines. `private`: notes may tell of an illness, so they need that field class (ruling 6)."""

    procedure: Procedure
    stage: Stage
    private: bool
    look_names: Sequence[tuple[str, str]]

    def open_line(self, case: Case, facts: CaseFacts, ballot: Ballot | None, actor: Actor | None) -> Line:
        """`actor` None = somebody who only reads: nothing is refused, nothing is offered."""
        refused = refused_reasons(self.procedure, facts, self.stage, actor) if actor else ()
        stale = ballot is not None and is_stale(ballot, case)
        entered = None if stale else ballot
        opinion = entered.opinion if entered else ""
        return Line(
            **self._scored(case, case.score or (case.survey.score if case.survey_id else None)),
            category=(entered.category if entered else "") or default_category(case), ballot=ballot,
            note=reveal(ballot, "note") if ballot and self.private else "", opinion=opinion,
            word=self.stage.words.of(opinion) if opinion else "", stale=stale, refused=refused,
            who=who_may(self.stage) if refused else "",
            elsewhere=bool(actor and level_reasons(facts, self.stage, actor)),
            lacking=papers_missing(self.procedure, self.stage.code, default_category(case), facts.papers),
            excluded=exclusions_standing(self.stage, facts, default_category(case)), recheck=facts.recheck,
        )  # fmt: skip

    def decided_line(self, case: Case, sitting: Sitting) -> Line:
        verdict = next(row for row in case.verdicts.all() if row.sitting_id == sitting.pk)
        return Line(
            **self._scored(case, verdict.score, until=verdict.pk), category=verdict.category, ballot=None,
            note=reveal(verdict, "note") if self.private else "", opinion=verdict.opinion,
            word=self.stage.words.of(verdict.opinion), stale=False, verdict=verdict,
        )  # fmt: skip

    def _scored(self, case: Case, score, until: int | None = None) -> dict[str, object]:
        rows = [row for row in case.verdicts.all() if until is None or row.pk < until]
        backs = [row for row in rows if row.opinion == Step.RETURN.value]
        parts = score.look_points.split(LOOK_SEPARATOR) if score else []
        return {
            "case": case, "points": score.points if score else None, "tier": score.tier if score else "",
            "looks": tuple((name, points, most) for (name, most), points in zip(self.look_names, parts, strict=False)),
            "past": tuple(self._past(row) for row in rows), "doubts": case.open_doubts,
            "back": self._past(backs[-1], told=True) if backs else None,
        }  # fmt: skip

    def _past(self, row: Verdict, told: bool = False) -> Past:
        stage = self.procedure.by_code[row.stage]
        votes = f"{row.votes_for} : {row.votes_against}" if row.votes_for is not None else ""
        return Past(
            stage.name, stage.words.of(row.opinion), row.opinion, votes, TIER.items.get(row.category, ""),
            row.by.name if row.by_id else "", row.pass_no, standing=not hasattr(row, "voiding"),
            reasons=tuple(reason_words(row.reasons)), note=reveal(row, "note") if told and self.private else "",
        )  # fmt: skip
