"""The households of a list: sealed bodies, today's rows, chains, stages, holds and standing."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from assessment.models import (
    Amendment,
    Case,
    CaseState,
    Objection,
    ObjectionKind,
    Opinion,
    SittingKind,
    SurveyStatus,
    Verdict,
    Voiding,
)
from assessment.models.cases import LIVE
from assessment.models.objections import OPEN_STATUSES
from assessment.procedures import Procedure
from assessment.sealing import verdict_document
from assessment.seals import FORMATS, differing, plain
from assessment.verification import facts, proof
from assessment.verification.findings import Finding
from assessment.verification.replay import Track, replay
from assessment.workflow import papers_missing
from core.crypto import CannotDecrypt, check_seal_mac
from core.models import AuditResult, AuditRow
from households.models import Household, Paper
from households.secrets import reveal

LIST, FILE, LEDGER = "名单", "户信息", "变动记录"
HEAD_TO_BE_DECIDED = "户主待定"


@dataclass(slots=True)
class Loaded:
    """The rows of one village's cases, read in a fixed number of queries."""

    procedure: Procedure
    cases: list[Case]
    verdicts: dict[int, list[Verdict]]
    amendments: dict[int, list[Amendment]]
    voidings: dict[int, Voiding]
    objections: dict[int, list[Objection]]
    today: facts.Today
    proof: proof.Kept
    ended: set[str] = field(default_factory=set)
    newest: dict[int, Case] = field(default_factory=dict)
    elsewhere: set[int] = field(default_factory=set)
    papers: dict[int, list[Paper]] = field(default_factory=dict)


def load(procedure: Procedure, cases: Sequence[Case], verdicts: Sequence[Verdict]) -> Loaded:
    ids, households = [case.pk for case in cases], {case.household_id: case.household for case in cases}
    concluded = Case.objects.filter(household_id__in=households, state=CaseState.CONCLUDED).order_by("concluded_at", "pk")
    live = Case.objects.live().filter(household_id__in=households).exclude(pk__in=ids)
    ends = AuditRow.objects.filter(action="case.end", result=AuditResult.OK, object_code__in=[row.code for row in households.values()])
    return Loaded(
        procedure, list(cases), _by_case(verdicts), _by_case(Amendment.objects.filter(case_id__in=ids).order_by("pk")),
        {row.verdict_id: row for row in Voiding.objects.filter(verdict__case_id__in=ids)},
        _by_case(Objection.objects.filter(case_id__in=ids).order_by("pk")),
        facts.load([case.household for case in cases]), proof.load(households), set(ends.values_list("object_code", flat=True)),
        {row.household_id: row for row in concluded}, set(live.values_list("household_id", flat=True)),
        _papers_of(cases) if procedure.papers else {},
    )  # fmt: skip


def _papers_of(cases: Sequence[Case]) -> dict[int, list[Paper]]:
    """Household → papers signed in the list's round, those set aside since among them."""
    rows = Paper.objects.filter(household_id__in=[case.household_id for case in cases], round_code=cases[0].round.code if cases else "")
    found = defaultdict(list)
    for row in rows.select_related("set_aside"):
        found[row.household_id].append(row)
    return found


def _by_case(rows) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def case_findings(loaded: Loaded) -> Iterator[Finding]:
    for case in loaded.cases:
        verdicts = loaded.verdicts.get(case.pk, [])
        yield from _sealed(loaded, case, verdicts)
        yield from _chain(loaded, case, verdicts)
        yield from _course(loaded, case, verdicts)
        yield from _consent(loaded, case, verdicts)
        if verdicts:
            yield from _ledger(loaded, case)


# --- what was sealed, and what stands now ---------------------------------------------------------------------


