"""办理变动, 转户."""

from datetime import date

from households.actions.family import Wish, ask_transfer
from households.family import Happening
from households.models import Transfer
from tests.walk.rows import CODE, GET, IN_AREA, OTHER_TOWNSHIP, OTHER_VILLAGES, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

REQUEST = "00000000-0000-4000-8000-00000000fa01"
ASKING_OR_ANSWERING = VILLAGE | TOWNSHIP | frozenset({"cadre_other"}) | OTHER_TOWNSHIP
ROWS = [
    Row("family", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,)),
    Row("family_step", GET, VILLAGE, hidden=OUTSIDE, args=(CODE, "leave")),
    Row("family_step", POST, VILLAGE, 400, hidden=OUTSIDE, args=(CODE, "leave")),
    Row("family_step", GET, TOWNSHIP, hidden=OUTSIDE, args=(CODE, "reopen")),
    Row("family_step", POST, TOWNSHIP, 400, hidden=OUTSIDE, args=(CODE, "reopen")),
    Row("transfers", GET, VILLAGE | TOWNSHIP | OTHER_VILLAGES | OTHER_TOWNSHIP),
    Row("transfer", GET, ASKING_OR_ANSWERING, hidden=frozenset({"cadre2"}), args=(REQUEST,)),
    Row("transfer", POST, ASKING_OR_ANSWERING, 400, hidden=frozenset({"cadre2"}), args=(REQUEST,)),
]


def furnish(world):
    """A request of the walked village to 老寨村, made with a household of its own."""
    from households.actions.register import register_household
    from households.entries import HouseholdEntry, MemberEntry

    head = MemberEntry(name="周转户", relation="01", birth=date(1980, 1, 1), sex="M", ethnicity="01")
    cadre = world.scope("cadre")
    home = register_household(scope=cadre, village_code=CODE[:12], entry=HouseholdEntry(group_code="", facts={}, members=(head,)))
    happening = Happening(home.registered_on)
    made = ask_transfer(scope=cadre, code=home.code, version=1, wish=Wish(reason="moved", village_code="422827103200"), happening=happening)
    Transfer.objects.filter(pk=made.pk).update(uuid=REQUEST)
