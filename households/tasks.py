"""Jobs of households. The requester's scope is read anew when the job runs and when its file is fetched (trust 30)."""

from accounts import roles
from accounts.scopes import scope_of
from core.downloads import file_check
from core.errors import Denied
from core.jobs import JobHandle, job_kind
from core.models import Job
from core.scope import Scope
from households.actions.doubt_export import EXPORT, write_doubts
from households.actions.quality_run import KIND, run_check


@job_kind(KIND, "核对疑点")
def check_area(job: JobHandle) -> None:
    run_check(job, scope_of(job.job.requested_by))


@job_kind(EXPORT, "导出疑点")
def export_doubts(job: JobHandle) -> None:
    write_doubts(job, scope_of(job.job.requested_by))


@file_check(EXPORT)
def may_fetch(job: Job, scope: Scope) -> None:
    if not scope.has(roles.DOUBT_VIEW):
        raise Denied
