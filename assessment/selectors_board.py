"""The progress board: townships (or villages) × stages, what waits longest, and who to phone (issue 3.1; ui.md)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.selectors import Contact, in_charge
from assessment.models import Round
from assessment.procedures import Level, procedure_of
from assessment.selectors_rounds import (
    CONCLUDED,
    SURVEY,
    Figure,
    Head,
    Progress,
    add_up,
    case_figures,
    due_of,
    heads_of,
    household_figures,
)
from core.errors import NotFound
from core.scope import Scope
from villages.models import Township, Village

LONG_WAIT, CALLS_SHOWN, VILLAGES_NAMED = 7, 12, 3
HEAT_STEPS = (0.25, 0.5, 0.75, 1.0)
WHO_DECIDES = {
    Level.GROUP: (roles.CADRE, roles.VILLAGE_LEAD),
    Level.VILLAGE: (roles.VILLAGE_LEAD,),
    Level.TOWNSHIP: (roles.TOWNSHIP,),
    Level.COUNTY: (roles.COUNTY,),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`done` of `due`; None of a place without households."""

    code: str
    name: str
    done: int
    due: int
    late: bool = False
    waiting: int = 0
    days: int | None = None
    """How long the oldest household there has waited."""
    until: date | None = None
    """A limit of the procedure for those who wait there, where it comes before the round's deadline."""

    @property
    def share(self) -> float | None:
        return min(1.0, self.done / self.due) if self.due else None

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all; but something done is never 0."""
        return max(1, int(self.share * 100)) if self.done and self.share else 0

    @property
    def heat(self) -> int:
        return 0 if not self.share else 1 + sum(self.share >= step for step in HEAT_STEPS)


@dataclass(frozen=True, slots=True)
class Lag:
    """The stage that a place is waited for: the first overdue one, else the one where somebody has waited long."""

    head: Head
    waiting: int
    days: int | None
    days_late: int = 0

    @property
    def late(self) -> bool:
        return self.days_late > 0

    @property
    def words(self) -> str:
        late = f"逾期 {self.days_late} 天" if self.late else ""
        waited = f"最久已等 {self.days} 天" if self.days else ""
        return "，".join(filter(None, (late, waited)))


@dataclass(slots=True)
class BoardRow:
    name: str
    url: str
    progress: Progress
    cells: list[Cell]
    lag: Lag | None
    oldest: int | None
    villages: int = 0

    @property
    def share(self) -> float:
        """How far in all; the row that lags most has the least."""
        return sum(cell.share or 0 for cell in self.cells) / len(self.cells)


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to phone about what."""

    place: str
    lag: Lag
    persons: tuple[Contact, ...]


@dataclass(slots=True)
class Board:
    round: Round
    heads: list[Head]
    rows: list[BoardRow]
    total: BoardRow
    by_village: bool
    township: Township | None
    as_of: datetime
    split: bool = False
    """Several townships: may be shown by township or by village."""
    calls: list[Call] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return len(self.heads) + 5


def board(
    scope: Scope,
    round_: Round,
    day: date,
    township_code: str = "",
    *,
    with_calls: bool = True,
    counted: Sequence[Figure] | None = None,
    all_villages: bool = False,
) -> Board:
    """By township for whoever sees several (`all_villages`: by village all the same), by village for one township. Four queries, however many places. `counted`: the figures of
    the caller's whole area, where a page has them already."""
    villages = Village.objects.visible_to(scope).filter(county_id=round_.county_id).select_related("township", "merged_into")
    if township_code:
        villages = villages.filter(township__code=township_code)
    found = list(villages.order_by("code"))
    if township_code and not found:
        raise NotFound
    townships = {village.township_id: village.township for village in found}
    by_village = bool(township_code) or all_villages or len(townships) < 2
    place = {"village_id__in": [village.pk for village in found]} if township_code else {}
    heads = heads_of(round_, day)
    procedure = procedure_of(round_.procedure)
    households = household_figures(scope, round_, [village.pk for village in found if village.merged_into_id], **place)
    cases = case_figures(scope, round_, **place) if counted is None else counted
    progress = add_up(procedure, households, cases, lambda row: row.village)
    whole = add_up(procedure, households, cases, lambda row: None)[None]
    if by_village:
        rows = _village_rows(round_, heads, found, progress, day)
    else:
        home = {village.pk: village.township_id for village in found}
        sums = add_up(procedure, households, cases, lambda row: home.get(row.village))
        rows = [_township_row(round_, heads, township, sums[pk], found, day) for pk, township in townships.items()]
    made = Board(
        round_, heads, rows, _row(round_, heads, "合计", "", whole, day), by_village,
        next(iter(townships.values())) if by_village and len(townships) == 1 else None, timezone.now(), split=len(townships) > 1,
    )  # fmt: skip
    if with_calls:
        made.calls = _calls(round_, heads, found, progress, day)
    return made


def _village_rows(round_: Round, heads: list[Head], villages: Sequence[Village], progress: dict, day: date) -> list[BoardRow]:
    """In their order; of several townships, a county's hundreds, those that are late first and those without households last."""
    split = len({village.township_id for village in villages}) > 1
    rows = [_village_row(round_, heads, one, progress[one.pk], day, named=split) for one in villages if _counts(one, progress)]
    return sorted(rows, key=lambda row: (not row.progress.due, not (row.lag and row.lag.late), row.lag is None)) if split else rows


def _counts(village: Village, progress: dict) -> bool:
    """A village that was merged away stays on the board as long as somebody is counted in it."""
    return village.valid_to is None or bool(progress[village.pk].due or progress[village.pk].cases)


