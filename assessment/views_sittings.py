"""Meetings: the list with what waits, and opening one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from accounts.standing_in import stands_in
from assessment import selectors_sittings as selectors
from assessment.actions.sittings import open_sitting
from assessment.forms_sittings import SittingFilter
from assessment.meeting import area_name
from assessment.missing_below import reason_before
from assessment.models import Sitting, SittingStatus
from assessment.procedures import procedure_of
from assessment.selectors import rounds
from core.errors import BadInput
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import AFTER, BEFORE, paged
from core.web.remembered import remembers_filters
from households.codes import TIER


@page(roles.LIST_VIEW)
@remembers_filters
@stands_in
def sitting_list(request: HttpRequest) -> HttpResponse:
    """What waits to be held first, then open meetings, then closed ones."""
    known = list(rounds(request.scope))
    filters = SittingFilter(request.GET, known)
    chosen = filters.chosen
    further = any(request.GET.get(name) for name in (AFTER, BEFORE))
    queue = [] if further or chosen.get("status") else _queue(request, known, chosen)
    found = paged(request, _rows(request, chosen), selectors.OPEN_FIRST, "次")
    context = {
        "filters": filters, "chosen": chosen, "page": found, "lines": [_line(request, row) for row in found.rows], "further": further,
        "queue": queue[: selectors.QUEUE_CAP], "queue_count": len(queue), "waiting_count": sum(item.count for item in queue),
    }  # fmt: skip
    return render(request, "sittings/list.html", context | found.links)


def _queue(request: HttpRequest, known, chosen: dict[str, str]) -> list[selectors.Waiting]:
    rows = selectors.waiting(request.scope, known)
    if "round" in chosen:
        rows = [row for row in rows if row.round.code == chosen["round"]]
    if "stage" in chosen:
        rows = [row for row in rows if row.stage.code == chosen["stage"]]
    if "village" in chosen:
        rows = [row for row in rows if chosen["village"] in (row.village.code, row.village.short_name) or chosen["village"] in row.village.name]
    return rows


def _rows(request: HttpRequest, chosen: dict[str, str]):
    rows = selectors.sittings(request.scope)
    if "village" in chosen:
        rows = rows.filter(Q(village__code=chosen["village"]) | Q(village__name__contains=chosen["village"]))
    names = {"round": "round__code", "stage": "stage", "status": "status"}
    return rows.filter(**{names[name]: value for name, value in chosen.items() if name in names})


def _line(request: HttpRequest, row: Sitting) -> dict[str, object]:
    stage = procedure_of(row.round.procedure).by_code[row.stage]
    deadline = selectors.deadline_of(row.round, row.stage)
    mine = row.status == SittingStatus.OPEN and request.scope.may(roles.SITTING_RIGHTS[stage.level], row)
    return {"mine": mine, "sitting": row, "stage": stage, "area": area_name(row), "deadline": deadline, "overdue": selectors.is_past(deadline)}


@page(roles.LIST_VIEW, "GET HEAD POST")
@stands_in
def sitting_new(request: HttpRequest) -> HttpResponse:
    """GET shows what will be opened; POST opens it, or finds the one that is open already."""
    asked = {name: request.GET.get(name, "") for name in ("round", "stage", "village", "group")}
    plan = selectors.proposed(
        request.scope, round_code=asked["round"], stage_code=asked["stage"], village_code=asked["village"], group_code=asked["group"]
    )
    if request.method != "POST":
        return _plan_page(request, plan)
    try:
        sitting = open_sitting(
            scope=request.scope, round_code=plan.round.code, stage=plan.stage.code, village_code=plan.village.code,
            group_code=plan.group.code if plan.group else "", ungrouped=plan.ungrouped,
            missing_reason=request.POST.get("missing_reason", ""), key=request.POST.get("key", "")[:64], origin=origin_of(request),
        )  # fmt: skip
    except BadInput as error:
        return _plan_page(request, plan, error)
    messages.success(request, f"{plan.stage.name}已开，名单 {plan.count} 户。")
    return redirect("sitting", sitting.uuid)


def _plan_page(request: HttpRequest, plan: selectors.Proposed, error: BadInput | None = None) -> HttpResponse:
    tiers = [{"code": code, "name": name, "count": plan.tiers.get(code, 0)} for code, name in TIER.items.items()]
    context = {
        "plan": plan, "tiers": tiers, "unscored": plan.tiers.get(None, 0), "deadline": selectors.deadline_of(plan.round, plan.stage.code),
        "may_open": selectors.may_open(request.scope, plan), "error": error,
        "missing_reason": request.POST.get("missing_reason", reason_before(plan.round, plan.stage, plan.village, plan.missing)), "key": request.POST.get("key") or request.request_id,
        "place": place_of(plan.village, plan.stage.name), "round_label": plan.round.name,
        "round_url": reverse("round", args=[plan.round.code]),
    }  # fmt: skip
    return render(request, "sittings/new.html", context, status=400 if error else 200)


def place_of(village, last: str) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 / 阶段."""
    here = reverse("sittings")
    return [
        (village.county.name, here), (village.township.name, ""),
        (village.short_name, f"{here}?{urlencode({'village': village.code})}"), (last, ""),
    ]  # fmt: skip
