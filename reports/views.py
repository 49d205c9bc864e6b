"""Pages of tables and the home page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import roles
from assessment.models import Round
from core.errors import NotFound
from core.scope import Scope
from core.web.middleware import origin_of
from reports import home as home_page
from reports.actions import find_round, request_roll_up
from reports.areas import LEVELS, area_of, areas, cell_area, highest_level, table_scope
from reports.cells import cell_column, cell_households
from reports.exporting import request_export
from reports.pages import TablePage, breadcrumb, level_links, table_url
from reports.tables import Table, build_table

CELL_PAGE = 50


@login_required
@require_http_methods(["GET"])
def home(request: HttpRequest) -> HttpResponse:
    page = home_page.page_for(request.scope, request.user, timezone.localdate())
    return render(request, page.template, page.context)


@login_required
@require_http_methods(["GET"])
def tables(request: HttpRequest) -> HttpResponse:
    """To the widest table that the caller may open."""
    scope = request.scope
    level = highest_level(scope)
    round_ = _round(request)
    return redirect(table_url(level, round_.code, _first_area(level, scope, round_)))


@login_required
@require_http_methods(["GET"])
def table(request: HttpRequest, level: str) -> HttpResponse:
    scope, round_ = request.scope, _round(request)
    code = request.GET.get("area") or _first_area(level, scope, round_)
    built = build_table(level, round_, code, scope)
    page = TablePage(built, request.GET.getlist("cols"), all_columns="zero" in request.GET)
    return render(request, "reports/table.html", _table_context(request, page, built))


@login_required
@require_http_methods(["GET"])
def table_cell(request: HttpRequest, level: str) -> HttpResponse:
    """The households behind one number, keyset paged by household code."""
    scope, round_ = request.scope, _round(request)
    area, column = request.GET.get("area", ""), request.GET.get("column", "")
    households = cell_households(level, round_, area, column, scope).order_by("code")
    after = request.GET.get("after", "")
    rows = list(households.filter(code__gt=after).select_related("village", "group")[: CELL_PAGE + 1])
    context = {
        "round": round_,
        "column": cell_column(round_, column),
        "area": cell_area(level, area, scope),
        "count": households.count(),
        "rows": rows[:CELL_PAGE],
        "after": rows[CELL_PAGE - 1].code if len(rows) > CELL_PAGE else "",
        "paged": bool(after),
        "back": table_url(level, round_.code, _table_area(level, area, scope)),
    }
    return render(request, "reports/cell.html", context)


@login_required
@require_http_methods(["POST"])
def roll_up(request: HttpRequest) -> HttpResponse:
    job = request_roll_up(
        scope=request.scope,
        round_code=request.POST.get("round", ""),
        full="full" in request.POST,
        origin=origin_of(request),
    )
    return redirect("job", job_id=job.pk)


@login_required
@require_http_methods(["POST"])
def exports(request: HttpRequest) -> HttpResponse:
    asked = request.POST
    job = request_export(
        scope=request.scope,
        table=asked.get("table", ""),
        round_code=asked.get("round", ""),
        area=asked.get("area", ""),
        origin=origin_of(request),
    )
    return redirect("job", job_id=job.pk)


def _round(request: HttpRequest) -> Round:
    table_scope(request.scope)  # without the right it is 403 before anything is looked up
    code = request.GET.get("round")
    round_ = find_round(request.scope, code) if code else home_page.current_round(request.scope)
    if round_ is None:
        raise NotFound("还没有识别批次，或批次不在您负责的县。")
    return round_


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
