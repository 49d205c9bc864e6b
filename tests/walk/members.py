"""Pages of a household's income and of one member."""

from tests.walk.rows import CODE, GET, IN_AREA, OUTSIDE, POST, VILLAGE, Row

WIFE = "00000000-0000-4000-8000-0000000000a2"
READERS = IN_AREA - {"viewer"}
YEAR = (CODE, 2015)
PERSON = {"name": "李甲", "relation": "02", "sex": "F"}

ROWS = [
    Row("household_income", GET, READERS, hidden=OUTSIDE, args=(CODE,)),
    Row("income_year", GET, READERS, hidden=OUTSIDE, args=YEAR),
    Row("income_year", POST, VILLAGE, 412, hidden=OUTSIDE, args=YEAR, body={"version": "0", "wage": "100", "persons": "2"}),
    Row("member", GET, IN_AREA, hidden=OUTSIDE, args=(CODE, WIFE)),
    Row("member", POST, VILLAGE, 412, hidden=OUTSIDE, args=(CODE, WIFE), body=PERSON | {"version": "0"}),
]


def furnish(world) -> None:
    """The second member has an address of its own."""
    world.household.memberships.filter(relation="02").update(uuid=WIFE)
