"""What a running job holds: its lease, its progress, its final write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.models import Job, JobState


class LeaseLost(BaseException):
    """Another runner took the job over; this one must stop without writing. Not an Exception, so that no handler swallows it."""


class Cancelled(BaseException):
    """The user asked to stop; what was not yet written stays unwritten."""


class JobHandle:
    """Lease holder of one Job. `progress` and `final` write only while the token still matches."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.token = job.lease_token
        self.params: dict[str, Any] = job.params
        self._finished = False

    @property
    def id(self) -> str:
        return str(self.job.pk)

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far it is, extend the lease, and stop here when cancelled or when the lease is gone."""
        values = {
            "progress_done": done,
            "progress_total": total,
            "progress_note": note[:120],
            "lease_until": timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS),
        }
        if not Job.objects.filter(pk=self.job.pk, lease_token=self.token, state=JobState.RUNNING).update(**values):
            raise LeaseLost
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True, cancellable=True).exists():
            raise Cancelled

    def past_cancelling(self) -> None:
        """From here on the job cannot be cancelled (the commit phase of an import, ruling 11)."""
        changed = Job.objects.filter(pk=self.job.pk, lease_token=self.token, cancel_requested=False).update(cancellable=False)
        if not changed:
            raise Cancelled if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists() else LeaseLost

    @contextmanager
    def final(self, result: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """One transaction of results + the final update of the Job row; zero rows updated = roll everything back (ruling 10).

        Inside an action's transaction it joins it. The yielded dict is the result and may be filled in the block.
        """
        outcome = dict(result or {})
        with transaction.atomic():
            yield outcome
            self._finish(outcome)

    def attach(self, path: Path, name: str) -> None:
        """Name the file that the job made; it expires at read (ruling 13)."""
        self.job.file_path, self.job.file_name = str(path), name
        self.job.file_expires_at = timezone.now() + timedelta(days=settings.EXPORT_DAYS)

    def finish_if_open(self, result: dict[str, Any] | None) -> None:
        if not self._finished:
            self._finish(result or {})

    def _finish(self, result: dict[str, Any]) -> None:
        values = {
            "state": JobState.DONE,
            "result": result,
            "finished_at": timezone.now(),
            "lease_token": "",
            "lease_until": None,
            "file_path": self.job.file_path,
            "file_name": self.job.file_name,
            "file_expires_at": self.job.file_expires_at,
        }
        if not Job.objects.filter(pk=self.job.pk, lease_token=self.token, state=JobState.RUNNING).update(**values):
            raise LeaseLost
        self._finished = True
