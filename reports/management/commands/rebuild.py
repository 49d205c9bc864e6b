from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.scopes import SYSTEM
from core.actions import record
from reports.areas import LEVELS
from reports.frozen import by_name, faults_of, made_again
from reports.models import Snapshot


class Command(BaseCommand):
    """重建定稿. Makes a frozen table again from the figures frozen with it and holds the bytes against what was stored. One fault a line on
    stderr; exit status 0 only when every byte is the same."""

    help = "重建定稿的报表并逐字节核对：rebuild 定稿编号…，或 rebuild --all"

    def add_arguments(self, parser) -> None:
        parser.add_argument("tables", metavar="TABLE_ID", nargs="*", help="定稿编号（或它的 uuid）")
        parser.add_argument("--all", action="store_true", help="核对全部定稿")
        parser.add_argument("--out", metavar="FILE", help="把重建的内容写到文件（只能重建一份）")

    def handle(self, *args, **options) -> None:
        names = [name for name in options["tables"] if name not in LEVELS]  # “rebuild county 编号” reads well and names one table all the same
        if bool(names) == options["all"] or (options["out"] and len(names) != 1):
            raise CommandError("请给出定稿编号，或用 --all；--out 只能用于一份。")
        failed = 0
        for snapshot in self._asked(names):
            faults = faults_of(snapshot)
            for line in faults:
                self.stderr.write(f"{snapshot.serial} {line}")
            failed += bool(faults)
            if options["out"]:
                Path(options["out"]).write_bytes(made_again(snapshot).encode())
            record(SYSTEM, "table.rebuild", None, "snapshot", snapshot.serial, place=snapshot.place, findings=len(faults))
            if not faults:
                size = len(snapshot.body.encode())
                self.stdout.write(f"{snapshot.serial} {snapshot.area_name}：重建 {size} 字节，与定稿逐字节相同，校验码 {snapshot.digest}。")
        if failed:
            raise SystemExit(1)

    def _asked(self, names: list[str]):
        rows = Snapshot.objects.select_related("round", "county", "township", "village").order_by("pk")
        if not names:
            yield from rows.iterator(chunk_size=20)
        for name in names:
            snapshot = rows.filter(**by_name(name)).first()
            if snapshot is None:
                raise CommandError(f"没有定稿 {name}。")
            yield snapshot
