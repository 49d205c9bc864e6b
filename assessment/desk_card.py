"""The household beside the list: score, facts that matter, doubts, what was decided before. Presentation only; no row is written.

Single facts follow the caller's field classes: health in the members' lines, amounts in the facts, grounds of doubts with both.
Free text of earlier decisions may tell of an illness, so it needs the class of health.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment import survey_page
from assessment.distance import Distance
from assessment.distance_view import distance_for
from assessment.models import Amendment, Case, Opinion, Round, Verdict
from assessment.procedures import Procedure, procedure_of
from assessment.procedures.reasons import reason_words
from assessment.rubric import Tier
from assessment.selectors_photos import counts_of
from core.errors import NotFound
from core.periods import age_on
from core.scope import FieldClass, Scope
from households import codes
from households.secrets import reveal
from households.selectors import member_lines
from households.selectors_doubts import doubts_about
from households.selectors_exclusions import Exclusions, exclusions_of
from households.selectors_facts import fact_lines
from households.selectors_papers import income_note

SEALED = (FieldClass.HEALTH, FieldClass.FINANCE)
STATES = {Opinion.AGREE: "done", Opinion.RETURN: "back", Opinion.REJECT: "no"}
WORKING_AGE = range(16, 60)


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier decision, or a 变更 between two."""

    what: str
    word: str
    state: str
    at: datetime
    who: str
    category: str
    votes: str
    reasons: tuple[str, ...]
    note: str
    back_to: str
    pass_no: int
    void: bool


@dataclass(frozen=True, slots=True)
class Card:
    case: Case
    group_name: str
    tier: Tier | None
    points: int | None
    bars: Sequence[dict[str, object]]
    sections: list[tuple[str, list[tuple[str, str]]]]
    members: Sequence[object]
    sees_health: bool
    people: str
    attribute: str
    cause: str
    doubts: Sequence[tuple[object, str]]
    exclusions: Exclusions | None
    may_read: bool
    past: tuple[Past, ...]
    last_return: Past | None
    income: str
    """Whether the household itself has confirmed its income (四不), in words."""
    distance: Distance | None
    ruler: dict[str, object] | None
    photos: int


CASE_ROWS = (
    "round__rubric", "household__village", "household__township", "household__county", "household__group", "village", "group", "survey__score__rubric", "score",
)  # fmt: skip


def case_of(scope: Scope, sitting, uuid: object) -> Case:
    """A case of the sitting's village in the caller's area; NotFound otherwise."""
    rows = Case.objects.visible_to(scope).select_related(*CASE_ROWS)
    found = rows.filter(uuid=uuid, round_id=sitting.round_id, village_id=sitting.village_id).first()
    if found is None:
        raise NotFound
    return found


def card_of(scope: Scope, case: Case, round_: Round) -> Card:
    """`round_` comes with its rubric: a score made under it needs no other look-up."""
    survey, household = case.survey, case.household
    score = case.score or (survey.score if survey else None)
    rubric = (score.rubric if score and score.rubric_id != round_.rubric_id else round_.rubric).value
    may_read = all(scope.may_see(kind, case) for kind in SEALED)
    sees_health = scope.may_see(FieldClass.HEALTH, case)
    members = member_lines(scope, household)
    past = history_of(scope, case, procedure_of(round_.procedure), read=sees_health)
    return Card(
        case=case,
        group_name=case.group.name if case.group_id else "未分组",
        tier=survey_page.tier_named(rubric, score.tier) if score else None,
        points=score.points if score else None,
        bars=survey_page.look_bars(rubric, score.look_points) if score else (),
        sections=fact_lines(scope, household),
        income=income_note(household),
        members=members,
        sees_health=sees_health,
        people=_people(members, round_.reference_date),
        attribute=codes.ATTRIBUTE.label(household.attribute),
        cause=codes.CAUSE.label(household.cause),
        doubts=doubts_about(scope, household) if may_read else (),
        exclusions=exclusions_of(household) if may_read else None,
        may_read=may_read,
        past=past,
        last_return=next((row for row in past if row.state == "back"), None),
        distance=distance_for(scope, household, survey, score),
        ruler=survey_page.ruler_of(rubric, score.points) if score else None,
        photos=counts_of(household, round_).total(),
    )


def _people(members, day) -> str:
    ages = [age_on(line.row.person.birth, day) for line in members if line.row.person.birth and line.row.person.birth <= day]
    working = sum(age in WORKING_AGE for age in ages)
    return f"{len(members)} 人，16 至 59 岁 {working} 人" if members else "没有登记成员"


def history_of(scope: Scope, case: Case, procedure: Procedure, *, read: bool) -> tuple[Past, ...]:
    """Newest first."""
    verdicts = Verdict.objects.visible_to(scope).filter(case=case).select_related("by", "voiding", "sitting__delegation__principal")
    amendments = Amendment.objects.visible_to(scope).filter(case=case).select_related("by")
    rows = [_of_verdict(row, procedure, read) for row in verdicts] + [_of_amendment(row, procedure, read) for row in amendments]
    return tuple(sorted(rows, key=lambda row: row.at, reverse=True))


def _of_verdict(row: Verdict, procedure: Procedure, read: bool) -> Past:
    stage = procedure.by_code[row.stage]
    word = "期满办结" if row.notice_id else stage.words.of(row.opinion)
    votes = f"{row.votes_for} : {row.votes_against}" if row.votes_for is not None and row.votes_against is not None else ""
    category = codes.TIER.items.get(row.category, "") if row.opinion == Opinion.AGREE else ""
    return Past(
        stage.name, word, STATES[Opinion(row.opinion)], row.at, row.decider or "系统", category, votes, tuple(reason_words(row.reasons)),
        reveal(row, "note") if read else "", procedure.by_code[row.return_to].name if row.return_to else "", row.pass_no,
        hasattr(row, "voiding"),
    )  # fmt: skip


def _of_amendment(row: Amendment, procedure: Procedure, read: bool) -> Past:
    return Past(
        "变更", "已变更", "back", row.at, row.by.name, "", "", (), reveal(row, "reason") if read else "", procedure.by_code[row.back_to].name,
        0, False,
    )  # fmt: skip


