"""What the map shows: places as tiles by township or as outlines, coloured by one column, the legend, and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from reports.catalog import Column, column_of
from reports.maps.classes import QUANTILE, UNKNOWN, WAYS, ZERO, Class, classes_of
from reports.maps.drawing import Drawing, Drawn, draw
from reports.pages import shown, table_url
from reports.tables import Row, Table
from villages.models import Village
from villages.outlines import Shape

FIRST_CHOICE = ("poverty_rate", "coverage")
VILLAGE_CODE = 12
LEAST_PUBLIC = 3
"""Fewer than three households or persons are not said on a sheet for the public (ruling 24)."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One place. `text` = its number in words, `key` = the colour, `url` where a tap leads, `cell` = the households behind the number."""

    code: str
    name: str
    value: int | float | None
    text: str
    key: str
    url: str
    cell: str
    township: str = ""

    @property
    def said(self) -> str:
        return f"{self.name} {self.text}"


@dataclass(frozen=True, slots=True)
class Block:
    """A township with its tiles."""

    name: str
    url: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Legend:
    key: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """A tile with its outline."""

    tile: Tile
    drawn: Drawn

    @property
    def named(self) -> bool:
        """Whether the name is written on it; what has no room has a title, and its line in the table."""
        return self.drawn.has_room_for(self.tile.name)


