"""排除情形: the ten, an override with its paper, the township's word."""

from django.utils import timezone

from tests.walk.rows import CODE, GET, OTHER_TOWNSHIP, OTHER_VILLAGES, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

READERS = VILLAGE | TOWNSHIP | {"county"}
SAVINGS = "09"
OVERRIDE = {"version": "1", "reason": "借来的钱要还给亲戚"}
CONFIRM = {"version": "1", "agrees": "1", "note": "已经到户核实过"}

ROWS = [
    Row("household_exclusions", GET, READERS, hidden=OUTSIDE, args=(CODE,)),
    Row(
        "household_exclusions", POST, VILLAGE, 302, hidden=OUTSIDE, args=(CODE,), body={"version": "1", "asked-02": ""}
    ),
    Row("exclusion_override", POST, VILLAGE, 400, hidden=OTHER_VILLAGES, args=(CODE, SAVINGS), body=OVERRIDE),
    Row("exclusion_confirm", POST, TOWNSHIP, 302, hidden=OTHER_TOWNSHIP, args=(CODE, SAVINGS), body=CONFIRM),
]


def furnish(world) -> None:
    overridden(world.household, SAVINGS, world.cast)


def overridden(household, code: str, cast) -> None:
    """A condition answered yes, with a reason and a paper that wait for the township."""
    from households.models import Exclusion, Paper
    from households.secrets import seal

    now = timezone.now()
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id")}
    paper = Paper.objects.create(
        household=household, kind="exclusion", signed_on=timezone.localdate(now), signer_name=cast.cadre.name, sha256="0" * 64, media_type="application/pdf",
        size=1, by=cast.cadre, at=now, **place,
    )  # fmt: skip
    row = Exclusion(household=household, code=code, asked=True, asked_by=cast.cadre, asked_at=now, paper=paper, **place)
    row.overridden_by, row.overridden_at = cast.cadre, now
    seal(row, "override", "借来的钱要还给亲戚")
    row.save()
