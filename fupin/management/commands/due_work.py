import time
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.selectors_notices import newest_end
from core import jobs
from core.errors import WrongState
from core.periods import SHANGHAI
from fupin.housekeeping import due, tidy

REST_SECONDS = 2.0
DUE_EVERY, TIDY_EVERY = 30, 1800
FORM = "%Y-%m-%d %H:%M"


class Command(BaseCommand):
    """到期工作: what the scheduler runs, by hand: notices that have run out conclude, expired imports and files go, waiting and
    orphaned jobs are run here.

    `--watch` goes on until stopped: the worker of one machine without Redis. `--at` steps the demo's clock (ruling 20).
    """

    help = "办理到期的工作"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--watch", action="store_true", help="一直办下去，直到停止（没有 Redis 的单机用）")
        parser.add_argument(
            "--at", metavar="DATETIME", help="只在演示环境：按这一时刻办理，如 2026-12-01 00:00（北京时间，只能向前）"
        )

    def handle(self, watch: bool = False, at: str | None = None, **options) -> None:
        if at is not None and watch:
            raise CommandError("--at 和 --watch 不能同时用。")
        self._watch_due() if watch else self._due(self._stepped(at) if at is not None else None)
        self._once()
        rounds = 0
        while watch:
            time.sleep(REST_SECONDS)
            rounds += 1
            self._take_up()
            if rounds % DUE_EVERY == 0:
                self._watch_due()
            if rounds % TIDY_EVERY == 0:
                tidy()

    def _stepped(self, text: str) -> datetime:
        """The demo's moment: not before now, not before the last notice that ended."""
        if settings.PRODUCTION:
            raise CommandError("--at 只在演示环境使用；生产环境按系统时间办理。")
        try:
            moment = datetime.strptime(text, FORM).replace(tzinfo=SHANGHAI)
        except ValueError:
            raise CommandError("--at 要写成 2026-12-01 00:00 的样子。") from None
        earliest = max(filter(None, (timezone.now(), newest_end())))
        if moment < earliest:
            raise CommandError(f"--at 只能向前：不能早于 {timezone.localtime(earliest):%Y-%m-%d %H:%M}。")
        return moment

    def _once(self) -> None:
        taken = self._take_up()
        for what, count in tidy().items():
            self.stdout.write(f"{what}：清理 {count}")
        self.stdout.write(f"办了 {taken} 项排队或没有做完的处理。")

    def _due(self, at: datetime | None) -> None:
        try:
            counts = due(at)
        except WrongState as refusal:
            raise CommandError(refusal.message) from refusal
        for what, count in counts.items():
            self.stdout.write(f"{what}：{count}")

    def _watch_due(self) -> None:
        """The watch outlives a clock that lies; the alarm is on stderr and on the trail."""
        try:
            self._due(None)
        except CommandError as alarm:
            self.stderr.write(str(alarm))

    @staticmethod
    def _take_up() -> int:
        waiting = jobs.reap(nudge=False)
        for job_id in waiting:
            jobs.run(job_id)
        return len(waiting)
