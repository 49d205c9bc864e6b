"""村表, 乡镇表, 县表: built from stored figures of villager groups, so that each level is the sum of the one below (rulings 22-24)."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property

from assessment.models import Round
from assessment.procedures import procedure_of
from assessment.rubric import Tier, parse_rubric
from core.errors import NotFound
from core.scope import Scope
from reports.actions import stale_villages
from reports.areas import LEVELS, UNGROUPED, UNGROUPED_NAME, area_of
from reports.catalog import Column, add_up, columns_for
from reports.models import Snapshot, Tally, TallyState
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


@dataclass(frozen=True, slots=True)
class Part:
    """Base figures of one villager group (None = 未分组): what a row is the sum of."""

    village: int
    group: int | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class Line:
    """A row before it is added up."""

    area: str
    name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Table:
    """A table as shown, printed, exported and served: the same object for all of them. `frozen`: of a 定稿, not of today."""

    level: str
    round: Round
    area: Place
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    as_of: datetime | None
    stale_villages: tuple[str, ...] = ()
    frozen: Snapshot | None = None

    @property
    def title(self) -> str:
        return LEVELS[self.level]

    @property
    def area_name(self) -> str:
        return self.frozen.area_name if self.frozen else name_of(self.area)

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
            {"code": c.code, "title": c.title, "definition": c.definition, "unit": c.unit, "kind": str(c.kind), "predicate": c.predicate if c.has_cell else None}
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
            "snapshot": self.frozen.serial if self.frozen else None,
        }


def build_table(level: str, round_: Round, area: str, scope: Scope, *, by_village: bool = False) -> Table:
    """Table of `level` about the place with code `area`; NotFound outside the caller's areas or in another county than the round.
    `by_village`: the rows of a county are its villages instead of its townships."""
    place = area_of(level, area, scope)
    if place.county_id != round_.county_id:
        raise NotFound
    villages = list(_villages_of(level, place))
    as_of, stale = _freshness(round_, villages)
    columns = columns_of(round_)
    lines = lines_of("township" if by_village and level == "county" else level, round_, place, columns, villages)
    return assemble(level, round_, place, columns, lines, as_of=as_of, stale_villages=stale)


def lines_of(level: str, round_: Round, place: Place, columns: Iterable[Column], villages: list[Village] | None = None) -> list[Line]:
    """Rows of a table with the stored figures of their groups."""
    villages = list(_villages_of(level, place)) if villages is None else villages
    parts = _figures(round_, [village.pk for village in villages], columns)
    build = {"village": _group_rows, "township": _village_rows, "county": _township_rows}[level]
    return build(round_, place, villages, parts)


def assemble(level: str, round_: Round, place: Place, columns: tuple[Column, ...], lines: Iterable[Line], **more: Any) -> Table:
    """The one way from figures of groups to a table, of today's and of frozen ones."""
    rows = tuple(_row(line.area, line.name, add_up([part.figures for part in line.parts]), columns) for line in lines)
    total = _row(place.code, "合计", add_up([row.sums for row in rows]), columns)
    return Table(level, round_, place, columns, rows, total, **more)


def name_of(place: Place) -> str:
    return getattr(place, "short_name", place.name)


def columns_of(round_: Round) -> tuple[Column, ...]:
    rubric = round_.rubric.value
    return columns_for(rubric.tiers, procedure_of(round_.procedure).stages, rubric.looks)


def tiers_of(round_: Round) -> tuple[Tier, ...]:
    return parse_rubric(json.loads(round_.rubric.document)).tiers


def _row(code: str, name: str, sums: Figures, columns: Iterable[Column]) -> Row:
    return Row(code, name, sums, {column.code: column.value(sums) for column in columns})


def _villages_of(level: str, place: Place) -> Iterable[Village]:
    """Villages under the place. Those merged away have no figures of their own once the round is rolled up again (decision 90)."""
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


def _parts(village: int, by_group: dict[int | None, Figures]) -> list[Part]:
    return [Part(village, group, figures) for group, figures in by_group.items()]


def _group_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    figures = dict(parts.get(place.pk, {}))
    lines = []
    in_force = set(groups_in_force(round_).filter(village=place).values_list("pk", flat=True))
    for group in place.groups.order_by("number"):
        own = figures.pop(group.pk, None)
        if own or group.pk in in_force:
            lines.append(Line(group.code, group.name, (Part(place.pk, group.pk, own or {}),)))
    if figures:
        lines.append(Line(place.code + UNGROUPED, UNGROUPED_NAME, tuple(_parts(place.pk, figures))))
    return lines


def _village_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    shown = [village for village in villages if village.valid_to is None or parts.get(village.pk)]
    return [Line(village.code, village.short_name, tuple(_parts(village.pk, parts.get(village.pk, {})))) for village in shown]


def _township_rows(round_: Round, place: Place, villages: list[Village], parts: dict) -> list[Line]:
    below: dict[int, list[Part]] = defaultdict(list)
    for village in villages:
        below[village.township_id] += _parts(village.pk, parts.get(village.pk, {}))
    townships = Township.objects.filter(county_id=place.pk).order_by("code")
    return [Line(t.code, t.name, tuple(below[t.pk])) for t in townships if t.valid_to is None or below[t.pk]]


def _freshness(round_: Round, villages: list[Village]) -> tuple[datetime | None, tuple[str, ...]]:
    ids = [village.pk for village in villages]
    times = (
        TallyState.objects.filter(round=round_, village_id__in=ids)
        .order_by("-computed_at")
        .values_list("computed_at", flat=True)
    )
    stale = set(stale_villages(round_, ids))
    return times.first(), tuple(village.short_name for village in villages if village.pk in stale)
