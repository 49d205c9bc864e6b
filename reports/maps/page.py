"""What the map shows: places as tiles by township or as outlines, coloured by one column, the legend, and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from reports.catalog import Column, column_of
from reports.catalog.column import POINTS
from reports.maps.classes import QUANTILE, UNKNOWN, WAYS, ZERO, Class, classes_of
from reports.maps.drawing import Drawing, Drawn, draw
from reports.maps.hiding import Cell, Sum, hidden_cells
from reports.pages import shown, table_url
from reports.tables import Row, Table
from villages.models import Village
from villages.outlines import Shape

FIRST_CHOICE = ("poverty_rate", "coverage")
VILLAGE_CODE = 12
WITHHELD, NOT_SAID = "h", "不公布"
"""Colour and words of a number that is not for the public (ruling 24): all alike, so that nobody sees which of them is the small one."""


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
    """Context of the template. `shapes` = outlines by code, empty for tiles; `sees_health` as in the tables; `public` hides small numbers and what gives them away."""

    def __init__(
        self, table: Table, code: str = "", way: str = QUANTILE, *, shapes: Mapping[str, Shape] | None = None, sees_health: bool = True, public: bool = False
    ) -> None:
        self.table, self.shapes, self.sees_health, self.public = table, shapes or {}, sees_health, public
        self.columns = [column for column in table.columns if not (public and column.private)]
        self.column = self._column(code)
        self.way = way if way in WAYS else QUANTILE
        seen = (self._graded(row) for row in table.rows if self.says(self.column, row))
        self.classes = classes_of(seen, self.way, whole=not self.column.is_derived)

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
        """The row's number in words, where this sheet says it."""
        return self.words(column, row.values[column.code]) if self.says(column, row) else NOT_SAID

    def says(self, column: Column, row: Row) -> bool:
        """Whether the number may be read here: neither itself withheld nor made of what is; points of few forms are their answers."""
        made_of = (column.numerator, column.denominator) if column.is_derived else (column.code,)
        forms = ("surveyed",) if column.expression in POINTS else ()
        return not any((row.area, code) in self._withheld for code in (*made_of, *forms))

    @cached_property
    def _withheld(self) -> frozenset[Cell]:
        """(place, base column) of every number that a public sheet leaves out; the office's own says all."""
        if not self.public:
            return frozenset()
        codes = [column.code for column in self.table.columns if not column.is_derived]
        whole = self.table.total.area
        values = {(row.area, code): row.values[code] for row in (*self.table.rows, self.table.total) for code in codes}
        sums = [Sum((whole, "surveyed"), tuple((whole, code) for code in codes if code.startswith("tier.")))]
        for above, below in self._places_below():
            parts = {code: tuple((place, code) for place in below) for code in codes}
            values |= {(above, code): _sum([values[cell] for cell in parts[code]]) for code in codes if above != whole}
            sums += [Sum((above, code), parts[code]) for code in codes]
        return hidden_cells(values, sums)

    def _places_below(self) -> list[tuple[str, list[str]]]:
        """Which places are added up to which. Villages of a county first to their townships: their own sheets say those sums."""
        areas = [row.area for row in self.table.rows]
        if not self.by_village:
            return [(self.table.total.area, areas)]
        below: dict[str, list[str]] = {}
        for area in areas:
            below.setdefault(self.townships[area][0], []).append(area)
        return [*below.items(), (self.table.total.area, list(below))]

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
            row.area, row.name, value, self.said(self.column, row), self._key(row), self._row_url(row), self._cell_url(row, value),
            self.townships.get(row.area, ("", ""))[1],
        )  # fmt: skip

    def _key(self, row: Row) -> str:
        return self.classes.key_of(self._graded(row)) if self.says(self.column, row) else WITHHELD

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
        if withheld := sum(tile.key == WITHHELD for tile in self.tiles):
            yield Legend(WITHHELD, NOT_SAID, withheld)

    def _limits(self, step: Class) -> str:
        low, high = (self.words(self.column, _plain(value)) for value in (step.low, step.high))
        if self.way == QUANTILE:
            return high if low == high else f"{low} 至 {high}"
        return f"大于 {low}，至 {high}" if step.low else f"大于 0，至 {high}"

    @property
    def families(self) -> list[tuple[str, list[Column]]]:
        """The choice of columns, by the groups of the table's header."""
        return [(title, list(columns)) for title, columns in groupby(self.columns, key=lambda column: column.group_title)]


def _sum(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(values)


def _plain(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def map_url(round_code: str, area: str, column: str = "", way: str = "") -> str:
    query = {"round": round_code, "area": area, "column": column, "classes": way}
    return f"{reverse('map')}?{urlencode({key: value for key, value in query.items() if value})}"
