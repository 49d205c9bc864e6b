"""`bench [NAME …]`: what the hot paths cost beside the best that was found. Prints ratios, and seconds for `sittings` only (docs/bench.md)."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fupin.bench import memory, rescoring, sittings, stored

BENCHES = {
    "score": memory.score,
    "crypto": memory.crypto,
    "import": memory.import_,
    "export": memory.export,
    "list": stored.list_,
    "rescore": rescoring.rescore,
    "rollup": stored.rollup,
    "rollup-dirty": stored.rollup_dirty,
    "sittings": sittings.sittings,
}
SMALLEST = 1000


class Command(BaseCommand):
    help = "测量几项主要工作与其下限的比值（交替运行、取中位数；不写入数据）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="*", metavar="NAME", help="，".join(BENCHES))
        parser.add_argument("--households", type=int, default=20_000, metavar="N", help="临时县的户数（默认 20000）")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("bench 会在事务里建一个临时县，不在生产库上运行。")
        names, size = options["name"] or list(BENCHES), options["households"]
        unknown = [name for name in names if name not in BENCHES]
        if unknown:
            raise CommandError(f"没有这些项目：{'、'.join(unknown)}。可选：{'、'.join(BENCHES)}。")
        if size < SMALLEST:
            raise CommandError(f"--households 至少 {SMALLEST}。")
        for name in names:
            for measured in BENCHES[name](size):
                self.stdout.write(measured.line())
                self.stdout.flush()
