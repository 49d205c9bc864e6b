"""Two cadres at once, with real threads on both databases (trust 1, 86; ruling 32)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core.errors import BadInput, StaleVersion
from households.actions import register_household, update_household
from households.entries import MemberEntry
from households.models import Household, Membership

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _together(*works):
    """Run the works at the same moment; their results or refusals."""
    barrier = Barrier(len(works))

    def start(work):
        barrier.wait()
        try:
            return work()
        except (BadInput, StaleVersion) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(start, work) for work in works]]


def test_two_cadres_register_the_same_person_at_once_and_one_is_refused(scope, entry):
    first, second = scope("cadre"), scope("cadre2")
    results = _together(
        lambda: register_household(scope=first, village_code="422827102200", entry=entry()),
        lambda: register_household(scope=second, village_code="422827102201", entry=entry(group="")),
    )
    assert sorted(type(result).__name__ for result in results) == ["BadInput", "Household"]
    assert Household.objects.count() == 1 and Membership.objects.count() == 2


def test_two_cadres_save_one_household_at_once_and_the_second_gets_the_conflict(scope, entry, make_household):
    household = make_household()
    members = tuple(
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid)) for row in household.memberships.select_related("person")
    )
    body = entry(members=members)
    scopes = scope("cadre"), scope("lead")
    results = _together(*(lambda s=s: update_household(scope=s, code=household.code, version=1, entry=body) for s in scopes))
    assert sorted(type(result).__name__ for result in results) == ["Household", "StaleVersion"]
    assert Household.objects.get(pk=household.pk).version == 2


def test_two_households_of_one_village_get_different_numbers(scope, entry):
    first, second = scope("cadre"), scope("lead")
    results = _together(
        lambda: register_household(scope=first, village_code="422827102200", entry=entry(1)),
        lambda: register_household(scope=second, village_code="422827102200", entry=entry(2)),
    )
    assert {result.code[-4:] for result in results} == {"0001", "0002"}
