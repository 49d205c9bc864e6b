"""撤并村 beside a cadre's save, a registration and the close of a meeting: one order or the other, nothing lost, no deadlock (trust 75, 91)."""

import time
from datetime import date

import pytest

from assessment.actions.merging import merge_villages
from assessment.models import Case, Sitting
from assessment.selectors_merging import plan_of
from assessment.verification import verify_list
from core.errors import DomainError
from fupin.invariants import CHECKS
from households.actions import register_household
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household
from tests.assessment.list_ground import edit
from tests.assessment.meetings import VILLAGE
from tests.faults.race_ground import again_and_again, cases, close, hall, now  # noqa: F401
from tests.faults.racing import at_once, refusals
from tests.ground import made_up_id
from villages.models import Village

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
INTO = "422827102201"


@pytest.fixture
def merge(scope):
    """`merge()` → a call that confirms the plan as it stands now."""

    def make():
        digest = plan_of(Village.objects.get(code=VILLAGE), Village.objects.get(code=INTO)).digest
        said = {"effective_on": date(2016, 9, 1), "reason": "县政府批准两村合并。", "document_no": "来政发〔2016〕9号"}
        return lambda: merge_villages(scope=scope("county"), source=VILLAGE, target=INTO, digest=digest, **said)

    return make


@again_and_again
def test_a_merge_beside_a_save_a_registration_and_a_meeting_that_closes(scope, round_, hall, cases, close, make_household, merge, seed):
    sitting, free = hall.ready("zp"), make_household(VILLAGE, 90)
    cadre, registrar, closing, merging = scope("cadre"), scope("lead"), close(sitting, "cadre"), merge()
    entry = HouseholdEntry("", {}, (MemberEntry(name="向新户", relation="01", identity=made_up_id(4_000_003)),))
    pause = (0.03, 0, 0.06)[seed % 3]  # a plan takes twenty reads: without it the others are always first

    def later(call):
        return lambda: (time.sleep(pause), call())[1]

    results = at_once(
        merging, later(closing), later(lambda: edit(cadre, free.code, structure="brick")),
        later(lambda: register_household(scope=registrar, village_code=VILLAGE, entry=entry)), seed=seed,
    )  # fmt: skip
    assert set(refusals(results)) <= {"stale", "wrong_state", "merge_moved", "village_merged", "not_found"}, results
    if isinstance(results[0], DomainError):
        merge()()
    if not isinstance(results[2], DomainError):
        assert now(free).structure == "brick"
    registered = 0 if isinstance(results[3], DomainError) else 1
    assert Household.objects.filter(village__code=INTO).count() == len(cases) + 1 + registered
    closed = Sitting.objects.get(pk=sitting.pk).status == "closed"
    assert {case.stage for case in Case.objects.all()} == ({"cy"} if closed else {"zp"})
    assert verify_list(round_, Village.objects.get(code=VILLAGE)) == []
    checks = [check for name, check in CHECKS if name in ("撤并村", "地点", "居住记录", "审计与变更流水")]
    assert [fault for check in checks for fault in check()] == []
