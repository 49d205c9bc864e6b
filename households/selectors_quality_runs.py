"""Which areas the caller may check, and when they were checked last."""

from accounts import roles
from core.scope import Scope
from households.models import QualityRun
from villages.models import County, Township, Village

MOST_AREAS = 30


def areas_to_check(scope: Scope) -> list[tuple[str, str]]:
    """(code, name): the caller's own areas as wholes, the largest first; a township office also has its villages."""
    mine = scope.narrowed_to(roles.QUALITY_RUN)
    if not mine.rows:
        return []
    found = [*County.objects.visible_to(mine), *Township.objects.visible_to(mine)]
    if len(found) < MOST_AREAS:
        found += [*Village.objects.visible_to(mine).filter(valid_to__isnull=True).order_by("code")[: MOST_AREAS - len(found)]]
    return [(place.code, getattr(place, "short_name", place.name)) for place in found]


def last_run(scope: Scope) -> QualityRun | None:
    """The newest run that covers the caller's area: its own, or that of the township or county around it."""
    held = scope.narrowed_to(roles.DOUBT_VIEW).rows
    villages = {grant.village_id for grant in held if grant.village_id}
    own = Village.objects.filter(pk__in=villages).first() if villages else None
    if own is None:
        return QualityRun.objects.visible_to(scope).order_by("-at").first()
    around = QualityRun.objects.filter(county_id=own.county_id).order_by("-at")
    rows = [row for row in around[:MOST_AREAS] if row.village_id in (None, own.pk) and row.township_id in (None, own.township_id)]
    return rows[0] if rows else None
