"""异议: four objections to one notice on show, one at each status, each about a household that is only described."""

from datetime import timedelta

from django.utils import timezone

from assessment.models import Notice, Objection
from households.secrets import seal
from tests.walk.rows import (
    COUNTY,
    DATA,
    EVERYBODY,
    GET,
    IN_AREA,
    OTHER_TOWNSHIP,
    OTHER_VILLAGES,
    OUTSIDE,
    POST,
    TOWNSHIP,
    VILLAGE,
    Row,
)

TOKEN = "walk-objections-token"
LODGED, HANDLING, PROPOSED, CLOSED = (f"YY-2016SB-WALK{number}" for number in "2345")
LODGERS = VILLAGE | OTHER_VILLAGES | TOWNSHIP | OTHER_TOWNSHIP
COUNTY_OFFICE = COUNTY - {"viewer"}


def furnish(world) -> None:
    now, household = timezone.now(), world.household
    place = {name: getattr(household, name) for name in ("county", "township", "village")}
    notice = Notice.objects.create(
        round=world.round, stage="gs", token=TOKEN, days=7, title="公示名单", hotline="12317", office="镇扶贫办", office_place="镇政府",
        signed_by="镇人民政府", status="open", started_by=world.cast.township, started_at=now, opened_at=now,
        ends_at=now + timedelta(days=7), check_code="0" * 64, seal="walk", **place,
    )  # fmt: skip
    for code, status in ((LODGED, "lodged"), (HANDLING, "handling"), (PROPOSED, "proposed"), (CLOSED, "closed")):
        row = Objection(
            code=code,
            round=world.round,
            notice=notice,
            kind="omitted",
            channel="village",
            status=status,
            lodged_at=now,
            **place,
        )
        seal(row, "text", "走读用")
        if status != "lodged":
            row.handler, row.taken_at = world.cast.township, now
        if status in ("proposed", "closed"):
            row.proposal, row.proposed_at, row.visited_on = "keep", now, timezone.localdate(now)
        if status == "closed":
            row.outcome, row.confirmed_at, row.confirmed_by = "keep", now, world.cast.county
        row.save()


ROWS = [
    Row("objections", GET, DATA),
    Row("objection_new", GET, LODGERS),
    Row("objection_new", POST, LODGERS, 409),
    Row("objection", GET, IN_AREA, hidden=OUTSIDE, args=(LODGED,)),
    Row("objection_take", POST, TOWNSHIP, 302, hidden=OTHER_TOWNSHIP, args=(LODGED,), skip=frozenset({"county"})),
    Row("objection_assign", POST, TOWNSHIP | COUNTY_OFFICE, 400, hidden=OTHER_TOWNSHIP, args=(LODGED,)),
    Row("objection_propose", GET, TOWNSHIP, hidden=OTHER_TOWNSHIP, args=(HANDLING,), skip=frozenset({"county"})),
    Row("objection_propose", POST, TOWNSHIP | COUNTY_OFFICE, 400, hidden=OTHER_TOWNSHIP, args=(HANDLING,)),
    Row("objection_confirm", GET, COUNTY_OFFICE, args=(PROPOSED,)),
    Row("objection_confirm", POST, COUNTY_OFFICE, 400, args=(PROPOSED,)),
    Row("objection_print", GET, VILLAGE | TOWNSHIP | COUNTY_OFFICE, hidden=OUTSIDE, args=(CLOSED,)),
    Row("public_objection", GET, EVERYBODY, args=(TOKEN,), public=True),
    Row("public_objection", POST, EVERYBODY, 400, args=(TOKEN,), public=True),
    Row("public_objection_lookup", GET, EVERYBODY, public=True),
    Row("public_objection_lookup", POST, EVERYBODY, 400, public=True),
]
