"""委托代办: one that begins in years, so that it opens nothing to anybody here."""

import uuid
from datetime import date
from types import SimpleNamespace

from tests.walk.rows import COUNTY, DATA, GET, OTHER_TOWNSHIP, POST, TOWNSHIP, Row

GIVEN = "00000000-0000-4000-8000-000000000901"
GIVERS = frozenset({"lead"}) | TOWNSHIP | OTHER_TOWNSHIP | (COUNTY - {"viewer"})
BOTH = frozenset({"lead", "cadre2"})


def furnish(world: SimpleNamespace) -> None:
    from django.utils import timezone

    from accounts.models import Delegation

    village = world.household.village
    Delegation.objects.create(
        uuid=uuid.UUID(GIVEN), principal=world.cast.lead, delegate=world.cast.cadre2, role="village_lead", county=village.county,
        township=village.township, village=village, since=date(2099, 1, 1), until=date(2099, 1, 5), reason="meeting", given_at=timezone.now(),
    )  # fmt: skip


ROWS = [
    Row("delegations", GET, DATA),
    Row("delegation_new", GET, GIVERS),
    Row("delegation_new", POST, GIVERS, 400),
    Row("delegation_end", POST, BOTH, 302, hidden=DATA - BOTH, args=(GIVEN,)),
]
