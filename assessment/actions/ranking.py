"""逐户排队: sheets, decisions between equals, the line; while the meeting is open (A9-02, A9-03).

Every write locks the meeting first, as its ballots do, and counts its version up: whoever is about to lock the list sees it.
"""

from collections.abc import Sequence
from datetime import datetime

from assessment import clock
from assessment.actions.sitting_steps import locked_sitting, place_in, require_open, waiting
from assessment.masking import has_number
from assessment.meeting import area_name, attendance, list_mark
from assessment.models import Case, Ranking, RankingSheet, RankingWay, Sitting, TieBreak
from assessment.procedures import Stage
from assessment.ranked_list import RankedList, is_offered, own_households, ranked_list, scorers_of
from assessment.ranking import line_fault
from assessment.ranking_entry import SheetEntry, TieEntry
from core.actions import Act, Origin, acting, once
from core.errors import BadInput, Replayed, StaleVersion, WrongState
from core.scope import Scope
from households.secrets import seal

SHORTEST_REASON, LONGEST_REASON = 4, 200
SHEET_STALE = "这张排队表在您打开之后已被别人改过，请看过新内容再存。"
QUEUE_STALE = "队列在您打开之后有变化，请看过新的队列再办。"
LIST_STALE = "名单在您打开之后有变化，没有保存。您填的还在下面，请补上新来的户再存。"


def choose_way(*, scope: Scope, sitting: str, way: str, origin: Origin | None = None) -> Ranking:
    """逐人排 or 小组合排一张, as long as nobody has ranked. Raises NotFound, Denied, WrongState, BadInput."""
    with acting(scope, "ranking.way", origin) as act:
        meeting, row = _opened(scope, sitting)
        if way not in RankingWay.values:
            raise BadInput("没有保存。", fields={"way": ["请选择逐人排，还是小组合排一张。"]})
        if row.way != way and meeting.ranking_sheets.exists():
            raise WrongState("已经有人排过，不能再换排法。要换，先清除已填的排队表。", code="sheets_there")
        row.way = way
        _keep(act, meeting, row, way=RankingWay(way).label)
    return row


def save_sheet(
    *, scope: Scope, sitting: str, scorer: str, version: int, entry: SheetEntry, key: str = "", origin: Origin | None = None
) -> RankingSheet:
    """Keep a scorer's places, all or some. `version` is the sheet's that the caller saw, 0 when there was none.

    Raises NotFound, Denied, WrongState (over, scorer not there), StaleVersion (sheet or list changed), BadInput (`places`: by case).
    """
    try:
        with acting(scope, "ranking.sheet", origin) as act:
            meeting, row = _opened(scope, sitting)
            remember = once(scope, "ranking.sheet", key, [sitting, scorer, version, sorted(entry.places.items()), sorted(entry.stepped_back)])
            sheet = _sheet_at(meeting, row, scorer, version)
            cases = _listed(meeting)
            if entry.mark and entry.mark != list_mark(cases):
                raise StaleVersion(LIST_STALE)
            _check_places(meeting, cases, scorer, entry)
            sheet.places, sheet.stepped_back = dict(entry.places), sorted(entry.stepped_back)
            sheet.namesakes, sheet.by_id, sheet.at = sorted(entry.namesakes), scope.actor_id, clock.now()
            _keep(act, meeting, row, households=len(entry.places), number=_seat(meeting, scorer))
            sheet.version = meeting.version
            sheet.save()
            remember(scorer or RankingWay.JOINT)
    except Replayed:
        sheet = RankingSheet.objects.filter(sitting__uuid=sitting, scorer=scorer).first()
        if sheet is None:  # saved by the first click, and cleared since
            raise StaleVersion(SHEET_STALE) from None
    return sheet


def clear_sheet(*, scope: Scope, sitting: str, scorer: str, version: int, origin: Origin | None = None) -> None:
    """Take a sheet away, also of somebody who is no longer there."""
    with acting(scope, "ranking.clear", origin) as act:
        meeting, row = _opened(scope, sitting)
        sheet = meeting.ranking_sheets.filter(scorer=scorer).first()
        if sheet is None:
            return
        if sheet.version != version:
            raise StaleVersion(SHEET_STALE)
        sheet.delete()
        _keep(act, meeting, row, number=_seat(meeting, scorer))


