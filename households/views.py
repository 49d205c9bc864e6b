"""Pages of households: list, file, register, edit, reveal."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion
from core.scope import FieldClass
from core.web.middleware import origin_of
from core.web.pages import page
from households import actions, editing, selectors
from households.codes import ATTRIBUTE, CAUSE, EXIT_STATUS, TIER
from households.filters import HouseholdFilter
from households.forms import entry_of
from households.models import Household
from households.panels import panels_of
from villages.models import Village

VERSION_DIGITS = 10
ONE_CHOICE = 2  # the empty option and one other
DAILY_FILTERS = ("q", "township", "village", "group", "surveyed", "tier")


@page(roles.HOUSEHOLD_VIEW)
def household_list(request: HttpRequest) -> HttpResponse:
    rows = Household.objects.visible_to(request.scope).registered()
    chosen = HouseholdFilter(request.GET, queryset=rows, request=request)
    after, before = (selectors.cursor_of(request.GET.get(name)) for name in ("after", "before"))
    found = selectors.page_of(chosen.qs, after=after, before=before)
    results = selectors.results_of(found.rows)
    lines = [_line(row, results.get(row.pk)) for row in found.rows]
    context = {"filters": filter_fields(chosen), "page": found, "lines": lines, "may_register": request.scope.has(roles.HOUSEHOLD_EDIT)}
    return render(request, "households/list.html", context | _page_links(request, found))


def filter_fields(chosen: HouseholdFilter) -> dict[str, object]:
    """The filter's fields for the page: those used daily first, the rest behind 更多条件; a box of one choice is left out."""
    boxes = [{"bound": bound, "options": list(bound.subwidgets)} for bound in chosen.form]
    boxes = [box for box in boxes if box["bound"].name == "q" or len(box["options"]) > ONE_CHOICE]
    rare = [box for box in boxes if box["bound"].name not in DAILY_FILTERS]
    daily = [box for box in boxes if box["bound"].name in DAILY_FILTERS]
    return {"daily": daily, "rare": rare, "rare_used": any(box["bound"].value() for box in rare)}


def _line(row: Household, result: tuple[int, str] | None) -> dict[str, object]:
    points, tier = result or (None, "")
    labels = {"attribute": ATTRIBUTE.label(row.attribute), "cause": CAUSE.label(row.cause)}
    return {"household": row, "points": points, "tier": tier, "tier_name": TIER.label(tier), **labels}


def _page_links(request: HttpRequest, found: selectors.Page) -> dict[str, str]:
    kept = {key: value for key, value in request.GET.items() if key not in ("after", "before") and value}
    links = {"previous": ("before", found.before), "next": ("after", found.after)}
    return {name: "?" + urlencode(kept | {key: code}) if code else "" for name, (key, code) in links.items()}


@page(roles.HOUSEHOLD_VIEW)
def household_file(request: HttpRequest, code: str) -> HttpResponse:
    household = selectors.visible_household(request.scope, code)
    return render(request, "households/file.html", _file(request, household))


def _file(request: HttpRequest, household: Household, revealed: actions.reveal.Revealed | None = None) -> dict[str, object]:
    scope = request.scope
    return {
        "household": household,
        "place": place_of(household),
        "members": selectors.member_lines(scope, household, revealed.identities if revealed else None),
        "sections": selectors.fact_lines(scope, household),
        "phone": revealed.phone if revealed else selectors.phone_shown(scope, household),
        "attribute": ATTRIBUTE.label(household.attribute),
        "cause": CAUSE.label(household.cause),
        "exit_status": EXIT_STATUS.label(household.exit_status),
        "standing": TIER.label(household.standing) if household.standing else "",
        "panels": panels_of(request, household),
        "may_edit": scope.may(roles.HOUSEHOLD_EDIT, household),
        "may_reveal": scope.may_see(FieldClass.IDENTITY, household),
        "revealed": revealed is not None,
    }


@page(roles.HOUSEHOLD_VIEW, "POST")
def household_reveal(request: HttpRequest, code: str) -> HttpResponse:
    purpose = request.POST.get("purpose", "")
    revealed = actions.reveal_household(scope=request.scope, code=code, purpose=purpose, origin=origin_of(request))
    household = selectors.visible_household(request.scope, code)
    return render(request, "households/file.html", _file(request, household, revealed))


