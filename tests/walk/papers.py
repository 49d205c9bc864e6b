"""评议小组, evidence and papers to print."""

from django.utils import timezone

from tests.walk.rows import DATA, GET, IN_AREA, OTHER_VILLAGES, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

PANEL = "00000000-0000-4000-8000-0000000000c1"
MEETING = "00000000-0000-4000-8000-0000000000c2"
SCAN = "00000000-0000-4000-8000-0000000000c3"
CONTENT = b"%PDF-1.4\n% signed\n%%EOF\n"
UPLOAD = f"?sitting={MEETING}&kind=minutes"
GROUP = "?kind=group&group=42282710220001"
KEEPERS = VILLAGE | TOWNSHIP
LEAD = frozenset({"lead"})
PEOPLE = {"name": "1组评议小组", "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-name": "田甲", "people-0-post": ""}

ROWS = [
    Row("panels", GET, DATA),
    Row("panel_new", GET, KEEPERS, hidden=OTHER_VILLAGES | {"township_other"}, query=GROUP),
    Row("panel_new", POST, KEEPERS, 302, hidden=OTHER_VILLAGES | {"township_other"}, query=GROUP, body=PEOPLE, skip=frozenset({"lead", "township"})),
    Row("panel", GET, IN_AREA, hidden=OUTSIDE, args=(PANEL,)),
    Row("panel", POST, KEEPERS, 302, hidden=OUTSIDE, args=(PANEL,), body=PEOPLE | {"version": "1"}, skip=frozenset({"lead", "township"})),
    Row("panel_retire", POST, KEEPERS, 302, hidden=OUTSIDE, args=(PANEL,), body={"version": "1"}, skip=frozenset({"lead", "township"})),
    Row("evidence_new", GET, LEAD, hidden=OUTSIDE, query=UPLOAD),
    Row("evidence_new", POST, LEAD, 400, hidden=OUTSIDE, query=UPLOAD),
    Row("evidence", GET, IN_AREA - {"viewer"}, hidden=OUTSIDE, args=(SCAN,)),
    Row("sitting_minutes_print", GET, IN_AREA, hidden=OUTSIDE, args=(MEETING,)),
    Row("sitting_sign_in_print", GET, IN_AREA, hidden=OUTSIDE, args=(MEETING,)),
]


def furnish(world) -> None:
    """A panel, a meeting of the village held by its lead, and a scan of its minutes, file included."""
    from assessment.models import Evidence, Panel, Sitting
    from core.uploads import store

    village, now = world.household.village, timezone.now()
    place = {"county": village.county, "township": village.township, "village": village}
    Panel.objects.create(
        uuid=PANEL, kind="group", name="2组评议小组", group=village.groups.get(number=2), members=[{"name": "田甲", "post": ""}],
        updated_by=world.cast.cadre, updated_at=now, **place,
    )  # fmt: skip
    meeting = Sitting.objects.create(
        uuid=MEETING, round=world.round, stage="cy", status="closed", opened_by=world.cast.lead, opened_at=now, closed_at=now, **place
    )
    with store.kept(CONTENT):
        Evidence.objects.create(
            uuid=SCAN, kind="minutes", sitting=meeting, title="签字件", sha256=store.digest_of(CONTENT),
            media_type="application/pdf", size=len(CONTENT), by=world.cast.lead, at=now, **place,
        )  # fmt: skip
