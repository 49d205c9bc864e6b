"""Enqueue, claim, run, cancel and reap jobs. Same code under a Celery worker, in the demo's worker thread and inline in a command."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.disk import is_disk_full
from core.errors import DomainError, WrongState
from core.jobs.handle import Cancelled, JobHandle, LeaseLost
from core.jobs.registry import handler_of
from core.models import Job, JobState

log = logging.getLogger(__name__)
RUN_JOB = "core.run_job"
PASSING = ("locked", "deadlock detected", "could not serialize", "lock timeout")


def enqueue(kind: str, *, title: str, user_id: int, params: dict[str, Any], nudge: bool = True) -> Job:
    """Insert the Job row in the caller's transaction; after commit only nudge the queue, the reaper finds what a nudge lost."""
    job = Job.objects.create(kind=kind, title=title, requested_by_id=user_id, params=params, created_at=timezone.now())
    if nudge:
        transaction.on_commit(lambda: _nudge(str(job.pk)))
    return job


def run(job_id: str) -> Job:
    """Claim and run one job; a job claimed by somebody else is left alone (a second delivery is a no-op, trust 18)."""
    handle = _claim(job_id)
    if handle is not None:
        _run_claimed(handle)
    return Job.objects.get(pk=job_id)


def cancel(job: Job) -> None:
    """Ask a live job to stop; a queued one stops at once."""
    now = timezone.now()
    if Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, finished_at=now, cancel_requested=True
    ):
        return
    changed = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancellable=True).update(cancel_requested=True)
    if not changed:
        raise WrongState("这项处理已经结束，或已到不能中途停下的一步。")


def reap(nudge: bool = True) -> list[str]:
    """Queue again what a dead worker left behind, give up after JOB_ATTEMPTS, nudge what nobody took. Returns the ids to run."""
    now = timezone.now()
    dead = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now)
    dead.filter(attempts__gte=settings.JOB_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=now, lease_token="", error="处理多次中断，已停止。请重新发起，或请系统管理员查看日志。"
    )
    dead.filter(attempts__lt=settings.JOB_ATTEMPTS).update(state=JobState.QUEUED, lease_token="")
    waiting = [str(pk) for pk in Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)[:100]]
    if nudge:
        for job_id in waiting:
            _nudge(job_id)
    return waiting


def _claim(job_id: str) -> JobHandle | None:
    token = secrets.token_hex(16)
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    claimed = Job.objects.filter(free, pk=job_id, attempts__lt=settings.JOB_ATTEMPTS).update(
        state=JobState.RUNNING,
        lease_token=token,
        lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        started_at=now,
        attempts=F("attempts") + 1,
        progress_done=0,
    )
    return JobHandle(Job.objects.get(pk=job_id)) if claimed else None


def _run_claimed(handle: JobHandle) -> None:
    try:
        handler = handler_of(handle.job.kind)
        handle.finish_if_open(handler(handle))
    except LeaseLost:
        log.warning("job %s: lease lost, left to its new holder", handle.id)
    except Cancelled:
        _end(handle, JobState.CANCELLED, "")
    except DomainError as refusal:
        _end(handle, JobState.FAILED, refusal.message)
    except OperationalError as fault:
        _again_or_end(handle, fault)
    except Exception as fault:  # a handler may fail in any way; the row must say so
        log.exception("job %s (%s) failed", handle.id, handle.job.kind)
        _end(handle, JobState.FAILED, _reason(fault) + "编号 " + handle.id[:8] + "。")


def _again_or_end(handle: JobHandle, fault: OperationalError) -> None:
    """Locks that others held too long pass: the job goes back to the queue, as after a killed worker, JOB_ATTEMPTS times (trust 24, 25)."""
    log.exception("job %s (%s): the database gave up", handle.id, handle.job.kind)
    if handle.job.attempts < settings.JOB_ATTEMPTS and any(word in str(fault) for word in PASSING):
        mine = Job.objects.filter(pk=handle.job.pk, lease_token=handle.token)
        if mine.update(state=JobState.QUEUED, lease_token="", lease_until=None, progress_note="数据库忙，稍后再做"):
            _nudge(handle.id)
        return
    _end(handle, JobState.FAILED, _reason(fault) + "编号 " + handle.id[:8] + "。")


def _reason(fault: Exception) -> str:
    """What the user is told of an unforeseen fault: never its text, except that a full disk is somebody else's to mend."""
    if is_disk_full(fault):
        return "服务器磁盘已满，没有完成。请告诉系统管理员，腾出空间后重新发起，"
    return "处理时出错，已记入日志。请重新发起；再次出错请告诉系统管理员，"


def _end(handle: JobHandle, state: str, error: str) -> None:
    Job.objects.filter(pk=handle.job.pk, lease_token=handle.token).update(
        state=state, error=error, finished_at=timezone.now(), lease_token="", lease_until=None
    )


def _nudge(job_id: str) -> None:
    """Tell the queue; a broker that is down only delays the job until the next reaping (trust 20)."""
    try:
        current_app.send_task(RUN_JOB, [job_id], retry=False)
    except Exception as error:  # noqa: BLE001 - every broker client raises its own family; the row is already committed
        log.warning("job %s not nudged (%s); the reaper will find it", job_id, type(error).__name__)
