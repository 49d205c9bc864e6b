"""`import_roster XLSX --round CODE --as LOGIN [--dry-run] [--errors OUT.xlsx]`: the same job as the page's, run here."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.scopes import scope_of
from assessment.importing.report import error_lines, summary_lines, undecided_lines, write_errors
from assessment.importing.service import start_import
from core import jobs
from core.errors import DomainError
from core.models import JobState
from households.models import ImportRun


class Command(BaseCommand):
    help = "导入花名册和六看评估表。"

    def add_arguments(self, parser):
        parser.add_argument("xlsx")
        parser.add_argument("--round", required=True, dest="round_code", help="识别批次号")
        parser.add_argument("--as", required=True, dest="login", help="以哪个账号办理")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不导入")
        parser.add_argument("--errors", metavar="OUT.xlsx", help="把问题清单写到这个文件")

    def handle(self, *args, xlsx: str, round_code: str, login: str, **options):
        path = Path(xlsx)
        if not path.is_file():
            raise CommandError(f"没有这个文件：{xlsx}")
        user = User.objects.filter(login=login, is_active=True).first()
        if user is None:
            raise CommandError(f"没有这个账号，或已停用：{login}")
        try:
            run = start_import(
                scope=scope_of(user), user=user, round_code=round_code, path=path, file_name=path.name,
                dry_run=options["dry_run"], nudge=False,
            )  # fmt: skip
        except DomainError as refusal:
            raise CommandError(refusal.message) from None
        job = jobs.run(str(run.job_id))
        self._report(ImportRun.objects.get(pk=run.pk), job, options["errors"])

    def _report(self, run: ImportRun, job, errors: str | None) -> None:
        if errors:
            write_errors(run, Path(errors))
        for line in summary_lines(run):
            self.stdout.write(line)
        lines = error_lines(run) or undecided_lines(run) or ([job.error] if job.state != JobState.DONE else [])
        if lines:
            self.stderr.write("\n".join(lines))
            sys.exit(1)