def break_tie(*, scope: Scope, sitting: str, mark: str, entry: TieEntry, key: str = "", origin: Origin | None = None) -> TieBreak | None:
    """Write down which of equals goes first. `mark` is that of the queue the caller saw. Raises NotFound, Denied, WrongState,
    StaleVersion, BadInput (`order`, `reason`, `votes`)."""
    try:
        with acting(scope, "ranking.tie", origin) as act:
            meeting, row = _opened(scope, sitting)
            remember = once(scope, "ranking.tie", key, [sitting, mark, list(entry.order), entry.reason, entry.votes_for, entry.votes_against])
            found = _found(meeting, mark)
            _check_tie(found, entry)
            tie = TieBreak(sitting=meeting, cases=list(entry.order), votes_for=entry.votes_for, votes_against=entry.votes_against)
            seal(tie, "reason", entry.reason.strip())
            tie.by_id, tie.at = scope.actor_id, clock.now()
            tie.save()
            _keep(act, meeting, row, households=len(entry.order), votes=[entry.votes_for, entry.votes_against] if entry.votes_for is not None else None)
            remember(str(tie.uuid))
    except Replayed as earlier:
        return TieBreak.objects.filter(uuid=earlier.object_code).first()
    return tie


def draw_line(*, scope: Scope, sitting: str, mark: str, taken: int, key: str = "", origin: Origin | None = None) -> Ranking | None:
    """Take so many from the bottom as 贫困户; 0 and all are lines too. `mark` is that of the queue the caller saw.

    Raises NotFound, Denied, WrongState (not complete, through a tie), StaleVersion.
    """
    try:
        with acting(scope, "ranking.line", origin) as act:
            meeting, row = _opened(scope, sitting)
            remember = once(scope, "ranking.line", key, [sitting, mark, taken])
            found = _found(meeting, mark)
            if fault := line_fault(found.queue, taken, found.names):
                raise WrongState(fault, code="line_refused")
            row.taken, row.drawn_for, row.drawn_by_id, row.drawn_at = taken, found.queue.mark, scope.actor_id, clock.now()
            _keep(act, meeting, row, taken=taken, households=len(found.cases))
            remember(str(row.pk))
    except Replayed:
        return Ranking.objects.filter(sitting__uuid=sitting).first()
    return row


def freeze(sitting: Sitting, cases: Sequence[Case], now: datetime) -> None:
    """Inside the close, after its last check: what was ranked stays as it is, with the list it was ranked for."""
    row = Ranking.objects.filter(sitting=sitting).first()
    if row is None:
        return
    row.listed = [str(case.uuid) for case in sorted(cases, key=lambda case: case.household.code)]
    row.frozen_at = now
    row.save()
    sitting.ranking_sheets.update(frozen_at=now)
    sitting.tie_breaks.update(frozen_at=now)


def forget(sitting: Sitting) -> None:
    """Inside the cancelling of a meeting: what was entered goes."""
    sitting.ranking_sheets.all().delete()
    sitting.tie_breaks.all().delete()
    Ranking.objects.filter(sitting=sitting).delete()


# --- steps ------------------------------------------------------------------------------------------------------


def _opened(scope: Scope, uuid: str) -> tuple[Sitting, Ranking]:
    """The meeting, locked and open, and its queue: made now when this is the first thing entered."""
    meeting, _ = locked_sitting(scope, uuid)
    require_open(meeting)
    stage = place_in(meeting)[1]
    if not is_offered(stage, meeting):
        raise WrongState(f"{stage.name}不排队；逐户排队只在按组评议的会上办。", code="not_offered")
    return meeting, Ranking.objects.filter(sitting=meeting).first() or Ranking(sitting=meeting)


def _keep(act: Act, meeting: Sitting, row: Ranking, **detail: object) -> None:
    meeting.version += 1
    meeting.save(update_fields=["version"])
    row.version = meeting.version
    row.save()
    stage: Stage = place_in(meeting)[1]
    group = area_name(meeting).split(" ")[-1]
    act.audit("sitting", str(meeting.uuid), place=meeting, round=meeting.round.code, stage=stage.name, group=group, **detail)