def _village_row(round_: Round, heads: list[Head], village: Village, progress: Progress, day: date, *, named: bool) -> BoardRow:
    name = f"{village.township.name} {village.known_as}" if named else village.known_as
    return _row(round_, heads, name, reverse("village_list", args=[round_.code, village.code]), progress, day)


def _township_row(
    round_: Round, heads: list[Head], township: Township, progress: Progress, villages: Sequence[Village], day: date
) -> BoardRow:
    row = _row(round_, heads, township.name, f"?township={township.code}", progress, day)
    row.villages = sum(village.township_id == township.pk for village in villages)
    return row


def _row(round_: Round, heads: list[Head], name: str, url: str, progress: Progress, day: date) -> BoardRow:
    cells = [_cell(round_, head, progress, day) for head in heads]
    cells.append(Cell(CONCLUDED, "已认定", progress.concluded, progress.due - progress.rejected - progress.ended))
    waits = [stage.oldest for stage in progress.stages.values() if stage.oldest]
    return BoardRow(
        name, url, progress, cells, lag_of(round_, heads, progress, day), age_of(min(waits), day) if waits else None
    )


def _cell(round_: Round, head: Head, progress: Progress, day: date) -> Cell:
    done, until = progress.passed_by(head.code), _until(round_, head, progress)
    overrun = until is not None and until < day and _waiting(progress, head) > 0
    return Cell(
        head.code, head.name, done, progress.due, late=overrun or (head.late and done < progress.due),
        waiting=progress.waiting_at(head.code) if head.code != SURVEY else 0, days=_age(progress, head.code, day),
        until=until if until != head.deadline else None,
    )  # fmt: skip


def _until(round_: Round, head: Head, progress: Progress) -> date | None:
    """The round's deadline, or a limit of the procedure that comes sooner for those who wait there."""
    if head.code == SURVEY:
        return head.deadline
    at = progress.stages[head.code]
    return due_of(round_, procedure_of(round_.procedure).by_code[head.code], at.oldest, at.opened)


def age_of(moment: datetime, day: date) -> int:
    """Whole days that something has waited."""
    return max(0, (day - timezone.localdate(moment)).days)


def lag_of(round_: Round, heads: list[Head], progress: Progress, day: date) -> Lag | None:
    """What the place is behind with, None when it keeps up. A notice that hangs is not late: its days must run."""
    waits = [_lag(round_, head, progress, day) for head in heads if _waiting(progress, head) > 0]
    late = [lag for lag in waits if lag.late]
    long = [lag for lag in waits if (lag.days or 0) >= LONG_WAIT]
    return next(iter(late or sorted(long, key=lambda lag: -lag.days)), None)


def _lag(round_: Round, head: Head, progress: Progress, day: date) -> Lag:
    until = _until(round_, head, progress)
    return Lag(head, _waiting(progress, head), _age(progress, head.code, day), max(0, (day - until).days) if until else 0)


def _waiting(progress: Progress, head: Head) -> int:
    return progress.stages[head.code].unposted if head.is_notice else progress.waiting_at(head.code)


def _age(progress: Progress, code: str, day: date) -> int | None:
    oldest = None if code == SURVEY else progress.stages[code].oldest
    return age_of(oldest, day) if oldest else None


def _calls(
    round_: Round, heads: list[Head], villages: list[Village], progress: dict[int, Progress], day: date
) -> list[Call]:
    """One line a village that village people are waited for, one a township or the county where its office is."""
    lags = [(village, lag) for village in villages if (lag := lag_of(round_, heads, progress[village.pk], day))]
    if not lags:
        return []
    people = defaultdict(list)
    townships = {village.township_id for village, _ in lags}
    known = {village.pk: village for village in villages}
    for person in in_charge(day, round_.county_id, townships, [_keeper(village, known) for village, _ in lags]):
        people[(person.role, person.place_id)].append(person)
    offices: dict[tuple, list[tuple[Village, Lag]]] = defaultdict(list)
    for village, lag in lags:
        offices[_desk(village, lag.head, _keeper(village, known))].append((village, lag))
    calls = [_call(desk, waiting, people) for desk, waiting in offices.items()]
    calls.sort(key=lambda call: (-call.lag.days_late, -(call.lag.days or 0), -call.lag.waiting))
    return calls[:CALLS_SHOWN]


def _keeper(village: Village, known: Mapping[int, Village]) -> int:
    """The village whose people finish its list: its own, or the one it was merged into."""
    seen = {village.pk}
    while village.merged_into_id in known and village.merged_into_id not in seen:
        village = known[village.merged_into_id]
        seen.add(village.pk)
    return village.pk


def _desk(village: Village, head: Head, keeper: int) -> tuple[Head, int, str]:
    """Whose desk: the stage, the id of the place that decides it, and the place's name."""
    if head.level is Level.COUNTY:
        return head, village.county_id, "县"
    if head.level is Level.TOWNSHIP:
        return head, village.township_id, village.township.name
    return head, keeper, f"{village.township.name} {village.short_name}"


def _call(desk: tuple[Head, int, str], waiting: list[tuple[Village, Lag]], people: dict) -> Call:
    head, place, name = desk
    days = [lag.days for _, lag in waiting if lag.days is not None]
    lag = Lag(head, sum(lag.waiting for _, lag in waiting), max(days) if days else None, max(lag.days_late for _, lag in waiting))
    if len(waiting) > 1:
        named = "、".join(village.short_name for village, _ in waiting[:VILLAGES_NAMED])
        more = f" 等 {len(waiting)} 个村" if len(waiting) > VILLAGES_NAMED else ""
        name = f"{name}（{named}{more}）"
    persons = [person for role in WHO_DECIDES[head.level] for person in people[(role, place)]]
    return Call(name, lag, tuple(persons))
