"""The work list of a home page: what waits for this caller, how old, what is due (ui.md: home = work list)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts import roles
from assessment.models import Case, Notice, NoticeStatus, Objection, ObjectionStatus, Round
from assessment.objection_page import barred
from assessment.procedures import Mode, procedure_of
from assessment.selectors import DOUBT, DRAFT, TO_SURVEY, WorkItem
from assessment.selectors_board import age_of
from assessment.selectors_rounds import SURVEY, deadline_of
from assessment.selectors_steps import NextStep, address
from core.periods import notice_last_day
from core.scope import Scope

WORK_ROWS = 15
SOON = timedelta(days=3)
# what comes first among rows that are not late; the smaller the more pressing
RETURNED_FIRST, POST_FIRST, DRAFT_FIRST, MEETING_FIRST, WAIVER_FIRST, DOUBT_FIRST, SURVEY_LAST = range(7)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line. `since` = when it began to wait, `due` = the round's day for it."""

    label: str
    colour: str
    who: str
    where: str
    what: str
    url: str
    action: str
    rank: int
    since: datetime | None = None
    due: date | None = None
    age: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """One of at most three on top."""

    title: str
    value: int
    unit: str
    detail: str
    url: str


def in_order(rows: Iterable[WorkRow]) -> list[WorkRow]:
    """Overdue first, then by what presses most, the oldest before the younger."""
    return sorted(rows, key=lambda row: (not row.late, row.rank, -(row.age or 0)))


def _row(day: date, *, since: datetime | None = None, due: date | None = None, **values: object) -> WorkRow:
    return WorkRow(
        since=since, due=due, age=age_of(since, day) if since else None, late=due is not None and due < day, **values
    )  # fmt: skip


def meeting_rows(steps: Sequence[NextStep], day: date) -> list[WorkRow]:
    """Meetings to hold, notices to start and sheets to post: only what the caller may do."""
    rows = []
    for step in steps:
        if not step.ok:
            continue
        posting = step.begun and step.stage.mode is Mode.NOTICE
        action = (
            "去张贴" if posting else ("继续" if step.begun else ("发起" if step.stage.mode is Mode.NOTICE else "去办"))
        )
        rows.append(_row(
            day, label="待张贴" if posting else step.stage.name, colour="doing" if step.begun else "todo", who=step.place,
            where="", what=_said(step), url=step.url, action=action, rank=POST_FIRST if posting else MEETING_FIRST,
            since=step.since, due=step.due,
        ))  # fmt: skip
    return rows


def _said(step: NextStep) -> str:
    return f"{step.words.replace(step.group_name + ' ', '') if step.group_name else step.words}" + (
        f"。{step.note}" if step.note else ""
    )


def returned_rows(cases: Sequence[tuple[Case, str]], round_: Round, day: date) -> list[WorkRow]:
    first = procedure_of(round_.procedure).first
    return [
        _row(
            day, label="退回待改", colour="back", who=case.household.head_name or case.household.code, where=_group(case),
            what=f"{'由' + sender + '退回' if sender else '变更后退回'}，改好后重新{first.name}（第 {case.pass_no} 轮）",
            url=reverse("household", args=[case.household.code]), action="去改", rank=RETURNED_FIRST, since=case.stage_since,
            due=deadline_of(round_, first.code),
        )
        for case, sender in cases
    ]  # fmt: skip


def waiver_rows(cases: Iterable[Case], day: date) -> list[WorkRow]:
    return [
        _row(
            day, label="放弃声明", colour="back", who=case.household.head_name or case.household.code, where=_group(case),
            what="已按自愿放弃终止，签字的声明还没有上传", url=reverse("household", args=[case.household.code]), action="去传",
            rank=WAIVER_FIRST, since=case.concluded_at,
        )
        for case in cases
    ]  # fmt: skip


def paper_rows(cases: Iterable[Case], lacking: Mapping[int, tuple[str, ...]], day: date) -> list[WorkRow]:
    """Households that only wait for papers of their own (四不)."""
    return [
        _row(
            day, label="待补材料", colour="back", who=case.household.head_name or case.household.code, where=_group(case),
            what=f"等本户签字的{'、'.join(lacking.get(case.pk, ()))}，补齐后才能办结", url=address("household_papers", case.household.code),
            action="去补", rank=WAIVER_FIRST, since=case.stage_since,
        )
        for case in cases
    ]  # fmt: skip


