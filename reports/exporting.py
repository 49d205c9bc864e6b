"""Exports: one function for the page's job, the command and any later door. The file exists before the row that names it (ruling 10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from assessment.models import Round
from core.actions import Act, Origin, acting
from core.errors import BadInput, Denied, NotFound
from core.jobs import JobHandle, enqueue
from core.jobs.files import private_file
from core.models import Job
from core.scope import FieldClass, Scope
from reports.actions import find_round
from reports.areas import area_of
from reports.models import ExportRequest
from reports.tables import build_table, name_of
from reports.workbooks import REPORTS, Ask, Report, write_list, write_official
from reports.workbooks.guide import Stamp, chinese_day
from villages.models import County, Place, Township, Village

TITLES = {code: report.title for code, report in REPORTS.items()}
ORPHAN_AFTER = timedelta(days=1)
MASKED = "证件号码、银行卡号一律用星号代替"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote, for the audit trail and the job's page. `seen` = the field classes that are open in the file."""

    title: str
    area: Place
    rows: int
    digest: str
    serial: str
    seen: tuple[str, ...] = ()

    @property
    def result(self) -> dict[str, object]:
        return {"rows": self.rows, "digest": self.digest, "serial": self.serial, "seen": list(self.seen)}


def request_export(*, scope: Scope, table: str, round_code: str, area: str, origin: Origin | None = None) -> Job:
    """Queue an export without whole numbers after checking what the job will check again."""
    with acting(scope, "export.request", origin) as act:
        round_ = find_round(scope, round_code)
        place = exportable_area(scope, table, round_, area)
        job = queue(scope.actor_id, table, round_, place)
        act.audit("export", place.code, place=place, table=table, round=round_.code, job=str(job.pk))
    return job


def queue(user_id: int, table: str, round_: Round, place: Place, **more: str) -> Job:
    """The job's row, in the caller's transaction."""
    params = {"table": table, "round": round_.code, "area": place.code} | more
    title = f"{name_of(place)} {TITLES[table]}" + ("（含完整号码）" if "request" in more else "")
    return enqueue("export", title=title, user_id=user_id, params=params)


def exportable_area(scope: Scope, table: str, round_: Round, area: str) -> Place:
    """The place of an export that the caller may make; also asked again when the file is fetched (trust 30)."""
    report = report_of(table)
    if not scope.has(report.right):
        raise Denied
    place = area_of(report.level, area, scope) if report.level else _listed_area(scope, report, area)
    if place.county_id != round_.county_id:
        raise NotFound
    return place


def report_of(table: str) -> Report:
    if table not in REPORTS:
        raise BadInput("没有这种导出。", fields={"table": [f"只能是 {'、'.join(REPORTS)}。"]})
    return REPORTS[table]


def write_export(
    target: BinaryIO, *, scope: Scope, table: str, round_: Round, area: str, progress: Progress, request: ExportRequest | None = None
) -> Written:
    """Write the workbook to an open file; `request` = the approval that whole numbers go in by."""
    place, report = exportable_area(scope, table, round_, area), report_of(table)
    now = timezone.now()
    serial = new_serial(now)
    stamp = Stamp(round_, place, now, scope.actor_label, serial, _said_of_numbers(report, request))
    title = f"{name_of(place)}{report.title}"
    if report.level:
        built = build_table(report.level, round_, area, scope)
        progress(0, len(built.rows))
        write_official(target, built, stamp)
        return Written(title, place, len(built.rows), built.digest, serial)
    ask = Ask(scope, round_, place, full=request is not None)
    total = report.count(ask)
    write = report.write or partial(write_list, report=report)
    rows, digest = write(target, ask=ask, stamp=stamp, progress=lambda done: progress(done, total))
    return Written(title, place, rows, digest, serial, _open_classes(ask, report))


def new_serial(now: datetime) -> str:
    """The number of a file: on its pages, and on the trail."""
    return f"{timezone.localdate(now):%Y%m%d}-{secrets.token_hex(4).upper()}"


def _said_of_numbers(report: Report, request: ExportRequest | None) -> str:
    if not report.has_numbers:
        return ""
    if request is None:
        return MASKED
    day = chinese_day(timezone.localdate(request.decided_at))
    return f"含完整证件号码。用途：{request.purpose}。{day} 由 {request.decided_by.name} 批准"


def _open_classes(ask: Ask, report: Report) -> tuple[str, ...]:
    """Classes whose values stand open in the file: whoever loses one may not fetch it any more."""
    asked = set(report.opens) | {column.seen_by for column in report.columns if column.seen_by and (ask.full or not column.number)}
    return tuple(sorted(one.value for one in asked if ask.scope.may_see(one)))


def export_to_file(
    *, scope: Scope, table: str, round_code: str, area: str, path: Path, request: ExportRequest | None = None, origin: Origin | None = None
) -> Written:
    """Write an export to a path and audit it; nothing is left behind when the audit cannot be written (trust L6)."""
    round_ = find_round(scope, round_code)
    with private_file(path):
        with path.open("wb") as target:
            written = write_export(
                target, scope=scope, table=table, round_=round_, area=area, progress=lambda done, total: None, request=request
            )
        with acting(scope, "export.made", origin) as act:
            _audit(act, table, round_, written, request)
    return written


def export_for_job(job: JobHandle, scope: Scope, request: ExportRequest | None = None) -> Written:
    """The body of an export job: file first, then audit and final write of the job in one transaction."""
    table, area = job.params["table"], job.params["area"]
    round_ = find_round(scope, job.params["round"])
    path = settings.FILES_DIR / "exports" / f"{job.id}-{secrets.token_hex(4)}.xlsx"
    note = "写入工作簿" if report_of(table).level else "已写 {} 户"

    def progress(done: int, total: int) -> None:
        job.progress(done, max(total, 1), note.format(done))

    with private_file(path):
        with path.open("wb") as target:
            written = write_export(target, scope=scope, table=table, round_=round_, area=area, progress=progress, request=request)
        job.attach(path, f"{written.title}_{round_.code}_{written.serial}.xlsx")
        with acting(scope, "export.made") as act, job.final(written.result):
            _audit(act, table, round_, written, request, job=job.id)
    return written


def check_open_classes(job: Job, scope: Scope) -> None:
    """Whoever has lost the right to a class of fields may not fetch the file in which it stands open (trust 30)."""
    if not all(scope.may_see(FieldClass(one)) for one in job.result.get("seen", ())):
        raise NotFound("您已不能查看这个文件里的内容，请重新导出。")


def _listed_area(scope: Scope, report: Report, code: str) -> Place:
    narrowed = scope.narrowed_to(report.right)
    for model in (Village, Township, County):
        place = model.objects.visible_to(narrowed).filter(code=code).first()
        if place is not None:
            return place
    raise NotFound


def _audit(act: Act, table: str, round_: Round, written: Written, request: ExportRequest | None, **more: str) -> None:
    """Found by the serial that is printed on the file."""
    if request is not None:
        more |= {"numbers": True, "request": str(request.uuid), "approved_by": request.decided_by.login}
    act.audit(
        "export", written.serial, place=written.area, table=table, round=round_.code, area=written.area.code, rows=written.rows,
        digest=written.digest, **more,
    )  # fmt: skip


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
    for path in (*folder.glob("*.xlsx"), *folder.glob("*.zip")):
        with suppress(FileNotFoundError):  # another worker tidies at the same time
            if path.stat().st_mtime < before:
                old.append(path)
    named = set(Job.objects.filter(file_path__in=map(str, old)).values_list("file_path", flat=True))
    orphans = [path for path in old if str(path) not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
