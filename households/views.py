"""Pages of households: list, file, reveal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import roles
from core.api.paging import Keyset
from core.scope import FieldClass
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters
from households import actions, selectors, selectors_facts
from households.codes import ATTRIBUTE, CAUSE, TIER
from households.filters import HouseholdFilter
from households.models import Household
from households.panels import panels_of
from households.selectors_family import former_village
from villages.models import Village

BY_CODE = Keyset(("code",))
RARE = ("attribute", "cause", "exit_status")


@page(roles.HOUSEHOLD_VIEW)
@remembers_filters
def household_list(request: HttpRequest) -> HttpResponse:
    rows = Household.objects.visible_to(request.scope).registered()
    chosen = HouseholdFilter(request.GET, queryset=rows, request=request)
    found = paged(request, chosen.qs.select_related("village", "township", "group"), BY_CODE, "户")
    results = selectors.results_of(found.rows)
    lines = [_line(row, results.get(row.pk)) for row in found.rows]
    context = {"filters": filter_boxes(chosen.form, RARE), "page": found, "lines": lines, "may_register": request.scope.has(roles.HOUSEHOLD_EDIT)}
    context["may_find"] = request.scope.may_see(FieldClass.IDENTITY)
    return render(request, "households/list.html", context | found.links)


def _line(row: Household, result: tuple[int, str] | None) -> dict[str, object]:
    points, tier = result or (None, "")
    labels = {"attribute": ATTRIBUTE.label(row.attribute), "cause": CAUSE.label(row.cause)}
    return {"household": row, "points": points, "tier": tier, "tier_name": TIER.label(tier), **labels}


@page(roles.HOUSEHOLD_VIEW)
def household_file(request: HttpRequest, code: str) -> HttpResponse:
    household = selectors.visible_household(request.scope, code)
    return render(request, "households/file.html", _file(request, household))


def _file(request: HttpRequest, household: Household, revealed: actions.reveal.Revealed | None = None) -> dict[str, object]:
    scope = request.scope
    return {
        "household": household,
        "former_village": former_village(household),
        "place": place_of(household),
        "members": selectors.member_lines(scope, household, revealed.identities if revealed else None),
        "sections": selectors_facts.fact_sections(scope, household),
        "phone": revealed.phone if revealed else selectors.phone_shown(scope, household),
        "attribute": ATTRIBUTE.label(household.attribute),
        "cause": CAUSE.label(household.cause),
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


def place_of(row: Household | Village) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 / 组 as the breadcrumb; each opens its list."""
    village = row if isinstance(row, Village) else row.village
    crumbs = [
        (village.county.name, "/households/?clear=1"),
        (village.township.name, f"/households/?township={village.township.code}"),
        (village.short_name, f"/households/?village={village.code}"),
    ]
    group = getattr(row, "group", None)
    return [*crumbs, (group.name, f"/households/?group={group.code}")] if group else crumbs
