"""Reads of doubts for pages: the list, today's list, counts, the trend, what a caller may read of one."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from core.errors import NotFound
from core.field_classes import FieldClass
from core.scope import Scope
from core.web.way_back import carrying
from households.fields import HOUSEHOLD, INCOME
from households.models import Doubt, DoubtDay, DoubtState, Household
from households.quality import FAMILIES, SEVERITY_NAMES, Severity, rules
from households.quality_sources import name_of, rules_brought
from households.secrets import reveal
from villages.models import Township, Village

HOMES_A_DAY = 10
TREND_DAYS = 60
PRESSING = (Severity.ERROR, Severity.WARNING)
COLOURS = {Severity.ERROR: "no", Severity.WARNING: "back", Severity.HINT: "todo"}
STATE_COLOURS = {DoubtState.OPEN: "back", DoubtState.KEPT: "doing", DoubtState.MENDED: "done"}
ANSWERS = 15
"""The family of answers against facts: what it says tells of illness and deposits, so it needs both field classes."""
_RULE = re.compile(r"LK-[A-Z][0-9]{1,2}")
ROWS = ("village", "group", "household", "membership__person", "closed_by")


def doubts(scope: Scope) -> QuerySet[Doubt]:
    """Doubts that the caller may read, with their rows. Whoever lacks a field class somewhere reads no doubt of answers at all."""
    rows = Doubt.objects.visible_to(scope.narrowed_to(roles.DOUBT_VIEW)).select_related(*ROWS)
    return rows if all(scope.may_see(kind) for kind in (FieldClass.HEALTH, FieldClass.FINANCE)) else rows.exclude(family=ANSWERS)


def pressing() -> QuerySet[Doubt]:
    """Open doubts that must be mended or explained, to count for rows that have passed the gate already."""
    return Doubt.objects.filter(state=DoubtState.OPEN, severity__in=PRESSING)


def doubts_about(scope: Scope, household: Household) -> list[tuple[Doubt, str]]:
    """(doubt, explanation) of what stands about a household; the caller has both field classes, explanations may tell of an illness."""
    rows = Doubt.objects.visible_to(scope).filter(household=household, severity__in=PRESSING).exclude(state=DoubtState.MENDED)
    return [(row, reveal(row, "note")) for row in rows.order_by("-weight", "pk")]


def doubt_of(scope: Scope, uuid: object) -> Doubt:
    found = doubts(scope).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A doubt as a list shows it."""

    doubt: Doubt
    who: str
    member: str
    place: str
    severity: str
    colour: str
    state: str
    state_colour: str
    title: str
    url: str
    action: str
    may_explain: bool
    back: str


def line_of(row: Doubt, scope: Scope, back: str = "") -> Line:
    """`back` is the page that whoever mends or explains it is led back to."""
    home = row.household
    group = row.group.name if row.group_id else ("未分组" if home else "全村")
    severity = Severity(row.severity)
    edits = home is not None and scope.may(roles.HOUSEHOLD_EDIT, row)
    may = row.state == DoubtState.OPEN and severity != Severity.ERROR and scope.may(roles.DOUBT_CLOSE, row)
    return Line(
        doubt=row, who=(home.head_name or home.code) if home else row.village.short_name,
        member=row.membership.person.name if row.membership_id else "", place=f"{row.village.short_name} {group}",
        severity=SEVERITY_NAMES[severity], colour=COLOURS[severity], state=row.get_state_display(), state_colour=STATE_COLOURS[row.state],
        title=title_of(row.rule, row.family), url=_way_to(row, edits, back), action="去改" if edits else "查看",
        may_explain=may, back=back,
    )  # fmt: skip


def _way_to(row: Doubt, edits: bool, back: str) -> str:
    if edits:
        return carrying(field_url(row), back)
    return reverse("household", args=[row.household.code]) if row.household_id else field_url(row)


def title_of(rule: str, family: int) -> str:
    """What a rule is called; one that this version does not know is called by its family."""
    known = rules.BY_CODE.get(rule)
    return known.title if known else "：".join(filter(None, (FAMILIES.get(family, "其他疑点"), name_of(rule))))


def field_url(row: Doubt) -> str:
    """Where the field is mended; ready-made for every doubt, so that a list leads straight to the work."""
    if row.household_id is None:
        return reverse("households") + f"?village={row.village.code}"
    return mend_url(row.household.code, row.fact, row.family, str(row.membership.uuid) if row.membership_id else "")


