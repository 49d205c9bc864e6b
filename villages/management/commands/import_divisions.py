"""`import_divisions CSV …`: counties, townships, villages, or villager groups with population, by the file's columns."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.errors import BadInput
from villages.loading import load_any


class Command(BaseCommand):
    help = "导入行政区划（level,code,name,parent）或村民小组及户籍人口（village,group,name,year,…）的 CSV。"

    def add_arguments(self, parser):
        parser.add_argument("csv", nargs="+", metavar="CSV")

    def handle(self, *args, csv: list[str], **options):
        missing = [path for path in csv if not Path(path).is_file()]
        if missing:
            raise CommandError("没有这个文件：" + "、".join(missing))
        try:
            for path, counts in load_any(csv):
                text = "，".join(f"{name} {number}" for name, number in counts.items())
                self.stdout.write(f"{Path(path).name}：{text}")
        except UnicodeDecodeError:
            raise CommandError("文件不是 UTF-8 编码，请另存为 UTF-8。") from None
        except BadInput as refusal:
            raise CommandError("\n".join([refusal.message, *refusal.reasons])) from None
