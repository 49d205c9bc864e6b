"""What the page of a table shows: grouped header, cells with their links, foot. Presentation only, no figure is made here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from reports.areas import LEVELS
from reports.catalog import Column
from reports.frozen import Earlier
from reports.models import Snapshot
from reports.tables import Row, Table
from reports.workbooks.forms import FORMS

NOT_COMPUTABLE = "不可算"
BELOW = {"county": "township", "township": "village"}
_CODED = ("attribute", "attribute_persons", "cause", "cause_persons", "return_reason", "reject_reason")
_BESIDE = ("before", "change")


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str
    first_of_group: bool
    zero: bool
    unknown: bool
    change: str = ""
    """Since the last 定稿, where that is asked for."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Family:
    """A group of the header, which the column chooser turns on and off."""

    key: str
    title: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    span: int


def family_of(column: Column) -> str:
    return column.group_title


def family_key(title: str, columns: Collection[Column]) -> str:
    """A stable ASCII key of a header group for addresses: the family of its first column's code."""
    return next(column.code.partition(".")[0] for column in columns if column.group_title == title)


class TablePage:
    """Context of the template; `chosen` = families asked for (empty: all), `all_columns` also lists coded columns that are 0 throughout,
    `sees_health` = numbers of the ill lead to their households, `since` = the 定稿 whose figures each number is held against."""

    def __init__(
        self, table: Table, chosen: Collection[str] = (), *, all_columns: bool = False, sees_health: bool = True, since: Earlier | None = None
    ) -> None:
        self.table, self.sees_health, self.since = table, sees_health, since
        titles = list(dict.fromkeys(column.group_title for column in table.columns))
        keys = {title: family_key(title, table.columns) for title in titles}
        self.families = [Family(keys[title], title, not chosen or keys[title] in chosen) for title in titles]
        wanted = {family.title for family in self.families if family.shown}
        in_families = [column for column in table.columns if column.group_title in wanted]
        self.columns = [column for column in in_families if all_columns or not self._empty(column)]
        self.hidden = len(in_families) - len(self.columns)
        self.heads = [Head(title, len(list(members))) for title, members in groupby(self.columns, key=family_of)]
        self.starts = {next(iter(members)).code for _, members in groupby(self.columns, key=family_of)}
        self.form = FORMS[table.level]
        self.first_column = self.form.first_column

    def _empty(self, column: Column) -> bool:
        """A cause, attribute or ground that nobody here has; what no round before stands beside."""
        value = self.table.total.values[column.code]
        return column.code.partition(".")[0] in _CODED and value == 0 or column.code.partition(".")[0] in _BESIDE and value is None

    @property
    def lines(self) -> list[Line]:
        return [self._line(row, self._row_url(row)) for row in self.table.rows]

    @property
    def total(self) -> Line:
        return self._line(self.table.total, "")

    @property
    def short_digest(self) -> str:
        return " ".join(self.table.digest[start : start + 4] for start in range(0, 16, 4))

    @property
    def denominators(self) -> list[str]:
        """How the sum row's rates were computed: 贫困发生率 = … ÷ …；3,023 ÷ 27,990 = 10.8%。"""
        return [self._denominator(column) for column in self.columns if column.is_rate and not column.code.startswith("look_avg.")]

    def _denominator(self, column: Column) -> str:
        titles = {other.code: other.title for other in self.table.columns}
        sums = self.table.total.sums
        top, bottom = sums.get(column.numerator, 0), sums.get(column.denominator, 0)
        parts = [NOT_COMPUTABLE if value is None else f"{value:,}" for value in (top, bottom)]
        result = shown(column, self.table.total.values[column.code]) + (
            "%" if column.percent and bottom and top is not None else ""
        )
        return f"{column.title} = {titles[column.numerator]} ÷ {titles[column.denominator]}；{parts[0]} ÷ {parts[1]} = {result}。"

    def _line(self, row: Row, url: str) -> Line:
        return Line(row.name, url, [self._cell(row, column) for column in self.columns])

    def _cell(self, row: Row, column: Column) -> Cell:
        value = row.values[column.code]
        linked = column.has_cell and value and (self.sees_health or not column.private)
        return Cell(
            shown(column, value),
            self._cell_url(row, column) if linked else "",
            column.code in self.starts,
            value == 0,
            value is None,
            self._change(row, column),
        )

    def _change(self, row: Row, column: Column) -> str:
        """What stands beside the round before is a change already."""
        if self.since is None or column.code.partition(".")[0] in _BESIDE:
            return ""
        change = self.since.change(row.area, column.code, row.values[column.code])
        return "" if change is None else moved_by(column, change)

    def _row_url(self, row: Row) -> str:
        """A frozen table has nothing frozen below it."""
        if self.table.frozen:
            return ""
        below = BELOW.get(self.table.level)
        return table_url(below, self.table.round.code, row.area) if below else ""

    @property
    def _then(self) -> dict[str, str]:
        return {"snapshot": self.table.frozen.serial} if self.table.frozen else {}

    def _cell_url(self, row: Row, column: Column) -> str:
        query = urlencode({"round": self.table.round.code, "area": row.area, "column": column.code} | self._then)
        return f"{reverse('table_cell', args=[self.table.level])}?{query}"


def shown(column: Column, value: int | float | None) -> str:
    if value is None:
        return NOT_COMPUTABLE
    if column.percent:
        return f"{value * 100:.1f}"
    if column.is_change:
        return f"{value:+,}" if value else "0"
    return f"{value:,.{column.decimals}f}" if column.decimals else f"{value:,}"


def moved_by(column: Column, change: int | float) -> str:
    return f"{change * 100:+.1f}" if column.percent else f"{change:+,.{column.decimals}f}"


def table_url(level: str, round_code: str, area: str) -> str:
    return f"{reverse('table', args=[level])}?{urlencode({'round': round_code, 'area': area})}"


def snapshot_url(snapshot: Snapshot) -> str:
    """The table as it was frozen."""
    return f"{table_url(snapshot.level, snapshot.round.code, snapshot.area_code)}&{urlencode({'snapshot': snapshot.serial})}"


def breadcrumb(table: Table, levels: Collection[str]) -> list[tuple[str, str]]:
    """来凤县 / 大河镇 / 桐子园村; a place opens its table where the reader may open tables of its level."""
    area, round_code = table.area, table.round.code
    crumbs = [
        (place.name, table_url(level, round_code, place.code) if level in levels else "")
        for level in ("county", "township")
        if (place := getattr(area, level, None)) is not None
    ]
    return [*crumbs, (table.area_name, "")]


def level_links(levels: dict[str, str], current: str) -> list[dict[str, object]]:
    """村表 · 乡镇表 · 县表, as far as the caller may open them."""
    return [{"title": LEVELS[level], "url": url, "current": level == current} for level, url in levels.items()]