def _listed(meeting: Sitting) -> list[Case]:
    return list(waiting(meeting).select_related("household", "group", "survey__score", "score").order_by("household__code"))


def _found(meeting: Sitting, mark: str) -> RankedList:
    found = ranked_list(place_in(meeting)[1], meeting, _listed(meeting))
    if found is None or found.queue.mark != mark:
        raise StaleVersion(QUEUE_STALE)
    return found


def _sheet_at(meeting: Sitting, row: Ranking, scorer: str, version: int) -> RankingSheet:
    if scorer not in scorers_of(meeting, row):
        raise WrongState(f"{scorer or '小组'}不在到会的评议小组成员里，排队表没有保存。请先看会议情况和排法。", code="not_a_scorer")
    sheet = meeting.ranking_sheets.filter(scorer=scorer).first()
    if (sheet.version if sheet else 0) != version:
        raise StaleVersion(SHEET_STALE)
    return sheet or RankingSheet(sitting=meeting, scorer=scorer)


def _seat(meeting: Sitting, scorer: str) -> int:
    """Number of the scorer on the panel, for the trail; 0 for the panel as one, or for somebody who is no longer on it."""
    names = [str(member.get("name", "")).strip() for member in meeting.panel]
    return names.index(scorer) + 1 if scorer in names else 0


def _check_places(meeting: Sitting, cases: Sequence[Case], scorer: str, entry: SheetEntry) -> None:
    """Nobody ranks the own household; a place is one of 1…n, of a household of the list."""
    most, names = len(cases), {str(case.uuid): case.household.head_name for case in cases}
    faults: dict[str, list[str]] = {}
    if {*entry.places, *entry.stepped_back, *entry.namesakes} - set(names):
        raise StaleVersion(LIST_STALE)
    own = own_households(meeting, cases, scorer)
    for case, place in entry.places.items():
        if not 1 <= place <= most:
            faults[case] = [f"{names[case]}：位次 {place} 不在 1 至 {most} 之间。"]
        elif case in own and case not in entry.namesakes:
            faults[case] = [f"{scorer}是{names[case]}户的人，请填“回”（回避）；同名不是本人的，勾“同名”。"]
    for case in set(entry.stepped_back) - own:
        faults[case] = [f"{names[case]}户没有叫{scorer or '这个名字'}的人，不用回避，请填位次。"]
    if faults:
        raise BadInput("排队表有误，没有保存。", fields=faults, reasons=[line for lines in faults.values() for line in lines])


def _check_tie(found: RankedList, entry: TieEntry) -> None:
    faults: dict[str, list[str]] = {}
    alike = [row.case for row in found.queue.rows if row.case in set(entry.order)]
    totals = {row.total for row in found.queue.rows if row.case in set(entry.order)}
    whole = {row.case for row in found.queue.rows if row.total in totals}
    if len(entry.order) < 2 or len(totals) != 1 or len(set(entry.order)) != len(entry.order) or whole != set(alike):
        faults["order"] = ["给每一户一个先后，从 1 起，不重复、不缺。"]
    there, cast = attendance(found.sitting).present, (entry.votes_for or 0) + (entry.votes_against or 0)
    if entry.votes_for is not None or entry.votes_against is not None:
        if (entry.votes_for or 0) * 2 <= cast or (there and cast > there) or min(entry.votes_for or 0, entry.votes_against or 0) < 0:
            faults["votes"] = [f"同意票须过所投票的半数，合计不多于实到 {there} 人。"]
    elif len(entry.reason.strip()) < SHORTEST_REASON:
        faults["reason"] = [f"请写明理由，至少 {SHORTEST_REASON} 字；或填表决的票数。"]
    if len(entry.reason) > LONGEST_REASON:
        faults["reason"] = [f"理由最多 {LONGEST_REASON} 字，现有 {len(entry.reason)} 字。"]
    if has_number(entry.reason):
        faults["reason"] = ["理由里不写证件号码、银行卡号和电话。"]
    if faults:
        raise BadInput("先后没有记下。", fields=faults, reasons=[line for lines in faults.values() for line in lines])
