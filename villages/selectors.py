"""Reads of places for pages, filters and breadcrumbs."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from core.errors import WrongState
from core.scope import Scope
from villages.models import County, CountyOutlines, Township, Village, VillagerGroup


def counties(scope: Scope):
    """Counties that hold any of the caller's areas (a cadre's county is above the cadre's village)."""
    own = Q(pk__in={grant.county_id for grant in scope.rows if grant.county_id})
    for model, name in ((Township, "township_id"), (Village, "village_id")):
        if ids := {value for grant in scope.rows if (value := getattr(grant, name))}:
            own |= Q(pk__in=model.objects.filter(pk__in=ids).values("county_id"))
    return County.objects.filter(own)


def villages(scope: Scope):
    return Village.objects.visible_to(scope).filter(valid_to__isnull=True)


def groups(scope: Scope):
    return VillagerGroup.objects.visible_to(scope).filter(valid_to__isnull=True)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a select box offers it; the ids above it are those that `Scope` asks of a place."""

    pk: int
    code: str
    name: str
    county_id: int
    township_id: int | None = None
    village_id: int | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The caller's places for select boxes, in their order. `townships`: those with any visible village, also one that was merged away."""

    counties: tuple[Spot, ...]
    townships: tuple[Spot, ...]
    villages: tuple[Spot, ...]
    groups: tuple[Spot, ...]


def places(scope: Scope) -> Places:
    """All of them in one query: a page with three boxes asks no more than a page with one."""
    rows = Village.objects.visible_to(scope).order_by("code", "groups__number").values_list(
        "county_id", "county__code", "county__name", "township_id", "township__code", "township__name", "pk", "code", "name", "valid_to",
        "groups__pk", "groups__code", "groups__name", "groups__valid_to",
    )  # fmt: skip
    counties_, townships, villages_, groups_ = {}, {}, {}, {}
    for county, county_code, county_name, township, township_code, township_name, village, code, name, gone, group, *of_group in rows:
        if county not in counties_:
            counties_[county] = Spot(county, county_code, county_name, county)
        if township not in townships:
            townships[township] = Spot(township, township_code, township_name, county, township)
        if gone is None and village not in villages_:
            villages_[village] = Spot(village, code, name, county, township, village)
        group_code, group_name, group_gone = of_group
        if group is not None and group_gone is None:
            groups_[group] = Spot(group, group_code, group_name, county, township, village)
    by_code = [tuple(sorted(found.values(), key=lambda spot: spot.code)) for found in (counties_, townships)]
    return Places(*by_code, tuple(villages_.values()), tuple(groups_.values()))


# --- villages that were merged away (撤并村) ----------------------------------------------------------------------


def absorbed(village_ids: Iterable[int]) -> dict[int, int]:
    """{village merged away: the one of `village_ids` that it lives on in}, over any number of merges; one query."""
    wanted = set(village_ids)
    return {old: new for old, new in heirs().items() if new in wanted} if wanted else {}


def family_of(village_ids: Iterable[int]) -> set[int]:
    """The villages with those merged into them: where frozen rows of what they are today may stand (ruling 2)."""
    wanted = set(village_ids)
    return wanted | set(absorbed(wanted))


def heirs() -> dict[int, int]:
    """{village merged away: the village of today}."""
    into = dict(Village.objects.filter(merged_into__isnull=False).order_by().values_list("pk", "merged_into_id"))
    found = {}
    for old in into:
        seen, new = {old}, into[old]
        while new in into and new not in seen:
            seen.add(new)
            new = into[new]
        found[old] = new
    return found


def gone_words(village: Village) -> str:
    """Why nothing new may come into a village; "" while it exists."""
    if village.valid_to is None:
        return ""
    into = village.merged_into
    where = f"已并入{into.short_name}（{into.code}）" if into else "已停用"
    return f"{village.short_name}{where}，不能再在{village.short_name}登记。" + (f"请选{into.short_name}。" if into else "")


def village_of_today(scope: Scope, code: str) -> Village | None:
    """The village that the named one, seen by the caller and merged away, lives on in; None for any other code."""
    old = Village.objects.visible_to(scope).filter(code=code, merged_into__isnull=False).first()
    return Village.objects.filter(pk=heirs()[old.pk]).select_related("township", "county").first() if old else None


def require_in_force(village: Village) -> None:
    """WrongState for a village that was merged away: asked of the row as it is read under the lock."""
    if words := gone_words(village):
        raise WrongState(words, code="village_merged")


# --- the map ------------------------------------------------------------------------------------------------------


def names_of_places(county: County) -> dict[str, str]:
    """{code: name} of the townships and villages in force: what a map of the county may show."""
    townships = Township.objects.filter(county=county, valid_to__isnull=True).values_list("code", "name")
    villages_ = Village.objects.filter(county=county, valid_to__isnull=True)
    return dict(townships) | {village.code: village.short_name for village in villages_}


def outlines_of(county: County) -> CountyOutlines | None:
    """The county's map, if its office has uploaded one."""
    return CountyOutlines.objects.filter(county=county).select_related("by").first()
