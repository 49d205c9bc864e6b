"""看板 of a county, a township or a village."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.web.pages import page
from reports.dashboards.page import Dashboard
from reports.pages import table_url
from reports.picking import pick_area, pick_round
from reports.tables import build_table


@page(roles.TABLE_VIEW)
def dashboard(request: HttpRequest) -> HttpResponse:
    scope = request.scope
    round_ = pick_round(scope, request.GET.get("round", ""))
    picked = pick_area(scope, round_, request.GET.get("area", ""))
    table = build_table(picked.level, round_, picked.code, scope)
    context = {
        "board": Dashboard(table, timezone.localdate()), "table": table, "picked": picked, "rounds": Round.objects.visible_to(scope),
        "table_url": table_url(table.level, round_.code, table.area.code), "may_build": scope.may(roles.TABLE_BUILD, table.area),
        "round_label": round_.name, "round_url": f"/rounds/{round_.code}/", "place": [("报表", "/tables/"), (f"{table.area_name}看板", "")],
    }  # fmt: skip
    return render(request, "dashboards/dashboard.html", context)
