"""Homes of the township, the county and of those who only look: lists that wait at the office, notices, objections, the board."""

from datetime import date
from typing import Any

from django.urls import reverse

from accounts import roles
from assessment.models import NoticeStatus, ObjectionStatus, Round
from assessment.procedures import Level, Mode
from assessment.selectors_board import Board, BoardRow, board
from assessment.selectors_steps import Ground, NextStep, next_steps
from assessment.selectors_work import ground_of, open_objections
from core.scope import Scope
from reports.homes.beside import beside, office_lines
from reports.homes.documents import document_rows
from reports.homes.reminders import Reminder, board_reminders, own_reminders
from reports.homes.work import (
    WORK_ROWS,
    Number,
    ending_rows,
    in_order,
    meeting_rows,
    objection_rows,
    waiting_for,
)
from reports.tables import Table, build_table, tiers_of
from villages.models import County, Township


def township_context(scope: Scope, round_: Round | None, day: date) -> dict[str, Any]:
    context: dict[str, Any] = {"townships": list(Township.objects.visible_to(scope).select_related("county"))}
    if round_ is None:
        return context
    work, steps, objections, ground, due = _office_work(scope, round_, day)
    shown = board(scope, round_, day, with_calls=False, counted=ground.cases)
    starts = [step for step in steps if step.ok and step.stage.mode is Mode.NOTICE]
    hanging = sum(notice.status == NoticeStatus.OPEN for notice in ground.notices)
    numbers = [
        _desk_number("等乡镇办理", steps, Level.TOWNSHIP),
        Number("公示待发起", len(starts), "个村", f"公示中 {hanging} 个村", "/notices/"),
        Number(
            "异议待办",
            _mine(objections, scope, roles.OBJECTION_HANDLE),
            "件",
            f"未办结共 {len(objections)} 件",
            "/objections/",
        ),
    ]
    beside_work = beside(scope, shown.total.progress.unsurveyed)
    return context | {"numbers": numbers, "rows": work, "board": shown, "board_rows": by_lag(shown), "beside": beside_work, "reminders": [*due, *board_reminders(shown, day)]}


def county_context(scope: Scope, round_: Round | None, day: date) -> dict[str, Any]:
    """The figures are the county table's, so that chart, table and Excel show the same number (ui.md)."""
    context: dict[str, Any] = {
        "counties": list(County.objects.visible_to(scope)),
        "may_build": scope.has(roles.TABLE_BUILD), "beside": office_lines(scope),
    }
    if round_ is None:
        return context
    work, steps, objections, ground, due = _office_work(scope, round_, day)
    table, shown = (
        build_table("county", round_, round_.county.code, scope),
        board(scope, round_, day, counted=ground.cases),
    )
    decides = scope.has(roles.SITTING_COUNTY)
    return context | {
        "table": table, "total": table.total.values, "tiers": _tier_bars(table), "causes": _cause_bars(table), "board": shown,
        "board_rows": shown.rows, "rows": work, "decides": decides,
        "reminders": [*due, *board_reminders(shown, day)],
        "numbers": _county_numbers(shown, steps, objections) if decides else _viewer_numbers(shown, table),
    }  # fmt: skip


def by_lag(shown: Board) -> list[BoardRow]:
    """The village that lags most first; villages without households last."""
    return sorted(shown.rows, key=lambda row: (not row.progress.due, row.share, -row.progress.due))


def _office_work(scope: Scope, round_: Round, day: date) -> tuple[list, list[NextStep], list, Ground, list[Reminder]]:
    ground, objections = ground_of(scope, round_), open_objections(scope, round_)
    steps = next_steps(ground)
    meetings = meeting_rows(steps, day)
    rows = [*meetings, *objection_rows(objections, scope, day), *ending_rows(ground.notices, scope, day), *document_rows(scope, round_, day)]
    return in_order(rows)[:WORK_ROWS], steps, objections, ground, own_reminders(meetings, day)


def _desk_number(title: str, steps: list[NextStep], level: Level) -> Number:
    households, lists, oldest = waiting_for(steps, level)
    return Number(
        title, households, "户", f"{lists} 个村，最久已等 {oldest} 天" if lists else "没有等着的名单", "#work"
    )


def _mine(objections: list, scope: Scope, right: str) -> int:
    waiting = {
        roles.OBJECTION_HANDLE: (ObjectionStatus.LODGED, ObjectionStatus.HANDLING),
        roles.OBJECTION_CONFIRM: (ObjectionStatus.PROPOSED,),
    }
    return sum(row.status in waiting[right] and scope.may(right, row) for row in objections)


def _county_numbers(shown: Board, steps: list[NextStep], objections: list) -> list[Number]:
    proposed = sum(row.status == ObjectionStatus.PROPOSED for row in objections)
    done = shown.total.progress
    return [
        _desk_number("等县里办理", steps, Level.COUNTY),
        Number("异议待定案", proposed, "件", f"未办结共 {len(objections)} 件", "/objections/"),
        Number("已认定", done.concluded, "户", f"应评 {done.due:,} 户", reverse("round", args=[shown.round.code])),
    ]


def _viewer_numbers(shown: Board, table: Table) -> list[Number]:
    done, url = shown.total.progress, reverse("round", args=[shown.round.code])
    return [
        Number("应评农户", done.due, "户", f"登记 {table.total.values.get('persons') or 0:,} 人", reverse("tables")),
        Number("已评估", done.surveyed, "户", f"还有 {done.unsurveyed:,} 户没有评估", url),
        Number("已认定", done.concluded, "户", f"名单上 {done.cases:,} 户", url),
    ]


def _tier_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    return [
        _bar_row(table, f"tier.{tier.code}", tier.name, values, suffix=tier.code.lower())
        for tier in tiers_of(table.round)
    ]


def _cause_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    columns = [column for column in table.columns if column.code.startswith("cause.") and values[column.code]]
    bars = [_bar_row(table, column.code, column.short, values, suffix="accent") for column in columns]
    return sorted(bars, key=lambda row: -row["value"])


def _bar_row(table: Table, code: str, label: str, values: dict[str, Any], *, suffix: str) -> dict[str, Any]:
    url = f"{reverse('table_cell', args=['county'])}?round={table.round.code}&area={table.area.code}&column={code}"
    twin = code.replace(".", "_persons.", 1)
    return {"label": label, "value": values[code] or 0, "persons": values.get(twin), "suffix": suffix, "url": url}