_TASK_WORDS = {
    DRAFT: ("草稿", "doing", "续填", DRAFT_FIRST),
    DOUBT: ("今日要改", "back", "去改", DOUBT_FIRST),
    TO_SURVEY: ("待评估", "todo", "填表", SURVEY_LAST),
}


def survey_rows(items: Iterable[WorkItem], round_: Round, day: date) -> list[WorkRow]:
    rows = []
    for item in items:
        label, colour, action, rank = _TASK_WORDS[item.kind]
        saved = f" · {timezone.localtime(item.saved_at):%H:%M} 已保存" if item.saved_at else ""
        rows.append(_row(
            day, label=label, colour=colour, who=item.head_name or item.household_code,
            where="" if item.kind == DOUBT else f"{item.group_name} {item.persons}人{saved}", what=item.what, url=item.url, action=action, rank=rank,
            since=item.saved_at, due=deadline_of(round_, SURVEY) if item.kind != DOUBT else None,
        ))  # fmt: skip
    return rows


def objection_rows(objections: Sequence[Objection], scope: Scope, day: date) -> list[WorkRow]:
    """Objections to take, mine to look into, proposals to confirm. One that somebody else must take is told so, at the end: there may
    be nobody else at the office who sees it."""
    rows, others = [], barred(scope, objections)
    for objection in objections:
        todo = _objection_step(objection, scope)
        if todo:
            label, what, action = todo
            what, action = (others[objection.code], "查看") if objection.code in others else (what, action)
            rows.append(_row(
                day, label=label, colour="notice", who=f"{objection.village.short_name} {objection.get_kind_display()}",
                where=f"受理号 {objection.code}", what=what, url=address("objection", objection.code), action=action,
                rank=SURVEY_LAST if objection.code in others else RETURNED_FIRST,
                due=objection.due_on,
                since=objection.proposed_at if objection.status == ObjectionStatus.PROPOSED else objection.lodged_at,
            ))  # fmt: skip
    return rows


def _objection_step(objection: Objection, scope: Scope) -> tuple[str, str, str] | None:
    if objection.status == ObjectionStatus.LODGED and scope.may(roles.OBJECTION_HANDLE, objection):
        return "异议待受理", "受理后由您入户核查；这一户已暂停办理", "去受理"
    if objection.status == ObjectionStatus.HANDLING and objection.handler_id == scope.actor_id:
        return "异议核查", "入户复核，提出核查意见", "去核查"
    if objection.status == ObjectionStatus.PROPOSED and scope.may(roles.OBJECTION_CONFIRM, objection):
        return "异议定案", f"核查意见：{objection.get_proposal_display()}", "去定案"
    return None


def ending_rows(notices: Iterable[Notice], scope: Scope, day: date) -> list[WorkRow]:
    """Notices whose last days run: whoever watches them should know before they end."""
    rows = []
    for notice in notices:
        last = notice_last_day(notice.ends_at) if notice.ends_at else None
        if (
            notice.status == NoticeStatus.OPEN
            and last
            and last <= day + SOON
            and scope.may(roles.NOTICE_WITHDRAW, notice)
        ):
            rows.append(_row(
                day, label="公示将满", colour="notice", who=notice.village.short_name, where="", action="看公示",
                what=f"{last:%-m月%-d日}期满，期满后由系统办结" if last >= day else "已期满，等系统办结",
                url=address("notice", str(notice.uuid)), rank=SURVEY_LAST, since=notice.opened_at,
            ))  # fmt: skip
    return rows


def _group(case: Case) -> str:
    return f"{case.village.short_name} {case.group.name if case.group else '未分组'}"


def waiting_for(steps: Sequence[NextStep], level: str) -> tuple[int, int, int]:
    """(households, lists, days of the oldest) that wait at the level's meetings for this caller."""
    mine = [step for step in steps if step.ok and step.stage.mode is Mode.SITTING and step.stage.level == level]
    today = timezone.localdate()
    return (
        sum(step.number for step in mine),
        len(mine),
        max((age_of(step.since, today) for step in mine if step.since), default=0),
    )
