"""Exports: one function for the page's job, the command and any later door. The file exists before the row that names it (ruling 10)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.actions import Origin, acting
from core.errors import BadInput, Denied, NotFound
from core.jobs import JobHandle, enqueue
from core.models import Job
from core.scope import Scope
from households.models import Household
from reports.actions import find_round
from reports.areas import LEVELS, area_of
from reports.rollup import households_counted
from reports.tables import build_table
from reports.workbooks import write_official, write_roster
from reports.workbooks.guide import Stamp
from villages.models import County, Place, Township, Village

ROSTER = "roster"
TITLES = {ROSTER: "花名册"} | LEVELS
ORPHAN_AFTER = timedelta(days=1)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote, for the audit trail and the job's page."""

    title: str
    area: Place
    rows: int
    digest: str


def request_export(*, scope: Scope, table: str, round_code: str, area: str, origin: Origin | None = None) -> Job:
    """Queue an export after checking what the job will check again."""
    with acting(scope, "export.request", origin) as act:
        if not scope.has(roles.EXPORT_ROSTER if table == ROSTER else roles.TABLE_VIEW):
            raise Denied
        round_ = find_round(scope, round_code)
        place = exportable_area(scope, table, round_, area)
        title = f"{_place_name(place)} {TITLES[table]}"
        params = {"table": table, "round": round_.code, "area": place.code}
        job = enqueue("export", title=title, user_id=scope.actor_id, params=params)
        act.audit("export", place.code, place=place, table=table, round=round_.code, job=str(job.pk))
    return job


def exportable_area(scope: Scope, table: str, round_: Round, area: str) -> Place:
    """The place of an export that the caller may make; also asked again when the file is fetched (trust 30)."""
    if table not in TITLES:
        raise BadInput("没有这种导出。", fields={"table": ["只能是 roster、village、township、county。"]})
    place = _roster_area(scope, area) if table == ROSTER else area_of(table, area, scope)
    if place.county_id != round_.county_id:
        raise NotFound
    return place


def write_export(
    target: BinaryIO, *, scope: Scope, table: str, round_: Round, area: str, progress: Progress
) -> Written:
    """Write the workbook to an open file."""
    place = exportable_area(scope, table, round_, area)
    stamp = Stamp(round_, place, timezone.now(), scope.actor_label)
    title = f"{_place_name(place)}{TITLES[table]}"
    if table == ROSTER:
        households = roster_households(scope, round_, place)
        total = households.count()
        rows, digest = write_roster(target, households, scope, stamp, lambda done: progress(done, total))
        return Written(title, place, rows, digest)
    built = build_table(table, round_, area, scope)
    progress(0, len(built.rows))
    write_official(target, built, stamp)
    return Written(title, place, len(built.rows), built.digest)


def export_to_file(
    *, scope: Scope, table: str, round_code: str, area: str, path: Path, origin: Origin | None = None
) -> Written:
    """Write an export to a path and audit it; nothing is left behind when the audit cannot be written (trust L6)."""
    round_ = find_round(scope, round_code)
    with _private_file(path):
        with path.open("wb") as target:
            written = write_export(
                target, scope=scope, table=table, round_=round_, area=area, progress=lambda done, total: None
            )
        with acting(scope, "export.made", origin) as act:
            _audit(act, table, round_, written)
    return written


def export_for_job(job: JobHandle, scope: Scope) -> Written:
    """The body of an export job: file first, then audit and final write of the job in one transaction."""
    table, area = job.params["table"], job.params["area"]
    round_ = find_round(scope, job.params["round"])
    path = settings.FILES_DIR / "exports" / f"{job.id}-{secrets.token_hex(4)}.xlsx"

    def progress(done: int, total: int) -> None:
        job.progress(done, max(total, 1), f"已写 {done} 户" if table == ROSTER else "写入工作簿")

    with _private_file(path):
        with path.open("wb") as target:
            written = write_export(target, scope=scope, table=table, round_=round_, area=area, progress=progress)
        job.attach(path, f"{written.title}_{round_.code}_{timezone.localdate():%Y%m%d}.xlsx")
        result = {"rows": written.rows, "digest": written.digest}
        with acting(scope, "export.made") as act, job.final(result):
            _audit(act, table, round_, written, job=job.id)
    return written


def roster_households(scope: Scope, round_: Round, place: Place) -> QuerySet[Household]:
    """Registered households of the place that the caller may export."""
    lookup = {County: "county_id", Township: "township_id", Village: "village_id"}[type(place)]
    return households_counted(round_).visible_to(scope.narrowed_to(roles.EXPORT_ROSTER)).filter(**{lookup: place.pk})


def _roster_area(scope: Scope, code: str) -> Place:
    if not scope.has(roles.EXPORT_ROSTER):
        raise Denied
    narrowed = scope.narrowed_to(roles.EXPORT_ROSTER)
    for model in (Village, Township, County):
        place = model.objects.visible_to(narrowed).filter(code=code).first()
        if place is not None:
            return place
    raise NotFound


def _place_name(place: Place) -> str:
    return getattr(place, "short_name", place.name)


def _audit(act, table: str, round_: Round, written: Written, **more: str) -> None:
    act.audit(
        "export",
        written.area.code,
        place=written.area,
        table=table,
        round=round_.code,
        rows=written.rows,
        digest=written.digest,
        **more,
    )


@contextmanager
def _private_file(path: Path) -> Iterator[None]:
    """A new file that only this account reads (0600); removed again when anything in the block fails, a lost lease included."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def remove_expired_files() -> int:
    """Delete files of jobs whose days are over, and what a killed worker left half written. The date is also a predicate when read
    (ruling 13), so this only frees the disk."""
    over = Job.objects.filter(file_expires_at__lte=timezone.now()).exclude(file_path="")
    removed = 0
    for job in over[:100]:
        Path(job.file_path).unlink(missing_ok=True)
        removed += Job.objects.filter(pk=job.pk).update(file_path="")
    return removed + _remove_orphans()


def _remove_orphans() -> int:
    """Files no job names: a killed export's roster holds numbers in the clear (trust C1). A young one may still be in the making."""
    folder = settings.FILES_DIR / "exports"
    before = (timezone.now() - ORPHAN_AFTER).timestamp()
    old = []
    for path in folder.glob("*.xlsx"):
        with suppress(FileNotFoundError):  # another worker tidies at the same time
            if path.stat().st_mtime < before:
                old.append(path)
    named = set(Job.objects.filter(file_path__in=map(str, old)).values_list("file_path", flat=True))
    orphans = [path for path in old if str(path) not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
