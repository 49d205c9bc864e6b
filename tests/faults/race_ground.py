"""Ground of the races: one list, its people as calls that a thread makes, and what must hold after every race."""

from collections.abc import Callable

import pytest

from assessment.actions.cases import amend_case
from assessment.actions.objections import lodge_objection
from assessment.actions.sittings import close_sitting
from assessment.models import Case, Objection, Sitting
from assessment.verification import verify_list
from tests.assessment.meetings import VILLAGE, Hall
from tests.faults.racing import ATTEMPTS
from tests.reports.walked import LODGER, PHONE, SAID, notice

ROUND, HOUSES = "2016-SB", 5
again_and_again = pytest.mark.parametrize("seed", range(ATTEMPTS))


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def cases(make_case):
    return [make_case(number=number) for number in range(1, HOUSES + 1)]


@pytest.fixture(autouse=True)
def the_list_is_whole(round_, places):
    """After every race each seal of the village holds, and nothing is left in two states."""
    yield
    assert verify_list(round_, places.villages[VILLAGE]) == []
    for case in Case.objects.select_related("household"):
        assert case.household.hold == (case.state in ("open", "held") and case.verdicts.standing().exists()), case


@pytest.fixture
def close(scope):
    """`close(sitting, "lead")` → a call that closes it as it stands now."""

    def make(sitting: Sitting, login: str, **over) -> Callable[[], Sitting]:
        sitting.refresh_from_db()
        values = {"version": sitting.version, "count": HOUSES, "rest_agree": True} | over
        caller = scope(login)
        return lambda: close_sitting(scope=caller, sitting=str(sitting.uuid), **values)

    return make


@pytest.fixture
def amend(scope):
    def make(case: Case) -> Callable[[], Case]:
        caller, code = scope("cadre"), case.household.code
        return lambda: amend_case(scope=caller, household_code=code, subject="members", reason="新生儿入户")

    return make


@pytest.fixture
def shown(hall, cases, scope):
    """The whole list at 公示, posted today."""
    hall.up_to("gs")
    return notice(scope)


@pytest.fixture
def lodge(scope, cases):
    def make(case: Case, who: str = "cadre") -> Callable[[], Objection]:
        values = {"household_code": case.household.code, "lodger": LODGER, "phone": PHONE, "text": SAID}
        caller = scope(who)
        return lambda: lodge_objection(
            scope=caller, round_code=ROUND, village_code=VILLAGE, kind="wrong", channel="village", **values
        )

    return make


def now(row):
    return type(row).objects.get(pk=row.pk)


def where(case: Case) -> tuple[str, int, str]:
    return Case.objects.values_list("stage", "pass_no", "state").get(pk=case.pk)
