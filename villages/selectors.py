"""Reads of places for pages, filters and breadcrumbs."""

from core.scope import Scope
from villages.models import County, Township, Village, VillagerGroup


def counties(scope: Scope):
    """Counties that hold any of the caller's areas (a cadre's county is above the cadre's village)."""
    ids = {grant.county_id for grant in scope.rows if grant.county_id}
    ids |= set(Township.objects.filter(pk__in=[g.township_id for g in scope.rows if g.township_id]).values_list("county_id", flat=True))
    ids |= set(Village.objects.filter(pk__in=[g.village_id for g in scope.rows if g.village_id]).values_list("county_id", flat=True))
    return County.objects.filter(pk__in=ids)


def townships(scope: Scope):
    """Townships with any visible village; select boxes offer no other."""
    return Township.objects.filter(villages__in=Village.objects.visible_to(scope)).distinct()


def villages(scope: Scope):
    return Village.objects.visible_to(scope).filter(valid_to__isnull=True)


def groups(scope: Scope):
    return VillagerGroup.objects.visible_to(scope).filter(valid_to__isnull=True)
