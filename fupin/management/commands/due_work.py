import time

from django.core.management.base import BaseCommand

from core import jobs
from fupin.housekeeping import tidy

REST_SECONDS = 2.0
TIDY_EVERY = 1800


class Command(BaseCommand):
    """到期工作: what the scheduler runs, by hand: expired imports and files go, waiting and orphaned jobs are run here.

    `--watch` goes on until stopped: the worker of one machine without Redis.
    """

    help = "办理到期的工作"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--watch", action="store_true", help="一直办下去，直到停止（没有 Redis 的单机用）")

    def handle(self, watch: bool, **options) -> None:
        self._once()
        rounds = 0
        while watch:
            time.sleep(REST_SECONDS)
            rounds += 1
            self._take_up()
            if rounds % TIDY_EVERY == 0:
                tidy()

    def _once(self) -> None:
        taken = self._take_up()
        for what, count in tidy().items():
            self.stdout.write(f"{what}：清理 {count}")
        self.stdout.write(f"办了 {taken} 项排队或没有做完的处理。")

    @staticmethod
    def _take_up() -> int:
        waiting = jobs.reap(nudge=False)
        for job_id in waiting:
            jobs.run(job_id)
        return len(waiting)