def mend_url(code: str, fact: str, family: int, member: str) -> str:
    """The page of the household that holds this field."""
    if family == ANSWERS:
        return reverse("household", args=[code]).rstrip("/") + "/survey/"
    if member:
        return reverse("member", args=[code, member]) + f"#id_{fact}"
    if fact in INCOME.named or fact == "net_income_per_head":
        return reverse("household_income", args=[code])
    section = next((one.code for one in HOUSEHOLD.sections if any(field.name == fact for field in one.fields)), "members")
    return reverse("household_edit", args=[code]) + f"?section={section}" + (f"#id_{fact}" if fact in HOUSEHOLD.named else "")


def note_of(scope: Scope, doubt: Doubt) -> str:
    """The explanation in the clear; it may tell of an illness, so it needs that class."""
    return reveal(doubt, "note") if doubt.note_enc and scope.may_see(FieldClass.HEALTH, doubt) else ""


# --- 今日要改 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HomeToday:
    household: Household
    lines: list[Line]

    @property
    def left(self) -> int:
        return len(self.open)

    @property
    def open(self) -> list[Line]:
        return [line for line in self.lines if line.doubt.state == DoubtState.OPEN]


@dataclass(frozen=True, slots=True)
class Today:
    """At most ten households: those begun today stay on the list with what is ticked off, then the heaviest."""

    homes: list[HomeToday]
    done: int
    total: int
    waiting: int

    @property
    def left(self) -> int:
        return self.total - self.done

    def after(self, was: Line) -> Line | None:
        """What comes next for whoever was at `was`: something else of that household, else the first thing on the list."""
        homes = sorted(self.homes, key=lambda home: home.household.pk != was.doubt.household_id)
        return next((line for home in homes for line in home.open if line.doubt.pk != was.doubt.pk), None)


def today_of(scope: Scope) -> Today:
    """One list that can be finished: by household, the heaviest first; five queries whatever its length."""
    mine = scope.narrowed_to(roles.DOUBT_CLOSE)
    if not mine.rows:
        return Today([], 0, 0, 0)
    rows = doubts(mine).filter(severity__in=PRESSING, household__isnull=False, household__closed_on__isnull=True)
    finished = _finished_today(scope)
    begun = list(rows.filter(finished).order_by().values_list("household_id", flat=True).distinct()[:HOMES_A_DAY])
    fresh = _heaviest(rows.filter(state=DoubtState.OPEN).exclude(household_id__in=begun), HOMES_A_DAY - len(begun))
    chosen = rows.filter(Q(state=DoubtState.OPEN) | finished, household_id__in=[*begun, *fresh])
    by_home: dict[int, list[Doubt]] = defaultdict(list)
    for row in chosen.order_by("-weight", "pk"):
        by_home[row.household_id].append(row)
    homes = [HomeToday(found[0].household, [line_of(row, scope, today_with(row)) for row in found]) for found in by_home.values()]
    homes.sort(key=lambda home: (not home.left, -home.lines[0].doubt.weight))
    total, left = sum(len(home.lines) for home in homes), sum(home.left for home in homes)
    all_homes = rows.filter(state=DoubtState.OPEN).order_by().values("household_id").distinct().count()
    return Today(homes, total - left, total, max(0, all_homes - sum(1 for home in homes if home.left)))


def today_with(row: Doubt) -> str:
    """The list that says what has become of this doubt."""
    return f"{reverse('doubts_today')}?was={row.uuid}"


def _finished_today(scope: Scope) -> Q:
    """Mended or explained today. Of what was found only today: what somebody explained or the caller mended, not what an import, a run or a
    form with its grounds closed by itself: those would fill the list with work nobody was given."""
    begin = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    own = Q(state=DoubtState.MENDED, household__updated_by_id=scope.actor_id, household__updated_at__gte=begin)
    said = Q(state=DoubtState.KEPT) & ~Q(family=ANSWERS)
    closed = Q(state__in=(DoubtState.KEPT, DoubtState.MENDED), closed_at__gte=begin)
    return closed & (Q(found_at__lt=begin) | own | said)


def _heaviest(rows: QuerySet[Doubt], most: int) -> list[int]:
    """Households by their heaviest open doubt."""
    found: list[int] = []
    heavier = Doubt.objects.filter(household_id=OuterRef("household_id"), state=DoubtState.OPEN).filter(
        Q(weight__gt=OuterRef("weight")) | Q(weight=OuterRef("weight"), pk__lt=OuterRef("pk"))
    )
    first = rows.filter(~Exists(heavier.filter(severity__in=PRESSING)))
    for pk in first.order_by("-weight", "pk").values_list("household_id", flat=True)[: max(0, most)]:
        found.append(pk)
    return found


