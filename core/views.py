"""Pages of long work (处理进度, 导出记录) and the health check. A job is its requester's alone: to others it does not exist."""

import uuid
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods

from core import jobs
from core.actions import acting, record
from core.downloads import check_file
from core.errors import NotFound
from core.models import Job
from core.web.middleware import origin_of

PAGE = 50


@login_required
@require_http_methods(["GET"])
def job_list(request: HttpRequest) -> HttpResponse:
    own = Job.objects.filter(requested_by=request.user)
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+")) if request.GET.get("before") else None
    rows = list((own.filter(created_at__lt=before) if before else own)[: PAGE + 1])
    context = {
        "jobs": rows[:PAGE],
        "more": rows[PAGE - 1].created_at.isoformat() if len(rows) > PAGE else "",
        "now": timezone.now(),
    }
    return render(request, "core/jobs.html", context)


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
    record(request.scope, "job.download", origin_of(request), "job", str(job.pk), job_kind=job.kind, file=job.file_name)
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
