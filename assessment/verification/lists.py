"""One village's list: meetings and notices against their seals and against the trail, then every household on it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from assessment.models import (
    Case,
    Notice,
    NoticeLine,
    NoticeSheet,
    NoticeStatus,
    Round,
    Sitting,
    SittingStatus,
    Verdict,
)
from assessment.procedures import Procedure, procedure_of
from assessment.sealing import list_document, notice_document, posting_digest, public_document, ranking_seal
from assessment.seals import canonical
from assessment.verification.cases import LIST, case_findings, load
from assessment.verification.findings import Checked, Finding
from assessment.verification.objections import objection_findings
from assessment.verification.samples import sample_findings
from core.actions import audit_payload
from core.crypto import CannotDecrypt, check_audit_mac, check_seal_mac
from core.models import AuditResult, AuditRow, Change
from core.periods import notice_end
from households.secrets import reveal
from villages.models import Village

_VERDICT_ROWS = ("sitting__delegation", "notice", "survey__group", "score", "voiding")
_CASE_ROWS = ("round", "household__group", "village", "group", "survey")


def check_village(round_: Round, village: Village) -> Checked:
    """About thirty queries, however long the list."""
    procedure, checked = procedure_of(round_.procedure), Checked()
    cases = list(Case.objects.filter(round=round_, village=village).select_related(*_CASE_ROWS).order_by("pk"))
    by_id = {case.pk: case for case in cases}
    verdicts = list(Verdict.objects.filter(case_id__in=by_id).select_related(*_VERDICT_ROWS).order_by("case_id", "pk"))
    for verdict in verdicts:
        verdict.case = by_id[verdict.case_id]
    rows = Sitting.objects.filter(round=round_, village=village).select_related("round", "village", "group", "ranking", "delegation")
    sittings = list(rows.prefetch_related("ranking_sheets", "tie_breaks").order_by("pk"))
    notices = list(Notice.objects.filter(round=round_, village=village).order_by("pk"))
    closed = [row for row in sittings if row.status == SittingStatus.CLOSED]
    checked.cases, checked.verdicts, checked.sittings, checked.notices = len(cases), len(verdicts), len(closed), len(notices)
    checked.add(_sittings(procedure, sittings, verdicts, round_, village))
    checked.add(_notices(procedure, notices, verdicts, village))
    checked.add(_gone(round_, village, cases))
    checked.add(sample_findings({row.pk: sitting_name(procedure, row) for row in sittings}, sittings, village))
    checked.add(objection_findings(round_, village))
    checked.add(case_findings(load(procedure, cases, verdicts)))
    return checked


def _gone(round_: Round, village: Village, cases: Sequence[Case]) -> Iterator[Finding]:
    """Households that the change feed has seen on the list and that are on it no more."""
    tail = f"@{round_.code}"
    seen = Change.objects.filter(kind="case", village_id=village.pk, code__endswith=tail).values_list("code", flat=True)
    here = {case.household.code for case in cases}
    for code in sorted({code.removesuffix(tail) for code in seen} - here):
        yield Finding(LIST, code, "曾在名单上，现已不在")


# --- meetings -------------------------------------------------------------------------------------------------


def _sittings(
    procedure: Procedure, sittings: Sequence[Sitting], verdicts: Sequence[Verdict], round_: Round, village: Village
) -> Iterator[Finding]:
    made: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        made[verdict.sitting_id].append(verdict)
    trail = _closings(round_, village)
    for sitting in sittings:
        where, entry = sitting_name(procedure, sitting), trail.pop(str(sitting.uuid), None)
        if sitting.status == SittingStatus.CLOSED:
            yield from _closed(where, sitting, made[sitting.pk], entry)
        elif made[sitting.pk] or entry is not None:
            yield Finding(where, "", "会议没有结束，却有决定或结束的记录")
    for entry in trail.values():
        said = str(entry.detail.get("stage", ""))
        stage = procedure.by_code.get(said)
        yield Finding(stage.name if stage else said or LIST, "", f"审计记录第 {entry.seq} 号结束的会议已不在")


def _closings(round_: Round, village: Village) -> dict[str, AuditRow]:
    """Meeting uuid → what the trail says of its end. A row of another round of the village is left out."""
    rows = AuditRow.objects.filter(action="sitting.close", object_kind="sitting", result=AuditResult.OK, area_code=village.code)
    others = set(map(str, Sitting.objects.filter(village=village).exclude(round=round_).values_list("uuid", flat=True)))
    mine = [row for row in rows if row.detail.get("round", round_.code) == round_.code and row.object_code not in others]
    return {row.object_code: row for row in mine}


def _closed(where: str, sitting: Sitting, verdicts: list[Verdict], entry: AuditRow | None) -> Iterator[Finding]:
    ordered = sorted(verdicts, key=lambda row: row.position)
    try:
        minutes = reveal(sitting, "minutes")
    except CannotDecrypt:
        yield Finding(where, "", "会议记录打不开")
        return
    document = list_document(sitting, minutes, [row.leaf for row in ordered])
    if not sitting.list_seal or not check_seal_mac(sitting.list_seal, canonical(document)):
        yield Finding(where, "", "会议情况、记录或名单与锁定时不符")
    yield from _queue(where, sitting, entry)
    if [row.position for row in ordered] != list(range(1, len(ordered) + 1)):
        yield Finding(where, "", "名单的序号有缺")
    if (total := _counted(sitting.counts)) is not None and total != len(ordered):
        yield Finding(where, "", f"锁定时 {total} 户，现有 {len(ordered)} 户的决定")
    if entry is None:
        yield Finding(where, "", "审计记录里没有这次会议的结束")
    elif entry.detail.get("list_seal") != sitting.list_seal:
        yield Finding(where, "", "名单校验码与审计记录不符")
    elif not check_audit_mac(entry.mac, entry.prev_mac, audit_payload(entry)):
        yield Finding(where, "", "审计记录本身被改动")


def _queue(where: str, sitting: Sitting, entry: AuditRow | None) -> Iterator[Finding]:
    """逐户排队 as the trail has it from the close: sheets, ties and line (A9-02)."""
    try:
        today = ranking_seal(sitting)
    except CannotDecrypt:
        yield Finding(where, "", "并列先后的理由打不开")
        return
    said = entry.detail.get("ranking", "") if entry else today
    if said and not today:
        yield Finding(where, "", "锁定时的排队现已不在")
    elif today and not said:
        yield Finding(where, "", "审计记录里没有这份排队")
    elif today != said:
        yield Finding(where, "", "排队表、先后或划的线与锁定时不符")


def _counted(counts: Mapping[str, object]) -> int | None:
    """Households decided: the three answers together."""
    found = [counts[name] for name in ("agree", "return", "reject") if isinstance(counts.get(name), int)]
    return sum(found) if found else None


def sitting_name(procedure: Procedure, sitting: Sitting) -> str:
    """组评 1组 第1次会议."""
    stage = procedure.by_code.get(sitting.stage)
    group = sitting.group.name if sitting.group_id else ("未分组" if sitting.ungrouped else "")
    return " ".join(part for part in (stage.name if stage else "未知阶段", group, f"第{sitting.number}次会议") if part)


# --- notices --------------------------------------------------------------------------------------------------


def _notices(
    procedure: Procedure, notices: Sequence[Notice], verdicts: Sequence[Verdict], village: Village
) -> Iterator[Finding]:
    sheets, lines = defaultdict(list), defaultdict(list)
    for sheet in NoticeSheet.objects.filter(notice__in=notices).order_by("pk"):
        sheets[sheet.notice_id].append(sheet)
    for line in NoticeLine.objects.filter(notice__in=notices).order_by("notice_id", "position"):
        lines[line.notice_id].append(line)
    trail = _on_trail(village)
    for notice in notices:
        where = notice_name(procedure, notice)
        yield from _frozen(where, notice, sheets[notice.pk], lines[notice.pk])
        yield from _clock(where, notice, sheets[notice.pk])
        yield from _as_on_trail(where, notice, sheets[notice.pk], trail.get(str(notice.uuid), []))
    known = {str(notice.uuid) for notice in notices} | _other_notices(notices, village)
    for uuid, entries in trail.items():
        if uuid not in known:
            yield Finding(LIST, "", f"审计记录第 {entries[0].seq} 号发起的公示已不在")
    yield from _decided_by_notice(procedure, verdicts, lines)


def _on_trail(village: Village) -> dict[str, list[AuditRow]]:
    """Notice uuid → what the trail says of its start and its postings."""
    rows = AuditRow.objects.filter(
        action__in=("notice.start", "notice.post", "notice.withdraw"), object_kind="notice", result=AuditResult.OK, area_code=village.code
    )
    found: dict[str, list[AuditRow]] = defaultdict(list)
    for row in rows.order_by("seq"):
        found[row.object_code].append(row)
    return found


def _as_on_trail(where: str, notice: Notice, sheets: Sequence[NoticeSheet], entries: list[AuditRow]) -> Iterator[Finding]:
    """Who posted a sheet when stands on the trail too: a posting dated back shows even where it was not the last."""
    start = next((row for row in entries if row.action == "notice.start"), None)
    if start is None:
        yield Finding(where, "", "审计记录里没有发起这份公示")
    elif start.detail.get("digest", notice.check_code) != notice.check_code:
        yield Finding(where, "", "公示的校验码与审计记录不符")
    if notice.status == NoticeStatus.WITHDRAWN and not any(row.action == "notice.withdraw" for row in entries):
        yield Finding(where, "", "审计记录里没有撤回这份公示")
    posted = {row.detail.get("sheet"): row.detail for row in entries if row.action == "notice.post"}
    for sheet in sheets:
        told = posted.get(sheet.group_name, {})
        if _moment(told.get("posted_at")) != sheet.posted_at:
            yield Finding(where, "", f"{sheet.group_name}的张贴时间与审计记录不符")
        elif sheet.posted_at and told.get("digest") != posting_digest(sheet):
            yield Finding(where, "", f"{sheet.group_name}的张贴地点或张贴人与审计记录不符")


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _other_notices(notices: Sequence[Notice], village: Village) -> set[str]:
    rows = Notice.objects.filter(village=village).exclude(pk__in=[notice.pk for notice in notices])
    return set(map(str, rows.values_list("uuid", flat=True)))


def _frozen(where: str, notice: Notice, sheets: list[NoticeSheet], lines: list[NoticeLine]) -> Iterator[Finding]:
    if not check_seal_mac(notice.seal, canonical(notice_document(notice, sheets, lines))):
        yield Finding(where, "", "公示的内容与锁定时不符")
    if notice.check_code != hashlib.sha256(canonical(public_document(notice, sheets, lines))).hexdigest():
        yield Finding(where, "", "公示的校验码与公开内容不符")


def _clock(where: str, notice: Notice, sheets: Sequence[NoticeSheet]) -> Iterator[Finding]:
    """The end follows from the last posting; the status from both (ruling 19)."""
    posted = [sheet.posted_at for sheet in sheets if sheet.posted_at]
    whole = bool(sheets) and len(posted) == len(sheets)
    if notice.status == NoticeStatus.WITHDRAWN and notice.ends_at is None:
        return
    if notice.status == NoticeStatus.PREPARING:
        if notice.ends_at or whole:
            yield Finding(where, "", "公示状态与张贴情况不符")
        return
    if not whole or notice.opened_at is None or notice.ends_at is None:
        yield Finding(where, "", "公示已起算，张贴情况却不全")
        return
    if notice.ends_at != notice_end(max(posted), notice.days) or notice.opened_at != max(posted):
        yield Finding(where, "", "公示截止时间与张贴时间不符")
    if notice.status == NoticeStatus.ENDED and (notice.ended_at is None or notice.ended_at < notice.ends_at):
        yield Finding(where, "", "公示没有满期就已办结")


def _decided_by_notice(
    procedure: Procedure, verdicts: Sequence[Verdict], lines: Mapping[int, Sequence[NoticeLine]]
) -> Iterator[Finding]:
    """Whom the clock concluded stood on that notice, in that pass, for its whole time."""
    for verdict in verdicts:
        notice = verdict.notice
        if notice is None:
            continue
        code, where = verdict.case.household.code, notice_name(procedure, notice)
        line = next((row for row in lines.get(notice.pk, ()) if row.case_id == verdict.case_id), None)
        if line is None or line.pass_no != verdict.pass_no:
            yield Finding(where, code, "办结的户不在这份公示上")
        elif verdict.category != line.category:
            yield Finding(where, code, "办结的类别与公示的不符")
        if notice.status != NoticeStatus.ENDED:
            yield Finding(where, code, "公示没有办结，这一户却已办结")
        if notice.ends_at is None or verdict.at < notice.ends_at:
            yield Finding(where, code, "公示没有满期就已办结")


def notice_name(procedure: Procedure, notice: Notice) -> str:
    stage = procedure.by_code.get(notice.stage)
    return f"{stage.name if stage else '公示'} 第{notice.number}次公示"
