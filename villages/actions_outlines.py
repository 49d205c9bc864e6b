"""Writer of the county's map."""

import hashlib

from django.utils import timezone

from core.actions import Origin, acting, lock
from core.errors import Denied
from core.scope import Scope
from villages.models import County, CountyOutlines
from villages.outlines import Outlines, read_outlines
from villages.rights import COUNTY_SETTINGS
from villages.selectors import names_of_places


def store_outlines(*, scope: Scope, county_code: str, content: bytes, origin: Origin | None = None) -> Outlines:
    """The county's outlines from a GeoJSON file, instead of what was there. BadInput with a reason a fault; then nothing has changed."""
    seen = County.objects.visible_to(scope).filter(code=county_code).first()
    # read before the transaction: a large file takes a second, and on SQLite every other writer would wait for it
    read = read_outlines(content, names_of_places(seen)) if seen and scope.may(COUNTY_SETTINGS, seen) else Outlines({})
    with acting(scope, "place.outlines", origin) as act:
        county = _county(scope, county_code)
        values = {"shapes": read.shapes, "sha256": hashlib.sha256(content).hexdigest(), "by_id": scope.actor_id, "at": timezone.now()}
        CountyOutlines.objects.update_or_create(county=county, defaults=values)
        act.audit("county", county.code, place=county, digest=values["sha256"], places=len(read.shapes))
    return read


def remove_outlines(*, scope: Scope, county_code: str, origin: Origin | None = None) -> None:
    """Back to tiles."""
    with acting(scope, "place.outlines", origin) as act:
        county = _county(scope, county_code)
        CountyOutlines.objects.filter(county=county).delete()
        act.audit("county", county.code, place=county, places=0)


def _county(scope: Scope, code: str) -> County:
    county = lock(County.objects.visible_to(scope), code=code)
    if not scope.may(COUNTY_SETTINGS, county):
        raise Denied
    return county
