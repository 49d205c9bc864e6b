"""Pages of 异议: the list of an area, taking one down, its course, the handler's finding, the county's word, the slip with the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from assessment import clock, objection_page, selectors_objections
from assessment.actions.objections import confirm_outcome, lodge_objection, propose_outcome, take_objection
from assessment.actions.objections_assigning import assign_objection
from assessment.forms_objections import AssignForm, ConfirmForm, LodgeForm, ProposeForm
from assessment.models import Notice, Objection, ObjectionStatus, ObjectionWay
from assessment.selectors_papers import evidence_on
from core.actions import record
from core.errors import BadInput, Denied, WrongState
from core.periods import notice_last_day
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters

PAGE_ROWS = 50


@page(roles.LIST_VIEW)
@remembers_filters
def objection_list(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "")
    found = paged(request, selectors_objections.objection_list(request.scope, status), selectors_objections.WAITING_FIRST, "件")
    context = {
        "lines": objection_page.lines_of(found.rows), "page": found, "status": status,
        "statuses": ObjectionStatus.choices, "may_lodge": request.scope.has(roles.OBJECTION_LODGE),
    }  # fmt: skip
    return render(request, "objections/list.html", context | found.links)


@page(roles.OBJECTION_LODGE, "GET HEAD POST")
def objection_new(request: HttpRequest) -> HttpResponse:
    """Against one notice on show: chosen from the list, or found by the household."""
    values = request.POST if request.method == "POST" else request.GET
    wanted, code = values.get("notice", "")[:40], request.GET.get("household", "")[:20]
    notice = selectors_objections.notice_for(request.scope, clock.now(), notice=wanted, household=code)
    if notice is None:
        return _choose(request, gone=bool(wanted or code))
    lines = selectors_objections.lines_of(notice)
    form = LodgeForm(request.POST if request.method == "POST" else None, lines=lines, initial=_start(code, lines))
    if request.method == "POST" and form.is_valid():
        try:
            return _lodged(request, _lodge(request, notice, form))
        except BadInput as error:
            form.put_back(error)
    context = {"form": form, "notice": notice, "last_day": notice_last_day(notice.ends_at)}
    context["key"] = request.POST.get("key", "")[:64] or request.request_id
    return render(request, "objections/new.html", context, status=400 if form.errors else 200)


def _choose(request: HttpRequest, *, gone: bool) -> HttpResponse:
    """Which notice it is about; also the answer to a form whose notice has run out meanwhile."""
    rows = selectors_objections.notices_on_show(request.scope, clock.now())[:PAGE_ROWS]
    lines = [(notice, notice_last_day(notice.ends_at)) for notice in rows]
    return render(
        request,
        "objections/choose.html",
        {"lines": lines, "gone": gone},
        status=409 if request.method == "POST" else 200,
    )


def _start(code: str, lines: list[tuple[str, str]]) -> dict[str, str]:
    if not code:
        return {}
    return {"household": code} if code in dict(lines) else {"kind": "omitted", "omitted_code": code}


def _lodge(request: HttpRequest, notice: Notice, form: LodgeForm) -> Objection:
    typed = form.cleaned_data
    return lodge_objection(
        scope=request.scope, round_code=notice.round.code, village_code=notice.village.code, kind=typed["kind"],
        channel=objection_page.channel_of(request.scope, notice.village), text=typed["text"], household_code=form.household_code,
        notice=str(notice.uuid), target=typed["target"], lodger=typed["lodger"], phone=typed["phone"],
        anonymous=typed["anonymous"], way=typed["way"] or ObjectionWay.FACE, key=request.POST.get("key", "")[:64], origin=origin_of(request),
    )  # fmt: skip


def _lodged(request: HttpRequest, objection: Objection) -> HttpResponse:
    held = "这一户的名单先停下，其他户照常。" if objection.case_id and objection.kind != "omitted" else ""
    messages.success(request, f"异议已登记，受理号 {objection.code}，请抄给提出人。{held}")
    return redirect("objection", objection.code)


@page(roles.LIST_VIEW)
def objection(request: HttpRequest, code: str) -> HttpResponse:
    """The whole story. Reading who objects, and what they say, is on the trail."""
    found = selectors_objections.objection_of(request.scope, code)
    if selectors_objections.sees_words(request.scope, found):
        _on_the_trail(request, found)
    return _detail(request, found)


def _detail(request: HttpRequest, found: Objection, form: AssignForm | None = None) -> HttpResponse:
    context = objection_page.page_of(request.scope, found) | {"key": request.request_id}
    if people := objection_page.may_be_given_to(request.scope, found):
        context["assign"] = form or AssignForm(people=people)
    if context["sees_words"] or context["may_add"]:
        context["evidence"] = evidence_on(request.scope, objection=found)
        context["adds"] = [(f"{reverse('evidence_new')}?objection={found.uuid}", "上传异议材料")] if context["may_add"] else []
    return render(request, "objections/detail.html", context, status=400 if form else 200)


@page(roles.OBJECTION_HANDLE, "POST")
def objection_assign(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors_objections.objection_of(request.scope, code)
    form = AssignForm(request.POST, people=objection_page.may_be_given_to(request.scope, found))
    if not form.is_valid():
        return _detail(request, found, form)
    given = assign_objection(
        scope=request.scope, code=code, handler=form.cleaned_data["handler"], key=request.POST.get("key", "")[:64], origin=origin_of(request)
    )
    messages.success(request, f"已交给{given.handler.name}核查，在他的首页上。")
    return redirect("objection", code)


def _on_the_trail(request: HttpRequest, found: Objection) -> None:
    record(request.scope, "objection.read", origin_of(request), "objection", found.code, place=found, round=found.round.code)


@page(roles.OBJECTION_HANDLE, "POST")
def objection_take(request: HttpRequest, code: str) -> HttpResponse:
    taken = take_objection(
        scope=request.scope, code=code, take_over=bool(request.POST.get("take_over")), key=request.POST.get("key", "")[:64],
        origin=origin_of(request),
    )  # fmt: skip
    messages.success(request, "已受理，由您核查。请入户看过，再提出核查意见。")
    return redirect("objection", taken.code)


@page(roles.OBJECTION_HANDLE, "GET HEAD POST")
def objection_propose(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors_objections.objection_of(request.scope, code)
    _require(request, found, roles.OBJECTION_HANDLE)
    if request.method != "POST" and (
        found.status != ObjectionStatus.HANDLING or found.handler_id != request.scope.actor_id
    ):
        raise WrongState("这件异议现在不能由您提出核查意见。", code="not_mine")
    outcomes, tiers = objection_page.choices_of(found)
    start = {"visited_on": timezone.localdate(clock.now()), "household_code": request.GET.get("household", "")[:20]}
    form = ProposeForm(request.POST if request.method == "POST" else None, objection=found, outcomes=outcomes, tiers=tiers, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, found, form)
            messages.success(request, "核查意见已报县扶贫办定案。")
            return redirect("objection", found.code)
        except BadInput as error:
            form.put_back(error)
    return _step_page(request, found, form, "objections/propose.html")


def _propose(request: HttpRequest, found: Objection, form: ProposeForm) -> None:
    typed = form.cleaned_data
    propose_outcome(
        scope=request.scope, code=found.code, proposal=typed["proposal"], finding=typed["finding"], visited_on=typed["visited_on"],
        category=typed.get("category", ""), household_code=typed.get("household_code", "").strip(),
        key=request.POST.get("key", "")[:64], origin=origin_of(request),
    )  # fmt: skip


@page(roles.OBJECTION_CONFIRM, "GET HEAD POST")
def objection_confirm(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors_objections.objection_of(request.scope, code)
    _require(request, found, roles.OBJECTION_CONFIRM)
    if request.method != "POST" and found.status != ObjectionStatus.PROPOSED:
        raise WrongState(f"这件异议{found.get_status_display()}，现在不能定案。", code="not_proposed")
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"outcome": found.proposal, "category": found.proposed_category})
    if request.method == "POST" and form.is_valid():
        try:
            return _confirm(request, found, form)
        except BadInput as error:
            form.put_back(error)
    return _step_page(request, found, form, "objections/confirm.html")


def _confirm(request: HttpRequest, found: Objection, form: ConfirmForm) -> HttpResponse:
    accept, typed = request.POST.get("accept") == "1", form.cleaned_data
    done = confirm_outcome(
        scope=request.scope, code=found.code, accept=accept, answer=typed["answer"], outcome=typed["outcome"],
        category=typed["category"], key=request.POST.get("key", "")[:64], origin=origin_of(request),
    )  # fmt: skip
    said = f"已定案：{done.get_outcome_display()}。请打印答复单交给提出人。" if accept else "已退回核查人。"
    messages.success(request, said)
    return redirect("objection", done.code)


def _require(request: HttpRequest, found: Objection, right: str) -> None:
    if not request.scope.may(right, found):
        raise Denied


def _step_page(request: HttpRequest, found: Objection, form, template: str) -> HttpResponse:
    if selectors_objections.sees_words(request.scope, found):
        _on_the_trail(request, found)
    context = objection_page.page_of(request.scope, found) | {
        "form": form, "key": request.POST.get("key", "")[:64] or request.request_id,
        "reasons": objection_page.confirm_reasons(request.scope, found) if template.endswith("confirm.html") else (),
    }  # fmt: skip
    return render(request, template, context, status=status_of(BadInput("")) if form.errors else 200)


@page(roles.LIST_VIEW)
def objection_print(request: HttpRequest, code: str) -> HttpResponse:
    """答复单, handed to the lodger: no name on it but the one that the reader may see anyway."""
    found = selectors_objections.objection_of(request.scope, code)
    if not selectors_objections.sees_answer(request.scope, found):
        raise Denied
    if found.status != ObjectionStatus.CLOSED:
        raise WrongState("异议办结以后才能打印答复单。", code="not_closed")
    _on_the_trail(request, found)
    return render(request, "objections/print.html", objection_page.page_of(request.scope, found))
