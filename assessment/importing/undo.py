"""撤销导入: the whole import or nothing, while nothing depends on it; every household in the way is named (fault 56).

keep (in the import's transaction) → plan_undo (what the page explains) → undo_import → job "import_undo" → carry_out
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F, Model, Q
from django.utils import timezone

from accounts.roles import IMPORT_RUN
from accounts.scopes import scope_of
from assessment.actions.locking import lock_households, wait_for_first_meetings
from assessment.importing.service import my_run, open_round
from assessment.models import Case, CaseState, Round, Score, Sitting, SittingStatus, Survey, SurveyStatus
from assessment.procedures import procedure_of
from assessment.selectors_imports import UNDO_DAYS
from core import jobs
from core.actions import Act, Origin, acting, lock
from core.crypto import decrypt_many
from core.errors import WrongState
from core.jobs import JobHandle
from core.scope import Scope
from households.actions.quality_run import request_villages
from households.importing import undo as facts
from households.importing.compare import NEW, SAME
from households.importing.stored import BATCH, batches
from households.models import (
    Doubt,
    Household,
    HouseholdEvent,
    HouseholdVersion,
    ImportRun,
    IncomeYear,
    Membership,
    Residence,
    UndoPart,
)
from villages import dirty

UNDO_KIND = "import_undo"
NAMED = 50
"""Households in the way that the page names; the others are counted."""
LOOKED_AT = 5000
"""Households a query: each batch asks every table that may name one."""
_TABLE, _FIELD = UndoPart._meta.db_table, "content"
_OF_HOUSEHOLD = (Membership, HouseholdVersion, HouseholdEvent, Residence, IncomeYear, Survey, Case, Doubt)
_OF_SURVEY = (Score, Case)
Entries = dict[str, facts.Entry]


@dataclass
class UndoPlan:
    """What undoing would do, and the households that stand in its way: [(code, head, reason)]."""

    closed: int = 0
    restored: int = 0
    surveys: int = 0
    obstacles: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def named(self) -> list[tuple[str, str, str]]:
        return self.obstacles[:NAMED]


# --- at the import ---------------------------------------------------------------------------------------------


def keep(run: ImportRun, part: UndoPart) -> None:
    """Within the import's own transaction, batch by batch: the households first, then the forms."""
    part.run = run
    part.save()


# --- what stands in the way ------------------------------------------------------------------------------------


def may_undo(run: ImportRun) -> bool:
    """While the values before are kept; a predicate when read (ruling 13)."""
    recent = run.committed_at is not None and run.committed_at >= timezone.now() - timedelta(days=UNDO_DAYS)
    return run.state == ImportRun.State.COMMITTED and recent and not (run.job and run.job.is_live) and run.undo_parts.exists()


def plan_undo(scope: Scope, run: ImportRun) -> UndoPlan:
    """A dry run: reads only, some queries a batch."""
    round_ = open_round(scope, run.round_code)
    entries = _entries(run)
    return _planned(round_, entries, _rows(entries), scope.narrowed_to(IMPORT_RUN))


def _entries(run: ImportRun) -> Entries:
    parts = list(UndoPart.objects.filter(run=run).order_by("pk"))
    texts = decrypt_many([(part.content_enc, part.uuid) for part in parts], _TABLE, _FIELD)
    found: Entries = {}
    for text in texts:
        for entry in json.loads(text):
            found[entry["code"]] = entry | found.get(entry["code"], {})  # a form says less of its household than the household did
    return found


def _rows(entries: Entries) -> dict[str, Household]:
    return {row.code: row for codes in batches(entries, LOOKED_AT) for row in Household.objects.filter(code__in=codes)}


def _planned(round_: Round, entries: Entries, rows: Mapping[str, Household], scope: Scope) -> UndoPlan:
    ops = [entry["op"] for entry in entries.values()]
    plan = UndoPlan(ops.count(NEW), len(ops) - ops.count(NEW) - ops.count(SAME), sum("survey" in entry for entry in entries.values()))
    reasons = _reasons(round_, entries, rows, scope)
    plan.obstacles = [(code, rows[code].head_name if code in rows else "", reasons[code]) for code in sorted(reasons)]
    return plan


