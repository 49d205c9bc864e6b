"""Registering a household, and changing it section by section."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from accounts import roles
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion
from core.scope import FieldClass
from core.web import drafts
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in, posted_version
from core.web.way_back import carrying, way_back
from households import actions, editing, selectors
from households.codes import ETHNICITY
from households.editing import MEMBERS, SECTIONS
from households.models import Household
from households.panels import next_step_of
from households.selectors_facts import Step, steps_of
from households.selectors_family import former_village
from households.selectors_income import due_year
from households.selectors_ledger import facts_changed_since, ledger_document
from households.views import place_of
from villages.models import Village
from villages.selectors import village_of_today, villages

FIRST_AFTER_REGISTERING = MEMBERS  # what was not asked of the people yet; then section after section
BESIDE = {"income": "household_income", "papers": "household_papers"}
"""Steps of the bar that are pages of their own: step → url name."""
BACK, NEXT, RETURN = "back", "next", "return"
NEW, EDIT = "household.new", "household.edit"
"""Kinds of drafts; a section keeps one of its own."""


@page(roles.HOUSEHOLD_EDIT, "GET HEAD POST")
def household_new(request: HttpRequest) -> HttpResponse:
    opened = _village(request)
    subject = request.POST.get("draft-subject") or f"new/{opened.code}"
    draft = drafts.typed(request, NEW, subject)
    village = _village(request, draft) or opened
    state = editing.blank(village, request, draft)
    if _is_saving(request) and request.POST.get("village", village.code) != village.code:
        _say_merged(state, village)
    elif _is_saving(request) and state.is_valid:
        try:
            key = request.POST.get("key", "")
            made = actions.register_household(scope=request.scope, village_code=village.code, entry=state.entry, key=key, origin=origin_of(request))
            drafts.saved(request, NEW, subject)
            messages.success(request, f"已登记{made.head_name}户，户编号 {made.code}。接着一节一节填户信息，也可以以后再填。")
            return _to_section(request, made.code, FIRST_AFTER_REGISTERING)
        except Replayed as repeat:
            messages.success(request, f"已登记，户编号 {repeat.object_code}。接着一节一节填户信息，也可以以后再填。")
            return _to_section(request, repeat.object_code, FIRST_AFTER_REGISTERING)
        except BadInput as error:
            state.put_back(error)
    key = (draft or request.POST).get("key") or request.request_id
    context = {"village": village, "key": key, "villages": _villages(request), "place": place_of(village), "keeping": drafts.keeping(request, NEW, subject)}
    return _edit_page(request, state, "households/new.html", context)


@page(roles.HOUSEHOLD_EDIT, "GET HEAD POST")
def household_edit(request: HttpRequest, code: str) -> HttpResponse:
    household = selectors.visible_household(request.scope, code)
    if not request.scope.may(roles.HOUSEHOLD_EDIT, household):
        raise Denied
    if household.hold:
        return _locked(request, household)
    section = _section(request)
    draft = drafts.typed(request, EDIT, f"{code}/{section}")
    state = editing.opened(household, request, section, draft)
    context = {"household": household, "version": (draft or request.POST).get("version", household.version)}
    if _is_saving(request) and state.is_valid:
        if not state.changed:
            return _saved(request, code, state.section)
        try:
            return _save(request, code, state)
        except StaleVersion as stale:
            context |= _conflict(request, state, code, stale)
        except BadInput as error:
            state.put_back(error)
    return _section_page(request, state, context)


def _save(request: HttpRequest, code: str, state: editing.Editing) -> HttpResponse:
    actions.update_household(scope=request.scope, code=code, version=posted_version(request), entry=state.entry, origin=origin_of(request))
    messages.success(request, "已保存。")
    return _saved(request, code, state.section)


def _saved(request: HttpRequest, code: str, section: str) -> HttpResponseRedirect:
    drafts.saved(request, EDIT, f"{code}/{section}")
    return _onward(request, code, section)


def _onward(request: HttpRequest, code: str, section: str) -> HttpResponseRedirect:
    """Back to the file, to where one came from, to the step that was tapped, or on to the next section; behind the last one the income."""
    then, back = request.POST.get("then", NEXT), way_back(request)
    if then == RETURN and back:
        return redirect(back)
    if then in BESIDE and (address := _address(BESIDE[then], code)):
        return redirect(carrying(address, back))
    if then in SECTIONS:
        return _to_section(request, code, then)
    if then != NEXT:
        return redirect("household", code)
    household = selectors.visible_household(request.scope, code)
    if later := _later(steps_of(request.scope, household), section):
        return _to_section(request, code, later.code)
    after = _after_facts(request, household)
    return redirect(after["url"]) if after else redirect("household", code)


def _later(steps: list[Step], section: str) -> Step | None:
    """The next section that asks something of this household."""
    return next((one for one in steps[SECTIONS.index(section) + 1 :] if not one.passed), None)


def _after_facts(request: HttpRequest, household: Household) -> dict[str, str] | None:
    """What follows the last section: the income sheet that is due, for those who see amounts; else what waits beside the facts."""
    if request.scope.may_see(FieldClass.FINANCE, household):
        return {"title": "收支", "url": reverse("income_year", args=[household.code, due_year(household)])}
    step = next_step_of(request, household)
    return {"title": step["label"], "url": step["url"]} if step else None


def _to_section(request: HttpRequest, code: str, section: str) -> HttpResponseRedirect:
    return redirect(carrying(f"{reverse('household_edit', args=[code])}?{urlencode({'section': section})}", way_back(request)))


def _address(name: str, code: str) -> str:
    """A household page of another subject; "" where that is not there."""
    try:
        return reverse(name, args=[code])
    except NoReverseMatch:
        return ""


def _is_saving(request: HttpRequest) -> bool:
    return request.method == "POST" and "add_member" not in request.POST


def _section(request: HttpRequest) -> str:
    wanted = request.POST.get("section") or request.GET.get("section")
    return wanted if wanted in SECTIONS else MEMBERS


def _locked(request: HttpRequest, household: Household) -> HttpResponse:
    """锁定: why, who lets go of it, and the way there; nothing that was typed is taken (issue 3.4)."""
    context = {"household": household, "place": place_of(household), "may_amend": request.scope.may(roles.CASE_AMEND, household)}
    return render(request, "households/locked.html", context, status=409)


def _conflict(request: HttpRequest, state: editing.Editing, code: str, stale: StaleVersion) -> dict[str, object]:
    """Both sides, read anew: the other may have saved after this page had read the household. The choice is for the version shown."""
    household = selectors.visible_household(request.scope, code)
    found = editing.clashes(state, household, ledger_document(household, posted_version(request)))
    notes = editing.family_changes(state, household)
    if (former := former_village(household)) and not facts_changed_since(household, posted_version(request)):
        notes = [f"{former}已并入{household.village.short_name}，这一户随村并入，情况没有改。核对以后再存一次。", *notes]
    return {"household": household, "overtaken": stale.conflict, "clashes": found, "family": notes, "version": household.version}


def _section_page(request: HttpRequest, state: editing.Editing, context: dict[str, object]) -> HttpResponse:
    household = context["household"]
    steps = steps_of(request.scope, household)
    beside = [{"code": code, "title": title} for code, title in (("income", "收支"), ("papers", "证件")) if _address(BESIDE[code], household.code)]
    position = SECTIONS.index(state.section)
    base = number_in(str(context["version"]))
    context |= {
        "section": state.section, "step": steps[position], "steps": steps, "beside": beside, "place": place_of(household),
        "following": _later(steps, state.section) or _after_facts(request, household), "back": way_back(request),
        "keeping": drafts.keeping(request, EDIT, f"{household.code}/{state.section}", base_version=base),
    }  # fmt: skip
    return _edit_page(request, state, "households/edit.html", context)


def _edit_page(request: HttpRequest, state: editing.Editing, template: str, context: dict[str, object]) -> HttpResponse:
    faults = state.faults if _is_saving(request) else []
    if not _is_saving(request):
        state.focus()
    status = 412 if context.get("overtaken") else 400 if faults else 200
    context |= {"state": state, "form": state.form, "members": state.members, "faults": faults, "ethnicities": ETHNICITY.items.values()}
    return render(request, template, context, status=status)


def _say_merged(state: editing.Editing, village: Village) -> None:
    """The page was opened before the village was merged into this one: what was typed stays, nothing is saved."""
    words = f"您打开这一页之后，原来的村已并入{village.short_name}。请核对村和组，再保存一次。"
    if state.is_valid:
        state.put_back(BadInput(words, fields={"group": [words]}))


def _villages(request: HttpRequest) -> list[Village]:
    return list(villages(request.scope.narrowed_to(roles.HOUSEHOLD_EDIT)).order_by("code"))


def _village(request: HttpRequest, draft: QueryDict | None = None) -> Village:
    """The village named in the query, form or draft, else the only or first one of the caller's."""
    known = _villages(request)
    if draft is not None:
        return next((row for row in known if row.code == draft.get("village")), None)
    wanted = request.POST.get("village") or request.GET.get("village")
    village = next((row for row in known if row.code == wanted), None) if wanted else next(iter(known), None)
    if village is None and (today := village_of_today(request.scope, wanted or "")):
        village = next((row for row in known if row.pk == today.pk), None)
    if village is None:
        raise NotFound
    return village
