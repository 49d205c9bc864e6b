"""Real worker processes to kill, and the questions asked after every fault."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from assessment.models import Round
from core import jobs
from core.models import Job, JobState
from reports.actions import roll_up, system_scope

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 60


def database_url() -> str:
    """The test database as another process finds it."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{where['NAME']}"
    return f"postgres://{where['USER']}:{where['PASSWORD']}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


@pytest.fixture
def kill_at(tmp_path):
    """`kill_at(job, "module:function")` → a worker process takes the job, reaches the step and is killed with SIGKILL there."""
    started: list[subprocess.Popen] = []

    def run(job: Job, step: str) -> None:
        flag = tmp_path / f"reached-{len(started)}"
        log = (tmp_path / f"worker-{len(started)}.log").open("w+")
        command = [sys.executable, str(WORKER), str(job.pk), step, str(flag)]
        env = os.environ | {"DATABASE_URL": database_url(), "TMPDIR": str(tmp_path)}  # the dead leave temporary files
        worker = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        started.append(worker)
        until = time.monotonic() + PATIENCE
        while not flag.exists():
            log.seek(0)
            assert worker.poll() is None, f"the worker ended before {step}: {log.read()}"
            assert time.monotonic() < until, f"{step} was never reached"
            time.sleep(0.02)
        worker.kill()
        assert worker.wait() == -9
        log.close()

    yield run
    for worker in started:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


@pytest.fixture
def take_over():
    """`take_over(job)` → the reaper waits for the lease, then another worker runs the job; the job as it ended."""

    def run(job: Job) -> Job:
        assert jobs.reap(nudge=False) == [], "a lease that still holds was taken away"
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert jobs.reap(nudge=False) == [str(job.pk)]
        return jobs.run(str(job.pk))

    return run


@pytest.fixture
def nothing_is_broken():
    """`nothing_is_broken()` → after a roll-up, which no fault may hinder, the trail is whole and every invariant holds."""

    def ask() -> None:
        for round_ in Round.objects.all():
            roll_up(scope=system_scope(round_), round_code=round_.code, full=True)
        for command in ("verify_audit", "check_invariants"):
            out, err = StringIO(), StringIO()
            try:
                call_command(command, stdout=out, stderr=err)
            except SystemExit:
                pytest.fail(f"{command}: {err.getvalue()}")

    return ask
