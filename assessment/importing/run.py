"""The two jobs of an import. Killed at any point, they are run again from the start with exactly one result (ruling 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.roles import IMPORT_RUN
from accounts.scopes import scope_of
from assessment.importing import edits, staging, undo, verdicts
from assessment.importing.checking import Checked, check, read_file
from assessment.importing.commit import Plan, Preparing, commit_plan
from assessment.importing.marked import keep_marked, known_headings
from assessment.importing.service import close, drop_file, expired, open_round
from assessment.selectors_imports import TOWNSHIPS
from core.actions import Origin
from core.errors import DomainError, WrongState
from core.jobs import Cancelled, JobHandle
from core.models import Job
from core.scope import Scope
from core.sheets import RefusedFile, inspect_upload
from households.importing.model import ERROR, Fault
from households.importing.places import known_villages
from households.importing.suspicions import Suspected
from households.importing.write import CHECK_AGAIN
from households.models import ImportRun, StagedRow

COMMIT_ROWS_PER_SECOND = 50  # Far slower than measured: the lease must outlive the one transaction.


def run_import(handle: JobHandle) -> dict[str, object]:
    """Job "import": check and stage; commit at once unless it is a dry run."""
    run = ImportRun.objects.select_related("requested_by", "county").get(uuid=handle.params["run"])
    if run.state == ImportRun.State.CHECKING:
        _guarded(run, lambda: _check(run, handle))
    else:
        drop_file(run)
    if run.state == ImportRun.State.READY and not run.dry_run and not verdicts.open_ones(run).exists():
        return _guarded(run, lambda: _commit(run, handle))
    return {"state": run.state, "counts": run.counts}


def run_commit(handle: JobHandle) -> dict[str, object]:
    """Job "import_commit": what a dry run staged and the user confirmed."""
    run = ImportRun.objects.select_related("requested_by", "county").get(uuid=handle.params["run"])
    if run.state != ImportRun.State.READY or expired(run):
        raise WrongState("这次导入没有可确认的内容，请重新上传核对。")
    return _guarded(run, lambda: _commit(run, handle))


def _guarded(run: ImportRun, work):
    """A cancelled or refused run keeps nothing; the job then ends with the same word."""
    try:
        return work()
    except Cancelled:
        close(run, ImportRun.State.CANCELLED)
        raise
    except RefusedFile as refusal:
        _refuse(run, [Fault(ERROR, "", None, "", "", refusal.message, "")], {})
        return {"state": run.state, "counts": run.counts}
    except DomainError as refusal:
        _refuse(run, [Fault(ERROR, "", None, "", "", refusal.message, "")], run.counts)
        raise


def _scope(run: ImportRun) -> Scope:
    """Rights are read when the work is done, not when it was asked for (trust 21)."""
    return scope_of(run.requested_by)


def _check(run: ImportRun, handle: JobHandle) -> None:
    staging.clear(run)
    scope, facts = _scope(run), inspect_upload(run.file_path)
    if edits.is_edited_file(run.file_path, facts):
        compared = edits.check(run, scope, facts, handle.progress)
        keep_marked(run, facts, compared.faults, edits.known_columns(), handle.progress, {})
        _settle(run, handle, compared.faults, edits.found_by(compared, facts))
        return
    round_ = open_round(scope, run.round_code)
    narrowed, rubric = scope.narrowed_to(IMPORT_RUN), round_.rubric.value
    villages = known_villages(narrowed, round_.county_id)
    content = read_file(run.file_path, rubric, villages, timezone.localdate(), handle.progress, facts)
    checked = check(narrowed, round_, rubric, content, handle.progress, villages, staging.Stager(run))
    found = checked.counts() | {"file": content.info, TOWNSHIPS: content.townships(villages)}
    content.households, content.surveys = (), ()  # they need not stay in memory while the workbook is written again
    keep_marked(run, facts, checked.faults, known_headings(rubric), handle.progress, content.info)
    _settle(run, handle, checked.faults, found, checked.suspected)


def _settle(
    run: ImportRun, handle: JobHandle, faults: list[Fault], found: dict[str, object], suspected: Sequence[Suspected] = ()
) -> None:
    """The check's end: refused with its faults, or ready with its warnings."""
    if any(fault.severity == ERROR for fault in faults):
        _refuse(run, faults, found)
        return
    staging.list_faults(run, faults)
    verdicts.keep(run, suspected)
    handle.progress(1, 1, "核对完毕")  # the last chance to cancel before the run is ready, and the proof of the lease
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.READY, counts=found, file_path="")
    run.state, run.counts = ImportRun.State.READY, found
    drop_file(run)


