"""一户一档 of the list: a household's way through its rounds, read through its gate, for the page and for paper.

Reasons in words are for everybody who may see the list. Free text may tell of an illness or of deposits: it opens only for those who
hold both field classes in the place (ruling 6; trust A2). Nothing of those who object is read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from accounts import roles
from assessment.locks import AMEND_SUBJECTS
from assessment.models import (
    Amendment,
    Case,
    CaseState,
    Evidence,
    EvidenceKind,
    IncomeCheck,
    Notice,
    NoticeStatus,
    Objection,
    ObjectionStatus,
    Opinion,
    Recheck,
    Verdict,
)
from assessment.procedures import Mode, Procedure, Stage, procedure_of
from assessment.procedures.reasons import reason_words
from assessment.selectors_papers import Hung, may_read
from assessment.selectors_samples import findings_of, gap_of, move_of
from core.periods import notice_last_day
from core.scope import FieldClass, Scope
from households.codes import TIER
from households.models import Household
from households.secrets import reveal

SEAL_SHOWN = 8
SEALED_TEXT = (FieldClass.HEALTH, FieldClass.FINANCE)
STATE_CSS = {
    CaseState.OPEN: "doing", CaseState.HELD: "back", CaseState.CONCLUDED: "done", CaseState.REJECTED: "no", CaseState.ENDED: "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the household on the list. `void` says why a decision no longer counts."""

    at: datetime
    title: str
    css: str = "done"
    who: str = ""
    lines: tuple[str, ...] = ()
    note: str = ""
    seal: str = ""
    void: str = ""
    sitting: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in the line at the top of the panel: done, now or still to come."""

    name: str
    css: str
    word: str


@dataclass(slots=True)
class CaseFile:
    """A household's case in one round with everything that happened."""

    case: Case
    procedure: Procedure
    state: str
    css: str
    category: str
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    papers: list[Hung] = field(default_factory=list)

    @property
    def category_name(self) -> str:
        return TIER.label(self.category)

    @property
    def stage(self) -> str:
        return self.procedure.by_code[self.case.stage].name


def case_files(scope: Scope, household: Household) -> list[CaseFile]:
    """Newest round first; the same number of queries for one case and for five. Empty without the right to see lists."""
    if not scope.may(roles.LIST_VIEW, household):
        return []
    rows = Case.objects.visible_to(scope).filter(household=household).select_related("round", "village", "group", "score", "survey", "ended_by")
    cases = list(rows.order_by("-round__reference_date", "-pk"))
    if not cases:
        return []
    opens = all(scope.may_see(kind, household) for kind in SEALED_TEXT)
    ids = [case.pk for case in cases]
    verdicts, amendments = _verdicts(ids), _by_case(Amendment.objects.filter(case_id__in=ids).select_related("by"))
    notices, objections = _notices(ids), _by_case(Objection.objects.filter(case_id__in=ids).select_related("notice"))
    papers, findings = _papers(scope, cases, verdicts), findings_of(ids)
    made = [
        _file(case, verdicts[case.pk], amendments[case.pk], notices[case.pk], objections[case.pk], papers[case.pk], opens)
        for case in cases
    ]
    for one in made:
        one.events = sorted([*one.events, *(_inspected(row, opens) for row in findings[one.case.pk])], key=lambda event: event.at)
    return made


def _by_case(rows: Iterable) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _verdicts(ids: Sequence[int]) -> dict[int, list[Verdict]]:
    rows = Verdict.objects.filter(case_id__in=ids).select_related("sitting__group", "sitting__delegation__principal", "notice", "by", "voiding__by_verdict", "voiding__by_amendment", "score")
    return _by_case(rows.order_by("pk"))


def _notices(ids: Sequence[int]) -> dict[int, list[Notice]]:
    found = defaultdict(list)
    lines = Notice.objects.filter(lines__case_id__in=ids).values_list("pk", "lines__case_id", "lines__sheet__posted_at")
    rows = list(lines)
    notices = Notice.objects.in_bulk({pk for pk, _, _ in rows})
    for pk, case_id, posted_at in rows:
        found[case_id].append((notices[pk], posted_at))
    return found


def _papers(scope: Scope, cases: Sequence[Case], verdicts: dict[int, list[Verdict]]) -> dict[int, list[Hung]]:
    """Papers of the household itself and of the meetings that decided it, each once."""
    sittings = {case.pk: {row.sitting_id for row in verdicts[case.pk]} - {None} for case in cases}
    every = set().union(*sittings.values())
    rows = Evidence.objects.visible_to(scope).select_related("sitting", "by")
    own = _by_case(rows.filter(case_id__in=[case.pk for case in cases]))
    met = list(rows.filter(sitting_id__in=every))
    mine = {case.pk: own[case.pk] + [row for row in met if row.sitting_id in sittings[case.pk]] for case in cases}
    return {pk: [hung for row in found if (hung := Hung(row, may_read(scope, row))).readable or _harmless(row)] for pk, found in mine.items()}


