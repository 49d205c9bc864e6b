"""What the clock clears up (rulings 9, 10 and 13)."""

import os
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from core import jobs
from core.models import IdempotencyKey, Job, JobState
from fupin.housekeeping import tidy


def test_old_submission_keys_go_and_young_ones_stay(db):
    now = timezone.now()
    for age, key in ((31, "old"), (1, "young")):
        IdempotencyKey.objects.create(user_key="1", route="r", key=key, body_hash="x", created_at=now - timedelta(days=age))
    tidy()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["young"]


def test_a_part_that_a_killed_process_left_goes_after_a_day(db, settings):
    left, fresh = settings.FILE_UPLOAD_TEMP_DIR / "left.part", settings.FILE_UPLOAD_TEMP_DIR / "fresh.part"
    left.touch(), fresh.touch()
    os.utime(left, (0, 0))
    tidy()
    assert fresh.exists() and not left.exists()
    fresh.unlink()


def test_due_work_runs_a_job_that_no_worker_took(cast, round_, scope):
    from reports.actions import request_roll_up

    job = request_roll_up(scope=scope("county"), round_code=round_.code)
    call_command("due_work")
    assert Job.objects.get(pk=job.pk).state == JobState.DONE


def test_a_job_of_a_kind_that_this_version_does_not_know_is_parked_as_failed(cast):
    job = jobs.enqueue("from-the-future", title="?", user_id=cast.county.pk, params={}, nudge=False)
    assert jobs.run(str(job.pk)).state == JobState.FAILED
