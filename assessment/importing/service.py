"""Imports as the page, the command and the demo start them (issue item 3, ruling 11).

start_import → job "import": check, stage → READY (dry run) or commit at once
confirm_import → job "import_commit": commit what was staged
"""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.roles import IMPORT_RUN
from assessment.importing import staging
from assessment.importing.checking import FileContent, check
from assessment.importing.commit import Preparing, commit_plan
from assessment.importing.folder import imports_dir
from assessment.importing.sheet import SurveySheetRow
from assessment.models import Round, RoundStatus
from assessment.selectors_imports import STAGED_DAYS, UNDO_DAYS, expiry
from core import jobs
from core.actions import Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.jobs.files import private_file
from core.models import JobState
from core.scope import Scope
from households.importing.grouping import NOT_YOURS
from households.importing.model import RosterHousehold
from households.importing.places import known_villages
from households.models import ImportRun, UndoPart
from villages.models import Village

CHECK_KIND, COMMIT_KIND = "import", "import_commit"
MB = 1024 * 1024


def open_round(scope: Scope, code: str) -> Round:
    """The round to import into, for a caller who may import somewhere in its county."""
    if not scope.has(IMPORT_RUN):
        raise Denied
    round_ = Round.objects.visible_to(scope).select_related("rubric", "county").filter(code=code).first()
    if round_ is None:
        raise NotFound
    if not Village.objects.visible_to(scope.narrowed_to(IMPORT_RUN)).filter(county_id=round_.county_id).exists():
        raise Denied
    if round_.status != RoundStatus.OPEN:
        raise WrongState("这个识别批次已经结束，不能再导入。")
    return round_


def rounds_to_import(scope: Scope):
    return Round.objects.visible_to(scope.narrowed_to(IMPORT_RUN)).open()


def start_import(
    *, scope: Scope, user, round_code: str, path: Path, file_name: str, dry_run: bool, key: str = "",
    origin: Origin | None = None, nudge: bool = True,
) -> ImportRun:  # fmt: skip
    """Take the file in and enqueue its check. `nudge=False`: the caller runs the job itself (the command)."""
    purge_expired()
    round_ = open_round(scope, round_code)
    digest = _digest(path)
    run = ImportRun(
        uuid=uuid.uuid4(), county=round_.county, round_code=round_.code, file_name=file_name[-160:], file_digest=digest,
        dry_run=dry_run, requested_by=user, created_at=timezone.now(),
    )  # fmt: skip
    run.file_path = str(_keep(path, run.uuid))
    try:
        with acting(scope, "import.start", origin) as act:
            remember = once(scope, "import.start", key, {"round": round_.code, "digest": digest, "dry_run": dry_run})
            title = f"导入 {file_name}"[:120]
            run.job = jobs.enqueue(CHECK_KIND, title=title, user_id=user.pk, params={"run": str(run.uuid)}, nudge=nudge)
            run.save()
            remember(str(run.uuid))
            act.audit("import", str(run.uuid), place=round_.county, round=round_.code, digest=digest, dry_run=dry_run)
    except Replayed as again:
        Path(run.file_path).unlink(missing_ok=True)
        return ImportRun.objects.get(uuid=again.object_code)
    except BaseException:
        Path(run.file_path).unlink(missing_ok=True)
        raise
    return run


def my_runs(scope: Scope, user):
    """The caller's own runs, in counties where the caller still has an area."""
    rounds = Round.objects.visible_to(scope).values("code")
    return ImportRun.objects.filter(requested_by=user, round_code__in=rounds).select_related("job", "county")


def my_run(scope: Scope, user, run_uuid) -> ImportRun:
    if not scope.has(IMPORT_RUN):
        raise Denied
    run = my_runs(scope, user).filter(uuid=run_uuid).first()
    if run is None:
        raise NotFound
    return run


def confirm_import(
    *, scope: Scope, user, run_uuid, whole: bool = False, origin: Origin | None = None, nudge: bool = True
) -> ImportRun:
    """Commit a checked run. Pressing twice enqueues once; an expired or changed run is refused. `whole`: of an edited export, leave a
    household with a conflict out altogether."""
    my_run(scope, user, run_uuid)
    with acting(scope, "import.confirm", origin) as act:
        run = lock(ImportRun.objects.filter(requested_by=user), uuid=run_uuid)
        if run.state == ImportRun.State.COMMITTED or (run.job and run.job.kind == COMMIT_KIND and run.job.is_live):
            return run
        if run.state != ImportRun.State.READY:
            raise WrongState("这次导入没有可确认的内容，请重新上传核对。")
        if expired(run):
            raise WrongState(f"核对结果只保留{STAGED_DAYS}天，请重新上传核对。")
        if run.suspicions.filter(verdict="").exists():
            raise WrongState("有疑似重复的人或户还没有认定，请在本页逐一认定后再确认。", code="suspicions_open")
        open_round(scope, run.round_code)
        title = f"导入 {run.file_name}"[:120]
        params = {"run": str(run.uuid)} | ({"whole": True} if whole else {})
        run.job = jobs.enqueue(COMMIT_KIND, title=title, user_id=user.pk, params=params, nudge=nudge)
        run.save(update_fields=["job"])
        act.audit("import", str(run.uuid), place=run.county, round=run.round_code)
    return run


