"""Celery's view of jobs: ids only (trust C5)."""

from celery import shared_task

from core import jobs


@shared_task(name="core.run_job")
def run_job(job_id: str) -> None:
    jobs.run(job_id)


@shared_task(name="core.reap_jobs")
def reap_jobs() -> None:
    jobs.reap()
