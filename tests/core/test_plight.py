"""The page of a job that waits or broke says in Chinese what happened and what to do (trust 16, 19, 20)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string

from core.models import Job
from core.plight import plight

pytestmark = pytest.mark.once

NOW = datetime(2016, 3, 12, 12, tzinfo=UTC)
SOON, GONE = NOW + timedelta(seconds=30), NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "attempts", "minutes", "lease", "says"),
    [("queued", 0, 1, None, ""), ("queued", 0, 11, None, "告诉系统管理员"), ("queued", 1, 1, None, "已重新排队"), ("running", 1, 1, SOON, ""),
     ("running", 1, 60, GONE, "处理中断了"), ("running", 2, 1, SOON, "第 2 次从头再做"), ("running", 2, 1, GONE, "处理中断了"), ("done", 2, 60, None, ""),
     ("failed", 3, 60, None, "")],
)  # fmt: skip
def test_a_job_in_trouble_says_so_and_one_that_goes_well_says_nothing(state, attempts, minutes, lease, says):
    said = plight(state, attempts, NOW - timedelta(minutes=minutes), lease, NOW)
    assert (says in said and ("不用" in said or "不会重复" in said)) if says else said == ""


def test_the_strip_of_a_job_shows_its_plight():
    job = Job(title="导出", state="running", attempts=1, created_at=GONE, lease_until=NOW)
    assert "不用重新提交" in render_to_string("components/_progress.html", {"job": job, "poll_url": "/x/"})
