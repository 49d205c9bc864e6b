"""Pages of saved panels: 评议小组, 村民代表, 清查组."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from assessment import selectors_panels as panels
from assessment.actions.panels import PanelEntry, retire_panel, save_panel
from assessment.forms_panels import BasePeople, PanelFilter, PanelForm, People, more_people, people_of
from assessment.models import Panel, PanelKind
from assessment.procedures import PanelRule
from core.api.paging import Keyset
from core.errors import BadInput, Denied, StaleVersion
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters
from villages.selectors import places

PAGE = 60
BY_CODE, LAST_RETIRED = Keyset(("code",)), Keyset(("-retired_at", "-id"))
HOME = [("评议", "/sittings/"), ("评议小组", "/panels/")]


@page(roles.LIST_VIEW)
@remembers_filters
def panel_list(request: HttpRequest) -> HttpResponse:
    """One line a place, with what is still missing; or the panels that were retired, the last one first."""
    chosen = PanelFilter(request.GET, request.scope, places(request.scope))
    kind, retired = chosen.kind_chosen, chosen.only_retired
    rows = (panels.retired if retired else panels.places)(request.scope, kind, **chosen.area)
    found = paged(request, panels.with_procedure(rows), LAST_RETIRED if retired else BY_CODE, "个" if retired else "处", PAGE)
    rule = panels.rule_beside(found.rows, kind)
    slots = panels.retired_slots(found.rows) if retired else panels.slots(request.scope, kind, found.rows, rule)
    context = {
        "kind": kind, "rule": panels.rule_words(rule), "may_keep": request.scope.has(roles.PANEL_KEEP), "slots": slots, "page": found,
        "retired": retired, "filters": filter_boxes(chosen), "place": [HOME[0], ("评议小组", "")],
    }  # fmt: skip
    return render(request, "panels/list.html", context | found.links)


@page(roles.PANEL_KEEP, "GET HEAD POST")
def panel_new(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    place, where = panels.place_of(request.scope, kind, request.GET)
    if not request.scope.may(roles.PANEL_KEEP, place):
        raise Denied
    codes = {f"{name}_code": request.GET.get(name, "") for name in ("group", "village", "township")}
    if kind == PanelKind.GROUP and codes["group_code"]:
        codes["village_code"] = place.village.code
    rule = panels.rule_of(place.county_id, kind)
    initial = {"name": f"{where}{PanelKind(kind).label}"[:64], "key": request.request_id}
    form, people = _typed(request, initial, [], rule)
    if saved := _saved(request, form, people, kind=kind, **codes):
        return _done(request, saved, rule)
    return _form(request, form, people, rule, {"where": where, "kind": PanelKind(kind).label})


@page(roles.LIST_VIEW, "GET HEAD POST")
def panel_edit(request: HttpRequest, panel_uuid: uuid.UUID) -> HttpResponse:
    panel = panels.panel_of(request.scope, panel_uuid)
    may = request.scope.may(roles.PANEL_KEEP, panel) and not panel.retired_at
    if request.method == "POST" and not request.scope.may(roles.PANEL_KEEP, panel):
        raise Denied
    rule = panels.rule_of(panel.county_id, panel.kind)
    form, people = _typed(request, {"name": panel.name, "version": panel.version}, panel.members, rule)
    context = {"panel": panel, "where": panels.where_of(panel), "kind": panel.get_kind_display()}
    try:
        if saved := _saved(request, form, people, kind=panel.kind, panel=panel):
            return _done(request, saved, rule)
    except StaleVersion as stale:
        context["overtaken"] = stale.message
    if not may:
        return render(
            request,
            "panels/panel.html",
            context | {"rule": panels.rule_words(rule), "place": [*HOME, (panel.name, "")]},
        )
    return _form(request, form, people, rule, context | {"fault": panels.fault_of(rule, panel)})


@page(roles.PANEL_KEEP, "POST")
def panel_retire(request: HttpRequest, panel_uuid: uuid.UUID) -> HttpResponse:
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    panel = retire_panel(scope=request.scope, panel=str(panel_uuid), version=version, origin=origin_of(request))
    messages.success(request, f"已停用{panel.name}。开过的会议留有自己的名单，不受影响。")
    return redirect("panels")


def _typed(request: HttpRequest, initial: dict, members: list, rule: PanelRule | None) -> tuple[PanelForm, BasePeople]:
    if request.method != "POST":
        least = (rule.exactly or rule.minimum) if rule else 0
        return PanelForm(initial=initial), people_of(members, least)
    form = PanelForm(request.POST)
    return form, (more_people(request.POST) if "more" in request.POST else People(request.POST, prefix="people"))


def _saved(
    request: HttpRequest, form: PanelForm, people: BasePeople, *, kind: str, panel: Panel | None = None, **codes: str
) -> Panel | None:
    """The panel that was saved; None when there is nothing to save or something to mend, which is then on the form."""
    if request.method != "POST" or "more" in request.POST or not (form.is_valid() & people.is_valid()):
        return None
    entry = PanelEntry(kind=kind, name=form.cleaned_data["name"], members=people.members(), **codes)
    which = (
        {"panel": str(panel.uuid), "version": form.cleaned_data["version"] or 0}
        if panel
        else {"key": form.cleaned_data["key"]}
    )
    try:
        return save_panel(scope=request.scope, entry=entry, origin=origin_of(request), **which)
    except BadInput as refusal:
        for name, sentences in refusal.fields.items():
            for sentence in sentences:
                form.add_error("name" if name == "name" else None, sentence)
        if not refusal.fields:
            form.add_error(None, refusal.message)
    return None


def _done(request: HttpRequest, panel: Panel, rule: PanelRule | None) -> HttpResponse:
    messages.success(request, f"已保存{panel.name}，{len(panel.members)} 人。")
    if fault := panels.fault_of(rule, panel):
        messages.warning(request, f"{fault}开会之前请补齐。")
    return redirect("panel", panel_uuid=panel.uuid)


def _form(
    request: HttpRequest, form: PanelForm, people: BasePeople, rule: PanelRule | None, context: dict
) -> HttpResponse:
    faulty = form.is_bound and "more" not in request.POST and bool(form.errors or people.total_error_count())
    status = 412 if "overtaken" in context else 400 if faulty else 200
    context |= {"form": form, "people": people, "faulty": faulty, "rule": panels.rule_words(rule)}
    context["place"] = [*HOME, (context["panel"].name if "panel" in context else "新建", "")]
    return render(request, "panels/edit.html", context, status=status)
