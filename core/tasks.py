"""Celery's view of jobs: ids only (trust C5)."""

from celery import shared_task

from core import jobs
from core.jobs.runner import RUN_JOB


@shared_task(name=RUN_JOB)
def run_job(job_id: str) -> None:
    jobs.run(job_id)


@shared_task(name="core.reap_jobs")
def reap_jobs() -> None:
    jobs.reap()
