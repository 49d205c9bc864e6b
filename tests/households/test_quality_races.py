"""A check of a village beside a save, and two checks beside each other: one truth (ruling 10, trust 1)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from core import jobs
from core.actions import acting
from core.models import JobState
from households.actions.quality import sync_household
from households.actions.quality_run import request_check
from households.models import Doubt, Household
from households.selectors_findings import findings_of
from households.selectors_quality import county_rules

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

VILLAGE = "422827102200"


def _together(*works):
    barrier = Barrier(len(works))

    def start(work):
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(start, work) for work in works]]


def _truth() -> list[tuple[str, str]]:
    """What the rules say now about every household, against what is stored as standing."""
    homes = list(Household.objects.all())
    found = findings_of(homes, county_rules(homes[0].county_id))
    return sorted((one.finding.rule, one.finding.subject) for one in found)


def _stored() -> list[tuple[str, str]]:
    return sorted(Doubt.objects.filter(household__isnull=False).exclude(state="mended").values_list("rule", "subject"))


def _save(scope, household, cause):
    with acting(scope, "household.update") as act:
        held = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
        held.cause = cause
        held.save(update_fields=["cause"])
        sync_household(act, held)


@pytest.mark.parametrize("seed", range(3))
def test_a_cadre_saves_while_the_village_is_checked(make_household, scope, seed):
    homes = [make_household(number=number, cause="01") for number in range(1, 6)]
    job, cadre = request_check(scope=scope("cadre"), area=VILLAGE), scope("cadre")
    _together(lambda: jobs.run(str(job.pk)), *(lambda home=home: _save(cadre, home, "09" if home.pk % 2 else "02") for home in homes))
    assert _stored() == _truth()


def test_two_offices_check_one_village_at_once(make_household, scope):
    for number in range(1, 6):
        make_household(number=number, cause="01")
    found = [request_check(scope=scope(login), area=VILLAGE) for login in ("cadre", "township")]
    ended = _together(*(lambda job=job: jobs.run(str(job.pk)) for job in found))
    assert [job.state for job in ended] == [JobState.DONE] * 2 and _stored() == _truth()
