"""疑点: list, today's list, one doubt, counts, thresholds."""

from django.utils import timezone

from tests.walk.rows import GET, OFFICES, OTHER_VILLAGES, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

DOUBT = "00000000-0000-4000-8000-0000000000f1"
KEPT = "00000000-0000-4000-8000-0000000000f2"
READERS = VILLAGE | OTHER_VILLAGES | OFFICES
HERE = VILLAGE | TOWNSHIP | {"county"}
CLOSERS = VILLAGE | TOWNSHIP
COUNTY_OFFICE = frozenset({"county"})
SAID = {"version": "1", "reason": "入户看过，情况属实。"}

ROWS = [
    Row("doubts", GET, READERS),
    Row("doubts", POST, READERS, 400, body={"reason": ""}),
    Row("doubts_today", GET, READERS),
    Row("doubt_counts", GET, READERS),
    Row("doubts_check", POST, HERE, 302, hidden=OUTSIDE, body={"area": "422827102200"}),
    Row("doubts_export", POST, READERS, 302),
    Row("doubt", GET, HERE, hidden=OUTSIDE, args=(DOUBT,)),
    Row("doubt", POST, CLOSERS, 302, hidden=OUTSIDE, args=(DOUBT,), body=SAID, skip=frozenset({"lead", "township"})),
    Row("doubt_reopen", POST, CLOSERS, 302, hidden=OUTSIDE, args=(KEPT,), body={"version": "1"}, skip=frozenset({"lead", "township"})),
    Row("quality_settings", GET, COUNTY_OFFICE),
    Row("quality_settings", POST, COUNTY_OFFICE, 302, body={"version": "0"}),
]


def furnish(world) -> None:
    """An open doubt of the household and one that is explained."""
    from households.models import Doubt

    household, now = world.household, timezone.now()
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id", "group_id")}
    for uuid, rule, state in ((DOUBT, "Q-99-01", "open"), (KEPT, "Q-99-02", "kept")):
        Doubt.objects.create(
            uuid=uuid, household=household, subject=str(household.uuid), rule=rule, family=2, severity="warning", weight=210, state=state,
            message="住房面积与房屋结构对不上", remedy="请核实后改正", fingerprint="f", found_at=now, seen_at=now, **place,
        )  # fmt: skip