def _reasons(round_: Round, entries: Entries, rows: Mapping[str, Household], scope: Scope) -> dict[str, str]:
    """{code: why this household cannot be undone}; the first reason is enough."""
    found: dict[str, str] = {}
    for codes in batches(entries, LOOKED_AT):
        here = {row.pk: row for code in codes if (row := rows.get(code))}
        mine = set(Household.objects.visible_to(scope).filter(pk__in=here).values_list("pk", flat=True))
        new = {pk: row for pk, row in here.items() if entries[row.code]["op"] == NEW}
        tied = _tied(Household, new, _OF_HOUSEHOLD)
        judged = _judged_surveys(round_, entries, here)
        for pk, row in here.items():
            own = entries[row.code]
            reason = _own_reason(row, own, pk in mine) or judged.get(pk) or tied.get(pk)
            if reason:
                found[row.code] = reason
    return found


def _own_reason(row: Household, entry: facts.Entry, mine: bool) -> str:
    if not mine:
        return "已不在您负责的范围内"
    if row.hold:
        return "已锁定" + (f"（{row.hold_reason}）" if row.hold_reason else "")
    if row.version != entry["version"]:
        return "导入以后又改过，或已办变动"
    return ""


def _judged_surveys(round_: Round, entries: Entries, here: Mapping[int, Household]) -> dict[int, str]:
    """{household: what has happened to the form or the case since}."""
    first = procedure_of(round_.procedure).first.code
    meeting = set(Sitting.objects.filter(round=round_, status=SittingStatus.OPEN).values_list("village_id", flat=True))
    surveys = list(Survey.objects.filter(round=round_, household__in=here).exclude(status=SurveyStatus.SUPERSEDED))
    own = {row.pk: row for row in surveys if entries[here[row.household_id].code].get("survey") == str(row.uuid)}
    cases = {row.pk: row for row in Case.objects.filter(round=round_, household__in=here)}
    tied_surveys, tied_cases = _tied(Survey, own, _OF_SURVEY), _tied(Case, cases, ())
    found: dict[int, str] = {}
    for row in surveys:
        entry = entries[here[row.household_id].code]
        if row.pk not in own and (entry["op"] == NEW or "survey" in entry):
            found[row.household_id] = "有后来填写的评估表"
        elif row.pk in tied_surveys:
            found[row.household_id] = tied_surveys[row.pk]
    for pk, case in cases.items():
        if "survey" not in entries[here[case.household_id].code]:
            continue
        if case.state != CaseState.OPEN or case.stage != first or case.pass_no != 1:
            found[case.household_id] = "名单已往下办理"
        elif pk in tied_cases:
            found[case.household_id] = tied_cases[pk]
        elif case.village_id in meeting:
            found[case.household_id] = "本村的评议会正在开，请先开完或取消"
    return found


def _tied(model: type[Model], rows: Mapping[int, Model], allowed: Iterable[type[Model]]) -> dict[int, str]:
    """{row: what names it}: every table that points at it, so that one added later is not forgotten."""
    found: dict[int, str] = {}
    for relation in model._meta.related_objects if rows else ():
        if relation.related_model not in allowed and not relation.many_to_many:
            name = relation.field.attname
            for pk in relation.related_model._base_manager.filter(**{f"{name}__in": list(rows)}).values_list(name, flat=True).distinct():
                found[pk] = f"已有{relation.related_model._meta.verbose_name}"
    return found


# --- undoing ---------------------------------------------------------------------------------------------------


def undo_import(*, scope: Scope, user, run_uuid, origin: Origin | None = None, nudge: bool = True) -> ImportRun:
    """Enqueue the undoing; what stands in the way is judged now, and again under the locks."""
    seen = my_run(scope, user, run_uuid)
    with acting(scope, "import.undo", origin) as act:
        run = lock(ImportRun.objects.filter(requested_by=user), uuid=run_uuid)
        if run.state == ImportRun.State.UNDONE or (run.job and run.job.kind == UNDO_KIND and run.job.is_live):
            return run
        if not may_undo(run):
            raise WrongState(f"这次导入不能撤销：只能撤销已导入的，并在{UNDO_DAYS}天以内。")
        _refuse(plan_undo(scope, run))
        run.job = jobs.enqueue(UNDO_KIND, title=f"撤销导入 {seen.file_name}"[:120], user_id=user.pk, params={"run": str(run.uuid)}, nudge=nudge)
        run.save(update_fields=["job"])
        act.audit("import", str(run.uuid), place=run.county, round=run.round_code)
    return run


