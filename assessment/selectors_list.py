"""A village's list as a page shows it: one line a household, the line of its stages, who is missing (issue 3.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessment.models import Case, CaseState, Round, Verdict
from assessment.models.cases import LIVE
from assessment.procedures import Procedure, procedure_of
from assessment.selectors_board import age_of
from assessment.selectors_consent import missing_papers
from assessment.selectors_differing import reasons_of
from assessment.selectors_rounds import (
    SURVEY,
    Head,
    Progress,
    add_up,
    case_figures,
    heads_of,
    household_figures,
    pending_notices,
)
from assessment.selectors_steps import Ground, NextStep, groups_by_id, next_steps, open_sittings
from core.api.paging import Keyset
from core.errors import NotFound
from core.scope import Scope
from households.codes import TIER
from households.models import Household
from villages.models import Village, VillagerGroup
from villages.selectors import heirs

ROWS_A_PAGE = 200
UNGROUPED_LAST = 32_767
BY_GROUP = Keyset(("group_place", "home_code"))
STATE_COLOURS = {
    CaseState.OPEN: "doing", CaseState.HELD: "notice", CaseState.CONCLUDED: "done", CaseState.REJECTED: "no", CaseState.ENDED: "todo",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One household of the list. `marks` are said beside the state: 待补申请书, 退回第 n 轮, 须由他人决定, 补充评议."""

    case: Case
    points: int | None
    tier: str
    tier_name: str
    decided: str
    decided_name: str
    stage: str
    state: str
    colour: str
    marks: tuple[str, ...]
    votes: str
    age: int | None
    why: str = ""
    """Who decided otherwise than scored, and the ground."""

    @property
    def url(self) -> str:
        return reverse("household", args=[self.case.household.code])


@dataclass(frozen=True, slots=True)
class TrackStage:
    """A stop of the drawn line: how many wait there, how many have passed it, of how many."""

    head: Head
    waiting: int
    passed: int
    due: int

    @property
    def look(self) -> str:
        """done = everybody has passed, now = somebody waits here, ahead = nobody has come so far."""
        if self.due and self.passed >= self.due:
            return "done"
        return "now" if self.waiting else "ahead"


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group × stages: waiting and passed; what is missing is what has not passed."""

    name: str
    code: str
    progress: Progress
    stops: tuple[TrackStage, ...]
    unsurveyed: int
    unsurveyed_url: str


@dataclass(frozen=True, slots=True)
class VillageList:
    round: Round
    village: Village
    progress: Progress
    track: list[TrackStage]
    groups: list[GroupLine]
    steps: list[NextStep]
    merged: list[Village]
    """Villages merged into this one that have a list of their own in the round."""

    @property
    def possible(self) -> list[NextStep]:
        return [step for step in self.steps if step.ok]

    @property
    def others(self) -> list[NextStep]:
        return [step for step in self.steps if not step.ok]


def village_of(scope: Scope, round_: Round, code: str) -> Village:
    rows = Village.objects.visible_to(scope).filter(county_id=round_.county_id).select_related("township", "county", "merged_into")
    village = rows.filter(code=code).first()
    if village is None:
        raise NotFound
    return village


def _merged_lists(scope: Scope, round_: Round, village: Village, into: Mapping[int, int]) -> list[Village]:
    merged = [old for old, new in into.items() if new == village.pk]
    rows = Village.objects.visible_to(scope).filter(pk__in=merged) if merged else Village.objects.none()
    return list(rows.filter(pk__in=Case.objects.filter(round=round_).values("village_id")).order_by("code"))


def village_list(scope: Scope, round_: Round, village: Village, day: date) -> VillageList:
    """Counts, line, groups and steps of one village: seven queries whatever its size."""
    into = heirs()
    procedure, heads, here = procedure_of(round_.procedure), heads_of(round_, day), {"village_id": village.pk}
    households, cases = household_figures(scope, round_, list(into), **here), case_figures(scope, round_, **here)
    groups = groups_by_id(scope, village)
    whole = add_up(procedure, households, cases, lambda row: None)[None]
    by_group = add_up(procedure, households, cases, lambda row: row.group)
    ground = Ground(
        scope,
        round_,
        [village],
        groups,
        cases,
        open_sittings(scope, round_, **here),
        pending_notices(scope, round_, **here),
    )
    return VillageList(
        round_, village, whole, _track(heads, whole), _groups(heads, village, groups, by_group), next_steps(ground),
        _merged_lists(scope, round_, village, into),
    )


def _track(heads: Sequence[Head], progress: Progress) -> list[TrackStage]:
    return [
        TrackStage(
            head,
            progress.waiting_at(head.code),
            progress.passed_by(head.code),
            progress.due if head.code == SURVEY else progress.cases,
        )
        for head in heads
    ]


def _groups(
    heads: Sequence[Head],
    village: Village,
    groups: Mapping[int, VillagerGroup],
    by_group: Mapping[int | None, Progress],
) -> list[GroupLine]:
    in_force = [group for group in groups.values() if group.valid_to is None or group.pk in by_group]
    ordered = sorted(in_force, key=lambda group: group.number)
    lines = [_group_line(heads, village, group.pk, group.name, group.code, by_group) for group in ordered]
    if None in by_group:
        lines.append(_group_line(heads, village, None, "未分组", "", by_group))
    return lines


def _group_line(
    heads: Sequence[Head], village: Village, pk: int | None, name: str, code: str, by_group: Mapping
) -> GroupLine:
    progress = by_group.get(pk) or Progress()
    query = f"?village={(village.merged_into or village).code}" + (f"&group={code}" if code else "") + "&surveyed=no"
    return GroupLine(
        name, code, progress, tuple(_track(heads, progress)), progress.unsurveyed, reverse("households") + query
    )


# --- the list itself ------------------------------------------------------------------------------------------


def cases_of(scope: Scope, round_: Round, village: Village) -> QuerySet[Case]:
    """With what orders them beside each: by group, those without one last."""
    rows = Case.objects.visible_to(scope).filter(round=round_, village=village).select_related("household", "group", "survey__score", "score")
    return rows.annotate(group_place=Coalesce("group__number", Value(UNGROUPED_LAST)), home_code=F("household__code"))


def unlisted(scope: Scope, round_: Round, village: Village, most: int) -> list[Household]:
    """Households of the village that may come onto the round's list: not on it, and on no other that is under way; by group and code."""
    listed = Case.objects.filter(Q(round=round_) | Q(state__in=LIVE), household__village=village).values("household_id")
    rows = Household.objects.visible_to(scope).registered().filter(village=village).exclude(pk__in=listed)
    return list(rows.select_related("group").order_by(F("group__number").asc(nulls_last=True), "code")[:most])


