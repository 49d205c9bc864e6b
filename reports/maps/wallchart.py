"""作战图: what the sheet to hang says beside its map (B-31). No household is on it; on a public one no number that stands for one or two, nor what gives it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts import roles
from accounts.selectors import Contact, in_charge
from reports.catalog import Column, column_of
from reports.charts import Bar, bars
from reports.dashboards.page import FILLS
from reports.maps.page import MapPage
from reports.maps.sheet import columns_for
from reports.tables import Table, tiers_of
from villages.models import Township

PAPERS = {"a3": "A3", "a1": "A1"}
KEYS = ("households", "persons", "coverage", "concluded", "poverty_rate")
LISTED = ("households", "persons", "surveyed", "listed", "concluded", "poverty_rate")
MOST_CAUSES, MOST_PERSONS, MOST_LISTED = 6, 10, 12
BESIDE_MAP = 14
"""Columns of the tiles under an outlined map: small, the map has the room."""
_LEADING = {"county": (roles.COUNTY, roles.TOWNSHIP), "township": (roles.TOWNSHIP,), "village": (roles.VILLAGE_LEAD, roles.CADRE)}
_ISSUERS = {"county": "扶贫开发办公室", "township": "人民政府", "village": "村民委员会"}


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers for the place: post and name, no number to call."""

    post: str
    name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """一览表: a line a place."""

    heads: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class WallChart:
    title: str
    facts: tuple[Fact, ...]
    tiers: tuple[Bar, ...]
    causes: tuple[Bar, ...]
    stages: tuple[Bar, ...]
    persons: tuple[Person, ...]
    columns: int
    overview: Overview | None
    check: str
    issuer: str


def wall_chart(table: Table, shown: MapPage) -> WallChart:
    """The sheet of the table's place; numbers as `shown` may say them."""
    tiers = sorted(tiers_of(table.round), key=lambda tier: tier.min)
    fills = {f"tier.{tier.code}": fill for tier, fill in zip(tiers, FILLS, strict=False)}
    codes = [column.code for column in table.columns]
    causes = sorted((code for code in codes if code.startswith("cause.") and table.total.values[code]), key=lambda code: -table.total.values[code])
    stages = ["surveyed", *(code for code in codes if code.startswith("stage.")), "concluded"]
    return WallChart(
        title=f"{table.area_name}脱贫攻坚作战图",
        facts=tuple(_fact(table, shown, code) for code in KEYS),
        tiers=_drawn(table, shown, [f"tier.{tier.code}" for tier in tiers], fills=fills),
        causes=_drawn(table, shown, causes[:MOST_CAUSES]),
        stages=_drawn(table, shown, stages, most=table.total.values["households"] or 0),
        persons=tuple(_persons(table)),
        columns=BESIDE_MAP if shown.drawing else columns_for([len(block.tiles) for block in shown.blocks]),
        overview=_overview(table, shown),
        check=" ".join(table.digest[start : start + 4] for start in range(0, 16, 4)),
        issuer=table.area.name if table.level == "village" else f"{table.area_name}{_ISSUERS[table.level]}",
    )


def _overview(table: Table, shown: MapPage) -> Overview | None:
    """The places as a list, where there are few enough that it has room under their tiles."""
    if shown.drawing or not 0 < len(table.rows) <= MOST_LISTED:
        return None
    columns = [column_of(table.columns, code) for code in LISTED]
    lines = tuple((row.name, tuple(shown.said(column, row) for column in columns)) for row in (*table.rows, table.total))
    return Overview(tuple(f"{column.title}（{column.unit}）" for column in columns), lines)


def _fact(table: Table, shown: MapPage, code: str) -> Fact:
    column = column_of(table.columns, code)
    text = shown.said(column, table.total)
    return Fact(column.title, text.removesuffix("%"), column.unit if text[:1].isdigit() else "")


def _drawn(table: Table, shown: MapPage, codes: Iterable[str], *, most: float | None = None, fills: dict[str, str] | None = None) -> tuple[Bar, ...]:
    names = {"surveyed": "六看评估", "concluded": "已认定"}
    columns = [column_of(table.columns, code) for code in codes]
    rows = [(names.get(column.code) or column.short, _length(table, shown, column), shown.said(column, table.total), "", (fills or {}).get(column.code, "accent")) for column in columns]
    return bars(rows, most=most)


def _length(table: Table, shown: MapPage, column: Column) -> int | float | None:
    """A bar could be measured: what is not said has none."""
    return table.total.values[column.code] if shown.says(column, table.total) else None


def _persons(table: Table) -> list[Person]:
    """The place's own posts first, then (for a county) those of its townships."""
    below = dict(Township.objects.filter(county_id=table.area.pk, valid_to__isnull=True).values_list("pk", "name")) if table.level == "county" else {}
    places = {"county": ([], []), "township": ([table.area.pk], []), "village": ([], [table.area.pk])}[table.level]
    found = in_charge(timezone.localdate(), table.round.county_id, [*places[0], *below], places[1])
    wanted = [row for row in found if row.role in _LEADING[table.level]]
    wanted.sort(key=lambda row: _LEADING[table.level].index(row.role))
    return [Person(_post(row, below), row.name) for row in wanted[:MOST_PERSONS]]


def _post(row: Contact, townships: dict[int, str]) -> str:
    place = townships.get(row.place_id, "") if row.role == roles.TOWNSHIP else ""
    return f"{place}{row.title or roles.ROLE_LABELS[row.role]}"
