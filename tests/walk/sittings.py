"""Meetings: the list, opening, the desk and the posts of its forms. One open 组评 of group 2 with one household."""

import uuid
from types import SimpleNamespace

from tests.walk.rows import DATA, GET, IN_AREA, OUTSIDE, POST, VILLAGE, Row

SITTING = "00000000-0000-4000-8000-000000000201"
CASE = "00000000-0000-4000-8000-000000000202"
NEW = "?round=2016-SB&stage=zp&village=422827102200&group="


def furnish(world: SimpleNamespace) -> None:
    from django.utils import timezone

    from assessment.models import Case, Sitting

    village = world.household.village
    Sitting.objects.create(
        uuid=uuid.UUID(SITTING), round=world.round, stage="zp", county=village.county, township=village.township, village=village,
        group=village.groups.get(number=2), opened_at=timezone.now(), opened_by=world.cast.cadre,
    )  # fmt: skip
    # The one case of the world stands in group 1, where /sittings/new/ may open a meeting.
    Case.objects.filter(household=world.household).update(uuid=uuid.UUID(CASE))


ROWS = [
    Row("sittings", GET, DATA),
    Row("sitting_new", GET, IN_AREA, hidden=OUTSIDE, query=NEW + "42282710220001"),
    Row("sitting_new", POST, VILLAGE, 302, hidden=OUTSIDE, query=NEW + "42282710220001"),
    Row("sitting", GET, IN_AREA, hidden=OUTSIDE, args=(SITTING,)),
    Row("sitting_head", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING,), body={"version": "1"}, skip=frozenset({"lead"})),
    Row("sitting_ballots", POST, VILLAGE, 409, hidden=OUTSIDE, args=(SITTING,), body={"case": CASE, "opinion": "agree"}),
    Row("sitting_close", POST, VILLAGE, 412, hidden=OUTSIDE, args=(SITTING,), body={"version": "1", "count": "9"}),
    Row("sitting_drop", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING,), skip=frozenset({"lead"})),
]
