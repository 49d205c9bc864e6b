import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError as Unreachable

from core import jobs
from core.errors import WrongState
from core.jobs import JobHandle, LeaseLost, job_kind
from core.jobs.runner import _claim
from core.models import AuditRow, Job, JobState

RUNS: list[str] = []


@job_kind("test.steps", "分步")
def _steps(job: JobHandle):
    RUNS.append(job.id)
    action = job.params.get("do", "")
    job.progress(1, 2, "一半")
    if action == "fail":
        raise ValueError("secret detail")
    if action == "cancel":
        jobs.cancel(job.job)
        job.progress(2, 2)
    if action == "steal":
        Job.objects.filter(pk=job.job.pk).update(lease_token="other")
    with job.final({"answer": 42}):
        AuditRow.objects.create(seq=900 + len(RUNS), at=timezone.now(), action="test.result", result="ok", mac="x")


@pytest.fixture
def enqueue(cast):
    RUNS.clear()
    return lambda **params: jobs.enqueue("test.steps", title="试", user_id=cast.county.pk, params=params, nudge=False)


def _results() -> int:
    return AuditRow.objects.filter(action="test.result").count()


def test_job_runs_and_keeps_its_result(enqueue):
    job = jobs.run(str(enqueue().pk))
    assert (job.state, job.result, job.attempts, job.lease_token) == (JobState.DONE, {"answer": 42}, 1, "")
    assert (job.progress_done, job.progress_total, job.progress_note) == (1, 2, "一半")


def test_second_delivery_of_a_finished_job_does_nothing(enqueue):
    job = enqueue()
    jobs.run(str(job.pk))
    jobs.run(str(job.pk))
    assert RUNS == [str(job.pk)] and _results() == 1


def test_second_delivery_of_a_running_job_does_nothing(enqueue):
    job = enqueue()
    assert _claim(str(job.pk)) is not None
    jobs.run(str(job.pk))
    assert RUNS == []


def test_runner_that_lost_its_lease_leaves_no_result(enqueue):
    job = jobs.run(str(enqueue(do="steal").pk))
    assert job.state == JobState.RUNNING and job.result == {} and _results() == 0


def test_progress_of_a_lost_lease_stops_the_runner(enqueue):
    handle = _claim(str(enqueue().pk))
    Job.objects.update(lease_token="other")
    with pytest.raises(LeaseLost):
        handle.progress(1, 2)


def test_cancelled_job_stops_at_its_next_step_without_a_result(enqueue):
    job = jobs.run(str(enqueue(do="cancel").pk))
    assert job.state == JobState.CANCELLED and _results() == 0


def test_queued_job_is_cancelled_at_once_and_never_runs(enqueue):
    job = enqueue()
    jobs.cancel(job)
    assert jobs.run(str(job.pk)).state == JobState.CANCELLED and RUNS == []


def test_finished_job_cannot_be_cancelled(enqueue):
    job = jobs.run(str(enqueue().pk))
    with pytest.raises(WrongState):
        jobs.cancel(job)


def test_failed_job_tells_the_user_nothing_of_the_fault(enqueue):
    job = jobs.run(str(enqueue(do="fail").pk))
    assert job.state == JobState.FAILED and "secret" not in job.error and _results() == 0


def test_job_that_met_a_locked_database_is_done_the_next_time(enqueue, monkeypatch):
    job, tries = enqueue(), iter([OperationalError("database is locked")])

    def steps(handle):
        if fault := next(tries, None):
            raise fault
        return {"steps": 1}

    monkeypatch.setattr("core.jobs.runner.handler_of", lambda kind: steps)
    assert jobs.run(str(job.pk)).state in (JobState.QUEUED, JobState.DONE)
    assert jobs.run(str(job.pk)).state == JobState.DONE


def test_job_on_a_full_disk_is_not_tried_again(enqueue, monkeypatch):
    def full(handle):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("core.jobs.runner.handler_of", lambda kind: full)
    done = jobs.run(str(enqueue().pk))
    assert done.state == JobState.FAILED and "磁盘已满" in done.error


def test_reaper_queues_the_job_of_a_dead_worker_and_it_has_one_result(enqueue):
    job = enqueue()
    dead = _claim(str(job.pk))
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.reap(nudge=False) == [str(job.pk)]
    assert jobs.run(str(job.pk)).attempts == 2
    with pytest.raises(LeaseLost), dead.final():
        pass
    assert _results() == 1


def test_reaper_gives_up_after_the_last_attempt(enqueue, settings):
    job = enqueue()
    Job.objects.update(
        state=JobState.RUNNING, attempts=settings.JOB_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert jobs.reap(nudge=False) == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "多次中断" in job.error


def test_reaper_leaves_a_living_worker_alone(enqueue):
    job = enqueue()
    _claim(str(job.pk))
    assert jobs.reap(nudge=False) == []
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_job_of_an_unknown_kind_is_parked_as_failed(enqueue):
    job = enqueue()
    Job.objects.update(kind="from.the.future")
    assert jobs.run(str(job.pk)).state == JobState.FAILED


@pytest.mark.skipif(settings.EMBEDDED_JOBS, reason="without REDIS_URL nothing is nudged over a network")
def test_no_page_waits_for_a_broker_that_is_gone():
    began = time.monotonic()
    with Connection("redis://127.0.0.1:1/0", transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS) as gone, pytest.raises(Unreachable):
        _ = gone.default_channel
    assert time.monotonic() - began < 1.5