def _refuse(plan: UndoPlan) -> None:
    if plan.obstacles:
        reasons = [f"{head}户 {code}：{reason}" for code, head, reason in plan.named]
        raise WrongState(f"有 {len(plan.obstacles)} 户在导入以后另有办理，不能撤销，没有改动。", code="undo_in_the_way", reasons=reasons)


def run_undo(handle: JobHandle) -> dict[str, object]:
    """Job "import_undo": one transaction; killed at any point, it is run again from the start (ruling 10)."""
    run = ImportRun.objects.select_related("requested_by", "county").get(uuid=handle.params["run"])
    result = {"state": ImportRun.State.UNDONE, "counts": run.counts}
    if run.state == ImportRun.State.UNDONE:
        return result
    scope = scope_of(run.requested_by)
    round_ = open_round(scope, run.round_code)
    handle.past_cancelling()
    with acting(scope, "import.undone", Origin()) as act:
        lock(ImportRun.objects, pk=run.pk)
        entries = _entries(run)
        carry_out(act, run, round_, entries)
        done = {"state": ImportRun.State.UNDONE, "undone_at": timezone.now(), "undone_by_id": run.requested_by_id}
        ImportRun.objects.filter(pk=run.pk).update(**done)
        UndoPart.objects.filter(run=run).delete()
        with handle.final(result):
            pass
    return result


def carry_out(act: Act, run: ImportRun, round_: Round, entries: Entries) -> None:
    rows = _rows(entries)
    wait_for_first_meetings(round_.code, {row.village_id for row in rows.values()})
    lock_households(row.pk for row in rows.values())
    rows = _rows(entries)
    _refuse(_planned(round_, entries, rows, act.scope.narrowed_to(IMPORT_RUN)))
    by = act.scope.actor_id
    _take_back_surveys(round_, entries)
    stored = [entry for entry in entries.values() if entry["op"] not in (NEW, SAME)]
    facts.send_away(rows, stored, by)
    facts.close_new([rows[code] for code, entry in entries.items() if entry["op"] == NEW], by)
    for entry in stored:
        facts.restore(rows[entry["code"]], entry, by)
    villages = {row.village_id for row in rows.values()}
    for number, codes in enumerate(batches(entries, BATCH), start=1):
        act.audit("import", str(run.uuid), place=run.county, number=number, codes=codes)
    for code, row in rows.items():
        act.feed("household", code, place=row)
        if "survey" in entries[code]:
            act.feed("survey", f"{code}@{round_.code}", place=row)
    dirty.mark(act, villages)
    request_villages(run.county, sorted(villages), by)


def _take_back_surveys(round_: Round, entries: Entries) -> None:
    """The form of the import gives way; the one it replaced counts again. Its case goes, or goes on with the earlier form."""
    made = {entry["survey"]: entry["replaced"] for entry in entries.values() if "survey" in entry}
    for uuids in batches(made):
        rows = {row.pk: made[str(row.uuid)] for row in Survey.objects.filter(uuid__in=uuids)}
        Survey.objects.filter(pk__in=rows).update(status=SurveyStatus.SUPERSEDED, version=F("version") + 1)
        earlier = {pk: row for row in Survey.objects.filter(pk__in=filter(None, rows.values())) for pk, replaced in rows.items() if replaced == row.pk}
        Survey.objects.filter(pk__in=[row.pk for row in earlier.values()]).update(status=SurveyStatus.SUBMITTED, version=F("version") + 1)
        cases = Case.objects.filter(Q(survey__in=rows), round=round_)
        for case in cases.filter(survey__in=earlier):
            case.survey, case.group_id, case.version = earlier[case.survey_id], earlier[case.survey_id].group_id, case.version + 1
            case.save(update_fields=["survey", "group", "version"])
        cases.filter(survey__in=[pk for pk in rows if pk not in earlier]).delete()
