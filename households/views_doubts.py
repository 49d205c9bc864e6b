"""Pages of doubts: the list, today's list, one doubt, counts with the trend, the county's thresholds."""

import uuid as uuids

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from core.api.paging import Keyset
from core.errors import BadInput
from core.web.errors import status_of
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import AFTER, BEFORE, paged
from core.web.posted import posted_version
from core.web.remembered import remembers_filters
from core.web.way_back import safe_path
from households.actions.doubt_export import request_doubts
from households.actions.quality import MOST_AT_ONCE, close_doubt, close_doubts, reopen_doubt, save_thresholds
from households.actions.quality_run import request_check
from households.filters_doubts import DoubtFilter
from households.quality_settings import settings_page
from households.selectors_doubts import (
    HEIGHT,
    WIDTH,
    counts_of,
    doubt_of,
    doubts,
    line_of,
    note_of,
    today_of,
    today_with,
    trend_of,
)
from households.selectors_quality_runs import areas_to_check, last_run
from villages.models import County
from villages.rights import COUNTY_SETTINGS

HEAVIEST_FIRST = Keyset(("-weight", "id"))
RARE = ("family", "rule")


@page(roles.DOUBT_VIEW, "GET HEAD POST")
@remembers_filters
def doubt_list(request: HttpRequest) -> HttpResponse:
    """The list under its filters; POST gives one word to several doubts of the same rule."""
    return _explain_several(request) if request.method == "POST" else _list(request)


def _list(request: HttpRequest, error: BadInput | None = None) -> HttpResponse:
    chosen = DoubtFilter(request.GET, queryset=doubts(request.scope), request=request)
    found, back = paged(request, chosen.qs, HEAVIEST_FIRST, "处"), safe_path(request.get_full_path())
    lines = [line_of(row, request.scope, back) for row in found.rows]
    context = {
        "page": found, "lines": lines, "filters": filter_boxes(chosen.form, RARE), "query": _query(request), "error": error, "typed": request.POST.get("reason", ""),
        "ticked": request.POST.getlist("doubt"), "areas": areas_to_check(request.scope, chosen.places), "last_run": last_run(request.scope, chosen.places),
        "several": len({line.doubt.rule for line in lines if line.may_explain}) == 1, "most": MOST_AT_ONCE,
    }  # fmt: skip
    return render(request, "doubts/list.html", context | found.links, status=status_of(error) if error else 200)


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in (AFTER, BEFORE):
        kept.pop(name, None)
    return kept.urlencode()


def _explain_several(request: HttpRequest) -> HttpResponse:
    chosen = [text for text in request.POST.getlist("doubt") if _is_uuid(text)]
    try:
        if not chosen:
            raise BadInput("请先勾选要说明的疑点。", fields={"doubt": ["还没有勾选。"]})
        done = close_doubts(scope=request.scope, uuids=chosen, reason=request.POST.get("reason", ""), origin=origin_of(request))
    except BadInput as error:
        return _list(request, error)
    messages.success(request, f"已说明 {done} 处。")
    return redirect(f"{reverse('doubts')}?{_query(request)}")


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuids.UUID(text))
    except ValueError:
        return False


@page(roles.DOUBT_VIEW)
def doubts_today(request: HttpRequest) -> HttpResponse:
    """Today's list; whoever comes back from mending one (`?was=`) reads what became of it, and what is next."""
    today, wanted = today_of(request.scope), request.GET.get("was", "")
    doubt = doubts(request.scope).filter(uuid=wanted).first() if _is_uuid(wanted) else None
    was = line_of(doubt, request.scope, today_with(doubt)) if doubt else None
    return render(request, "doubts/today.html", {"today_list": today, "was": was, "following": today.after(was) if was else None})


@page(roles.DOUBT_VIEW)
def doubt_counts(request: HttpRequest) -> HttpResponse:
    township = request.GET.get("township", "")
    points = trend_of(request.scope, township, request.GET.get("rule", "")[:16])
    drawn = {"points": points, "path": " ".join(f"{point.x},{point.y}" for point in points), "width": WIDTH, "height": HEIGHT}
    return render(request, "doubts/counts.html", {"counts": counts_of(request.scope, township), "trend": drawn, "township": township})


@page(roles.DOUBT_VIEW, "GET HEAD POST")
def doubt_page(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One doubt with what was said about it; POST explains it, and goes back to where the caller came from."""
    doubt, error = doubt_of(request.scope, uuid), None
    if request.method == "POST":
        try:
            close_doubt(
                scope=request.scope, uuid=uuid, version=posted_version(request), reason=request.POST.get("reason", ""), origin=origin_of(request)
            )
            messages.success(request, "已说明。")
            return redirect(safe_path(request.POST.get("next", "")) or reverse("doubt", args=[uuid]))
        except BadInput as refused:
            error = refused
    context = {
        "line": line_of(doubt, request.scope, safe_path(request.GET.get("next", ""))), "doubt": doubt, "note": note_of(request.scope, doubt), "error": error,
        "may_reopen": doubt.state == "kept" and request.scope.may(roles.DOUBT_CLOSE, doubt), "typed": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "doubts/doubt.html", context, status=status_of(error) if error else 200)


@page(roles.DOUBT_VIEW, "POST")
def doubt_reopen(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    reopen_doubt(scope=request.scope, uuid=uuid, version=posted_version(request), origin=origin_of(request))
    messages.success(request, "已改回待核实。")
    return redirect("doubt", uuid)


@page(roles.QUALITY_RUN, "POST")
def doubts_check(request: HttpRequest) -> HttpResponse:
    job = request_check(scope=request.scope, area=request.POST.get("area", "")[:12], origin=origin_of(request))
    return redirect("job", job.pk)


@page(roles.DOUBT_VIEW, "POST")
def doubts_export(request: HttpRequest) -> HttpResponse:
    job = request_doubts(scope=request.scope, filters=request.GET.dict(), origin=origin_of(request))
    return redirect("job", job.pk)


@page(COUNTY_SETTINGS, "GET HEAD POST")
def quality_settings(request: HttpRequest) -> HttpResponse:
    """阈值和程度 of the county."""
    county, error = County.objects.visible_to(request.scope.narrowed_to(COUNTY_SETTINGS)).order_by("code")[0], None
    if request.method == "POST":
        given = {kind: {key[6:]: text for key, text in request.POST.items() if key.startswith(f"{kind}-")} for kind in ("limit", "level")}
        try:
            save_thresholds(
                scope=request.scope, county_code=county.code, version=posted_version(request), thresholds=given["limit"], severities=given["level"],
                origin=origin_of(request),
            )  # fmt: skip
            messages.success(request, "已保存。有改动的，全县正在重新核对。")
            return redirect("quality_settings")
        except BadInput as refused:
            error = refused
    context = settings_page(request.scope, county, request.POST if error else None) | {"county": county, "error": error}
    return render(request, "doubts/settings.html", context, status=status_of(error) if error else 200)
