"""村表, 乡镇表, 县表: built from stored figures of villager groups, so that each level is the sum of the one below (rulings 22-24)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import cached_property

from assessment.models import Round
from assessment.procedures import procedure_of
from assessment.rubric import Tier, parse_rubric
from core.errors import NotFound
from core.scope import Scope
from reports.actions import stale_villages
from reports.areas import LEVELS, UNGROUPED, UNGROUPED_NAME, area_of
from reports.catalog import Column, add_up, columns_for
from reports.models import Tally, TallyState
from reports.rollup import groups_in_force
from villages.models import Place, Township, Village

Figures = dict[str, int | None]
Cells = dict[str, int | float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a table: `sums` are base figures, `values` what the columns say."""

    area: str
    name: str
    sums: Figures = field(repr=False)
    values: Cells = field(repr=False)


@dataclass(frozen=True)
class Table:
    """A table as shown, printed, exported and served: the same object for all of them."""

    level: str
    round: Round
    area: Place
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    as_of: datetime | None
    stale_villages: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return LEVELS[self.level]

    @property
    def area_name(self) -> str:
        return getattr(self.area, "short_name", self.area.name)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the cells: what "the same table" means (ruling 23). No time is in it."""
        body = {
            "level": self.level,
            "round": self.round.code,
            "area": self.area.code,
            "columns": [column.code for column in self.columns],
            "rows": [[row.area, row.name, [row.values[column.code] for column in self.columns]] for row in self.rows],
            "total": [self.total.values[column.code] for column in self.columns],
        }
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_dict(self) -> dict[str, object]:
        """The shape of the contract's `GET tables/…`."""
        columns = [
            {"code": c.code, "title": c.title, "definition": c.definition, "unit": c.unit, "kind": str(c.kind)}
            for c in self.columns
        ]
        return {
            "level": self.level,
            "round": self.round.code,
            "area": self.area.code,
            "name": self.area_name,
            "columns": columns,
            "rows": [{"area": row.area, "name": row.name, "values": row.values} for row in self.rows],
            "total": self.total.values,
            "digest": self.digest,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "stale_villages": list(self.stale_villages),
        }


def build_table(level: str, round_: Round, area: str, scope: Scope) -> Table:
    """Table of `level` about the place with code `area`; NotFound outside the caller's areas or in another county than the round."""
    place = area_of(level, area, scope)
    if place.county_id != round_.county_id:
        raise NotFound
    columns = columns_of(round_)
    villages = list(_villages_of(level, place))
    parts = _figures(round_, [village.pk for village in villages], columns)
    build = {"village": _group_rows, "township": _village_rows, "county": _township_rows}[level]
    lines = build(round_, place, villages, parts)
    rows = tuple(_row(code, name, add_up(figures), columns) for code, name, figures in lines)
    total = _row(place.code, "合计", add_up([row.sums for row in rows]), columns)
    return Table(level, round_, place, columns, rows, total, *_freshness(round_, villages))


def columns_of(round_: Round) -> tuple[Column, ...]:
    return columns_for(tiers_of(round_), procedure_of(round_.procedure).stages)


def tiers_of(round_: Round) -> tuple[Tier, ...]:
    return parse_rubric(json.loads(round_.rubric.document)).tiers


def _row(code: str, name: str, sums: Figures, columns: Iterable[Column]) -> Row:
    return Row(code, name, sums, {column.code: column.value(sums) for column in columns})


def _villages_of(level: str, place: Place) -> Iterable[Village]:
    """Villages under the place. Merged ones stay: frozen forms are counted where they were submitted (ruling 2)."""
    lookup = {"village": "pk", "township": "township_id", "county": "county_id"}[level]
    return Village.objects.filter(**{lookup: place.pk}).order_by("code")


def _figures(round_: Round, village_ids: list[int], columns: Iterable[Column]) -> dict[int, dict[int | None, Figures]]:
    """Stored figures by village and group; of a village that was never computed every figure is unknown, not 0."""
    parts: dict[int, dict[int | None, Figures]] = defaultdict(dict)
    stored = Tally.objects.filter(round=round_, village_id__in=village_ids).order_by("village_id", "group_id")
    for village, group, values in stored.values_list("village_id", "group_id", "values"):
        parts[village][group] = values
    computed = set(
        TallyState.objects.filter(round=round_, village_id__in=village_ids).values_list("village_id", flat=True)
    )
    for village in set(village_ids) - computed:
        parts[village] = {None: {column.code: None for column in columns if not column.is_derived}}
    return parts


Line = tuple[str, str, list[Figures]]


def _group_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    figures = dict(parts.get(place.pk, {}))
    lines = []
    in_force = set(groups_in_force(round_).filter(village=place).values_list("pk", flat=True))
    for group in place.groups.order_by("number"):
        own = figures.pop(group.pk, None)
        if own or group.pk in in_force:
            lines.append((group.code, group.name, [own or {}]))
    if figures:
        lines.append((place.code + UNGROUPED, UNGROUPED_NAME, list(figures.values())))
    return lines


def _village_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    shown = [village for village in villages if village.valid_to is None or parts.get(village.pk)]
    return [(village.code, village.short_name, list(parts.get(village.pk, {}).values())) for village in shown]


def _township_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    below: dict[int, list[Figures]] = defaultdict(list)
    for village in villages:
        below[village.township_id] += parts.get(village.pk, {}).values()
    townships = Township.objects.filter(county_id=place.pk).order_by("code")
    return [(t.code, t.name, below[t.pk]) for t in townships if t.valid_to is None or below[t.pk]]


def _freshness(round_: Round, villages: list[Village]) -> tuple[datetime | None, tuple[str, ...]]:
    ids = [village.pk for village in villages]
    times = (
        TallyState.objects.filter(round=round_, village_id__in=ids)
        .order_by("-computed_at")
        .values_list("computed_at", flat=True)
    )
    stale = set(stale_villages(round_, ids))
    return times.first(), tuple(village.short_name for village in villages if village.pk in stale)
