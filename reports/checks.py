"""Proof that the levels agree: 村表 = Σ groups, 乡镇表 = Σ villages, 县表 = Σ townships, and all = a count of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import Count, Q, QuerySet, Sum

from assessment.models import Round
from core.scope import Scope
from households import cohorts
from reports.actions import system_scope
from reports.catalog import Column, Source, add_up
from reports.cells import condition
from reports.rollup import cases_concluded, households_counted, passes_counted, surveys_counted
from reports.sources.doubts import doubts_counted
from reports.sources.earlier import earlier_cases, earlier_surveys, round_before
from reports.sources.ledger import rejections_counted, returns_counted
from reports.sources.looks import look_points
from reports.tables import Row, Table, build_table, columns_of
from villages.models import Place


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


def level_faults(level: str, round_: Round, place: Place) -> list[str]:
    """Chinese sentences, with both numbers, of every disagreement below a place: what keeps a table from being released."""
    scope = system_scope(round_)
    table = build_table(level, round_, place.code, scope)
    problems = _compare(table.title, table.total, add_up([row.sums for row in table.rows]), table.columns)
    if level == "county":
        for row in table.rows:
            problems += _check_township(round_, row, scope)
    elif level == "township":
        for row in table.rows:
            below = build_table("village", round_, row.area, scope)
            problems += _compare(f"乡镇表“{row.name}”与村表", row, below.total.sums, table.columns)
    return problems + _whole(table)


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
        + f"，相差 {(row.sums.get(column.code) or 0) - (sums.get(column.code) or 0)}"
        for column in columns
        if not column.is_derived and (row.sums.get(column.code) or 0) != (sums.get(column.code) or 0)
    ]


def _whole(table: Table) -> list[str]:
    """Categories make up what was concluded, and nobody is concluded without having passed the last stage."""
    codes = [column.code for column in table.columns]
    decided = [code for code in codes if code.startswith("decided.")]
    last = [code for code in codes if code.startswith("stage.")][-1]
    problems = []
    for row in table.rows:
        concluded, passed = row.values["concluded"] or 0, row.values[last] or 0
        known = sum(row.values[code] or 0 for code in decided)
        if concluded != known:
            problems.append(f"{table.title}“{row.name}”：已认定 {concluded} 户，各认定结果合计 {known} 户。")
        if concluded != passed:
            problems.append(f"{table.title}“{row.name}”：已认定 {concluded} 户，通过最后阶段 {passed} 户。")
    return problems


def _against_count(round_: Round, county: Table) -> list[str]:
    """Count each column by its own predicate over the whole county, without groups, villages or stored rows."""
    counted = independent_count(round_)
    return [
        f"县表：{county_column.title} {county.total.values[code]} ≠ 直接统计 {counted[code]}"
        for county_column in county.columns
        if (code := county_column.code) in counted and (county.total.values[code] or 0) != (counted[code] or 0)
    ]


def independent_count(round_: Round) -> dict[str, int]:
    """Column code → figure, for every base column that has rows behind it."""
    columns = [column for column in columns_of(round_) if not column.is_derived]
    counted: dict[str, int] = {}
    for source, rows in _ROWS.items():
        counted |= _aggregate(rows(round_), [column for column in columns if column.source is source and column.expression not in _ONE_BY_ONE])
    if round_before(round_) is None:
        counted |= {column.code: None for column in columns if column.source in (Source.EARLIER_SURVEYS, Source.EARLIER_CASES)}
    return counted | _people(round_, columns) | _looks(round_)


def _people(round_: Round, columns: list[Column]) -> dict[str, int | None]:
    """Form by form, from what each has frozen."""
    found = list(surveys_counted(round_).values_list("people", flat=True))
    codes = [column.code for column in columns if column.expression == "people"]
    if None in found:
        return dict.fromkeys(codes, None)
    return {code: sum(cohorts.read(text).get(code.removeprefix("people."), 0) for text in found) for code in codes}


def _looks(round_: Round) -> dict[str, int | None]:
    """Form by form, from the subtotals of each."""
    looks = round_.rubric.value.looks
    found = [look_points(text or "", len(looks)) for text in surveys_counted(round_).values_list("score__look_points", flat=True)]
    codes = [f"look_sum.{look.code}" for look in looks]
    if None in found:
        return dict.fromkeys(codes, None)
    return {code: sum(points[place] for points in found) for place, code in enumerate(codes)}


_ONE_BY_ONE = ("people", "look")
_ROWS: dict[Source, Callable[[Round], QuerySet]] = {
    Source.HOUSEHOLDS: households_counted,
    Source.SURVEYS: surveys_counted,
    Source.VERDICTS: passes_counted,
    Source.CASES: cases_concluded,
    Source.RETURNS: returns_counted,
    Source.REJECTIONS: rejections_counted,
    Source.DOUBTS: doubts_counted,
    Source.EARLIER_SURVEYS: earlier_surveys,
    Source.EARLIER_CASES: earlier_cases,
}
_ONCE_EACH = {Source.RETURNS: "case", Source.REJECTIONS: "case", Source.DOUBTS: "household"}
"""Several rows of these are one household."""
_PERSONS = {Source.CASES: "survey__persons"}


def _aggregate(rows: QuerySet, columns: list[Column]) -> dict[str, int]:
    measures = {f"c{number}": _measure(column) for number, column in enumerate(columns)}
    found = rows.order_by().aggregate(**measures)
    return {column.code: found[f"c{number}"] or 0 for number, column in enumerate(columns)}


def _measure(column: Column) -> Count | Sum:
    where = condition(column) or Q(pk__isnull=False)
    if column.expression == "count":
        one = _ONCE_EACH.get(column.source)
        return Count(one or "pk", filter=where, distinct=one is not None)
    field = "score__points" if column.expression == "points" else _PERSONS.get(column.source, "persons")
    return Sum(field, filter=where)
