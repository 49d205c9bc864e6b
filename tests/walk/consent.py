"""Signed papers of a household, and the signed sheet of a group."""

from django.utils import timezone

from tests.walk.rows import CODE, GET, IN_AREA, OUTSIDE, POST, VILLAGE, Row

PAPER = "00000000-0000-4000-8000-0000000000e1"
WRONG = "00000000-0000-4000-8000-0000000000e2"
SHEET = "00000000-0000-4000-8000-0000000000e3"
CONTENT = b"%PDF-1.4\n% signed paper\n%%EOF\n"
KIND = "?kind=application"
GROUP = ("2016-SB", "42282710220001")

ROWS = [
    Row("household_papers", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,)),
    Row("household_paper_new", GET, VILLAGE, hidden=OUTSIDE - {"township_other"}, args=(CODE,), query=KIND),
    Row("household_paper_new", POST, VILLAGE, 400, hidden=OUTSIDE - {"township_other"}, args=(CODE,), query=KIND),
    Row("household_paper_sign", GET, VILLAGE, hidden=OUTSIDE - {"township_other"}, args=(CODE,), query=KIND),
    Row("household_paper_sign", POST, VILLAGE, 400, hidden=OUTSIDE - {"township_other"}, args=(CODE,), query=KIND),
    Row("household_paper_file", GET, IN_AREA - {"county", "viewer"}, hidden=OUTSIDE, args=(PAPER,)),
    Row(
        "household_paper_set_aside", POST, VILLAGE, 302, hidden=OUTSIDE - {"township_other"}, args=(WRONG,), body={"reason": "传成了别家的"},
        skip=frozenset({"lead"}),
    ),
    Row("signing", GET, IN_AREA, hidden=OUTSIDE, args=GROUP),
    Row("signing", POST, VILLAGE, 400, hidden=OUTSIDE, args=GROUP),
    Row("signing_file", GET, IN_AREA - {"viewer"}, hidden=OUTSIDE, args=(SHEET,)),
]  # fmt: skip


def furnish(world) -> None:
    """Two papers of the household and a sheet of its group, files included."""
    from assessment.models import Signing
    from core.uploads import store
    from households.models import Paper

    household, now = world.household, timezone.now()
    village = household.village
    place = {"county": village.county, "township": village.township, "village": village}
    kept = {"sha256": store.digest_of(CONTENT), "media_type": "application/pdf", "size": len(CONTENT), "by": world.cast.cadre, "at": now}
    with store.kept(CONTENT):
        for uuid in (PAPER, WRONG):
            Paper.objects.create(
                uuid=uuid, household=household, kind="wish", round_code=world.round.code, signed_on=timezone.localdate(now), signer_name="张1",
                signer_relation="01", **kept, **place,
            )  # fmt: skip
        Signing.objects.create(uuid=SHEET, round=world.round, group=village.groups.get(code=GROUP[1]), signed_on=timezone.localdate(now), **kept, **place)
