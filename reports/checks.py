"""Proof that the levels agree: 村表 = Σ groups, 乡镇表 = Σ villages, 县表 = Σ townships, and all = a count of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Count, Q, QuerySet, Sum

from assessment.models import Round
from core.scope import Scope
from reports.actions import system_scope
from reports.catalog import Column, Source, add_up
from reports.cells import condition
from reports.rollup import cases_concluded, households_counted, passes_counted, surveys_counted
from reports.tables import Row, Table, build_table, columns_of


def check_levels(round_: Round) -> list[str]:
    """Chinese sentences of every disagreement; an empty list means that all tables of the round agree."""
    scope = system_scope(round_)
    county = build_table("county", round_, round_.county.code, scope)
    problems = [f"有 {len(county.stale_villages)} 个村的数字不是最新，请先汇总。"] if county.stale_villages else []
    for row in county.rows:
        problems += _check_township(round_, row, scope)
    problems += _compare("县表", county.total, add_up([row.sums for row in county.rows]), county.columns)
    problems += _whole(county)
    return problems if problems else _against_count(round_, county)


def _check_township(round_: Round, row: Row, scope: Scope) -> list[str]:
    table = build_table("township", round_, row.area, scope)
    problems = _compare(f"县表“{row.name}”与乡镇表", row, table.total.sums, table.columns)
    for village in table.rows:
        below = build_table("village", round_, village.area, scope)
        problems += _compare(f"乡镇表“{village.name}”与村表", village, below.total.sums, table.columns)
    return problems


def _compare(where: str, row: Row, sums: dict[str, int | None], columns: Iterable[Column]) -> list[str]:
    return [
        f"{where}：{column.title} {row.sums.get(column.code)} ≠ {sums.get(column.code)}"
        for column in columns
        if not column.is_derived and (row.sums.get(column.code) or 0) != (sums.get(column.code) or 0)
    ]


def _whole(county: Table) -> list[str]:
    """Categories make up what was concluded, and nobody is concluded without having passed the last stage."""
    codes = [column.code for column in county.columns]
    decided = [code for code in codes if code.startswith("decided.")]
    last = [code for code in codes if code.startswith("stage.")][-1]
    problems = []
    for row in county.rows:
        concluded, passed = row.values["concluded"] or 0, row.values[last] or 0
        known = sum(row.values[code] or 0 for code in decided)
        if concluded != known:
            problems.append(f"县表“{row.name}”：已认定 {concluded} 户，各认定结果合计 {known} 户。")
        if concluded != passed:
            problems.append(f"县表“{row.name}”：已认定 {concluded} 户，通过最后阶段 {passed} 户。")
    return problems


def _against_count(round_: Round, county: Table) -> list[str]:
    """Count each column by its own predicate over the whole county, without groups, villages or stored rows."""
    counted = independent_count(round_)
    return [
        f"县表：{county_column.title} {county.total.values[code]} ≠ 直接统计 {counted[code]}"
        for county_column in county.columns
        if (code := county_column.code) in counted and (county.total.values[code] or 0) != counted[code]
    ]


def independent_count(round_: Round) -> dict[str, int]:
    """Column code → figure, for every base column that has rows behind it."""
    columns = [column for column in columns_of(round_) if not column.is_derived]
    counted: dict[str, int] = {}
    for source, rows in _ROWS.items():
        counted |= _aggregate(rows(round_), [column for column in columns if column.source is source])
    return counted


_ROWS: dict[Source, Callable[[Round], QuerySet]] = {
    Source.HOUSEHOLDS: households_counted,
    Source.SURVEYS: surveys_counted,
    Source.VERDICTS: passes_counted,
    Source.CASES: cases_concluded,
}
_PERSONS = {Source.CASES: "survey__persons"}


def _aggregate(rows: QuerySet, columns: list[Column]) -> dict[str, int]:
    measures = {f"c{number}": _measure(column) for number, column in enumerate(columns)}
    found = rows.order_by().aggregate(**measures)
    return {column.code: found[f"c{number}"] or 0 for number, column in enumerate(columns)}


def _measure(column: Column) -> Count | Sum:
    where = condition(column) or Q(pk__isnull=False)
    if column.expression == "count":
        return Count("pk", filter=where)
    field = "score__points" if column.expression == "points" else _PERSONS.get(column.source, "persons")
    return Sum(field, filter=where)
