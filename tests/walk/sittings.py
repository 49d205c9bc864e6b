"""Meetings: the list, opening, the desk and the posts of its forms. One open 组评 of group 2 with one household; one 乡核 whose one household
was drawn for a re-visit."""

import uuid
from types import SimpleNamespace

from tests.walk.rows import DATA, GET, IN_AREA, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

SITTING = "00000000-0000-4000-8000-000000000201"
CASE = "00000000-0000-4000-8000-000000000202"
AT_TOWNSHIP = "00000000-0000-4000-8000-000000000203"
DRAWN = "00000000-0000-4000-8000-000000000204"
NEW = "?round=2016-SB&stage=zp&village=422827102200&group="


def furnish(world: SimpleNamespace) -> None:
    from django.utils import timezone

    from assessment.models import Case, Sitting

    village = world.household.village
    Sitting.objects.create(
        uuid=uuid.UUID(SITTING), round=world.round, stage="zp", county=village.county, township=village.township, village=village,
        group=village.groups.get(number=2), opened_at=timezone.now(), opened_by=world.cast.cadre,
        panel=[{"name": "向家林", "post": "", "present": True}],
    )  # fmt: skip
    _draw_at_township(world)
    # The one case of the world stands in group 1, where /sittings/new/ may open a meeting.
    Case.objects.filter(household=world.household).update(uuid=uuid.UUID(CASE))


def _draw_at_township(world: SimpleNamespace) -> None:
    """Made straight in the database, like the meeting above."""
    from django.utils import timezone

    from assessment.models import Case, Sample, SampleLine, Sitting
    from households.models import Household

    home = Household.objects.get(pk=world.household.pk)
    village, now = home.village, timezone.now()
    place = {"county": village.county, "township": village.township, "village": village}
    sitting = Sitting.objects.create(uuid=uuid.UUID(AT_TOWNSHIP), round=world.round, stage="xh", opened_at=now, opened_by=world.cast.township, **place)
    other = Household.objects.create(code=f"{village.code}0077", head_name="张77", persons=1, group=home.group, registered_on=home.registered_on, **place)
    case = Case.objects.create(uuid=uuid.UUID(DRAWN), round=world.round, household=other, stage="xh", opened_at=now, stage_since=now, group=home.group, **place)
    sample = Sample.objects.create(sitting=sitting, seed="0" * 32, size=1, frame=[[other.code, ""]], digest="0" * 64, by=world.cast.township, at=now, **place)
    SampleLine.objects.create(sample=sample, case=case, position=1)


ROWS = [
    Row("sittings", GET, DATA),
    Row("sitting_new", GET, IN_AREA, hidden=OUTSIDE, query=NEW + "42282710220001"),
    Row("sitting_new", POST, VILLAGE, 302, hidden=OUTSIDE, query=NEW + "42282710220001"),
    Row("sitting", GET, IN_AREA, hidden=OUTSIDE, args=(SITTING,)),
    Row("sitting_head", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING,), body={"version": "1"}, skip=frozenset({"lead"})),
    Row("sitting_ballots", POST, VILLAGE, 409, hidden=OUTSIDE, args=(SITTING,), body={"case": CASE, "opinion": "agree"}),
    Row("sitting_batch", POST, VILLAGE, 400, hidden=OUTSIDE, args=(SITTING,), body={"version": "1", "opinion": "agree"}),
    Row("sitting_close", POST, VILLAGE, 412, hidden=OUTSIDE, args=(SITTING,), body={"version": "1", "count": "9"}),
    Row("sitting_ranking", GET, IN_AREA, hidden=OUTSIDE, args=(SITTING,)),
    Row("sitting_ranking_print", GET, IN_AREA, hidden=OUTSIDE, args=(SITTING,)),
    Row("sitting_ranking_sheet", GET, IN_AREA, hidden=OUTSIDE, args=(SITTING, 1)),
    Row("sitting_ranking_sheet", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING, 1), body={"scorer": "向家林", "version": "0"}, skip=frozenset({"lead"})),
    Row("sitting_ranking_way", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING,), body={"way": "each"}),
    Row("sitting_ranking_line", POST, VILLAGE, 412, hidden=OUTSIDE, args=(SITTING,), body={"taken": "1", "queue": "0"}),
    Row("sitting_ranking_tie", POST, VILLAGE, 412, hidden=OUTSIDE, args=(SITTING,), body={"taken": "1", "queue": "0"}),
    Row("sitting_ranking_ballots", POST, VILLAGE, 412, hidden=OUTSIDE, args=(SITTING,), body={"queue": "0"}),
    Row("sitting_sample", GET, IN_AREA, hidden=OUTSIDE, args=(AT_TOWNSHIP,)),
    Row("sitting_sample", POST, TOWNSHIP, 409, hidden=OUTSIDE, args=(AT_TOWNSHIP,), body={"size": "1"}),
    Row("sitting_recheck", GET, TOWNSHIP, hidden=OUTSIDE, args=(AT_TOWNSHIP, DRAWN)),
    Row("sitting_recheck", POST, TOWNSHIP, 400, hidden=OUTSIDE, args=(AT_TOWNSHIP, DRAWN), body={"outcome": "same"}),
    Row("sitting_income", GET, IN_AREA - {"viewer"}, hidden=OUTSIDE, args=(AT_TOWNSHIP, DRAWN)),
    Row("sitting_income", POST, TOWNSHIP, 400, hidden=OUTSIDE, args=(AT_TOWNSHIP, DRAWN), body={"persons": "1"}),
    Row("sitting_sample_print", GET, IN_AREA, hidden=OUTSIDE, args=(AT_TOWNSHIP,)),
    Row("sitting_drop", POST, VILLAGE, 302, hidden=OUTSIDE, args=(SITTING,), skip=frozenset({"lead"})),
]
