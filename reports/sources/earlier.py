"""What the round before had found, counted anew from its frozen forms and ended cases, in the villages of today."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessment.models import Case, CaseState, Round, Survey, SurveyStatus
from households.models import Household
from villages.models import VillagerGroup


def round_before(round_: Round) -> Round | None:
    """The county's last round of the same kind with an earlier reference date."""
    rows = Round.objects.filter(county_id=round_.county_id, kind=round_.kind, reference_date__lt=round_.reference_date)
    return rows.order_by("-reference_date", "-pk").first()


def earlier_surveys(round_: Round) -> QuerySet[Survey]:
    before = round_before(round_)
    return Survey.objects.filter(round=before, status=SurveyStatus.SUBMITTED) if before else Survey.objects.none()


def earlier_cases(round_: Round) -> QuerySet[Case]:
    before = round_before(round_)
    return Case.objects.filter(round=before, state=CaseState.CONCLUDED) if before else Case.objects.none()


def read_earlier(round_: Round, area: Any, sink: Callable[..., dict[str, int | None]]) -> None:
    """Without a round before nothing is written, and every change is unknown. With one, a group of which nothing was found had 0."""
    if round_before(round_) is None:
        return
    codes = ["before.surveyed", "before.concluded", *(f"before.tier.{tier.code}" for tier in round_.rubric.value.tiers)]
    for key in _places(round_, area):
        figures = sink(key)
        for code in codes:
            figures.setdefault(code, 0)
    surveys = area.narrow(earlier_surveys(round_)).order_by().values_list("village_id", "group_id", "score__tier")
    for village, group, tier, forms in surveys.annotate(Count("pk")):
        _add(sink((village, group)), forms, codes, "before.surveyed", f"before.tier.{tier}")
    cases = area.narrow(earlier_cases(round_)).order_by().values_list("village_id", "group_id")
    for village, group, ended in cases.annotate(Count("pk")):
        _add(sink((village, group)), ended, codes, "before.concluded")


def _places(round_: Round, area: Any) -> set[tuple[int, int | None]]:
    """Every group in force, and 未分组 where somebody is in it."""
    day = round_.reference_date
    in_force = Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    grouped = area.narrow(VillagerGroup.objects.filter(*in_force).order_by()).values_list("village_id", "pk")
    loose = area.narrow(Household.objects.registered().filter(group__isnull=True)).order_by().values_list("village_id", "group_id")
    return {*grouped, *loose.distinct()}


def _add(figures: dict[str, int | None], number: int, known: list[str], *codes: str) -> None:
    for code in known:
        figures.setdefault(code, 0)
    for code in codes:
        if code in known:  # a tier that this round's rubric does not have stands in no column
            figures[code] = (figures.get(code) or 0) + number
