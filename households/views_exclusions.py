"""排除情形 (D6-02): the ten conditions of a household, what was asked, reasons with papers, and the township's word."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts import roles
from core.errors import BadInput, Denied, StaleVersion
from core.web import drafts
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in
from households.actions.exclusions import Override, ask_exclusions, confirm_override, override_exclusion
from households.exclusions import name_of
from households.forms_exclusions import AskForm, ConfirmForm, OverrideForm
from households.models import Household
from households.selectors import visible_household
from households.selectors_exclusions import Line, exclusion_lines, may_read, version_of
from households.views import place_of

CHOICES = (("yes", "是"), ("no", "否"), ("", "没有问"))
DRAFT = "exclusions"
OVERTAKEN = "没有保存：您打开之后，这一户的排除情形又有人改过。您选的都还在，与现在保存的不同的，下面逐项写明了是谁、哪天保存的；核对以后再存一次。"


@page(roles.HOUSEHOLD_VIEW, "GET HEAD POST")
def household_exclusions(request: HttpRequest, code: str) -> HttpResponse:
    """The ten; a POST keeps what the household answered."""
    household = _household(request, code)
    if request.method != "POST":
        return _page(request, household, told=drafts.typed(request, DRAFT, code))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, household, {"error": "没有保存：表单不完整，请刷新页面再填。"})
    try:
        ask_exclusions(scope=request.scope, household=code, **form.entry(), origin=origin_of(request))
    except StaleVersion:
        return _page(request, household, {"error": OVERTAKEN, "status": 412}, told=request.POST)
    drafts.saved(request, DRAFT, code)
    messages.success(request, "询问结果已保存。")
    return redirect("household_exclusions", code)


@page(roles.EXCLUSION_ASK, "POST")
def exclusion_override(request: HttpRequest, code: str, condition: str) -> HttpResponse:
    """仍应列入: a reason and its paper."""
    household, form = _household(request, code), OverrideForm(request.POST, request.FILES)
    refused = form.said()
    if form.is_valid():
        data = form.cleaned_data
        entry, more = (
            Override(condition, data["reason"]),
            {"file": data["file"], "version": data["version"], "key": data["key"]},
        )
        try:
            override_exclusion(scope=request.scope, household=code, entry=entry, **more, origin=origin_of(request))
        except BadInput as refusal:
            refused = said_of(refusal)
        else:
            messages.success(request, f"“{name_of(condition)}”的理由已提交，待乡镇确认。")
            return redirect("household_exclusions", code)
    return _page(request, household, {"override": condition, "said": refused, "typed": request.POST.get("reason", "")})


@page(roles.EXCLUSION_CONFIRM, "POST")
def exclusion_confirm(request: HttpRequest, code: str, condition: str) -> HttpResponse:
    """The township agrees, or does not."""
    household, form = _household(request, code), ConfirmForm(request.POST)
    refused = form.said()
    if form.is_valid():
        try:
            confirm_override(
                scope=request.scope, household=code, condition=condition, **form.entry(), origin=origin_of(request)
            )
        except BadInput as refusal:
            refused = said_of(refusal)
        else:
            messages.success(
                request, f"“{name_of(condition)}”已{'确认' if form.cleaned_data['agrees'] else '记为不同意'}。"
            )
            return redirect("household_exclusions", code)
    return _page(request, household, {"confirm": condition, "said": refused, "typed": request.POST.get("note", "")})


def said_of(refusal: BadInput) -> list[str]:
    return [line for lines in refusal.fields.values() for line in lines] or [refusal.message]


def _household(request: HttpRequest, code: str) -> Household:
    household = visible_household(request.scope, code)
    if not may_read(request.scope, household):
        raise Denied
    return household


def _page(
    request: HttpRequest, household: Household, refused: dict[str, object] | None = None, *, told: QueryDict | None = None
) -> HttpResponse:
    """`told` = answers not saved yet: of a draft, or sent after somebody else had saved."""
    lines = exclusion_lines(household, told=True)
    may_ask, may_confirm = (
        request.scope.may(right, household) and not household.closed_on
        for right in (roles.EXCLUSION_ASK, roles.EXCLUSION_CONFIRM)
    )
    version = version_of(lines)
    if told is not None and not refused:
        version = number_in(told.get("version", ""))
    shown = {
        "household": household, "version": version, "refused": refused, "may_ask": may_ask, "place": _place(household),
        "rows": [_row(request, line, told, may_ask=may_ask, may_confirm=may_confirm) for line in lines], "standing": sum(line.bars for line in lines),
        "key": uuid.uuid4().hex, "keeping": drafts.keeping(request, DRAFT, household.code, base_version=version) if may_ask else None,
    }  # fmt: skip
    return render(request, "households/exclusions.html", shown, status=refused.get("status", 400) if refused else 200)


def _row(request: HttpRequest, line: Line, told: QueryDict | None, *, may_ask: bool, may_confirm: bool) -> dict[str, object]:
    """`own`: the caller asked or wrote the reason, so somebody else confirms. `stored`: what is on file where the form says something else."""
    row, kept = line.row, {True: "yes", False: "no", None: ""}[line.asked]
    chosen = kept if told is None else told.get(f"asked-{line.code}", kept)
    own = row is not None and request.scope.actor_id in (row.asked_by_id, row.overridden_by_id)
    return {
        "line": line, "row": row, "choices": [(value, word, value == chosen) for value, word in CHOICES], "stored": dict(CHOICES)[kept] if chosen != kept else "",
        "may_override": may_ask and line.bars, "may_confirm": may_confirm and line.standing == "override_waiting" and not own,
        "own": may_confirm and own and line.standing == "override_waiting",
    }  # fmt: skip


def _place(household: Household) -> list[tuple[str, str]]:
    return [
        *place_of(household)[:-1],
        (f"{household.head_name}户", reverse("household", args=[household.code])),
        ("排除情形", ""),
    ]
