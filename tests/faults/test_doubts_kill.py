"""Workers killed while they check an area's doubts or write them out: nothing half is shown, the next worker comes to the same (trust 17)."""

import pytest
from django.conf import settings

from accounts.scopes import scope_of
from core.models import AuditRow, Job, JobState
from households.actions.doubt_export import request_doubts
from households.actions.quality_run import request_check
from households.models import Doubt, DoubtDay, QualityRun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

AREA = "422827102200"
CHECK_STEPS = [
    pytest.param("households.actions.quality_run:_check_villages", id="households-checked"),
    pytest.param("core.jobs.handle:JobHandle._finish", id="before-the-last-write"),
]
EXPORT_STEPS = [
    pytest.param("core.jobs.handle:JobHandle.attach", id="file-written"),
    pytest.param("core.jobs.handle:JobHandle._finish", id="before-the-last-write"),
]


@pytest.fixture
def doubted(round_, cast, make_household):
    """Two households whose facts contradict each other."""
    return [make_household(number=number, cause="01") for number in (1, 2)]


def standing() -> list[tuple]:
    return sorted(Doubt.objects.filter(state="open").values_list("household__code", "rule", "subject"))


@pytest.mark.parametrize("step", CHECK_STEPS)
def test_a_killed_check_comes_to_the_same_doubts_and_is_recorded_once(doubted, cast, kill_at, take_over, nothing_is_broken, step):
    job = request_check(scope=scope_of(cast.cadre), area=AREA)
    kill_at(job, step)
    half = standing()
    assert half and not QualityRun.objects.exists() and not DoubtDay.objects.exists(), "a killed check says that it is done"
    done = take_over(job)
    assert (done.state, done.attempts, done.result["households"]) == (JobState.DONE, 2, 2), done.error
    assert set(half) <= set(standing()) and len(standing()) == len(set(standing()))
    assert QualityRun.objects.count() == 1 and AuditRow.objects.filter(action="quality.run").count() == 1
    nothing_is_broken()


@pytest.mark.parametrize("step", EXPORT_STEPS)
def test_a_killed_export_of_doubts_offers_no_half_file_and_is_made_once(doubted, cast, make_doubt, kill_at, take_over, nothing_is_broken, step):
    make_doubt(doubted[0])
    job = request_doubts(scope=scope_of(cast.cadre), filters={})
    kill_at(job, step)
    assert len(list((settings.FILES_DIR / "exports").glob(f"{job.pk}*"))) == 1
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING and not AuditRow.objects.filter(action="export.made").exists()
    done = take_over(job)
    assert (done.state, done.attempts, done.result["rows"]) == (JobState.DONE, 2, 1), done.error
    assert AuditRow.objects.filter(action="export.made").count() == 1
    nothing_is_broken()
