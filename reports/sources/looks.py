"""Points of each look, from the subtotals frozen with the score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, QuerySet

from assessment.models import Round, Survey, SurveyStatus


def look_points(text: str, looks: int) -> list[int] | None:
    """Points by look as stored ("12,8,20"); None where they were not kept."""
    parts = text.split(",")
    return [int(part) for part in parts] if len(parts) == looks and all(part.isdecimal() for part in parts) else None


def read_looks(round_: Round, area: Any, sink: Callable[..., dict[str, int | None]]) -> None:
    """One form without subtotals makes its group's sums unknown."""
    looks = round_.rubric.value.looks
    codes = [f"look_sum.{look.code}" for look in looks]
    rows: QuerySet = area.narrow(Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED)).order_by()
    for village, group, text, forms in rows.values_list("village_id", "group_id", "score__look_points").annotate(Count("pk")):
        figures, points = sink((village, group)), look_points(text or "", len(looks))
        for place, code in enumerate(codes):
            known = figures.get(code, 0)
            figures[code] = None if points is None or known is None else known + points[place] * forms
