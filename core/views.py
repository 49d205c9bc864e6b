"""Pages of long work (处理进度, 导出记录) and the health check. A job is its requester's alone: to others it does not exist."""

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import jobs
from core.actions import acting, record
from core.api.paging import Keyset
from core.downloads import check_file
from core.errors import NotFound
from core.filters import JobFilter
from core.models import Job
from core.web.filter_boxes import filter_boxes
from core.web.middleware import origin_of
from core.web.paging import paged
from core.web.remembered import remembers_filters

NEWEST_FIRST = Keyset(("-created_at", "-id"))


@login_required
@require_http_methods(["GET"])
@remembers_filters
def job_list(request: HttpRequest) -> HttpResponse:
    chosen = JobFilter(request.GET, queryset=Job.objects.filter(requested_by=request.user))
    found = paged(request, chosen.qs, NEWEST_FIRST, "件")
    context = {"page": found, "filters": filter_boxes(chosen.form), "now": timezone.now()}
    return render(request, "core/jobs.html", context | found.links)


@login_required
@require_http_methods(["GET"])
def job_page(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    job = _own_job(request, job_id)
    return render(request, "core/job.html", {"job": job, "file_ready": has_file(job)})


@login_required
@require_http_methods(["GET"])
def job_status(request: HttpRequest, job_id: uuid.UUID) -> JsonResponse:
    job = _own_job(request, job_id)
    return JsonResponse(
        {
            "state": job.state,
            "state_label": job.get_state_display(),
            "live": job.is_live,
            "percent": job.percent,
            "done": job.progress_done,
            "total": job.progress_total,
            "note": job.progress_note,
            "plight": job.plight,
            "error": job.error,
            "file": has_file(job),
        }
    )


@login_required
@require_http_methods(["POST"])
def job_cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    with acting(request.scope, "job.cancel", origin_of(request)) as act:
        job = _own_job(request, job_id)
        jobs.cancel(job)
        act.audit("job", str(job.pk), job_kind=job.kind)
    return redirect("job", job_id=job.pk)


@login_required
@require_http_methods(["GET"])
def job_file(request: HttpRequest, job_id: uuid.UUID) -> FileResponse:
    """The file, while it has not expired and the scope still covers it; the fetch is audited before the first byte (trust L2, 30)."""
    job = _own_job(request, job_id)
    if not has_file(job):
        raise NotFound("文件已过期或已删除，请重新导出。")
    check_file(job, request.scope)
    content = Path(job.file_path).open("rb")
    record(request.scope, "job.download", origin_of(request), "job", str(job.pk), job_kind=job.kind, file=job.file_name, serial=job.result.get("serial", ""))
    return FileResponse(content, as_attachment=True, filename=job.file_name)


@require_http_methods(["GET"])
def healthz(request: HttpRequest) -> JsonResponse:
    """For the process supervisor: 200 while the database answers. A broker that is down only delays jobs (trust 20)."""
    database, broker = _database(), _broker()
    body = {
        "status": "ok" if database else "down",
        "database": database,
        "broker": broker,
        "version": settings.VERSION,
    }
    return JsonResponse(body, status=200 if database else 503)


def has_file(job: Job) -> bool:
    """Whether there is a file to fetch now: expiry is a predicate when read (ruling 13); nothing outside the files' folder is served."""
    if not job.file_path or job.file_expires_at is None or job.file_expires_at <= timezone.now():
        return False
    path = Path(job.file_path).resolve()
    return path.is_relative_to(settings.FILES_DIR.resolve()) and path.is_file()


def _own_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    job = Job.objects.filter(requested_by=request.user, pk=job_id).first()
    if job is None:
        raise NotFound
    return job


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _broker() -> str:
    """`embedded` without Redis, else whether it answers."""
    if settings.EMBEDDED_JOBS:
        return "embedded"
    import redis

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except redis.RedisError:
        return "down"
    return "ok"
