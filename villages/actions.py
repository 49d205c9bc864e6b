"""Writers of places: groups, registered population, county settings."""

from django.core.exceptions import ValidationError

from core.actions import Origin, acting, lock
from core.errors import BadInput, Denied
from core.scope import Scope
from villages import dirty
from villages.models import County, RegisteredPopulation, Village, VillagerGroup
from villages.rights import COUNTY_SETTINGS, PLACE_MANAGE
from villages.selectors import require_in_force


def add_group(*, scope: Scope, village_code: str, number: int, name: str, origin: Origin | None = None) -> VillagerGroup:
    """A new 村民小组; its code is the village's code and its number (ruling 3)."""
    with acting(scope, "place.group", origin) as act:
        _require(scope)
        village = lock(Village.objects.all(), code=village_code)
        require_in_force(village)
        group = VillagerGroup(
            code=f"{village.code}{number:02d}", number=number, name=name.strip() or f"{number}组",
            county_id=village.county_id, township_id=village.township_id, village=village,
        )  # fmt: skip
        _save(group)
        dirty.mark(act, [village.pk])
        act.audit("group", group.code, place=village, name=group.name)
    return group


def set_population(
    *, scope: Scope, group_code: str, year: int, households: int, persons: int, source: str = "", origin: Origin | None = None
) -> None:
    """户籍户数、人口 of a group in a year. The denominator of rates moves, so every table of the county is stale (ruling 24)."""
    with acting(scope, "place.population", origin) as act:
        _require(scope)
        group = lock(VillagerGroup.objects.all(), code=group_code)
        row = RegisteredPopulation.objects.filter(group=group, year=year).first() or RegisteredPopulation(
            group=group, year=year, county_id=group.county_id, township_id=group.township_id, village_id=group.village_id
        )
        before = [row.households, row.persons] if row.pk else None
        row.households, row.persons, row.source = households, persons, source
        if persons < households:
            raise BadInput("户籍人口不能少于户籍户数。", fields={"persons": ["户籍人口不能少于户籍户数。"]})
        _save(row)
        dirty.mark(act, [group.village_id])
        act.audit("population", f"{group.code}@{year}", place=group.village, before=before, after=[households, persons])


def set_hide_score(*, scope: Scope, county_code: str, hide: bool, origin: Origin | None = None) -> None:
    """隐藏得分: whether the form shows points while asking."""
    with acting(scope, "county.settings", origin) as act:
        county = lock(County.objects.visible_to(scope), code=county_code)
        if not scope.may(COUNTY_SETTINGS, county):
            raise Denied
        county.hide_score = hide
        county.save(update_fields=["hide_score"])
        act.audit("county", county.code, place=county, hide_score=hide)


def _require(scope: Scope) -> None:
    if not scope.has(PLACE_MANAGE):
        raise Denied


def _save(row) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        reasons = [message for messages in error.message_dict.values() for message in messages]
        raise BadInput(reasons[0], fields=error.message_dict) from error
    row.save()
