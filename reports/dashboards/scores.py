"""How many forms have each score: counted now from the forms in force, one grouped query."""

from __future__ import annotations

from django.db.models import Count

from reports.rollup import surveys_counted
from reports.tables import Table
from villages.selectors import family_of

_PLACE = {"county": "county_id", "township": "township_id"}


def score_counts(table: Table) -> dict[int, int]:
    """{score: forms} of the table's place, where each form has frozen its place (ruling 4)."""
    if table.level == "village":
        place = {"village_id__in": sorted(family_of([table.area.pk]))}
    else:
        place = {_PLACE[table.level]: table.area.pk}
    rows = surveys_counted(table.round).filter(score__isnull=False, **place).order_by()
    return dict(rows.values_list("score__points").annotate(Count("pk")))
