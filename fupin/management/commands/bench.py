"""`bench [NAME …]`: what the hot paths cost beside the best that was found. Prints ratios, memory, and seconds for `sittings` only
(docs/performance.md)."""

import platform
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from os import cpu_count, getpid

import django
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from fupin.bench import exporting, importing, memory, moving, pulling, rescoring, serving, sittings, stored
from fupin.bench.measure import Measured, Spent
from fupin.bench.rooms import room

BENCHES: dict[str, Callable[[int], Iterator[Measured | Spent]]] = {
    "rollup": stored.rollup,
    "rollup-dirty": stored.rollup_dirty,
    "list": stored.list_,
    "api": pulling.api,
    "page": serving.page,
    "rescore": rescoring.rescore,
    "score": memory.score,
    "crypto": memory.crypto,
    "import": importing.import_,
    "stage-move": moving.stage_move,
    "export": exporting.export,
    "sittings": sittings.sittings,
}
COUNTY = ("rollup", "rollup-dirty", "list", "api", "page", "rescore")
"""These measure on the county of `--households`; the others bring what they need. `rescore` is the last: what it takes back leaves dead
rows behind."""
SMALLEST, OWN_ROOM = 1000, 200_000


class Command(BaseCommand):
    help = "测量几项主要工作与其下限的比值（交替运行、取中位数；不写入数据）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="*", metavar="NAME", help="，".join(BENCHES))
        parser.add_argument("--households", type=int, default=20_000, metavar="N", help="临时县的户数（默认 20000；200000 起另建数据库）")
        parser.add_argument("--database", metavar="bench_NAME", help="另建或沿用这个数据库；不加 --keep 用后删除")
        parser.add_argument("--keep", action="store_true", help="用后留下另建的数据库")
        parser.add_argument("--markdown", action="store_true", help="按 docs/performance.md 的表格输出，附机器和版本")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PRODUCTION:
            raise CommandError("bench 会在事务里建一个临时县，不在生产库上运行。")
        names, size = options["name"] or list(BENCHES), options["households"]
        unknown = [name for name in names if name not in BENCHES]
        if unknown:
            raise CommandError(f"没有这些项目：{'、'.join(unknown)}。可选：{'、'.join(BENCHES)}。")
        if size < SMALLEST:
            raise CommandError(f"--households 至少 {SMALLEST}。")
        if options["markdown"]:
            self.stdout.write(_machine(size) + "\n\n| 项目 | 比什么 | 比值 | 目标 | 结论 |\n|---|---|---|---|---|")
        with _room(options, names, size):
            self._run([name for name in names if name in COUNTY], size, markdown=options["markdown"])
        self._run([name for name in names if name not in COUNTY], size, markdown=options["markdown"])

    def _run(self, names: list[str], size: int, *, markdown: bool) -> None:
        for name in names:
            for measured in BENCHES[name](size):
                self.stdout.write(measured.row() if markdown else measured.line())
                self.stdout.flush()


def _room(options: dict[str, object], names: list[str], size: int) -> AbstractContextManager[None]:
    """Where the county stands: in a transaction of the configured database, or in a database of its own."""
    name = options["database"] or (f"bench_{getpid()}" if size >= OWN_ROOM or options["keep"] else "")
    if not name or not set(names) & set(COUNTY):
        return nullcontext()
    if not name.startswith("bench_") or not name.replace("_", "").isalnum():
        raise CommandError("--database 须以 bench_ 开头，只含字母、数字和下划线：用后会被删除。")
    return room(name, size, keep=bool(options["keep"]))


def _machine(size: int) -> str:
    """The line above a table: when, on what, with which versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if connection.vendor == "postgresql" else "SELECT 'SQLite ' || sqlite_version()")
        database = " ".join(cursor.fetchone()[0].split()[:2])
    at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
    system = f"{cpu_count()} 核，{platform.system()} {platform.release()} {platform.machine()}"
    return f"{at}，{system}，{database}，Python {platform.python_version()}，Django {django.get_version()}，{size:,} 户"
