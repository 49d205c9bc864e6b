"""Rounds, the board and the villages' lists."""

from tests.walk.rows import DATA, GET, IN_AREA, OTHER_VILLAGES, OUTSIDE, POST, VILLAGE, Row

MANAGERS = frozenset({"county"})
CODE = ("2016-SB",)
VILLAGE_CODE = ("2016-SB", "422827102200")

ROWS = [
    Row("rounds", GET, DATA),
    Row("round_new", GET, MANAGERS),
    Row("round_new", POST, MANAGERS, 400),
    Row("round", GET, DATA, args=CODE),
    Row("round_settings", GET, MANAGERS, args=CODE),
    Row("round_settings", POST, MANAGERS, 400, args=CODE, body={"name": ""}),
    Row("round_close", GET, MANAGERS, args=CODE),
    Row("round_close", POST, MANAGERS, 409, args=CODE),
    Row("village_list", GET, IN_AREA, hidden=OUTSIDE, args=VILLAGE_CODE),
    Row("listing", GET, VILLAGE, 409, hidden=OTHER_VILLAGES, args=VILLAGE_CODE),
    Row("listing", POST, VILLAGE, 409, hidden=OTHER_VILLAGES, args=VILLAGE_CODE),
]
