"""From the code in an address to a place that the caller may open: areas of tables and of their cells (ruling 24: else 404)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts import roles
from core.errors import Denied, NotFound
from core.scope import Scope
from villages.models import County, Place, Township, Village, VillagerGroup
from villages.selectors import family_of

LEVELS = {"village": "村表", "township": "乡镇表", "county": "县表"}
_AREA_MODELS: dict[str, type[Place]] = {"village": Village, "township": Township, "county": County}
_COLUMNS = {County: "county_id", Township: "township_id", Village: "village_id", VillagerGroup: "group_id"}
UNGROUPED = "00"
UNGROUPED_NAME = "未分组"


@dataclass(frozen=True, slots=True)
class CellArea:
    """Where the households of a cell are: `lookup` filters rows that carry place columns, frozen or current."""

    code: str
    name: str
    place: Place
    lookup: dict[str, Any]


def table_scope(scope: Scope) -> Scope:
    """The caller, with rows only where tables may be seen."""
    if not scope.has(roles.TABLE_VIEW):
        raise Denied
    return scope.narrowed_to(roles.TABLE_VIEW)


def area_of(level: str, code: str, scope: Scope) -> Place:
    """The place a table is about: a cadre opens only the village, a township its villages and itself, a county all."""
    if level not in LEVELS:
        raise NotFound
    related = {"village": ("county", "township"), "township": ("county",), "county": ()}[level]
    rows = _AREA_MODELS[level].objects.visible_to(table_scope(scope))
    place = rows.select_related(*related).filter(code=code).first()
    if place is None:
        raise NotFound
    return place


def areas(level: str, scope: Scope, county_id: int | None = None) -> QuerySet[Place]:
    """Every area (of a county) whose table of this level the caller may open; select boxes offer no other."""
    rows = _AREA_MODELS[level].objects.visible_to(table_scope(scope)).filter(valid_to__isnull=True)
    if county_id is not None:
        rows = rows.filter(**{"pk" if level == "county" else "county_id": county_id})
    return rows.select_related("township") if level == "village" else rows


def highest_level(scope: Scope) -> str:
    """The widest table the caller may open."""
    for level in reversed(LEVELS):
        if areas(level, scope).exists():
            return level
    raise Denied("您没有可以查看的报表。")


def cell_area(level: str, code: str, scope: Scope) -> CellArea:
    """The place of one row of a table, or of its sum row: a table of villages has villages and the township as cells."""
    scope = table_scope(scope)
    models = {"village": (VillagerGroup, Village), "township": (Village, Township), "county": (Township, County)}.get(
        level, ()
    )
    for model in models:
        place = model.objects.visible_to(scope).filter(code=code).first()
        if place is not None:
            return CellArea(code, getattr(place, "short_name", place.name), place, _where(model, place))
    if level == "village" and code.endswith(UNGROUPED):
        village = Village.objects.visible_to(scope).filter(code=code.removesuffix(UNGROUPED)).first()
        if village is not None:
            return CellArea(code, UNGROUPED_NAME, village, _where(Village, village) | {"group_id__isnull": True})
    raise NotFound


def _where(model: type[Place], place: Place) -> dict[str, Any]:
    """A village's cell also opens what was frozen in the villages merged into it, as its figure counts them."""
    if model is not Village:
        return {_COLUMNS[model]: place.pk}
    return {"village_id__in": sorted(family_of([place.pk]))}
