"""Which areas the caller may check, and when they were checked last."""

from accounts import roles
from core.scope import Scope
from households.models import QualityRun
from villages.models import short_name
from villages.selectors import Places

MOST_AREAS = 30


def areas_to_check(scope: Scope, places: Places) -> list[tuple[str, str]]:
    """(code, name): the caller's own areas as wholes, the largest first; a township office also has its villages."""
    mine = scope.narrowed_to(roles.QUALITY_RUN)
    if not mine.rows:
        return []
    wide = [spot for spot in (*places.counties, *places.townships) if mine.sees(spot)]
    near = [spot for spot in places.villages if mine.sees(spot)][: max(0, MOST_AREAS - len(wide))]
    return [(spot.code, spot.name) for spot in wide] + [(spot.code, short_name(spot.name)) for spot in near]


def last_run(scope: Scope, places: Places) -> QualityRun | None:
    """The newest run that covers the caller's area: its own, or that of the township or county around it."""
    held = scope.narrowed_to(roles.DOUBT_VIEW).rows
    villages = {grant.village_id for grant in held if grant.village_id}
    own = next((spot for spot in places.villages if spot.pk in villages), None)
    if own is None:
        return QualityRun.objects.visible_to(scope).order_by("-at").first()
    around = QualityRun.objects.filter(county_id=own.county_id).order_by("-at")
    rows = [row for row in around[:MOST_AREAS] if row.village_id in (None, own.pk) and row.township_id in (None, own.township_id)]
    return rows[0] if rows else None
