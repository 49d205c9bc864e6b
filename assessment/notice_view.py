"""What the pages of a notice say: its clock in days, where each line stands, the sheets of a poster. Reads, decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts import roles
from assessment.actions.notices import UNGROUPED, NoticeText, line_of, notice_days, title_of
from assessment.masking import scan
from assessment.models import CaseState, Notice, NoticeKind, NoticeLine, NoticeSheet, NoticeStatus
from assessment.procedures import Level, procedure_of
from assessment.selectors_consent import missing_papers
from assessment.selectors_notices import Ground, objections_of, posting_right, sheets_of, stage_of
from assessment.selectors_papers import evidence_on
from core.periods import notice_last_day
from core.scope import Scope

STATE_COLOURS = {"preparing": "todo", "open": "notice", "ended": "done", "withdrawn": "no"}
STATE_WORDS = dict(NoticeStatus.choices) | {"run_out": "期满，待办结"}
CODE_GROUP, SHORT_CODE = 4, 16


@dataclass(frozen=True, slots=True)
class NoticeClock:
    """Day `day` of `days`; the day of posting is day 0 and is not counted."""

    day: int
    days: int
    left: int
    first_day: date
    last_day: date
    over: bool


def clock_of(notice: Notice, now: datetime) -> NoticeClock | None:
    """None before the last posting."""
    if notice.ends_at is None:
        return None
    posted, last = timezone.localdate(notice.opened_at), notice_last_day(notice.ends_at)
    today = timezone.localdate(now)
    over = notice.ends_at <= now
    day = notice.days if over else max(0, (today - posted).days)
    return NoticeClock(day, notice.days, 0 if over else (last - today).days, posted + timedelta(days=1), last, over)


def state_of(notice: Notice, now: datetime) -> tuple[str, str]:
    """(word, colour). A notice that has run out is told so before the job has ended it (ruling 13)."""
    if notice.status == NoticeStatus.OPEN and notice.ends_at <= now:
        return STATE_WORDS["run_out"], "back"
    return notice.get_status_display(), STATE_COLOURS[notice.status]


def line_state(notice: Notice, line: NoticeLine, lacking: Sequence[str] = ()) -> tuple[str, str]:
    """(word, colour) of one household; what left the notice stays on the sheet and is told (trust 76). `lacking`: papers of its own."""
    case = line.case
    if case.state == CaseState.ENDED:
        return "已终止", "no"
    if case.state == CaseState.REJECTED:
        return "不予列入", "no"
    if case.pass_no != line.pass_no:
        return ("已重新办理，另行公示" if case.stage == notice.stage else "已退回重新评议"), "back"
    if case.category != line.category:
        return "类别已改，须重新公示", "back"
    if case.state == CaseState.HELD:
        return "异议核查中", "back"
    if case.state == CaseState.CONCLUDED:
        return "已认定", "done"
    if case.stage != notice.stage:
        return f"已转{procedure_of(notice.round.procedure).by_code[case.stage].name}", "done"
    if lacking and notice.status == NoticeStatus.ENDED:
        return f"待补{'、'.join(lacking)}", "back"
    return ("公示中", "notice") if notice.status == NoticeStatus.OPEN else ("待办", "todo")


BOARDS = {Level.GROUP: "", Level.VILLAGE: "村", Level.TOWNSHIP: "乡镇", Level.COUNTY: "县"}
"""The one board that hangs the whole list; "" where each group has a sheet of its own."""


@dataclass(slots=True)
class SheetView:
    sheet: NoticeSheet
    lines: list[dict[str, Any]]
    persons: int
    evidence_url: str
    form: object | None = None


def sheet_views(notice: Notice, sheets: Sequence[NoticeSheet]) -> list[SheetView]:
    views = []
    cases = [line.case for sheet in sheets for line in sheet.lines.all()] if notice.status == NoticeStatus.ENDED else []
    lacking = missing_papers(notice.round, cases)
    for sheet in sheets:
        lines = [{"line": line, "state": line_state(notice, line, lacking.get(line.case_id, ()))} for line in sheet.lines.all()]
        evidence = f"{reverse('evidence_new')}?sheet={sheet.uuid}"
        views.append(SheetView(sheet, lines, sum(line["line"].persons for line in lines), evidence))
    return views


def context_of(scope: Scope, notice: Notice, now: datetime) -> dict[str, Any]:
    """What the page of one notice shows, and which of its forms the caller may have."""
    views = sheet_views(notice, sheets_of(notice))
    on_show = notice.status == NoticeStatus.OPEN and notice.opened_at <= now < notice.ends_at
    preparing, may_post = notice.status == NoticeStatus.PREPARING, scope.may(posting_right(notice), notice)
    posted = [view.sheet for view in views if view.sheet.posted_at is not None]
    return {
        "notice": notice, "views": views, "clock": clock_of(notice, now), "state": state_of(notice, now), "on_show": on_show,
        "unposted": [view.sheet.group_name for view in views if view.sheet.posted_at is None],
        "households": sum(len(view.lines) for view in views), "persons": sum(view.persons for view in views),
        "board": BOARDS[stage_of(notice).notice.where], "may_post": preparing and may_post, "may_photo": may_post and notice.status != NoticeStatus.WITHDRAWN,
        "may_withdraw": (preparing or on_show) and scope.may(roles.NOTICE_WITHDRAW, notice),
        "may_object": on_show and scope.may(roles.OBJECTION_LODGE, notice), "objections": objections_of(scope, notice),
        "evidence": evidence_on(scope, sheets=posted) if posted else [], "full_code": grouped_code(notice.check_code, 64),
        "replaced": replacing(notice.replaces),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """The sheets that would be made, and what stands in the way."""

    title: str
    days: int
    kind: str
    groups: list[tuple[str, list[dict[str, Any]], int]]
    households: int
    persons: int
    faults: list[str] = field(default_factory=list)
    replaced: str = ""


def preview_of(ground: Ground, kind: str, replaces: Notice | None) -> Preview:
    groups: dict[str, list[dict[str, Any]]] = {}
    faults, persons = [], 0
    cases = sorted(
        ground.cases, key=lambda case: (case.group is None, case.group.number if case.group else 0, case.household.code)
    )
    for position, case in enumerate(cases, start=1):
        household, name = case.household, case.group.name if case.group else UNGROUPED
        line = line_of(case, name, position)
        reasons = scan(line.head_name) if line.head_name else ("户主待定",)
        faults += [f"户 {household.code}：{reason}" for reason in reasons]
        groups.setdefault(name, []).append({"line": line, "code": household.code})
        persons += line.persons
    title = title_of(ground.round, ground.stage, ground.village, kind, corrects=replaces is not None)
    parts = [(name, lines, sum(row["line"].persons for row in lines)) for name, lines in groups.items()]
    return Preview(
        title, notice_days(ground.round, ground.stage), NoticeKind(kind).label, parts, len(cases), persons, faults,
        replacing(replaces),
    )  # fmt: skip


def default_text(ground: Ground, now: datetime) -> NoticeText:
    """What the same office wrote last time; the first time, the usual words. The office is that of whoever starts the notice; what is
    said against a village's own is still heard by the township, which did not make it."""
    village, before = ground.village, ground.before
    township, county = village.township, village.county
    by_county = ground.stage.level is Level.COUNTY
    seat = county if by_county else township
    short = seat.name.removesuffix("镇").removesuffix("乡").removesuffix("街道办事处").removesuffix("街道").removesuffix("县")
    number = f"{short}扶公〔{timezone.localdate(now).year}〕{ground.number}号"
    if before is not None:
        return NoticeText(number, before.hotline, before.office, before.office_place, before.signed_by)
    signed = {
        Level.COUNTY: f"{county.name}扶贫开发领导小组", Level.VILLAGE: f"{township.name}{village.short_name}村民委员会",
    }.get(ground.stage.level, f"{county.name}{township.name}人民政府")  # fmt: skip
    return NoticeText(number, "12317", f"{seat.name}扶贫办", f"{seat.name}人民政府扶贫办", signed)


def replacing(earlier: Notice | None) -> str:
    """What a corrected notice says of the one whose place it takes; "" for every other (trust 76)."""
    if earlier is None:
        return ""
    posted = max((sheet.posted_at for sheet in earlier.sheets.all() if sheet.posted_at), default=earlier.started_at)
    number = f"（{earlier.document_no}）" if earlier.document_no else ""
    return f"{timezone.localdate(posted):%Y年%-m月%-d日}张贴的{stage_of(earlier).notice.word}{number}有误，已经撤回，以本次为准，期限重新计算。"


def grouped_code(code: str, length: int = SHORT_CODE) -> str:
    """27b9 3e34 7352 5085: the poster shows the short form (ruling 21)."""
    shown = code[:length]
    return " ".join(shown[start : start + CODE_GROUP] for start in range(0, len(shown), CODE_GROUP))


def way_of(notice: Notice) -> str:
    """组评、村议、乡核、县定: the stages that the list has gone through."""
    procedure = procedure_of(notice.round.procedure)
    return "、".join(stage.name for stage in procedure.before(notice.stage))
