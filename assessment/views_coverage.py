"""不落一户、不漏一人: what is still to be looked at, by place and as lists to work down."""

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import roles
from assessment import selectors
from assessment import selectors_coverage as coverage
from assessment.models import Round
from core.api.paging import Keyset
from core.periods import age_on
from core.scope import Scope
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters
from households.models import Household

VISITS, CHILDREN, ITEMS = "visits", "children", "items"
FIGURES = ("unvisited", "children", "lacking", "on_file", "registered", "not_on_file")
BY_HOME = Keyset(("home_code", "id"))
TABS = {VISITS: "没有入户的户", CHILDREN: "6—15 岁不在校或没核实的人", ITEMS: "六项材料不全的户"}


@page(roles.COVERAGE_VIEW)
@remembers_filters
def coverage_page(request: HttpRequest) -> HttpResponse:
    scope = request.scope.narrowed_to(roles.COVERAGE_VIEW)
    round_ = selectors.current_round(scope)
    context = {"lists": list(TABS.items()), "tab": _tab(request), "round": round_, "place": [("农户", "/households/"), ("不落一户", "")]}
    if round_ is not None:
        found = coverage.coverage_of(scope, round_)
        context |= {"coverage": found, "totals": [found.total(name) for name in FIGURES]} | _list(request, scope, round_) | _places(request, found)
    return render(request, "coverage/coverage.html", context)


def _tab(request: HttpRequest) -> str:
    wanted = request.GET.get("list", VISITS)
    return wanted if wanted in TABS else VISITS


def _places(request: HttpRequest, found: coverage.Coverage) -> dict[str, object]:
    """Select boxes: groups for one village, villages otherwise."""
    name = "group" if found.by_group else "village"
    return {"box": name, "box_rows": [(line.code, line.name) for line in found.lines if line.code], "chosen": request.GET.get(name, "")}


def _list(request: HttpRequest, scope: Scope, round_: Round) -> dict[str, object]:
    tab = _tab(request)
    if tab == CHILDREN:
        return _children(request, scope, round_)
    households = Household.objects.visible_to(scope).registered().filter(county_id=round_.county_id)
    found = selectors.without_form(households, round_) if tab == VISITS else coverage.lacking_items(households)
    found = paged(request, _narrowed(request, found, "").select_related("village", "group"), Keyset(("code",)), "户")
    lines = [{"household": row, "items": coverage.item_names(row) if tab == ITEMS else ()} for row in found.rows]
    return {"lines": lines, "count_text": found.count_text} | found.links


def _children(request: HttpRequest, scope: Scope, round_: Round) -> dict[str, object]:
    day = round_.reference_date
    rows = _narrowed(request, coverage.children_to_look_at(scope, day), "household__").annotate(home_code=F("household__code"))
    found = paged(request, rows.select_related("person", "household__village", "household__group"), BY_HOME, "人")
    lines = [{"household": row.household, "member": row, "age": age_on(row.person.birth, day), "state": coverage.child_words(row)} for row in found.rows]
    return {"lines": lines, "count_text": found.count_text} | found.links


def _narrowed(request: HttpRequest, rows: QuerySet, path: str) -> QuerySet:
    for name in ("village", "group"):
        if code := request.GET.get(name, ""):
            rows = rows.filter(**{f"{path}{name}__code": code})
    return rows
