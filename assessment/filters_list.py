"""The filter of a village's list: group, stage, state, in the address; the API's `cases/` filters by the same functions."""

import django_filters
from django.db.models import F, QuerySet

from assessment.models import Case, CaseState
from assessment.procedures import Procedure
from assessment.selectors_consent import short_of_papers
from assessment.selectors_differing import DIFFERS, departing
from villages.models import VillagerGroup

UNGROUPED = "none"
RETURNED, BLOCKED, LATE, PAPERS = "returned", "blocked", "late", "papers"
STATES = [*CaseState.choices, (RETURNED, "退回重办"), (BLOCKED, "须由他人决定"), (LATE, "补充评议"), (PAPERS, "待补签字材料"), (DIFFERS, "类别与得分不同")]


class ListFilter(django_filters.FilterSet):
    group = django_filters.ChoiceFilter(method="by_group", label="组", empty_label="全部组")
    stage = django_filters.ChoiceFilter(method="by_stage", label="所在阶段", empty_label="全部阶段")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="状态", empty_label="全部状态")

    class Meta:
        model = Case
        fields = ["group", "stage", "state"]

    def __init__(self, *args, procedure: Procedure, groups: list[VillagerGroup], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.filters["group"].extra["choices"] = [
            *((group.code, group.name) for group in groups),
            (UNGROUPED, "未分组"),
        ]
        self.filters["stage"].extra["choices"] = [(stage.code, stage.name) for stage in procedure.stages]

    def by_group(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return in_group(queryset, value)

    def by_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return at_stage(queryset, value)

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return in_state(queryset, value)


def in_group(cases: QuerySet, value: str) -> QuerySet:
    return cases.filter(group__isnull=True) if value == UNGROUPED else cases.filter(group__code=value)


def at_stage(cases: QuerySet, value: str) -> QuerySet:
    """Those that wait there; what is at an end stands at no stage."""
    return cases.live().filter(stage=value)


def in_state(cases: QuerySet, value: str) -> QuerySet:
    if value == RETURNED:
        return cases.live().filter(pass_no__gt=1)
    if value == BLOCKED:
        return cases.live().filter(blocked_stage=F("stage"))
    if value == PAPERS:
        return cases.filter(short_of_papers())
    if value == DIFFERS:
        return departing(cases)
    return cases.filter(supplementary=True) if value == LATE else cases.filter(state=value)