def cancel_import(*, scope: Scope, user, run_uuid, origin: Origin | None = None) -> ImportRun:
    """Stop a check, or throw away what was checked. A commit that has begun is not stopped (ruling 11)."""
    my_run(scope, user, run_uuid)
    with acting(scope, "import.cancel", origin) as act:
        run = lock(ImportRun.objects.filter(requested_by=user), uuid=run_uuid)
        if run.job and run.job.is_live:
            jobs.cancel(run.job)
            run.job.refresh_from_db()
        elif run.state != ImportRun.State.READY:
            raise WrongState("这次导入已经结束，不能取消。")
        if not run.job or run.job.state != JobState.RUNNING:
            close(run, ImportRun.State.CANCELLED)
        act.audit("import", str(run.uuid), place=run.county, round=run.round_code)
    return run


def close(run: ImportRun, state: str) -> None:
    """End a run: its sealed rows and its file go."""
    ImportRun.objects.filter(pk=run.pk).update(state=state, file_path="")
    run.state = state
    staging.StagedRow.objects.filter(run=run).delete()
    drop_file(run)
    if state == ImportRun.State.CANCELLED:
        marked_path(run).unlink(missing_ok=True)


def drop_file(run: ImportRun) -> None:
    """The workbook holds numbers in the clear: it goes as soon as its rows are staged or refused. By its name, not by the row: a worker that
    died between the row's last word and this left a file that the row no longer names."""
    _upload_path(run.uuid).unlink(missing_ok=True)


def marked_path(run: ImportRun) -> Path:
    """Where the run keeps the user's own workbook with its errors marked. It holds numbers in the clear: private, gone with the run's days."""
    return imports_dir() / f"{run.uuid}.marked.xlsx"


def marked_book(run: ImportRun) -> Path | None:
    """The marked workbook, while there is one and its days are not over (ruling 13)."""
    path = marked_path(run)
    return path if not expired(run) and path.is_file() else None


def expired(run: ImportRun) -> bool:
    """A predicate when read; `purge_expired` only tidies up (ruling 13)."""
    return run.created_at < expiry()


def purge_expired() -> int:
    """Throw away what nobody confirmed in time, and files that a killed process left."""
    before = expiry()
    waiting = (ImportRun.State.CHECKING, ImportRun.State.READY)
    stopped = Q(state=ImportRun.State.CHECKING, job__state__in=(JobState.FAILED, JobState.CANCELLED))
    old = list(ImportRun.objects.filter(Q(created_at__lt=before, state__in=waiting) | stopped))
    for run in old:
        close(run, ImportRun.State.CANCELLED)
    UndoPart.objects.filter(run__committed_at__lt=timezone.now() - timedelta(days=UNDO_DAYS)).delete()
    for path in imports_dir().iterdir():
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def import_rows(
    scope: Scope, user, round_: Round, households: Iterable[RosterHousehold], surveys: Iterable[SurveySheetRow] = (),
    *, origin: Origin | None = None,
) -> dict[str, object]:  # fmt: skip
    """Rows without a file through the same checks and the same commit; BadInput names every fault. Returns the counts."""
    narrowed = open_round(scope, round_.code) and scope.narrowed_to(IMPORT_RUN)
    content = FileContent(list(households), list(surveys))
    villages = known_villages(narrowed, round_.county_id)
    strangers = sorted({one.village_code for one in content.households if one.village_code not in villages})
    if strangers:
        raise BadInput(f"有农户的村{NOT_YOURS}。", reasons=strangers)
    if gone := sorted({villages[one.village_code].gone for one in content.households} - {""}):
        raise BadInput("有农户的村已撤并，没有导入。", reasons=gone)
    rubric = round_.rubric.value
    preparing = Preparing(f"rows-{round_.code}", round_, rubric)
    checked = check(narrowed, round_, rubric, content, villages=villages, sink=preparing)
    if checked.errors:
        raise BadInput("有错误，没有导入。", reasons=[fault.as_line() for fault in checked.errors])
    preparing.plan.counts = checked.counts()
    return commit_plan(scope, preparing.plan, origin=origin)


def _keep(path: Path, run_uuid: uuid.UUID) -> Path:
    if Path(path).stat().st_size > settings.IMPORT_MAX_BYTES:
        raise BadInput(f"文件超过 {settings.IMPORT_MAX_BYTES // MB} MB，请分成几个文件上传。", code="too_large")
    kept = _upload_path(run_uuid)
    with private_file(kept):
        shutil.copyfile(path, kept)
    return kept


def _upload_path(run_uuid: uuid.UUID) -> Path:
    return imports_dir() / f"{run_uuid}.upload"


def _digest(path: Path) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