def _harmless(row: Evidence) -> bool:
    """That there is a signed minute or a waiver anybody on the list may know; what was brought against a household not (N5)."""
    return row.kind != EvidenceKind.OBJECTION


def _file(case: Case, verdicts, amendments, notices, objections, papers, opens: bool) -> CaseFile:
    procedure = procedure_of(case.round.procedure)
    made = CaseFile(case, procedure, case.get_state_display(), STATE_CSS[case.state], case.category, papers=papers)
    made.steps = _steps(procedure, case)
    events = [Event(case.opened_at, "列入评议" + ("（补充评议）" if case.supplementary else ""), lines=("评估表提交，进入名单。",))]
    events += [_decided(procedure, row, opens) for row in verdicts]
    events += [_amended(procedure, row, opens) for row in amendments]
    for notice, posted_at in notices:
        events += _noticed(procedure, notice, posted_at)
    for row in objections:
        events += _objected(row)
    if case.state == CaseState.ENDED:
        events.append(_ended(case, opens))
    made.events = sorted(events, key=lambda event: event.at)
    return made


def _steps(procedure: Procedure, case: Case) -> list[Step]:
    here, over = procedure.index(case.stage), case.state in (CaseState.REJECTED, CaseState.ENDED)
    steps = []
    for number, stage in enumerate(procedure.stages):
        if number < here or case.state == CaseState.CONCLUDED:
            steps.append(Step(stage.name, "done", "已过"))
        elif number == here:
            steps.append(Step(stage.name, STATE_CSS[case.state], case.get_state_display()))
        else:
            steps.append(Step(stage.name, "todo", "—" if over else "未到"))
    return steps


def _decided(procedure: Procedure, row: Verdict, opens: bool) -> Event:
    stage = procedure.by_code[row.stage]
    word = "期满认定" if stage.mode is Mode.NOTICE else stage.words.of(row.opinion)
    title = f"{_meeting(stage, row)} · {word}" + (f"（第 {row.pass_no} 轮）" if row.pass_no > 1 else "")
    return Event(
        row.at, title, {Opinion.AGREE: "done", Opinion.RETURN: "back", Opinion.REJECT: "no"}[row.opinion],
        _who(row), tuple(_said(procedure, stage, row)), reveal(row, "note") if opens else "",
        row.leaf.rpartition(".")[2][:SEAL_SHOWN], _void(procedure, row),
        str(row.sitting.uuid) if row.sitting_id else "", str(row.notice.uuid) if row.notice_id else "",
    )  # fmt: skip


def _meeting(stage: Stage, row: Verdict) -> str:
    if not row.sitting_id:
        return stage.name
    kind = {"supplementary": "补充评议", "review": "异议定案"}.get(row.sitting.kind, "")
    parts = [stage.name, row.sitting.group.name if row.sitting.group_id else "", kind]
    return " ".join(part for part in parts if part)


def _who(row: Verdict) -> str:
    if row.notice_id:
        return "公示期满，系统办结"
    chair = f"{row.sitting.chair}主持" if row.sitting.chair else ""
    clerk = f"{row.decider}办理" if row.by_id else ""
    return "，".join(part for part in (chair, clerk) if part)


def _beside_the_score(row: Verdict) -> str:
    """（得分 31 分）; with the tier of the form where the meeting decided another."""
    if not row.score_id:
        return ""
    tier = f"，得分档次为{TIER.label(row.score.tier)}" if row.score.tier != row.category else ""
    return f"（得分 {row.score.points} 分{tier}）"


def _said(procedure: Procedure, stage: Stage, row: Verdict) -> list[str]:
    lines = []
    if row.opinion == Opinion.AGREE and row.category:
        lines.append(f"定为{TIER.label(row.category)}{_beside_the_score(row)}。")
    if row.opinion == Opinion.RETURN:
        lines.append(f"退回到{procedure.by_code[row.return_to].name}。")
    if row.votes_for is not None:
        lines.append(f"同意 {row.votes_for} 票，不同意 {row.votes_against or 0} 票。")
    if row.recused:
        lines.append(f"{'、'.join(row.recused)}回避。")
    if row.checks_failed:
        asked = {check.code: check.question for check in stage.checks}
        lines.append("没有过的关：" + "、".join(asked.get(code, "其他") for code in row.checks_failed) + "。")
    if row.reasons:
        lines.append("理由：" + "、".join(reason_words(row.reasons)) + "。")
    if row.sitting_id and row.sitting.document_no:
        lines.append(f"文号 {row.sitting.document_no}。")
    return lines


