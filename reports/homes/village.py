"""Home of a cadre and of a 村党组织书记: forms, returned households, meetings, sheets; then the village's progress."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse

from accounts import roles
from assessment import selectors
from assessment.models import Round
from assessment.procedures import Mode, procedure_of
from assessment.selectors_consent import missing_papers, waiting_for_papers
from assessment.selectors_list import TrackStage
from assessment.selectors_rounds import SURVEY, Progress, add_up, heads_of, household_figures
from assessment.selectors_steps import Ground, NextStep, next_steps
from assessment.selectors_work import ground_of, returned_cases, waivers_without_paper
from core.scope import Scope
from households.selectors_doubts import left_today
from reports.homes.beside import beside
from reports.homes.documents import document_rows
from reports.homes.reminders import own_reminders, survey_reminder
from reports.homes.work import (
    WORK_ROWS,
    Number,
    in_order,
    meeting_rows,
    paper_rows,
    returned_rows,
    survey_rows,
    waiver_rows,
)
from villages.models import Village


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group's households, forms, and how many its own meeting has passed."""

    name: str
    url: str
    households: int
    surveyed: int
    met: int

    @property
    def missing(self) -> int:
        return max(0, self.households - self.surveyed)


def context_of(scope: Scope, round_: Round | None, day: date) -> dict[str, Any]:
    rows = Village.objects.visible_to(scope).select_related("township", "county", "merged_into")
    known = list(rows.order_by(F("merged_into_id").asc(nulls_first=True), "code"))
    villages = [village for village in known if village.merged_into_id is None]
    context: dict[str, Any] = {"villages": villages, "may_register": scope.has(roles.HOUSEHOLD_EDIT)}
    if round_ is None:
        return context
    forms = selectors.work_list(scope, round_, WORK_ROWS)
    ground, households = ground_of(scope, round_), household_figures(scope, round_)
    steps = next_steps(ground)
    returned, cases = returned_cases(scope, round_, WORK_ROWS)
    waivers = list(waivers_without_paper(scope, round_)[:WORK_ROWS]) if scope.has(roles.CASE_END) else []
    unsigned = list(waiting_for_papers(scope, round_)[:WORK_ROWS]) if scope.has(roles.PAPER_SIGN) else []
    meetings = meeting_rows(steps, day)
    rows = in_order([
        *returned_rows(cases, round_, day), *meetings, *waiver_rows(waivers, day),
        *paper_rows(unsigned, missing_papers(round_, unsigned), day), *survey_rows(forms.items, round_, day), *document_rows(scope, round_, day),
    ])  # fmt: skip
    procedure = procedure_of(round_.procedure)
    by_village, doubts = add_up(procedure, households, ground.cases, lambda row: row.village), left_today(scope)
    return context | {
        "reminders": [*own_reminders(meetings, day), *survey_reminder(round_, forms.to_survey, day)],
        "numbers": _numbers(forms, steps, returned, ground, doubts), "beside": beside(scope, forms.total - forms.submitted, doubts), "total": forms.total, "rows": rows[:WORK_ROWS], "next": next(iter(rows), None),
        "tracks": [_track(round_, village, by_village[village.pk], day) for village in known if village in villages or by_village[village.pk].cases],
        "groups": _groups(ground, households), "first_stage": procedure.first.name, "forms": forms, "waiting": _others(steps),
    }  # fmt: skip


def _numbers(forms: selectors.WorkList, steps: list[NextStep], returned: int, ground: Ground, doubts: int) -> list[Number]:
    mine = [step for step in steps if step.ok and step.stage.mode is Mode.SITTING]
    lists = f"{len(mine)} 场会" if mine else "没有等开的会"
    return [
        Number(
            "待入户评估",
            forms.to_survey,
            "户",
            f"已评 {forms.submitted:,} / {forms.total:,} 户",
            "/households/?surveyed=no",
        ),
        Number("等开会", sum(step.number for step in mine), "户", lists, _list_url(ground)),
        Number(
            "退回待改",
            returned,
            "户",
            f"今日要改 {doubts} 处，草稿 {forms.drafts} 户",
            _list_url(ground) + "?state=returned",
        ),
    ]


def _list_url(ground: Ground) -> str:
    if not ground.villages:
        return reverse("round", args=[ground.round.code])
    return reverse("village_list", args=[ground.round.code, ground.villages[0].code])


def _track(round_: Round, village: Village, progress: Progress, day: date) -> dict[str, Any]:
    stops = [
        TrackStage(
            head,
            progress.waiting_at(head.code),
            progress.passed_by(head.code),
            progress.due if head.code == SURVEY else progress.cases,
        )
        for head in heads_of(round_, day)
    ]
    return {
        "village": village,
        "progress": progress,
        "stops": stops,
        "url": reverse("village_list", args=[round_.code, village.code]),
    }


def _groups(ground: Ground, households: list) -> list[GroupLine]:
    """Groups in their order; those of several villages are named with the village."""
    found = add_up(ground.procedure, households, ground.cases, lambda row: (row.village, row.group))
    villages = {village.pk: village for village in ground.villages}
    order = sorted(
        ground.groups.values(),
        key=lambda group: (villages[group.village_id].code if group.village_id in villages else "", group.number),
    )
    at: dict[int | None, list[tuple[int, int | None]]] = defaultdict(list)
    for place in sorted(found, key=lambda place: place[0]):
        at[place[1]].append(place)
    places = [
        place
        for group in order
        for place in at.get(group.pk) or ([(group.village_id, group.pk)] if group.valid_to is None else [])
    ]
    return [_group_line(ground, villages, place, found) for place in [*places, *at[None]] if place[0] in villages]


def _group_line(
    ground: Ground, villages: Mapping[int, Village], place: tuple[int, int | None], found: Mapping
) -> GroupLine:
    progress, village = found.get(place) or Progress(), villages[place[0]]
    group = ground.groups.get(place[1])
    name, code = (group.name, group.code) if group else ("未分组", "none")
    url = reverse("village_list", args=[ground.round.code, village.code]) + f"?group={code}"
    met = progress.stages[ground.procedure.first.code].passed
    several = sum(one.merged_into_id is None for one in villages.values()) > 1
    return GroupLine(f"{village.short_name}{name}" if several else name, url, progress.due, progress.surveyed, met)


def _others(steps: list[NextStep]) -> list[NextStep]:
    """What the list waits for at other desks, so that nobody wonders."""
    return [step for step in steps if not step.ok][:4]
