"""`manage.py procedure check FILE…`: whether a county's file may be used. `manage.py procedure show CODE`: one that is there, to begin from."""

from argparse import ArgumentParser
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management import BaseCommand, CommandError

from assessment.procedure_files import read
from assessment.procedures import PROCEDURES, Mode, Procedure
from assessment.procedures.files import ProcedureFaults, document_of


class Command(BaseCommand):
    help = "检查县里自己的程序文件，或导出一个现有程序作样本"

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        ways.add_parser("check", help="检查文件").add_argument("files", nargs="+", type=Path)
        ways.add_parser("show", help="导出现有程序").add_argument("code", choices=sorted(PROCEDURES))

    def handle(self, *args: object, way: str, **options) -> None:
        if way == "show":
            text = yaml.safe_dump(document_of(PROCEDURES[options["code"]]), allow_unicode=True, sort_keys=False, width=120)
            self.stdout.write(text)
        else:
            self._check(options["files"])

    def _check(self, files: list[Path]) -> None:
        wrong = 0
        for path in files:
            try:
                procedure = read(path)
            except ProcedureFaults as refusal:
                wrong += 1
                self.stderr.write(f"{path.name}：不能用。")
                self.stderr.write("\n".join(f"  - {reason}" for reason in refusal.reasons))
            else:
                self.stdout.write(f"{path.name}：可以用。{procedure.name}（{procedure.code}）：{_way(procedure)}")
                if procedure.code in PROCEDURES and path.parent.resolve() != settings.PROCEDURES_DIR.resolve():
                    self.stdout.write(f"  代码 {procedure.code} 已有别的程序，放进 {settings.PROCEDURES_DIR} 以前请换一个代码。")
        if wrong:
            raise CommandError(f"{wrong} 个文件不能用。")


def _way(procedure: Procedure) -> str:
    return " → ".join(f"{stage.name}（{stage.notice.days} 天）" if stage.mode is Mode.NOTICE else stage.name for stage in procedure.stages)
