from django.core.management.base import BaseCommand

from assessment.importing.service import purge_expired
from core import jobs
from reports.exporting import remove_expired_files


class Command(BaseCommand):
    """到期工作: what the scheduler runs, by hand: expired imports and files go, jobs that nobody finished are run here."""

    help = "办理到期的工作"

    def handle(self, **options) -> None:
        waiting = jobs.reap(nudge=False)
        for job_id in waiting:
            jobs.run(job_id)
        self.stdout.write(f"清理 {purge_expired()} 次过期未确认的导入，{remove_expired_files()} 个过期的导出文件。")
        self.stdout.write(f"接手 {len(waiting)} 项没有做完的处理。")
