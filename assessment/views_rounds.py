"""Rounds: list, form, progress board, a village's list, the end of a round."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts import roles
from assessment import selectors, selectors_list
from assessment.actions.rounds import RoundSettings, change_round, close_round, has_begun, open_round, what_waits
from assessment.filters_list import ListFilter
from assessment.forms_rounds import RoundForm, initial_of
from assessment.models import Round, RoundStatus
from assessment.procedures import PROCEDURES, Level, procedure_of
from assessment.selectors_board import board
from assessment.selectors_differing import by_place, of_village
from assessment.selectors_signing import groups_to_sign
from core.errors import BadInput, Denied, WrongState
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters
from villages.models import Village

REDRAW = "redraw"


@page(roles.ROUND_VIEW)
def round_list(request: HttpRequest) -> HttpResponse:
    rounds = selectors.rounds(request.scope)
    context = {"rounds": rounds, "may_manage": request.scope.has(roles.ROUND_MANAGE), "procedures": _names()}
    return render(request, "rounds/list.html", context)


@page(roles.ROUND_MANAGE, "GET HEAD POST")
def round_new(request: HttpRequest) -> HttpResponse:
    form = RoundForm(request.POST or None, rubrics=_rubrics(), initial={"year": timezone.localdate().year})
    if request.method == "POST" and REDRAW not in request.POST and form.is_valid():
        try:
            settings = form.settings() | {"code": form.cleaned_data["code"]}
            made = open_round(scope=request.scope, **settings, origin=origin_of(request))
            messages.success(request, f"已开启{made.name}。")
            return redirect("round", made.code)
        except BadInput as error:
            _put_back(form, error)
    return _form_page(request, form, {"title": "新建识别批次", "submit": "开启批次"})


@page(roles.ROUND_MANAGE, "GET HEAD POST")
def round_settings(request: HttpRequest, code: str) -> HttpResponse:
    round_ = _managed(request, code)
    form = RoundForm(request.POST or None, round_=round_, rubrics=_rubrics(round_), initial=initial_of(round_))
    begun = has_begun(round_)
    if begun:
        form.freeze()
    if request.method == "POST" and REDRAW not in request.POST and form.is_valid():
        try:
            wanted = RoundSettings(**form.settings())
            change_round(scope=request.scope, round_code=code, settings=wanted, origin=origin_of(request))
            messages.success(request, "设置已保存。")
            return redirect("round", code)
        except BadInput as error:
            _put_back(form, error)
    return _form_page(
        request, form, {"title": f"{round_.name} · 设置", "submit": "保存设置", "round": round_, "begun": begun}
    )


@page(roles.ROUND_MANAGE, "GET HEAD POST")
def round_close(request: HttpRequest, code: str) -> HttpResponse:
    round_ = _managed(request, code)
    if request.method == "POST":
        close_round(scope=request.scope, round_code=code, origin=origin_of(request))
        messages.success(request, f"{round_.name}已结束。名单和报表仍可查看。")
        return redirect("round", code)
    return render(request, "rounds/close.html", {"round": round_, "waiting": what_waits(round_)})


@page(roles.ROUND_VIEW)
def round_board(request: HttpRequest, code: str) -> HttpResponse:
    """Townships (for one township or village: villages) × stages."""
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    shown = board(request.scope, round_, timezone.localdate(), request.GET.get("township", ""), all_villages=request.GET.get("by") == "village")
    context = {
        "round": round_,
        "board": shown, "board_links": True,
        "narrowed": "township" in request.GET,
        "procedure": procedure_of(round_.procedure),
        "differing": by_place(request.scope, round_, request.GET.get("township", "")),
    }
    context["may_manage"] = round_.status == RoundStatus.OPEN and request.scope.may(roles.ROUND_MANAGE, round_)
    return render(request, "rounds/board.html", context)


@page(roles.LIST_VIEW)
@remembers_filters
def village_list(request: HttpRequest, code: str, village_code: str) -> HttpResponse:
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    village = selectors_list.village_of(request.scope, round_, village_code)
    day, procedure = timezone.localdate(), procedure_of(round_.procedure)
    shown = selectors_list.village_list(request.scope, round_, village, day)
    rows = selectors_list.cases_of(request.scope, round_, village)
    groups = [group for group in shown.groups if group.code]
    chosen = ListFilter(request.GET, queryset=rows, request=request, procedure=procedure, groups=groups)
    found = paged(request, chosen.qs, selectors_list.BY_GROUP, "户", selectors_list.ROWS_A_PAGE)
    context = {
        "round": round_,
        "list": shown,
        "lines": selectors_list.case_lines(round_, found.rows, day),
        "page": found,
        "filters": filter_boxes(chosen.form),
        "signing": groups_to_sign(round_, village),
        "differing": of_village(request.scope, round_, village),
        "merged": shown.merged,
        "may_list": not procedure.first.needs_survey and village.merged_into_id is None and request.scope.may(roles.SITTING_RIGHTS[Level.GROUP], village),
    }
    return render(request, "rounds/village.html", context | found.links | _where(round_, village))


def _managed(request: HttpRequest, code: str) -> Round:
    """An open round of a county where the caller manages rounds; a closed one answers in words."""
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    if not request.scope.may(roles.ROUND_MANAGE, round_):
        raise Denied
    if round_.status != RoundStatus.OPEN:
        raise WrongState(f"{round_.name}已经结束，不能再改。", code="round_closed")
    return round_


def _rubrics(round_: Round | None = None) -> list:
    """Those in use; a round keeps its own even when it was retired since."""
    versions = [
        row
        for row in selectors.rubric_versions()
        if row.status == "published" or (round_ and row.pk == round_.rubric_id)
    ]
    return sorted(versions, key=lambda row: row.code)


def _put_back(form: RoundForm, error: BadInput) -> None:
    """The action's faults at their fields; what belongs to no field stands on top."""
    for name, reasons in error.fields.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)
    if not error.fields:
        form.add_error(None, error.message)


def _form_page(request: HttpRequest, form: RoundForm, context: dict[str, object]) -> HttpResponse:
    faulty = request.method == "POST" and REDRAW not in request.POST
    context |= {"form": form, "procedures": PROCEDURES.values(), "chosen": form.chosen}
    return render(request, "rounds/form.html", context, status=400 if faulty else 200)


def _where(round_: Round, village: Village) -> dict[str, object]:
    """县 / 乡镇 / 村, each opening the board or list of the round."""
    board_url = f"/rounds/{round_.code}/"
    crumbs = [
        (village.county.name, board_url), (village.township.name, f"{board_url}?township={village.township.code}"), (village.short_name, ""),
    ]  # fmt: skip
    return {"place": crumbs, "round_label": round_.name, "round_url": board_url}


def _names() -> dict[str, str]:
    return {code: procedure.name for code, procedure in PROCEDURES.items()}
