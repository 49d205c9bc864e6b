from django.core.management.base import BaseCommand

from core import jobs


class Command(BaseCommand):
    """到期工作: what the scheduler runs, by hand: take up jobs that nobody finished and run them here."""

    help = "办理到期的工作"

    def handle(self, **options) -> None:
        waiting = jobs.reap(nudge=False)
        for job_id in waiting:
            jobs.run(job_id)
        self.stdout.write(f"接手 {len(waiting)} 项没有做完的处理。")
