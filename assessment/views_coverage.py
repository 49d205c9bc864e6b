"""不落一户、不漏一人: what is still to be looked at, by place and as lists to work down."""

from urllib.parse import urlencode

from django.db.models import QuerySet
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
from core.web.paging import PAGE, paged
from core.web.remembered import remembers_filters
from households.models import Household
from villages.selectors import groups, villages

VISITS, CHILDREN, ITEMS = "visits", "children", "items"
FIGURES = ("unvisited", "children", "lacking", "on_file", "registered", "not_on_file")
TABS = {VISITS: "没有入户的户", CHILDREN: "6—15 岁不在校或没核实的人", ITEMS: "六项材料不全的户"}


@page(roles.COVERAGE_VIEW)
@remembers_filters
def coverage_page(request: HttpRequest) -> HttpResponse:
    scope = request.scope.narrowed_to(roles.COVERAGE_VIEW)
    round_ = selectors.current_round(scope)
    context = {"lists": list(TABS.items()), "tab": _tab(request), "round": round_, "place": [("农户", "/households/"), ("不落一户", "")]}
    if round_ is not None:
        found = coverage.coverage_of(scope, round_)
        context |= {"coverage": found, "totals": [found.total(name) for name in FIGURES]} | _list(request, scope, round_) | _places(request, scope)
    return render(request, "coverage/coverage.html", context)


def _tab(request: HttpRequest) -> str:
    wanted = request.GET.get("list", VISITS)
    return wanted if wanted in TABS else VISITS


def _places(request: HttpRequest, scope: Scope) -> dict[str, object]:
    """Select boxes: groups for one village, villages otherwise."""
    known = list(villages(scope)[:2])
    boxes = groups(scope) if len(known) == 1 else villages(scope)
    name = "group" if len(known) == 1 else "village"
    return {"box": name, "box_rows": [(row.code, getattr(row, "short_name", row.name)) for row in boxes], "chosen": request.GET.get(name, "")}


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
    """Ages are told exactly in memory: the net of the query is a month wide at both ends."""
    day = round_.reference_date
    rows = _narrowed(request, coverage.children_to_look_at(scope, day), "household__")
    rows = rows.order_by("code").select_related("person", "household__village", "household__group")
    found = [row for row in rows if coverage.is_school_age(row, day)]
    after = request.GET.get("after", "")
    start = next((place for place, row in enumerate(found) if row.code > after), 0)
    shown = found[start : start + PAGE]
    lines = [{"household": row.household, "member": row, "age": age_on(row.person.birth, day), "state": coverage.child_words(row)} for row in shown]
    return {
        "lines": lines, "count_text": f"{len(found):,} 人",
        "previous": _address(request, found[start - PAGE - 1].code if start > PAGE else "") if start else "",
        "next": _address(request, shown[-1].code) if start + PAGE < len(found) else "",
    }  # fmt: skip


def _narrowed(request: HttpRequest, rows: QuerySet, path: str) -> QuerySet:
    for name in ("village", "group"):
        if code := request.GET.get(name, ""):
            rows = rows.filter(**{f"{path}{name}__code": code})
    return rows


def _address(request: HttpRequest, after: str) -> str:
    return "?" + urlencode({key: value for key, value in request.GET.items() if value} | {"after": after})
