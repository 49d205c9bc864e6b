"""Death at every step of a piece of work (ruling 32): the steps are its writing statements, so none is forgotten when the code changes.

The process dies before or after the n-th statement that writes, by an exception that no handler of the project catches; what the dying
transaction wrote is rolled back as a database does it, what was committed stays. FUPIN_STEPS=all tries every statement, otherwise the
first, the last and one between.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from core import jobs
from core.models import Job, JobState
from tests.standing import rolled_back

WRITING = ("INSERT", "UPDATE", "DELETE")
STEPS_TRIED = 3
THOROUGH = os.environ.get("FUPIN_STEPS") == "all"


class Killed(BaseException):
    """Stands for the end of the process."""


@dataclass
class Writes:
    """Counts the statements that write, and dies at one of them."""

    at: int = 0
    after: bool = False
    seen: list[str] = field(default_factory=list)

    def __call__(self, execute, sql, params, many, context):
        if not sql.startswith(WRITING):
            return execute(sql, params, many, context)
        self.seen.append(sql)
        if len(self.seen) == self.at:
            if self.after:
                execute(sql, params, many, context)
            raise Killed
        return execute(sql, params, many, context)


@contextmanager
def dying(at: int = 0, after: bool = False) -> Iterator[Writes]:
    writes = Writes(at, after)
    with connection.execute_wrapper(writes):
        yield writes


def spread(count: int) -> list[int]:
    """Numbers of the statements to die at."""
    if THOROUGH or count <= STEPS_TRIED:
        return list(range(1, count + 1))
    return sorted({1 + round(place * (count - 1) / (STEPS_TRIED - 1)) for place in range(STEPS_TRIED)})


def at_every_step(lay: Callable[[], Any], work: Callable[[Any], Any], again: Callable[[Any], Any], left: Callable[[], Any], found: Callable[[], Any]) -> int:
    """`lay()` makes what `work` needs. Killed at a step, `left()` must say what it said before the work, or already what it says when all is
    done; after `again`, and after another `again`, `found()` must be what undisturbed work leaves. Returns how many deaths were tried."""
    with rolled_back():
        ground, before = lay(), left()
        with dying() as writes:
            work(ground)
        after, wanted, count = left(), found(), len(writes.seen)
    tried = [(step, late) for step in spread(count) for late in (False, True)]
    for step, late in tried:
        with rolled_back():
            ground = lay()
            with dying(step, late) as writes:
                try:
                    work(ground)
                except Killed:
                    connection.needs_rollback = False  # a lone save in autocommit: Django marks the harness's transaction for it, a database has nothing to roll back
                else:
                    raise AssertionError(f"step {step} of {count} was not reached")
            where = f"died {'after' if late else 'before'} {step} of {count}: {writes.seen[-1][:90]}"
            assert left() in (before, after), f"half a result is left, {where}"
            again(ground)
            assert found() == wanted, f"another result, {where}"
            again(ground)
            assert found() == wanted, f"not once, {where}"
    return len(tried)


def run(job: Job) -> Job:
    return jobs.run(str(job.pk))


def taken_over(job: Job) -> Job:
    """The lease of a dead worker runs out, the reaper gives the job to another; a job that is done is only delivered once more."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.reap(nudge=False)
    done = run(job)
    assert done.state == JobState.DONE, done.error
    return done


def overtaken(job: Job, monkeypatch) -> Job:
    """A worker that is so late, at each word it gives of itself, that another has taken the job over and finished it. Both have run then."""
    words = iter(range(1))

    def late(name: str) -> None:
        real = getattr(jobs.JobHandle, name)

        def spoken(handle, *args, **kwargs):
            if next(words, None) is not None:
                taken_over(handle.job)
            return real(handle, *args, **kwargs)

        monkeypatch.setattr(jobs.JobHandle, name, spoken)

    for name in ("progress", "past_cancelling", "attach"):
        late(name)
    return run(job)