@page(roles.HOUSEHOLD_EDIT, "GET HEAD POST")
def household_new(request: HttpRequest) -> HttpResponse:
    village = _village(request)
    state = editing.blank(village, request)
    if request.method == "POST" and "add_member" not in request.POST and state.is_valid:
        try:
            key = request.POST.get("key", "")
            entry = entry_of(state.form, state.members)
            made = actions.register_household(scope=request.scope, village_code=village.code, entry=entry, key=key, origin=origin_of(request))
            messages.success(request, f"已登记{made.head_name}户，户编号 {made.code}。")
            return redirect("household", made.code)
        except Replayed as repeat:
            return redirect("household", repeat.object_code)
        except BadInput as error:
            state.put_back(error)
    return _edit_page(request, state, {"village": village, "key": request.POST.get("key") or request.request_id, "villages": _villages(request)})


@page(roles.HOUSEHOLD_EDIT, "GET HEAD POST")
def household_edit(request: HttpRequest, code: str) -> HttpResponse:
    household = selectors.visible_household(request.scope, code)
    if not request.scope.may(roles.HOUSEHOLD_EDIT, household):
        raise Denied
    if household.hold:
        return _locked(request, household)
    state = editing.opened(household, request)
    context = {"household": household, "village": household.village, "version": request.POST.get("version", household.version)}
    if request.method == "POST" and "add_member" not in request.POST and state.is_valid:
        try:
            version = _version(request)
            actions.update_household(
                scope=request.scope, code=code, version=version, entry=entry_of(state.form, state.members), origin=origin_of(request)
            )
            messages.success(request, "已保存。")
            return redirect("household", code)
        except StaleVersion as stale:
            context |= _conflict(request, state, code, stale)
        except BadInput as error:
            state.put_back(error)
    return _edit_page(request, state, context)


def _locked(request: HttpRequest, household: Household) -> HttpResponse:
    """锁定: why, who lets go of it, and the way there; nothing that was typed is taken (issue 3.4)."""
    context = {"household": household, "place": place_of(household), "may_amend": request.scope.may(roles.CASE_AMEND, household)}
    return render(request, "households/locked.html", context, status=409)


def _version(request: HttpRequest) -> int:
    """The version the form was opened with; 0, which no household has, for anything that is no number."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < VERSION_DIGITS else 0


def _conflict(request: HttpRequest, state: editing.Editing, code: str, stale: StaleVersion) -> dict[str, object]:
    """Both sides, read anew: the other may have saved after this page had read the household. The choice is for the version shown."""
    household = selectors.visible_household(request.scope, code)
    found = editing.clashes(state, household, selectors.base_document(household, _version(request)))
    notes = editing.family_changes(state, household)
    return {"household": household, "overtaken": stale.conflict, "clashes": found, "family": notes, "version": household.version}


def _edit_page(request: HttpRequest, state: editing.Editing, context: dict[str, object]) -> HttpResponse:
    faulty = bool(state.form.errors or any(form.errors for form in state.members.forms) or state.members.non_form_errors())
    status = 412 if context.get("overtaken") else (400 if request.method == "POST" and faulty and "add_member" not in request.POST else 200)
    context |= {"form": state.form, "members": state.members, "faulty": faulty, "place": place_of(context.get("household") or context["village"])}
    return render(request, "households/edit.html", context, status=status)


def _villages(request: HttpRequest) -> list[Village]:
    return list(Village.objects.visible_to(request.scope.narrowed_to(roles.HOUSEHOLD_EDIT)).order_by("code"))


def _village(request: HttpRequest) -> Village:
    """The village named in the query or form, else the only or first one of the caller's."""
    villages = _villages(request)
    wanted = request.POST.get("village") or request.GET.get("village")
    village = next((row for row in villages if row.code == wanted), None) if wanted else next(iter(villages), None)
    if village is None:
        raise NotFound
    return village


def place_of(row: Household | Village) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 / 组 as the breadcrumb; each opens its list."""
    village = row if isinstance(row, Village) else row.village
    crumbs = [
        (village.county.name, "/households/"),
        (village.township.name, f"/households/?township={village.township.code}"),
        (village.short_name, f"/households/?village={village.code}"),
    ]
    group = getattr(row, "group", None)
    return [*crumbs, (group.name, f"/households/?group={group.code}")] if group else crumbs