class MapPage:
    """Context of the template. `shapes` = outlines by code, empty for tiles; `sees_health` as in the tables; `public` hides small numbers."""

    def __init__(
        self, table: Table, code: str = "", way: str = QUANTILE, *, shapes: Mapping[str, Shape] | None = None, sees_health: bool = True, public: bool = False
    ) -> None:
        self.table, self.shapes, self.sees_health, self.public = table, shapes or {}, sees_health, public
        self.columns = [column for column in table.columns if not (public and column.private)]
        self.column = self._column(code)
        self.way = way if way in WAYS else QUANTILE
        self.classes = classes_of((self._graded(row) for row in table.rows), self.way, whole=not self.column.is_derived)

    def _column(self, code: str) -> Column:
        """The one asked for; else the first choice that any place here has a number for."""
        for wanted in (code, *FIRST_CHOICE):
            column = column_of(self.columns, wanted)
            if column and (wanted == code or any(row.values[wanted] is not None for row in self.table.rows)):
                return column
        return column_of(self.columns, "coverage") or self.columns[0]

    def _value(self, row: Row) -> int | float | None:
        return row.values[self.column.code]

    def _graded(self, row: Row) -> int | float | None:
        """The number as it is printed, so that equal words have one colour and the legend's limits do not overlap."""
        value = self._value(row)
        return value if value is None else round(value, self.column.decimals + (2 if self.column.percent else 0))

    @property
    def one(self) -> str:
        """What a tile is."""
        return {"county": "村" if self.by_village else "乡镇", "township": "村", "village": "组"}[self.table.level]

    @property
    def total(self) -> str:
        return self.said(self.column, self.table.total)

    def said(self, column: Column, row: Row) -> str:
        """The row's number in words; on a public sheet one that stands for fewer than three is not said, nor a rate of it."""
        counted = row.values[column.numerator] if column.is_derived else row.values[column.code]
        if self.public and counted is not None and 0 < counted < LEAST_PUBLIC:
            return f"少于 {LEAST_PUBLIC} {'户' if column.unit == '户' else '人'}" if not column.is_derived else "太少，不公布"
        return self.words(column, row.values[column.code])

    def words(self, column: Column, value: int | float | None) -> str:
        return shown(column, value) + ("%" if column.percent and value is not None else "")

    @cached_property
    def townships(self) -> dict[str, tuple[str, str]]:
        """Village code → (township's code, name); one query, only where a county is shown by village."""
        if not self.by_village:
            return {}
        rows = Village.objects.filter(county_id=self.table.round.county_id)
        return {code: (above, name) for code, above, name in rows.values_list("code", "township__code", "township__name")}

    @property
    def by_village(self) -> bool:
        return self.table.level == "county" and any(len(row.area) == VILLAGE_CODE for row in self.table.rows)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        return tuple(self._tile(row) for row in self.table.rows)

    def _tile(self, row: Row) -> Tile:
        value = self._value(row)
        return Tile(
            row.area, row.name, value, self.said(self.column, row), self.classes.key_of(self._graded(row)), self._row_url(row), self._cell_url(row, value),
            self.townships.get(row.area, ("", ""))[1],
        )  # fmt: skip

    def _row_url(self, row: Row) -> str:
        """The table of the place; a group has none, its number's households are the next thing."""
        below = {"county": "village" if self.by_village else "township", "township": "village"}.get(self.table.level)
        return table_url(below, self.table.round.code, row.area) if below else self._cell_url(row, self._value(row))

    def _cell_url(self, row: Row, value: int | float | None) -> str:
        if not value or not self.column.has_cell or (self.column.private and not self.sees_health):
            return ""
        level = "township" if self.by_village else self.table.level
        query = urlencode({"round": self.table.round.code, "area": row.area, "column": self.column.code})
        return f"{reverse('table_cell', args=[level])}?{query}"

    @cached_property
    def shaped(self) -> tuple[Shaped, ...]:
        by_code = {tile.code: tile for tile in self.tiles}
        return tuple(Shaped(by_code[place.code], place) for place in self.drawing.places)

    @cached_property
    def drawing(self) -> Drawing:
        above = dict.fromkeys(code for code, _ in self.townships.values())
        return draw(self.shapes, [row.area for row in self.table.rows], above)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Tiles of the places that have no outline: all of them on a map without outlines."""
        drawn = {place.code for place in self.drawing.places}
        left = [tile for tile in self.tiles if tile.code not in drawn]
        if not self.by_village:
            return (Block("" if drawn else self.table.area_name, "", tuple(left)),) if left else ()
        above = sorted(left, key=lambda tile: (self.townships[tile.code][0], tile.code))
        return tuple(self._block(key, tuple(tiles)) for key, tiles in groupby(above, key=lambda tile: self.townships[tile.code]))

    def _block(self, township: tuple[str, str], tiles: tuple[Tile, ...]) -> Block:
        return Block(township[1], map_url(self.table.round.code, township[0], self.column.code, self.way), tiles)

    @property
    def ranked(self) -> list[Tile]:
        """The table beside: largest number first, what is not computable last."""
        return sorted(self.tiles, key=lambda tile: (tile.value is None, -(tile.value or 0)))

    @property
    def legend(self) -> list[Legend]:
        return list(self._legend())

    def _legend(self) -> Iterator[Legend]:
        for step in reversed(self.classes.steps):
            yield Legend(step.key, self._limits(step), step.count)
        if self.classes.zero:
            yield Legend(ZERO, self.words(self.column, 0), self.classes.zero)
        if self.classes.unknown:
            yield Legend(UNKNOWN, "没有数字（不可算）", self.classes.unknown)

    def _limits(self, step: Class) -> str:
        low, high = (self.words(self.column, _plain(value)) for value in (step.low, step.high))
        if self.way == QUANTILE:
            return high if low == high else f"{low} 至 {high}"
        return f"大于 {low}，至 {high}" if step.low else f"大于 0，至 {high}"

    @property
    def families(self) -> list[tuple[str, list[Column]]]:
        """The choice of columns, by the groups of the table's header."""
        return [(title, list(columns)) for title, columns in groupby(self.columns, key=lambda column: column.group_title)]


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def map_url(round_code: str, area: str, column: str = "", way: str = "") -> str:
    query = {"round": round_code, "area": area, "column": column, "classes": way}
    return f"{reverse('map')}?{urlencode({key: value for key, value in query.items() if value})}"
