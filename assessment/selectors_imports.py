"""Runs of the import by what their line says."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from core.models import Job, JobState
from households.models import ImportRun

STAGED_DAYS, UNDO_DAYS = 3, 7
TOWNSHIPS = "townships"
"""Where `counts` says how many households of which township a file names: {code: households}."""
EXPIRED, STOPPED = "expired", "stopped"
STATES = [*ImportRun.State.choices, (EXPIRED, "已过期"), (STOPPED, "未完成")]


def expiry() -> datetime:
    """What was checked before this moment is no longer kept."""
    return timezone.now() - timedelta(days=STAGED_DAYS)


def in_state(state: str) -> Q:
    """Runs of which `importing.report.shown_state` says this; a check under way may say 排队 there, a commit 导入中."""
    checking = Q(state=ImportRun.State.CHECKING)
    failed, cancelled = (checking & Q(job__state=state) for state in (JobState.FAILED, JobState.CANCELLED))
    waited_out = Q(state=ImportRun.State.READY, created_at__lt=expiry()) & ~Q(job__state__in=Job.LIVE)
    special = {
        EXPIRED: waited_out, ImportRun.State.READY: Q(state=ImportRun.State.READY) & ~waited_out,
        STOPPED: failed, ImportRun.State.CHECKING: checking & ~failed & ~cancelled,
        ImportRun.State.CANCELLED: Q(state=ImportRun.State.CANCELLED) | cancelled,
    }  # fmt: skip
    return special.get(state, Q(state=state))
