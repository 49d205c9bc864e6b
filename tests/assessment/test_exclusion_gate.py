"""排除情形 at 乡核 (D6-02): earlier stages see it, the township does not agree without a confirmed reason, everybody else goes on."""

import pytest

from assessment.docket import docket
from assessment.models import Case
from assessment.procedures import PROCEDURES
from assessment.workflow import CaseFacts, Decision, Step, exclusion_faults
from core.errors import BadInput, WrongState
from households.models import Exclusion
from tests.assessment.meetings import Hall
from tests.walk.exclusions import overridden

CAR = {"vehicle": "car", "machines": "none"}
STAGES = PROCEDURES["qxn"].by_code


@pytest.mark.parametrize(
    "stage, step, category, names, refused",
    [
        ("xh", Step.AGREE, "YIBAN", ("④ 车",), True),
        ("xh", Step.AGREE, "TUOPIN", ("④ 车",), False),
        ("xh", Step.REJECT, "", ("④ 车",), False),
        ("xh", Step.AGREE, "YIBAN", (), False),
        ("cy", Step.AGREE, "YIBAN", ("④ 车",), False),
        ("xd", Step.AGREE, "YIBAN", ("④ 车",), False),
    ],
)
def test_only_the_township_s_yes_to_a_poor_household_is_held_up(stage, step, category, names, refused):
    found = exclusion_faults(STAGES[stage], CaseFacts(stage, exclusions=names), Decision(step, category, category))
    assert bool(found) is refused


@pytest.fixture
def at_township(scope, round_, make_case):
    """Three households before 乡核: one with a car, one with a car that scores as 脱贫户, one without."""
    cases = [make_case(1, 58, **CAR), make_case(2, 85, **CAR), make_case(3, 45)]
    hall = Hall(scope)
    hall.up_to("xh")
    return hall, cases


def where(cases) -> list[str]:
    return [Case.objects.get(pk=case.pk).stage for case in cases]


def test_the_rest_go_on_while_the_household_with_a_car_stays_at_the_township(at_township, scope):
    hall, cases = at_township
    sitting = hall.ready("xh", group=None)
    table = docket(scope("township"), sitting.uuid)
    assert (table.tally.excluded, table.tally.blank) == (1, 2) and "1 户有排除情形，留在乡核" in table.outcome
    hall.close(sitting)
    assert where(cases) == ["xh", "xd", "xd"]


def test_the_township_cannot_enter_agree_for_it_but_may_send_it_back(at_township):
    hall, cases = at_township
    sitting = hall.ready("xh", group=None)
    with pytest.raises(BadInput) as refused:
        hall.ballot(sitting, cases[0])
    assert "④" in refused.value.fields["opinion"][0]
    hall.ballot(sitting, cases[0], "return")
    hall.close(sitting)
    assert where(cases)[0] == "zp"


def test_a_list_of_nothing_else_cannot_be_agreed_to(scope, round_, make_case):
    make_case(1, 58, **CAR)
    hall = Hall(scope)
    hall.up_to("xh")
    with pytest.raises(WrongState) as refused:
        hall.decide("xh", group=None)
    assert refused.value.code == "excluded"


def test_with_a_confirmed_reason_the_household_goes_on(at_township, cast):
    hall, cases = at_township
    overridden(cases[0].household, "04", cast)
    Exclusion.objects.update(confirmed=True, confirmed_by=cast.township)
    hall.decide("xh", group=None)
    assert where(cases) == ["xd", "xd", "xd"]
