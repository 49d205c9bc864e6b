"""Pages of tables and the home page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.api.paging import Keyset
from core.errors import NotFound
from core.scope import FieldClass, Scope
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from reports import home as home_page
from reports.actions import request_roll_up
from reports.areas import LEVELS, area_of, areas, cell_area, highest_level
from reports.cells import cell_column, cell_households
from reports.frozen import (
    frozen_column,
    frozen_households,
    frozen_ids,
    last_before,
    line_names,
    open_snapshot,
    snapshots_of,
    table_of,
)
from reports.models import Snapshot
from reports.pages import TablePage, breadcrumb, level_links, snapshot_url, table_url
from reports.picking import pick_round
from reports.selectors_documents import holds_at
from reports.tables import Table, build_table

SNAPSHOTS_LISTED = 12


@page()
def home(request: HttpRequest) -> HttpResponse:
    page = home_page.page_for(request.scope, request.user, timezone.localdate())
    return render(request, page.template, page.context)


@page(roles.TABLE_VIEW)
def tables(request: HttpRequest) -> HttpResponse:
    """To the widest table that the caller may open."""
    scope = request.scope
    level = highest_level(scope)
    round_ = pick_round(request.scope, request.GET.get("round", ""))
    return redirect(table_url(level, round_.code, _first_area(level, scope, round_)))


@page(roles.TABLE_VIEW)
def table(request: HttpRequest, level: str) -> HttpResponse:
    scope = request.scope
    built = _built(request, level)
    page = TablePage(
        built, request.GET.getlist("cols"), all_columns="zero" in request.GET, sees_health=scope.may_see(FieldClass.HEALTH),
        since=last_before(scope, built) if "since" in request.GET else None,
    )  # fmt: skip
    return render(request, "reports/table.html", _table_context(request, page, built))


@page(roles.TABLE_VIEW)
def table_cell(request: HttpRequest, level: str) -> HttpResponse:
    """The households behind one number, keyset paged by household code."""
    scope, round_ = request.scope, pick_round(request.scope, request.GET.get("round", ""))
    area, column = request.GET.get("area", ""), request.GET.get("column", "")
    if serial := request.GET.get("snapshot"):
        return _frozen_cell(request, open_snapshot(scope, serial), area, column)
    households = cell_households(level, round_, area, column, scope).select_related("village", "group")
    found = paged(request, households, Keyset(("code",)), "户")
    context = {
        "round": round_,
        "column": cell_column(round_, column),
        "area": cell_area(level, area, scope),
        "page": found,
        "back": table_url(level, round_.code, _table_area(level, area, scope)),
    }
    return render(request, "reports/cell.html", context | found.links)


def _built(request: HttpRequest, level: str) -> Table:
    """The table of today, or as it was frozen (截至)."""
    if serial := request.GET.get("snapshot"):
        return table_of(open_snapshot(request.scope, serial))
    round_ = pick_round(request.scope, request.GET.get("round", ""))
    return build_table(level, round_, request.GET.get("area") or _first_area(level, request.scope, round_), request.scope)


def _frozen_cell(request: HttpRequest, snapshot: Snapshot, line: str, code: str) -> HttpResponse:
    households = frozen_households(snapshot, line, code, request.scope)
    found = paged(request, households.select_related("village", "group"), Keyset(("code",)), "户")
    column = frozen_column(snapshot, code)
    context = {
        "round": snapshot.round, "column": column, "page": found, "back": snapshot_url(snapshot), "snapshot": snapshot,
        "area": {"name": line_names(snapshot).get(line, snapshot.area_name)}, "gone": len(frozen_ids(snapshot, column, line)) - households.count(),
    }  # fmt: skip
    return render(request, "reports/cell.html", context | found.links)


@page(roles.TABLE_BUILD, "POST")
def roll_up(request: HttpRequest) -> HttpResponse:
    job = request_roll_up(
        scope=request.scope,
        round_code=request.POST.get("round", ""),
        full="full" in request.POST,
        origin=origin_of(request),
    )
    return redirect("job", job_id=job.pk)


def _first_area(level: str, scope: Scope, round_: Round) -> str:
    place = areas(level, scope, round_.county_id).first() if level in LEVELS else None
    if place is None:
        raise NotFound
    return place.code


def _table_context(request: HttpRequest, page: TablePage, built: Table) -> dict[str, object]:
    scope = request.scope
    levels = {}
    for level in LEVELS:
        place = areas(level, scope, built.area.county_id).first()
        if place is not None:
            levels[level] = table_url(level, built.round.code, _near(level, built, place.code))
    return {
        "page": page,
        "table": built,
        "place": breadcrumb(built, levels),
        "round_label": built.round.name,
        "round_url": f"/rounds/{built.round.code}/",
        "levels": level_links(levels, built.level),
        "areas": areas(built.level, scope, built.area.county_id),
        "rounds": Round.objects.visible_to(scope),
        "may_build": scope.may(roles.TABLE_BUILD, built.area),
        "may_roster": scope.may(roles.EXPORT_ROSTER, built.area),
        "chosen": request.GET.getlist("cols"),
        "frozen": built.frozen,
        "snapshots": snapshots_of(scope, built)[:SNAPSHOTS_LISTED],
        "may_document": built.frozen is not None and holds_at(scope, roles.TABLE_BUILD, built.frozen, built.level),
        "may_freeze": not built.frozen and scope.may(roles.TABLE_BUILD, built.area),
    }


def _near(level: str, built: Table, otherwise: str) -> str:
    """From a village's table up to its own township, not to the first one."""
    return built.area.code if level == built.level else getattr(getattr(built.area, level, None), "code", otherwise)


def _table_area(level: str, cell: str, scope: Scope) -> str:
    """The table that a cell stands in: the area itself for a sum, else the place above."""
    place = cell_area(level, cell, scope).place
    above = getattr(place, level, None)
    code = above.code if above is not None else place.code
    return area_of(level, code, scope).code
