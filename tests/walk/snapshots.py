"""Frozen tables: one of a village, frozen by its cadre."""

from reports.actions import roll_up, system_scope
from reports.actions_freeze import freeze_table
from tests.walk.rows import DATA, GET, IN_AREA, OUTSIDE, POST, Row

SERIAL = "2016-SB-422827102200-02"  # documents.py has laid the first one of the village
AREA = {"level": "village", "round": "2016-SB", "area": "422827102200"}


def furnish(world) -> None:
    roll_up(scope=system_scope(world.round), round_code=world.round.code)
    freeze_table(scope=world.scope("cadre"), level="village", round_code=world.round.code, area=AREA["area"])


ROWS = [
    Row("snapshots", GET, DATA),
    Row("snapshot_compare", GET, IN_AREA, hidden=OUTSIDE, args=(SERIAL,)),
    Row("snapshot_file", GET, IN_AREA, hidden=OUTSIDE, args=(SERIAL,)),
    Row("snapshot_compare_file", GET, IN_AREA, hidden=OUTSIDE, args=(SERIAL,)),
    Row("tables_freeze", POST, IN_AREA - {"viewer"}, 302, hidden=OUTSIDE, body=AREA),
]
