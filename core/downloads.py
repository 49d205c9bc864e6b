"""Who may fetch the file of a job. Each kind of job that makes a file registers a check; without one the file stays shut."""

from collections.abc import Callable

from core.errors import NotFound
from core.jobs.registry import handler_of
from core.models import Job
from core.scope import Scope

Check = Callable[[Job, Scope], None]
_checks: dict[str, Check] = {}


def file_check(kind: str) -> Callable[[Check], Check]:
    """Register `check(job, scope)`: it raises when the requester may no longer have the file (trust 30)."""

    def register(check: Check) -> Check:
        _checks[kind] = check
        return check

    return register


def check_file(job: Job, scope: Scope) -> None:
    """Raise unless the scope still covers what is in the job's file."""
    try:
        handler_of(job.kind)  # loads the tasks modules, where the checks are registered
    except KeyError:
        raise NotFound from None
    if job.kind not in _checks:
        raise NotFound
    _checks[job.kind](job, scope)
