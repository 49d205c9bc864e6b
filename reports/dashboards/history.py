"""The same figures in the rounds before: stored sums of the place, as they were rolled up then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from assessment.models import Round
from reports.catalog import Column, add_up, column_of
from reports.models import Tally
from reports.tables import Figures, Table, columns_of

ROUNDS_BACK = 3
_PLACE = {"county": "county_id", "township": "township_id", "village": "village_id"}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier round of the county: `sums` are its base figures for the place, empty when it was never rolled up there."""

    round: Round
    columns: tuple[Column, ...]
    sums: Figures

    def value(self, code: str) -> int | float | None:
        column = column_of(self.columns, code)
        return column.value(self.sums) if column and self.sums else None


def rounds_before(table: Table) -> list[Before]:
    """At most three earlier rounds with figures for this place, the newest first. Two queries."""
    earlier = Round.objects.filter(county_id=table.round.county_id, reference_date__lt=table.round.reference_date)
    rounds = list(earlier.select_related("rubric").order_by("-reference_date")[:ROUNDS_BACK])
    parts: dict[int, list[Figures]] = defaultdict(list)
    stored = Tally.objects.filter(round__in=rounds, **{_PLACE[table.level]: table.area.pk})
    for round_id, values in stored.values_list("round_id", "values"):
        parts[round_id].append(values)
    return [Before(row, columns_of(row), add_up(parts[row.pk])) for row in rounds if parts[row.pk]]
