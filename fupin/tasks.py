"""The clock's view of the roof."""

from celery import shared_task

from fupin.housekeeping import tidy


@shared_task(name="fupin.tidy")
def run_tidy() -> None:
    tidy()
