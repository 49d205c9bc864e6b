"""Households with open doubts. They are what stands now: a check, an explanation or a save marks the village dirty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet

from assessment.models import Round
from households.models import Doubt, DoubtState
from households.quality import Severity
from households.selectors_doubts import PRESSING


def doubts_counted(round_: Round) -> QuerySet[Doubt]:
    open_ = Doubt.objects.filter(county_id=round_.county_id, state=DoubtState.OPEN, severity__in=PRESSING)
    return open_.filter(household__isnull=False, household__closed_on__isnull=True)


def read_doubts(round_: Round, area: Any, sink: Callable[..., dict[str, int | None]]) -> None:
    """By the household's place of today, as the households themselves are counted."""
    rows = area.narrow(doubts_counted(round_), "household__").order_by().values_list("household__village_id", "household__group_id")
    serious = Count("household", distinct=True, filter=Q(severity=Severity.ERROR))
    for village, group, households, urgent in rows.annotate(Count("household", distinct=True), serious=serious):
        figures = sink((village, group))
        for code, number in (("doubts", households), ("doubts.serious", urgent)):
            figures[code] = (figures.get(code) or 0) + number
