"""Two officers at one objection at the same moment, with real threads (trust 73; ruling 32)."""



from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessment.actions.due import conclude_due
from assessment.models import Sitting, Verdict
from core.errors import DomainError
from core.models import AuditRow
from tests.assessment.objection_ground import (  # noqa: F401
    again,
    confirm,
    from_public,
    ground,
    lodge,
    posted,
    propose,
    settle,
    take,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Run the works at the same moment; their results or refusals."""
    barrier = Barrier(len(works))

    def start(work):
        barrier.wait()
        try:
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(start, work) for work in works]]


def refusals(results) -> list[str]:
    return [result.code for result in results if isinstance(result, DomainError)]


def test_two_county_officers_confirm_at_once_with_one_effect(posted, lodge, take, propose, confirm, scope):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection)
    propose(objection, "change", category="YIBAN")
    scope("county"), scope("county2")
    results = together(lambda: confirm(objection, "county"), lambda: confirm(objection, "county2"))
    assert len(refusals(results)) == 1
    assert Sitting.objects.filter(kind="review").count() == 1
    assert Verdict.objects.filter(case=cases[0], category="YIBAN").count() == 1
    assert (again(cases[0]).pass_no, again(cases[0]).state) == (2, "open")


def test_two_officers_take_one_objection_and_one_has_it(posted, lodge, take):
    cases, _ = posted()
    objection = lodge(cases[0])
    results = together(lambda: take(objection, "township2"), lambda: take(objection, "county2"))
    assert refusals(results) == ["taken"]
    assert AuditRow.objects.filter(action="objection.take", result="ok").count() == 1


def test_an_objection_and_the_clock_at_the_same_moment_follow_one_another(posted, lodge):
    """Either the household is held or it is concluded, never both (trust 77)."""
    from datetime import timedelta

    cases, notice = posted()
    results = together(lambda: lodge(cases[0]), lambda: conclude_due(notice.ends_at + timedelta(seconds=1)))
    state, refused = again(cases[0]).state, refusals(results)
    assert (state, len(refused)) in (("held", 0), ("concluded", 1))


def test_six_at_once_from_one_address_make_five(posted):
    _, notice = posted()
    results = together(*(lambda: from_public(notice) for _ in range(6)))
    assert refusals(results) == ["too_often"]