def case_lines(round_: Round, cases: Sequence[Case], day: date) -> list[CaseLine]:
    """In three queries: the votes last cast, the papers that are there, why it is not the tier of the score."""
    votes, lacking, why = _votes(cases), missing_papers(round_, cases), reasons_of(round_, cases)
    procedure = procedure_of(round_.procedure)
    return [_line(case, procedure, votes.get(case.pk, ""), day, lacking.get(case.pk, ()), why.get(case.pk, "")) for case in cases]


def _votes(cases: Sequence[Case]) -> dict[int, str]:
    """Case → 同意/不同意 of its last standing vote."""
    rows = (
        Verdict.objects.standing()
        .filter(case_id__in=[case.pk for case in cases], votes_for__isnull=False)
        .order_by("pk")
    )
    return {
        case: f"{votes_for}/{votes_against}"
        for case, votes_for, votes_against in rows.values_list("case_id", "votes_for", "votes_against")
    }


def _line(case: Case, procedure: Procedure, votes: str, day: date, lacking: Sequence[str], why: str) -> CaseLine:
    score = case.score or (case.survey.score if case.survey else None)
    tier, live = score.tier if score else "", case.state in LIVE
    return CaseLine(
        case=case, points=score.points if score else None, tier=tier, tier_name=TIER.label(tier), decided=case.category,
        decided_name=TIER.label(case.category), stage=procedure.by_code[case.stage].name, state=case.get_state_display(),
        colour=STATE_COLOURS[CaseState(case.state)], marks=tuple(_marks(case, lacking, live=live)), votes=votes,
        age=age_of(case.stage_since, day) if live else None, why=why,
    )  # fmt: skip


def _marks(case: Case, lacking: Sequence[str], *, live: bool) -> list[str]:
    marks = [f"待补{'、'.join(lacking)}"] if lacking else []
    if live and case.pass_no > 1:
        marks.append(f"退回第 {case.pass_no} 轮")
    if live and case.blocked_stage and case.blocked_stage == case.stage:
        marks.append("须由他人决定")
    if case.supplementary:
        marks.append("补充评议")
    return marks
