"""Long work: the Job row is the truth, the queue only carries its id (ruling 10)."""

from core.jobs.handle import Cancelled, JobHandle, LeaseLost
from core.jobs.registry import job_kind, kind_name
from core.jobs.runner import cancel, enqueue, reap, run

__all__ = ["Cancelled", "JobHandle", "LeaseLost", "cancel", "enqueue", "job_kind", "kind_name", "reap", "run"]
