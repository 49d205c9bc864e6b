"""Jobs of reports. The requester's scope is read anew when the job runs and when its file is fetched (trust 30)."""

from accounts.scopes import scope_of
from core.downloads import file_check
from core.jobs import JobHandle, job_kind
from core.models import Job
from core.scope import Scope
from reports import tasks_papers  # noqa: F401 - registers its job
from reports.actions import find_round, roll_up
from reports.actions_exports import approval_in_force
from reports.exporting import check_open_classes, export_for_job, exportable_area, remove_expired_files


@job_kind("rollup", "汇总报表")
def run_roll_up(job: JobHandle) -> None:
    scope = scope_of(job.job.requested_by)
    roll_up(scope=scope, round_code=job.params["round"], full=job.params.get("full", False), job=job)


@job_kind("export", "导出表格")
def run_export(job: JobHandle) -> None:
    remove_expired_files()
    scope = scope_of(job.job.requested_by)
    export_for_job(job, scope, approval_in_force(job.params["request"], scope) if "request" in job.params else None)


@file_check("export")
def may_fetch(job: Job, scope: Scope) -> None:
    round_ = find_round(scope, job.params["round"])
    exportable_area(scope, job.params["table"], round_, job.params["area"])
    check_open_classes(job, scope)
    if "request" in job.params:
        approval_in_force(job.params["request"], scope)
