"""What the dashboard of a place shows: four numbers, tiers, causes, stages with their days, places compared, scores, and what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from assessment.rubric import Tier
from assessment.selectors_rounds import SURVEY, Head, heads_of
from reports.catalog import Column, column_of
from reports.charts import Bar, Histogram, Stack, Trend, bars, histogram, stack, stacks, trend
from reports.dashboards.history import Before, rounds_before
from reports.dashboards.scores import score_counts
from reports.pages import BELOW, shown, table_url
from reports.tables import Row, Table, tiers_of

MOST_CAUSES = 12
MOST_PLACES = 16
POOREST = 2
"""Tiers that count as poor on sight: the lowest two."""
FILLS = ("doudi", "dibao", "yiban", "tuopin")
KEYS = ("households", "coverage", "concluded", "poverty_rate")
TRENDS = ("poverty_rate", "score_avg", "listed")
FEWEST = 2
"""Rounds that make a line."""


@dataclass(frozen=True, slots=True)
class Key:
    """One of the four numbers on top. `change` = against the round before, in words; "" when there is none."""

    title: str
    text: str
    unit: str
    url: str
    basis: str
    change: str


@dataclass(frozen=True, slots=True)
class TierLine:
    tier: Tier
    fill: str
    bar: Bar
    persons: str
    part: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """A stage: how many of the registered households passed it, and until when they should have."""

    bar: Bar
    head: Head | None


@dataclass(frozen=True, slots=True)
class Course:
    column: Column
    trend: Trend


class Dashboard:
    """Context of the template: `day` is today, for the deadlines only."""

    def __init__(self, table: Table, day: date) -> None:
        self.table, self.day = table, day
        self.tiers = sorted(tiers_of(table.round), key=lambda tier: tier.min)
        self.before = rounds_before(table)

    def _column(self, code: str) -> Column:
        found = column_of(self.table.columns, code)
        assert found is not None, code
        return found

    def _value(self, code: str, row: Row | None = None) -> int | float | None:
        return (row or self.table.total).values[code]

    def _text(self, code: str, row: Row | None = None) -> str:
        return shown(self._column(code), self._value(code, row))

    def _cell(self, code: str) -> str:
        """The households behind a number of the sum row."""
        column = self._column(code)
        if not self._value(code) or not column.has_cell:
            return ""
        query = urlencode({"round": self.table.round.code, "area": self.table.area.code, "column": code})
        return f"{reverse('table_cell', args=[self.table.level])}?{query}"

    def _fill(self, number: int) -> str:
        return FILLS[min(number, len(FILLS) - 1)]

    # --- numbers on top -------------------------------------------------------------------------------------------

    @cached_property
    def keys(self) -> list[Key]:
        here = table_url(self.table.level, self.table.round.code, self.table.area.code)
        return [self._key(self._column(code), self._cell(code) or here) for code in KEYS]

    def _key(self, column: Column, url: str) -> Key:
        unit = "" if self._value(column.code) is None else column.unit
        return Key(column.title, self._text(column.code), unit, url, self._basis(column), self._change(column))

    def _basis(self, column: Column) -> str:
        if not column.is_derived:
            return ""
        top, bottom = self._column(column.numerator), self._column(column.denominator)
        return f"{self._text(top.code)} ÷ {self._text(bottom.code)} {top.unit}"

    def _change(self, column: Column) -> str:
        if not self.before:
            return ""
        now, then = self._value(column.code), self.before[0].value(column.code)
        if now is None or then is None:
            return "与上批次不可比"
        unit = "个百分点" if column.percent else column.unit
        size = shown(column, abs(now - then))
        return f"比上批次{'持平' if now == then else ('增加' if now > then else '减少') + ' ' + size + ' ' + unit}"

    @property
    def earlier(self) -> Before | None:
        return self.before[0] if self.before else None

    # --- tiers, causes, stages ------------------------------------------------------------------------------------

    @cached_property
    def tier_stack(self) -> Stack:
        return self._tier_stack(self.table.total, "合计")

    def _tier_stack(self, row: Row, name: str, url: str = "") -> Stack:
        return stack(name, [(tier.name, self._fill(number), row.values[f"tier.{tier.code}"]) for number, tier in enumerate(self.tiers)], url)

    @cached_property
    def tier_lines(self) -> list[TierLine]:
        codes = [f"tier.{tier.code}" for tier in self.tiers]
        drawn = bars((tier.name, self._value(code), self._text(code), self._cell(code), self._fill(n)) for n, (tier, code) in enumerate(zip(self.tiers, codes, strict=True)))
        whole = self._value("surveyed")
        return [
            TierLine(tier, bar.fill, bar, self._text(f"tier_persons.{tier.code}"), None if not whole or bar.value is None else bar.value / whole)
            for tier, bar in zip(self.tiers, drawn, strict=True)
        ]

    @cached_property
    def causes(self) -> list[tuple[Bar, str]]:
        """Causes that anybody here has, the most frequent first, each with its persons."""
        found = [column for column in self.table.columns if column.code.startswith("cause.") and self._value(column.code)]
        found.sort(key=lambda column: -(self._value(column.code) or 0))
        drawn = bars((column.short, self._value(column.code), self._text(column.code), self._cell(column.code)) for column in found)
        return [(bar, self._text(column.code.replace(".", "_persons.", 1))) for bar, column in zip(drawn, found, strict=True)]

    @property
    def causes_drawn(self) -> list[Bar]:
        return [bar for bar, _ in self.causes[:MOST_CAUSES]]

    @cached_property
    def steps(self) -> list[Step]:
        """六看评估, the stages in their order, 已认定: of the registered households."""
        heads = {head.code: head for head in heads_of(self.table.round, self.day)}
        stages = [column.code for column in self.table.columns if column.code.startswith("stage.")]
        codes = [("surveyed", heads.get(SURVEY)), *((code, heads.get(code.removeprefix("stage."))) for code in stages), ("concluded", None)]
        names = {"surveyed": "六看评估", "concluded": "已认定"}
        due = self._value("households")
        drawn = bars(
            ((names.get(code) or self._column(code).short, self._value(code), self._text(code), self._cell(code)) for code, _ in codes), most=due or 0
        )
        return [Step(bar, head) for bar, (_, head) in zip(drawn, codes, strict=True)]

    # --- places ---------------------------------------------------------------------------------------------------

    def _row_url(self, row: Row) -> str:
        below = BELOW.get(self.table.level)
        return f"{reverse('dashboard')}?{urlencode({'round': self.table.round.code, 'area': row.area})}" if below else ""

    @property
    def lighter_places(self) -> int:
        """Places that the charts leave out; the table has them all."""
        return max(0, len(self.table.rows) - MOST_PLACES)

    @cached_property
    def place_tiers(self) -> list[Stack]:
        """The largest share of the two lowest tiers first."""
        made = [self._tier_stack(row, row.name, self._row_url(row)) for row in self.table.rows]
        return stacks(made, FILLS[:POOREST])[:MOST_PLACES]

    @property
    def place_tier_numbers(self) -> list[tuple[str, list[str]]]:
        """The table beside, of every place, as the 县表 has them."""
        return [(row.name, [self._text(f"tier.{tier.code}", row) for tier in self.tiers]) for row in self.table.rows]

    @cached_property
    def place_coverage(self) -> tuple[Bar, ...]:
        """Those furthest behind first; a place without households has no coverage and stands last."""
        rows = sorted(self.table.rows, key=lambda row: (row.values["coverage"] is None, row.values["coverage"] or 0))[:MOST_PLACES]
        return bars(
            [
                (row.name, row.values["coverage"], self._percent(row), self._row_url(row), "accent", f"{self._text('surveyed', row)} / {self._text('households', row)} 户")
                for row in rows
            ],
            most=1,
        )  # fmt: skip

    def _percent(self, row: Row) -> str:
        return self._text("coverage", row) + ("%" if row.values["coverage"] is not None else "")

    # --- scores and rounds ----------------------------------------------------------------------------------------

    @cached_property
    def scores(self) -> Histogram:
        return histogram(score_counts(self.table), [(tier.name, self._fill(n), tier.min, tier.max) for n, tier in enumerate(self.tiers)])

    @property
    def scores_agree(self) -> bool:
        """Whether the forms counted now are those of the table."""
        return self.scores.total == (self._value("surveyed") or 0)

    @cached_property
    def courses(self) -> list[Course]:
        """Lines over the rounds, the oldest first; none while there is only one."""
        if len(self.before) + 1 < FEWEST:
            return []
        return [Course(column, self._course(column)) for column in map(self._column, TRENDS)]

    def _course(self, column: Column) -> Trend:
        points = [(before.round.name, before.value(column.code)) for before in reversed(self.before)]
        points.append((self.table.round.name, self._value(column.code)))
        return trend([(name, value, shown(column, value) + ("%" if column.percent and value is not None else "")) for name, value in points])
