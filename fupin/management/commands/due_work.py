from django.core.management.base import BaseCommand

from core import jobs
from fupin.housekeeping import tidy


class Command(BaseCommand):
    """到期工作: what the scheduler runs, by hand: expired imports and files go, jobs that nobody finished are run here."""

    help = "办理到期的工作"

    def handle(self, **options) -> None:
        waiting = jobs.reap(nudge=False)
        for job_id in waiting:
            jobs.run(job_id)
        for what, count in tidy().items():
            self.stdout.write(f"{what}：清理 {count}")
        self.stdout.write(f"接手 {len(waiting)} 项没有做完的处理。")
