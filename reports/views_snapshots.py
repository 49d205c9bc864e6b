"""Pages of frozen tables: freeze, the list of an area, one held against another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from core.actions import record
from core.api.paging import Keyset
from core.errors import NotFound
from core.scope import Scope
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from households.models import Household
from reports.actions_freeze import freeze_table
from reports.areas import LEVELS, table_scope
from reports.comparing import Difference, difference, moves
from reports.frozen import open_snapshot, snapshots
from reports.frozen_files import Made, difference_workbook, frozen_workbook
from reports.models import Snapshot
from reports.pages import moved_by, shown, snapshot_url

MOST_ROWS, MOST_HOUSEHOLDS = 400, 300


@page(roles.TABLE_BUILD, "POST")
def freeze(request: HttpRequest) -> HttpResponse:
    asked = request.POST
    made = freeze_table(
        scope=request.scope, level=asked.get("level", ""), round_code=asked.get("round", ""), area=asked.get("area", ""), origin=origin_of(request)
    )
    messages.success(request, f"已定稿，编号 {made.serial}。以后的改动不再动这张表上的数字。")
    return redirect(snapshot_url(made))


@page(roles.TABLE_VIEW)
def snapshot_list(request: HttpRequest) -> HttpResponse:
    rows = _chosen(snapshots(request.scope), request)
    found = paged(request, rows, Keyset(("-at", "-id")), "份")
    level, area = request.GET.get("level", ""), request.GET.get("area", "")
    context = {"page": found, "levels": LEVELS, "level": level, "area": area, "lines": [_line(row, request.scope) for row in found.rows]}
    return render(request, "reports/snapshots.html", context | found.links)


@page(roles.TABLE_VIEW)
def snapshot_compare(request: HttpRequest, serial: str) -> HttpResponse:
    """Against `with`; without it, against the one before."""
    scope = request.scope
    one = open_snapshot(scope, serial)
    others = _others(scope, one)
    context: dict[str, Any] = {"one": one, "others": others[:MOST_ROWS], "level": LEVELS[one.level], "back": snapshot_url(one)}
    name = _other(request, scope, one)
    if name != one.serial:
        context |= _compared(difference(one, open_snapshot(scope, name), scope), request.GET.get("column", ""), scope) | {"other": name}
    return render(request, "reports/snapshot_compare.html", context)


@page(roles.TABLE_VIEW)
def snapshot_file(request: HttpRequest, serial: str) -> HttpResponse:
    """The frozen table as the paper that is signed."""
    return _handed_out(request, frozen_workbook(request.scope, open_snapshot(request.scope, serial)))


@page(roles.TABLE_VIEW)
def snapshot_compare_file(request: HttpRequest, serial: str) -> HttpResponse:
    """The difference to `with` as a workbook."""
    scope = request.scope
    one = open_snapshot(scope, serial)
    name = _other(request, scope, one)
    if name == one.serial:
        raise NotFound("没有另一份定稿可以对照。")
    return _handed_out(request, difference_workbook(scope, difference(one, open_snapshot(scope, name), scope)))


def _handed_out(request: HttpRequest, made: Made) -> HttpResponse:
    record(request.scope, "export.made", origin_of(request), "export", made.serial, place=made.place, **made.said)
    response = FileResponse(made.content, as_attachment=True, filename=made.name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _others(scope: Scope, one: Snapshot) -> QuerySet[Snapshot]:
    return snapshots(scope).filter(level=one.level, area_code=one.area_code).exclude(pk=one.pk)


def _other(request: HttpRequest, scope: Scope, one: Snapshot) -> str:
    """What the address names, or the one before; itself where there is no other."""
    others = _others(scope, one)
    return request.GET.get("with") or (others.filter(at__lte=one.at).first() or others.first() or one).serial


def _chosen(rows: QuerySet[Snapshot], request: HttpRequest) -> QuerySet[Snapshot]:
    for name, lookup in (("level", "level"), ("area", "area_code"), ("round", "round__code")):
        if value := request.GET.get(name):
            rows = rows.filter(**{lookup: value})
    return rows


def _line(row: Snapshot, scope: Scope) -> dict[str, Any]:
    return {"row": row, "level": LEVELS[row.level], "url": snapshot_url(row), "compare": reverse("snapshot_compare", args=[row.serial]), "file": reverse("snapshot_file", args=[row.serial])}


def _compared(found: Difference, code: str, scope: Scope) -> dict[str, Any]:
    address = f"{reverse('snapshot_compare', args=[found.new.serial])}?with={found.old.serial}"
    codes = [column.code for column in found.columns if not column.is_rate]
    rates = [line for cell in found.total if cell.column.is_rate and (line := _cell_line(cell))["before"] != line["after"]]  # as printed
    context: dict[str, Any] = {
        "found": found, "lines": [_compared_line(found, code, address) for code in codes], "rates": rates, "changed": len(codes) + len(rates),
        "cells": [_cell_line(cell) for cell in found.cells if not cell.column.is_rate][:MOST_ROWS], "more": max(0, len(found.cells) - MOST_ROWS),
    }  # fmt: skip
    if code:
        moved = moves(found, code, scope)
        context |= {"chosen": moved.column, "groups": [("进入", _seen(moved.entered, scope)), ("退出", _seen(moved.left, scope))], "most": MOST_HOUSEHOLDS}
    return context


def _compared_line(found: Difference, code: str, address: str) -> dict[str, Any]:
    cell, moved = next((one for one in found.total if one.column.code == code), None), found.moved.get(code)
    line = {"title": moved.column.title, "before": "", "after": "", "change": "0"} if cell is None else _cell_line(cell)
    if moved:
        line |= {"entered": len(moved.entered), "left": len(moved.left), "url": f"{address}&column={code}#households"}
    return line


def _cell_line(cell: Any) -> dict[str, Any]:
    change = cell.change
    said = "不可算" if change is None else moved_by(cell.column, change)
    return {"name": cell.name, "title": cell.column.title, "before": shown(cell.column, cell.before), "after": shown(cell.column, cell.after), "change": said}


def _seen(ids: tuple[int, ...], scope: Scope) -> dict[str, Any]:
    """Those that the caller may open today; the others are counted."""
    rows = Household.objects.visible_to(table_scope(scope)).filter(pk__in=ids).select_related("village", "group").order_by("code")
    return {"all": len(ids), "rows": list(rows[:MOST_HOUSEHOLDS]), "hidden": len(ids) - rows.count()}