def _void(procedure: Procedure, row: Verdict) -> str:
    voiding = getattr(row, "voiding", None)
    if voiding is None:
        return ""
    if voiding.by_amendment_id:
        return f"已作废：{AMEND_SUBJECTS.get(voiding.by_amendment.subject, '其他')}变更"
    if voiding.by_verdict_id:
        return f"已作废：{procedure.by_code[voiding.by_verdict.stage].name}{'退回' if voiding.by_verdict.opinion == Opinion.RETURN else '重新决定'}"
    return "已作废"


def _amended(procedure: Procedure, row: Amendment, opens: bool) -> Event:
    lines = (f"从{procedure.by_code[row.from_stage].name}退回{procedure.by_code[row.back_to].name}，须重新评议。",)
    return Event(row.at, f"变更 · {AMEND_SUBJECTS.get(row.subject, '其他')}", "back", f"{row.by.name}办理", lines, reveal(row, "reason") if opens else "")


def _noticed(procedure: Procedure, notice: Notice, posted_at: datetime | None) -> list[Event]:
    name, uuid = f"{procedure.by_code[notice.stage].name} 第 {notice.number} 次", str(notice.uuid)
    if notice.status == NoticeStatus.WITHDRAWN:
        return [Event(notice.withdrawn_at, f"{name} · 已撤回", "back", lines=(f"{notice.withdrawn_reason}",), notice=uuid)]
    if posted_at is None:
        return [Event(notice.started_at, f"{name} · 待张贴", "now", notice=uuid)]
    until = f"截至{notice_last_day(notice.ends_at):%Y年%-m月%-d日} 24时，共 {notice.days} 天。" if notice.ends_at else "等各组都张贴后起算。"
    css = "now" if notice.status != NoticeStatus.ENDED else "done"
    return [Event(posted_at, f"{name} · 张贴", css, lines=(until,), notice=uuid)]


def _objected(row: Objection) -> list[Event]:
    lodged = Event(row.lodged_at, f"异议 · {row.get_kind_display()}", "back", lines=(f"{row.get_channel_display()}，受理号 {row.code}，{row.get_status_display()}。",))
    if row.status != ObjectionStatus.CLOSED or row.confirmed_at is None:
        return [lodged]
    return [lodged, Event(row.confirmed_at, f"异议办结 · {row.get_outcome_display()}", "done", lines=(f"受理号 {row.code}。",))]


def _inspected(row: Recheck | IncomeCheck, opens: bool) -> Event:
    """抽查复核 or 算账. Amounts open with the free texts; which answers differed stands on the meeting's page only."""
    note = reveal(row, "note") if opens else ""
    if isinstance(row, Recheck):
        move = move_of(row)
        css = {"same": "done", "differs": "no", "missed": "back"}[row.outcome]
        return Event(row.at, f"随机抽查 · {row.get_outcome_display()}", css, f"{'、'.join(row.visitors)}入户", (f"{move}。",) if move else (), note)
    gap = gap_of(row)
    said = f"人均 {gap.reckoned:,} 元" + (f"；{gap.remark}" if gap.remark else "") + "。"
    return Event(row.at, f"清查组算账 · {row.year} 年度", "back" if gap.remark else "done", f"{row.by.name}办理", (said,) if opens else (), note)


def _ended(case: Case, opens: bool) -> Event:
    who = f"{case.ended_by.name}办理" if case.ended_by_id else ""
    return Event(case.concluded_at, f"终止 · {case.get_end_reason_display()}", "no", who, note=reveal(case, "end_note") if opens else "")


@dataclass(frozen=True, slots=True)
class LiveStep:
    """What 变更 or 终止 would do now: the live case, the decisions that would fall, and why it cannot be done, if so."""

    case: Case | None
    stage: str = ""
    first: str = ""
    falls: tuple[str, ...] = ()
    on_notice: bool = False
    stop_amend: str = ""
    stop_end: str = ""


def live_step(scope: Scope, household: Household) -> LiveStep:
    rows = Case.objects.visible_to(scope).live().filter(household=household).select_related("round")
    case = rows.first()
    if case is None:
        return LiveStep(None, stop_amend="这一户没有锁定，可以直接修改，不用办变更。", stop_end="这一户没有正在办理的评议。")
    procedure = procedure_of(case.round.procedure)
    stage = procedure.by_code[case.stage]
    standing = Verdict.objects.standing().filter(case=case).exclude(opinion=Opinion.RETURN).order_by("pk")
    falls = tuple(f"{procedure.by_code[row.stage].name}（{timezone.localdate(row.at):%Y-%m-%d}，{TIER.label(row.category)}）" for row in standing)
    held = "这一户有异议正在核查，核查结束之前不能办理。" if case.state == CaseState.HELD else ""
    closed = f"{case.round.name}已经结束，不能再变更。" if case.round.status != "open" else ""
    free = "" if household.hold else "这一户没有锁定，可以直接修改，不用办变更。"
    return LiveStep(case, stage.name, procedure.first.name, falls, stage.mode is Mode.NOTICE, held or free or closed, held)