def _sealed(loaded: Loaded, case: Case, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    for verdict in verdicts:
        where, code = _stage(loaded, verdict.stage), case.household.code
        body = _opened(verdict)
        if body is None:
            yield Finding(where, code, "锁定的内容打不开或不完整")
            continue
        if not check_seal_mac(verdict.leaf, body.encode()):
            yield Finding(where, code, "锁定的内容与校验码不符")
            continue
        yield from _compared(loaded, case, verdict, json.loads(body))


def _opened(verdict: Verdict) -> str | None:
    try:
        body = reveal(verdict, "body")
        return body if verdict.seal_format in FORMATS and isinstance(json.loads(body), dict) else None
    except (CannotDecrypt, ValueError):
        return None


def _compared(loaded: Loaded, case: Case, verdict: Verdict, stored: dict[str, Any]) -> Iterator[Finding]:
    where, code = _stage(loaded, verdict.stage), case.household.code
    household = loaded.today.documents.get(case.household_id)
    try:
        today = plain(verdict_document(verdict, case, household or {}, {}, reveal(verdict, "note")))
    except CannotDecrypt:
        yield Finding(where, code, "决定的说明或评估表打不开")
        return
    sealed_facts, facts_now = stored.pop("household", {}), today.pop("household")
    for what, name in proof.proof_faults(stored.pop("proof", {}), loaded.proof):
        yield Finding(where, code, what, (name,))
    today.pop("proof", None)
    _forgive_new_group(case, verdict, stored, today)
    if sealed_facts.get("code") != code:
        yield Finding(where, code, "决定的不是这一户", ("household.code",))
    if names := differing(stored, today):
        yield Finding(where, code, "锁定以后有改动", tuple(names))
    if household is None:
        yield Finding(FILE, code, "户信息打不开")
    elif _facts_must_agree(loaded, case, verdict):
        if names := differing(sealed_facts, facts_now):
            yield Finding(where, code, "锁定以后户信息有改动", tuple(f"household.{name}" for name in names))
        elif not facts.untouched_since(loaded.today, case.household, verdict.household_version):
            yield Finding(where, code, "锁定以后户信息版本有变", ("verdict.household_version",))


def _forgive_new_group(case: Case, verdict: Verdict, stored: dict[str, Any], today: dict[str, Any]) -> None:
    """A household that was sent back to the start takes its group from its new form; the older decision keeps the group it had."""
    if case.survey_id != verdict.survey_id and verdict.survey_id and isinstance(stored.get("case"), dict):
        group = verdict.survey.group.code if verdict.survey.group_id else ""
        if stored["case"].get("group") == group:
            today["case"]["group"] = group


def _facts_must_agree(loaded: Loaded, case: Case, verdict: Verdict) -> bool:
    """Locked since this decision; or the household has not been touched since: every legal change makes a new version. What was agreed to
    before 入户调查 locked nothing: the visit is there to find the facts."""
    locked = case.state in LIVE and verdict.opinion == Opinion.AGREE and not hasattr(verdict, "voiding")
    locked = locked and loaded.procedure.has_form(verdict.stage)
    return locked or facts.untouched_since(loaded.today, case.household, verdict.household_version)


def _ledger(loaded: Loaded, case: Case) -> Iterator[Finding]:
    """The row against its newest ledger entry: no change without an entry (ruling 7), no entry missing."""
    pk, code, version = case.household_id, case.household.code, case.household.version
    known, document = loaded.today.versions.get(pk, []), loaded.today.documents.get(pk)
    if not known or known[-1] != version or known != list(range(known[0], version + 1)):
        yield Finding(LEDGER, code, "户信息的版本记录缺失或对不上")
    elif document is not None:
        entry = facts.by_code(loaded.today.ledger[pk])
        stands = facts.by_code(document if "income" in entry else {name: value for name, value in document.items() if name != "income"})
        if names := differing(entry, stands):
            yield Finding(LEDGER, code, "户信息与最近一次保存的内容不符", tuple(f"household.{name}" for name in names))


def _chain(loaded: Loaded, case: Case, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    previous = ""
    for verdict in verdicts:
        if verdict.previous != previous:
            yield Finding(_stage(loaded, verdict.stage), case.household.code, "与前一个决定接不上，有决定缺失")
        previous = verdict.leaf


# --- where the case stands ------------------------------------------------------------------------------------


def _course(loaded: Loaded, case: Case, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    code, objections = case.household.code, loaded.objections.get(case.pk, [])
    track = replay(loaded.procedure, verdicts, loaded.amendments.get(case.pk, []))
    for stage, what in track.faults:
        yield Finding(_stage(loaded, stage), code, what)
    here = _stage(loaded, case.stage)
    if (case.stage, case.pass_no) != (track.stage, track.pass_no):
        yield Finding(here, code, "所在阶段与各阶段的决定不符", ("case.stage",))
    if not _state_fits(case, track, objections, code in loaded.ended):
        yield Finding(here, code, "办理状态与各阶段的决定不符", ("case.state",))
    if case.category != track.category:
        yield Finding(here, code, "类别与最近一次决定不符", ("case.category",))
    if case.score_id != track.score:
        yield Finding(here, code, "得分不是锁定时的得分", ("case.score",))
    if track.survey and (case.survey_id != track.survey or case.survey.status != SurveyStatus.SUBMITTED):
        yield Finding(here, code, "评估表不是锁定时的评估表", ("case.survey",))
    if track.state != "open" and case.concluded_at != verdicts[-1].at:
        yield Finding(here, code, "办结时间与决定不符", ("case.concluded_at",))
    if (case.county_id, case.township_id) != (case.village.county_id, case.village.township_id):
        yield Finding(here, code, "县、乡镇、村互不相符", ("case.village",))
    yield from _voids(loaded, case, verdicts, track)
    yield from _standing(loaded, case, track)


def _consent(loaded: Loaded, case: Case, verdicts: Sequence[Verdict]) -> Iterator[Finding]:
    """Each decision that needed the household's own papers had them at that moment (A8-01, A9-01)."""
    for verdict in verdicts:
        if verdict.opinion == Opinion.AGREE and not _of_review(verdict):
            there = {row.kind for row in loaded.papers.get(case.household_id, []) if _was_there(row, verdict.at)}
            if missing := papers_missing(loaded.procedure, verdict.stage, verdict.category, there):
                yield Finding(_stage(loaded, verdict.stage), case.household.code, f"作决定时还没有本户签字的{'、'.join(missing)}")


def _of_review(verdict: Verdict) -> bool:
    """The outcome of an objection changes what was decided; it lets nobody pass a stage."""
    return verdict.sitting is not None and verdict.sitting.kind == SittingKind.REVIEW


def _was_there(paper: Paper, at: datetime) -> bool:
    gone = getattr(paper, "set_aside", None)
    return paper.at <= at and (gone is None or gone.at > at)


def _state_fits(case: Case, track: Track, objections: Sequence[Objection], end_on_trail: bool) -> bool:
    if case.state == CaseState.ENDED:
        return track.state == "open" and bool(case.end_reason) and end_on_trail
    if track.state != "open":
        return case.state == track.state
    waiting = [row for row in objections if row.status in OPEN_STATUSES]
    if case.state == CaseState.HELD:
        return bool(waiting)
    held = any(row.kind != ObjectionKind.OMITTED for row in waiting)  # 漏评 holds nobody
    return case.state == CaseState.OPEN and (not held or track.reviewed)


def _voids(loaded: Loaded, case: Case, verdicts: Sequence[Verdict], track: Track) -> Iterator[Finding]:
    for verdict in verdicts:
        where, code = _stage(loaded, verdict.stage), case.household.code
        voiding, expected = loaded.voidings.get(verdict.pk), track.voids.get(verdict.pk)
        if voiding is None and expected is not None:
            yield Finding(where, code, "应已作废的决定没有作废记录")
        elif voiding is not None and expected is None:
            yield Finding(where, code, "决定被记为作废，却没有退回、变更或异议结果作依据")
        elif voiding is not None and expected != _cause(voiding):
            yield Finding(where, code, "作废的依据不对")


def _cause(voiding: Voiding) -> tuple[str, int | None]:
    return ("amendment", voiding.by_amendment_id) if voiding.by_amendment_id else ("verdict", voiding.by_verdict_id)


def _standing(loaded: Loaded, case: Case, track: Track) -> Iterator[Finding]:
    """锁定 and 认定结果 of the household are what its cases say."""
    household: Household = case.household
    visited = loaded.procedure.by_code[case.stage].visits if case.stage in loaded.procedure.by_code else False
    locked = case.state in LIVE and any(row.opinion == Opinion.AGREE for row in track.standing) and not visited
    if locked and not household.hold:
        yield Finding(FILE, household.code, "名单已锁定，这一户却没有锁定", ("household.hold",))
    if household.hold and not locked and household.pk not in loaded.elsewhere and household.hold_reason != HEAD_TO_BE_DECIDED:
        yield Finding(FILE, household.code, "没有锁定的决定，这一户却被锁定", ("household.hold",))
    last = loaded.newest.get(household.pk)
    expected = (last.category, timezone.localdate(last.concluded_at)) if last and last.concluded_at else ("", None)
    if (household.standing, household.standing_since) != expected:
        yield Finding(FILE, household.code, "认定结果与名单的结论不符", ("household.standing",))


def _stage(loaded: Loaded, code: str) -> str:
    stage = loaded.procedure.by_code.get(code)
    return stage.name if stage else "未知阶段"
