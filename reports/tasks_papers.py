"""The job that prints a village's papers. The requester's scope is read anew when it runs and when its file is fetched (trust 30)."""

from accounts.scopes import scope_of
from core.downloads import file_check
from core.jobs import JobHandle, job_kind
from core.models import Job
from core.scope import Scope
from reports.actions_papers import KIND, papers_allowed, papers_for_job
from reports.exporting import remove_expired_files


@job_kind(KIND, "打印材料")
def run_papers(job: JobHandle) -> None:
    remove_expired_files()
    papers_for_job(job, scope_of(job.job.requested_by))


@file_check(KIND)
def may_fetch(job: Job, scope: Scope) -> None:
    papers_allowed(scope, job.params["area"], job.params["papers"], blank=job.params["blank"])
