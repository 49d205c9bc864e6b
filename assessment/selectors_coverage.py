"""村不落户、户不落人 (A8-03, D6-07): what nobody has visited or looked at, as lists that can be worked down and as counts by place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from assessment.models import Round
from assessment.selectors import without_form
from core.periods import age_on
from core.scope import Scope
from households.coverage import BASICS, NOT_IN_SCHOOL, SCHOOL_AGES, SIX_ITEMS, child_state, missing_items
from households.models import Household, Membership
from villages.models import RegisteredPopulation, Village, VillagerGroup

POOR = ("DOUDI", "DIBAO", "YIBAN")
ON_REGISTER = ("0", "3")
TEXTS = ("cause", "structure")


@dataclass(slots=True)
class PlaceLine:
    """A village or group: registered households of the population table, those on file, and what is still to be looked at."""

    name: str
    key: int | None
    registered: int | None = None
    on_file: int = 0
    visited: int = 0
    children: int = 0
    lacking: int = 0

    @property
    def unvisited(self) -> int:
        return self.on_file - self.visited

    @property
    def not_on_file(self) -> int | None:
        """None where the registered households are not known."""
        return None if self.registered is None else max(0, self.registered - self.on_file)


@dataclass(frozen=True, slots=True)
class Coverage:
    lines: tuple[PlaceLine, ...] = field(default=())

    def total(self, name: str) -> int:
        return sum(getattr(line, name) or 0 for line in self.lines)


def children_to_look_at(scope: Scope, day: date) -> QuerySet[Membership]:
    """Living members of 6 to 15 who are not in school, or of whom nobody knows (A1-01)."""
    oldest, youngest = date(day.year - SCHOOL_AGES.stop, day.month, 1), date(day.year - SCHOOL_AGES.start + 1, day.month, 1)
    rows = Membership.objects.visible_to(scope).current().filter(household__closed_on__isnull=True)
    rows = rows.filter(person__birth__gte=oldest, person__birth__lte=youngest)  # a wide net; the ages are told exactly below
    return rows.filter(Q(schooling="") | Q(schooling=NOT_IN_SCHOOL))


def is_school_age(row: Membership, day: date) -> bool:
    return row.person.birth is not None and age_on(row.person.birth, day) in SCHOOL_AGES


def lacking_items(households: QuerySet[Household]) -> QuerySet[Household]:
    """Households of the register that lack one of the six items at least (B-24)."""
    poor = households.filter(Q(exit_status__in=ON_REGISTER) | Q(standing__in=POOR))
    lacks = Q()
    for name in BASICS:
        lacks |= Q(**{name: ""}) if name in TEXTS else Q(**{f"{name}__isnull": True})
    for code in SIX_ITEMS:
        lacks |= Q(**{code: ""}) if code != "basics" else Q()
    return poor.filter(lacks)


def item_names(household: Household) -> list[tuple[str, str]]:
    """(code, name) of what the household lacks."""
    facts = {name: getattr(household, name) for name in (*BASICS, *(code for code in SIX_ITEMS if code != "basics"))}
    return [(code, SIX_ITEMS[code]) for code in missing_items(facts)]


def coverage_of(scope: Scope, round_: Round) -> Coverage:
    """One line a group for callers of one village, else one a village. Seven queries whatever the area."""
    villages = list(Village.objects.visible_to(scope).filter(county_id=round_.county_id, valid_to__isnull=True).order_by("code"))
    by_group = len(villages) == 1
    place = "group_id" if by_group else "village_id"
    households = Household.objects.visible_to(scope).registered().filter(county_id=round_.county_id)
    if by_group:
        groups = VillagerGroup.objects.filter(village=villages[0], valid_to__isnull=True).order_by("number")
        lines = {group.pk: PlaceLine(group.name, group.pk) for group in groups} | {None: PlaceLine("未分组", None)}
    else:
        lines = {village.pk: PlaceLine(village.short_name, village.pk) for village in villages}
    for name, counted in _figures(scope, round_, households, place):
        for key, number in counted:
            if key in lines:
                setattr(lines[key], name, number)
    shown = [line for line in lines.values() if line.key is not None or line.on_file]
    return Coverage(tuple(shown))


def _figures(scope: Scope, round_: Round, households: QuerySet[Household], place: str) -> Iterator[tuple[str, Iterable[tuple[int, int]]]]:
    def by_place(rows: QuerySet) -> Iterable[tuple[int, int]]:
        return rows.order_by().values_list(place).annotate(n=Count("pk"))

    newest = RegisteredPopulation.objects.visible_to(scope).filter(year__lte=round_.year).aggregate(year=Max("year"))["year"]
    population = RegisteredPopulation.objects.visible_to(scope).filter(year=newest)
    yield "registered", population.order_by().values_list(place).annotate(n=Sum("households"))
    yield "on_file", by_place(households)
    yield "visited", by_place(households.exclude(pk__in=without_form(households, round_).values("pk")))
    yield "lacking", by_place(lacking_items(households))
    counted: dict[int | None, int] = {}
    for key, birth in children_to_look_at(scope, round_.reference_date).values_list(F(f"household__{place}"), "person__birth"):
        if birth and age_on(birth, round_.reference_date) in SCHOOL_AGES:
            counted[key] = counted.get(key, 0) + 1
    yield "children", counted.items()


def child_words(row: Membership) -> str:
    return {"unknown": "没有登记在校情况", "out": "不在校", "in": "在校"}[child_state(row.schooling, row.education)]
