"""挂图作战: the map, the sheet to hang, and the county's outlines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts import roles
from assessment.models import Round
from core.errors import BadInput
from core.scope import FieldClass
from core.web.middleware import origin_of
from core.web.pages import page
from reports.forms_maps import OutlinesForm
from reports.maps.classes import WAYS
from reports.maps.page import MapPage
from reports.maps.wallchart import PAPERS, wall_chart
from reports.picking import Picked, pick_area, pick_round
from reports.tables import Table, build_table
from villages.actions_outlines import remove_outlines, store_outlines
from villages.models import County
from villages.outlines import MAX_BYTES
from villages.rights import COUNTY_SETTINGS
from villages.selectors import outlines_of

BY_TOWNSHIP, TILES = "township", "tiles"


@page(roles.TABLE_VIEW)
def map_page(request: HttpRequest) -> HttpResponse:
    table, picked = _table(request)
    outlines = outlines_of(table.round.county)
    shapes = outlines.shapes if outlines and request.GET.get("view") != TILES else {}
    sees_health = request.scope.may_see(FieldClass.HEALTH)
    shown = MapPage(table, request.GET.get("column", ""), request.GET.get("classes", ""), shapes=shapes, sees_health=sees_health)
    context = _around(request, table, picked) | {"map": shown, "outlines": outlines, "tiles_only": request.GET.get("view") == TILES}
    return render(request, "maps/map.html", context | {"ways": WAYS.items(), "may_upload": request.scope.may(COUNTY_SETTINGS, table.area)})


@page(roles.TABLE_VIEW)
def wall_chart_page(request: HttpRequest) -> HttpResponse:
    """The sheet to hang, A3 or A1; for the public unless it is asked for as an office's own."""
    table, picked = _table(request)
    outlines = outlines_of(table.round.county)
    public = "inside" not in request.GET
    shown = MapPage(table, request.GET.get("column", ""), request.GET.get("classes", ""), shapes=outlines.shapes if outlines else {}, public=public)
    paper = request.GET.get("paper") if request.GET.get("paper") in PAPERS else "a3"
    context = _around(request, table, picked) | {"map": shown, "chart": wall_chart(table, shown), "paper": paper, "papers": PAPERS}
    return render(request, "maps/wallchart.html", context)


@page(COUNTY_SETTINGS, "GET HEAD POST")
def outlines_page(request: HttpRequest) -> HttpResponse:
    """The county's own map: uploaded, replaced, taken away."""
    county = get_object_or_404(County.objects.visible_to(request.scope.narrowed_to(COUNTY_SETTINGS)))
    sent = request.method == "POST"
    form = OutlinesForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and _stored(request, county.code, form):
        return redirect("outlines")
    context = {"county": county, "form": form, "outlines": outlines_of(county), "place": [("挂图作战", "/map/"), ("县地图", "")]}
    return render(request, "maps/outlines.html", context, status=400 if form.is_bound and form.errors else 200)


def _stored(request: HttpRequest, county_code: str, form: OutlinesForm) -> bool:
    common = {"scope": request.scope, "county_code": county_code, "origin": origin_of(request)}
    if "remove" in request.POST:
        remove_outlines(**common)
        messages.success(request, "已去掉县地图，改用格子图。")
        return True
    if not form.is_valid():
        return False
    try:
        read = store_outlines(**common, content=form.cleaned_data["file"].read(MAX_BYTES + 1))
    except BadInput as refusal:
        form.add_error("file", list(refusal.fields.get("file", [refusal.message])))
        return False
    messages.success(request, f"已保存 {len(read.shapes)} 个地方的图形。")
    return True


def _table(request: HttpRequest) -> tuple[Table, Picked]:
    round_ = pick_round(request.scope, request.GET.get("round", ""))
    picked = pick_area(request.scope, round_, request.GET.get("area", ""))
    by_village = request.GET.get("by") != BY_TOWNSHIP
    return build_table(picked.level, round_, picked.code, request.scope, by_village=by_village), picked


def _around(request: HttpRequest, table: Table, picked: Picked) -> dict[str, object]:
    return {
        "table": table, "picked": picked, "rounds": Round.objects.visible_to(request.scope), "by": request.GET.get("by", ""),
        "round_label": table.round.name, "round_url": f"/rounds/{table.round.code}/", "place": [("报表", "/tables/"), (f"{table.area_name}地图", "")],
    }  # fmt: skip