def _refuse(run: ImportRun, faults: list[Fault], found: dict[str, object]) -> None:
    staging.clear(run)
    staging.list_faults(run, faults)
    errors = sum(fault.severity == ERROR for fault in faults)
    run.counts = found | {"errors": errors, "warnings": len(faults) - errors}
    ImportRun.objects.filter(pk=run.pk).update(counts=run.counts)
    close(run, ImportRun.State.REFUSED)


def _commit(run: ImportRun, handle: JobHandle) -> dict[str, object]:
    scope = _scope(run)
    if edits.is_edit(run):
        counts = edits.commit(
            run, scope, whole=bool(handle.params.get("whole")), before=lambda size: _past_cancelling(handle, size),
            final=lambda counts: lambda: _committed(run, handle, counts),
        )  # fmt: skip
        run.state = ImportRun.State.COMMITTED
        return _result(counts)
    plan = _plan(run, scope, handle)
    _past_cancelling(handle, plan.size)
    counts = run.counts | plan.counts
    commit_plan(
        scope, plan, origin=Origin(), keep=lambda part: undo.keep(run, part), final=lambda: _committed(run, handle, counts)
    )
    run.state = ImportRun.State.COMMITTED
    return _result(counts)


def _past_cancelling(handle: JobHandle, size: int) -> None:
    handle.past_cancelling()
    until = timezone.now() + timedelta(seconds=60 + size / COMMIT_ROWS_PER_SECOND)
    Job.objects.filter(pk=handle.job.pk, lease_token=handle.token).update(lease_until=until, progress_note="写入")


def _committed(run: ImportRun, handle: JobHandle, counts: dict[str, object]) -> None:
    """Last statements of the commit's transaction: run, staging and job."""
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.COMMITTED, committed_at=timezone.now(), counts=counts)
    StagedRow.objects.filter(run=run).delete()
    with handle.final(_result(counts)):
        pass


def _result(counts: dict[str, object]) -> dict[str, object]:
    return {"state": ImportRun.State.COMMITTED, "counts": counts}


def _plan(run: ImportRun, scope: Scope, handle: JobHandle) -> Plan:
    """The staged rows compared anew: with what is stored now, and with what the check saw."""
    round_ = open_round(scope, run.round_code)
    narrowed, rubric = scope.narrowed_to(IMPORT_RUN), round_.rubric.value
    villages = known_villages(narrowed, round_.county_id)
    refused = verdicts.refused_codes(run)
    staged = staging.load(run, refused)
    if any(household.village_code not in villages for household in staged.content.households):
        raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    preparing = Preparing(str(run.uuid), round_, rubric)
    checked = check(narrowed, round_, rubric, staged.content, handle.progress, villages, preparing)
    _same_as_seen(checked, staged)
    if verdicts.open_ones(run).exists() or not verdicts.all_seen(run, checked.suspected):
        raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    preparing.plan.counts = checked.counts()
    return preparing.plan


def _same_as_seen(checked: Checked, staged: staging.Staged) -> None:
    if checked.errors or checked.versions != staged.seen_versions or checked.forms != staged.seen_forms:
        raise WrongState(CHECK_AGAIN, code="checked_state_moved")
