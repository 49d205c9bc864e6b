"""The whole import, from the gate to the last audit row, against the least that does the same (speed target 5, ruling 25), and its memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import connection

from accounts.models import Assignment, User
from accounts.scopes import scope_of
from assessment.importing.service import start_import
from core import jobs
from fupin.bench.importing_limit import least
from fupin.bench.measure import Measured, high_water, ratio
from fupin.bench.roster import COUNTY, write_workbook
from fupin.bench.scratch import ROUND, Scratch, county_of, fill
from fupin.bench.village import undone
from households.models import ImportRun

MOST, RUNS = 10_000, 5
FEW, MANY = 5_000, 20_000


def import_(size: int) -> Iterator[Measured]:
    """Time with as many households and forms as asked for, at most those of the target; memory at two sizes, a process for each."""
    few, many = _worker(min(size, FEW)), _worker(min(size * 4, MANY))  # first: a process inherits what its parent's heap has grown to
    if few and many:
        yield Measured("import", f"内存峰值 {min(size * 4, MANY):,} 户 ÷ {min(size, FEW):,} 户", many / few, "≤ 1.3")
        yield Measured("import", f"导入进程的内存峰值（{min(size * 4, MANY):,} 户）", many, "≤ 300", "MB")
    count = min(size, MOST)
    with _workbook(count) as path, _empty_county(count) as (made, user):
        found = ratio(lambda: _whole(path, user, made, undo=True), lambda: _least(path, made), RUNS)
        what = f"整个导入（检查、读入、核对、暂存、写入） ÷ calamine 读入、同样核对、加密、索引、批量写入、一行审计（{count:,} 户、表）"
        yield Measured("import", what, found, "≤ 1.5")


@contextmanager
def _workbook(households: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_workbook(path, households)
        yield path


@contextmanager
def _empty_county(households: int) -> Iterator[tuple[Scratch, User]]:
    """The places of a county of this size without a household, and somebody who may import there; all taken back."""
    villages, _ = county_of(households)
    with undone():
        made = fill(villages, 0, code=COUNTY)
        user = User(login="bench-import", name="基准导入", must_change_password=False)
        user.set_unusable_password()
        user.save()
        Assignment.objects.create(user=user, role="county", since=date(2016, 1, 1), county=made.county)
        yield made, user


def _whole(path: Path, user: User, made: Scratch, *, undo: bool) -> None:
    """As the command does it: taken in, checked, staged, written."""

    def run() -> None:
        asked = start_import(scope=scope_of(user), user=user, round_code=ROUND, path=path, file_name=path.name, dry_run=False, nudge=False)
        job = jobs.run(str(asked.job_id))
        state = ImportRun.objects.get(pk=asked.pk).state
        assert state == ImportRun.State.COMMITTED, (state, job.error)

    if not undo:
        run()
        return
    with undone():
        run()


def _least(path: Path, made: Scratch) -> None:
    with undone():
        least(path, made)


def _worker(households: int) -> float | None:
    """MB that a process needs at most while it imports, its programs and libraries with them."""
    with _workbook(households) as path:
        connection.close()  # no process may go on with the connection of another

        def prepared(measure) -> None:
            with _empty_county(households) as (made, user):
                measure(lambda: _whole(path, user, made, undo=False))

        return high_water(prepared)