def left_today(scope: Scope) -> int:
    """How many things are on today's list: for the home page."""
    return today_of(scope).left


# --- counts and trend --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountRow:
    code: str
    title: str
    severity: str
    colour: str
    cells: list[tuple[int, str]]
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Open doubts by rule and place, with sums on both edges."""

    places: list[tuple[str, str]]
    rows: list[CountRow]
    sums: list[int]
    total: int


def counts_of(scope: Scope, township: str = "") -> Counts:
    """Errors and warnings, by township for whoever sees several, by village for one township."""
    villages = Village.objects.visible_to(scope.narrowed_to(roles.DOUBT_VIEW)).filter(valid_to__isnull=True)
    towns = list(Township.objects.filter(pk__in=villages.values("township_id")).order_by("code"))
    by_town = not township and len(towns) > 1
    if township and township not in {town.code for town in towns}:
        raise NotFound
    rows = doubts(scope).filter(state=DoubtState.OPEN, severity__in=PRESSING)
    rows = rows.filter(township__code=township) if township else rows
    column, key = ("township_id", "township") if by_town else ("village_id", "village")
    if by_town:
        places = [(town.pk, town.name, f"?township={town.code}", f"&township={town.code}") for town in towns]
    else:
        own = villages.filter(township__code=township) if township else villages
        places = [(one.pk, one.short_name, "", f"&village={one.code}") for one in own.order_by("code")]
    found: dict[tuple[str, str, int], dict[int, int]] = defaultdict(dict)
    for rule, severity, family, place, n in rows.order_by().values_list("rule", "severity", "family", column).annotate(Count("pk")):
        found[(rule, severity, family)][place] = n
    lines = [_count_row(key, cells, places) for key, cells in sorted(found.items(), key=_heaviest_rule)]
    sums = [sum(line.cells[at][0] for line in lines) for at in range(len(places))]
    return Counts([(name, url) for _, name, url, _ in places], lines, sums, sum(sums))


def _heaviest_rule(item: tuple[tuple[str, str, int], Mapping[int, int]]) -> tuple[int, int, str]:
    (rule, severity, _), cells = item
    return [*SEVERITY_NAMES].index(Severity(severity)), -sum(cells.values()), rule


def _count_row(key: tuple[str, str, int], cells: Mapping[int, int], places: Sequence[tuple[int, str, str, str]]) -> CountRow:
    rule, severity, family = key
    address = reverse("doubts") + f"?rule={rule}&severity={severity}"
    line = [(cells.get(pk, 0), address + narrower) for pk, _, _, narrower in places]
    return CountRow(
        rule, title_of(rule, family), SEVERITY_NAMES[Severity(severity)], COLOURS[Severity(severity)], line, sum(cells.values()), address
    )


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    open: int
    x: float
    y: float


WIDTH, HEIGHT, EDGE = 640, 160, 12


def trend_of(scope: Scope, township: str = "", rule: str = "") -> list[Point]:
    """Open doubts at the end of each day of the last sixty that was counted; x and y are where the drawing has it."""
    since = timezone.localdate() - timedelta(days=TREND_DAYS)
    rows = DoubtDay.objects.visible_to(scope.narrowed_to(roles.DOUBT_VIEW)).filter(day__gte=since)
    rows = rows.filter(township__code=township) if township else rows
    rows = rows.filter(rule=rule) if rule else rows
    summed: dict[date, int] = defaultdict(int)
    for day, n in rows.order_by("day").values_list("day", "open"):
        summed[day] += n
    days = sorted(summed)
    most = max([*summed.values(), 1])
    span = max((days[-1] - days[0]).days, 1) if days else 1
    return [
        Point(
            day, summed[day], round(EDGE + (day - days[0]).days / span * (WIDTH - 2 * EDGE), 1),
            round(HEIGHT - EDGE - summed[day] / most * (HEIGHT - 2 * EDGE), 1),
        )
        for day in days
    ]  # fmt: skip


def rule_choices(chosen: str = "") -> list[tuple[str, str]]:
    """(code, title) of the rules by which doubts are looked for: those here, those the apps above name, and the one in the address, which may
    be of a county's own form."""
    found = {rule.code: rule.title for rule in rules.RULES} | {code: title_of(code, ANSWERS) for code in rules_brought()}
    return list((found if chosen in found or not _RULE.fullmatch(chosen) else found | {chosen: title_of(chosen, ANSWERS)}).items())
