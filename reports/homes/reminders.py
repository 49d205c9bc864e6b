"""Reminders on the home page: what is late, what falls due within three days, whose place one takes. From what the page has read already;
a stand-in's lists cost one query, and only whoever stands in pays it. A reminder never does anything: nothing is approved by a clock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts import roles
from accounts.selectors_delegations import running
from assessment.models import Round
from assessment.selectors_board import Board
from assessment.selectors_rounds import SURVEY, deadline_of
from assessment.selectors_sittings import waiting
from core.scope import Scope
from reports.homes.work import SOON, WorkRow
from reports.selectors_exports import to_approve

PLACES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reminder:
    text: str
    url: str
    late: bool = False


def own_reminders(rows: Iterable[WorkRow], day: date) -> list[Reminder]:
    """The caller's own meetings, notices and sheets, counted by kind; late ones first."""
    found: dict[tuple[bool, str], list[date]] = defaultdict(list)
    for row in rows:
        if row.due is not None and row.due <= day + SOON:
            found[(row.due < day, row.label)].append(row.due)
    made = []
    for (late, label), days in sorted(found.items(), key=lambda item: (not item[0][0], min(item[1]))):
        first = min(days)
        when = f"最早的已过期 {(day - first).days} 天" if late else ("今天到期" if first == day else f"最早 {first:%-m月%-d日}到期")
        made.append(Reminder(f"{label} {len(days)} 处{'逾期' if late else '快到期'}，{when}", "#work", late))
    return made


def survey_reminder(round_: Round, left: int, day: date) -> list[Reminder]:
    """Households without a form, when their day is near or over."""
    due = deadline_of(round_, SURVEY)
    if not left or due is None or due > day + SOON:
        return []
    when = f"截止日已过 {(day - due).days} 天" if due < day else ("今天截止" if due == day else f"{due:%-m月%-d日}截止")
    return [Reminder(f"六看评估还有 {left:,} 户，{when}", "/households/?surveyed=no", due < day)]


def board_reminders(shown: Board, day: date) -> list[Reminder]:
    """Below an office: places that are late, and stages that close within three days."""
    board_url = reverse("round", args=[shown.round.code])
    late = [row.name for row in shown.rows if row.lag and row.lag.late]
    made = []
    if late:
        named = "、".join(late[:PLACES_NAMED]) + (" 等" if len(late) > PLACES_NAMED else "")
        made.append(Reminder(f"{len(late)} 个{'村' if shown.by_village else '乡镇'}有逾期：{named}", board_url, late=True))
    for head, cell in zip(shown.heads, shown.total.cells, strict=False):
        if head.days is not None and 0 <= head.days <= SOON.days and cell.done < cell.due:
            made.append(Reminder(f"{head.name} {head.deadline:%-m月%-d日}截止，还有 {cell.due - cell.done:,} 户没有过", board_url))
    return made


def stand_in_reminders(scope: Scope, round_: Round | None, day: date) -> list[Reminder]:
    """委托代办: lists that wait for the caller in somebody's place, and what the caller has handed over."""
    return list(_stand_in_lines(scope, round_, day))


def _stand_in_lines(scope: Scope, round_: Round | None, day: date) -> Iterator[Reminder]:
    if not scope.has(roles.DELEGATION_VIEW):
        return
    if scope.stand_ins and round_ is not None:
        lists: dict[str, int] = defaultdict(int)
        for item in waiting(scope.standing_in(), [round_]):
            lists[item.behalf] += 1 if item.behalf else 0
        for name in dict.fromkeys(stand_in.grant.behalf.name for stand_in in scope.stand_ins):
            yield Reminder(f"您代 {name} 办理：{lists[name]} 份名单等着", reverse("sittings"))
    given, _ = running(scope, day)
    if given:
        yield Reminder(f"您有 {given} 项事在委托别人代办", reverse("delegations"))


def export_reminders(scope: Scope) -> list[Reminder]:
    """Exports with whole numbers that wait for this caller's yes or no; one query, for those who may export."""
    waiting = to_approve(scope).count() if scope.has(roles.EXPORT_ROSTER) else 0
    return [Reminder(f"{waiting} 份含完整证件号码的导出等您批准", reverse("exports") + "#approve")] if waiting else []


def first_things(*parts: Sequence[Reminder]) -> list[Reminder]:
    """Late ones first."""
    return sorted((line for part in parts for line in part), key=lambda line: not line.late)
