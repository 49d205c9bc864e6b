"""村不落户、户不落人 (A8-03, D6-07): what nobody has visited or looked at, as lists that can be worked down and as counts by place."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Aggregate, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from assessment.models import Round
from assessment.selectors import without_form
from core.scope import Scope
from households.coverage import BASICS, NOT_IN_SCHOOL, SCHOOL_AGES, SIX_ITEMS, child_state, missing_items
from households.models import Household, Membership
from villages.models import RegisteredPopulation, Village, VillagerGroup, short_name

POOR = ("DOUDI", "DIBAO", "YIBAN")
ON_REGISTER = ("0", "3")
TEXTS = ("cause", "structure")
FIGURES = ("registered", "on_file", "unvisited", "children", "lacking")
LOOSE = 32_767
"""Behind every group number: the line of households without a group."""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A village or group: registered households of the population table, those on file, and what is still to be looked at."""

    code: str
    name: str
    registered: int | None = None
    on_file: int = 0
    unvisited: int = 0
    children: int = 0
    lacking: int = 0

    @property
    def not_on_file(self) -> int | None:
        """None where the registered households are not known."""
        return None if self.registered is None else max(0, self.registered - self.on_file)


@dataclass(frozen=True, slots=True)
class Coverage:
    lines: tuple[PlaceLine, ...] = field(default=())
    by_group: bool = False

    def total(self, name: str) -> int:
        return sum(getattr(line, name) or 0 for line in self.lines)


def children_to_look_at(scope: Scope, day: date) -> QuerySet[Membership]:
    """Living members of 6 to 15 on the day, as `age_on` tells it, who are not in school, or of whom nobody knows (A1-01)."""
    return _children(Membership.objects.visible_to(scope), day)


def _children(rows: QuerySet[Membership], day: date) -> QuerySet[Membership]:
    rows = rows.current().filter(household__closed_on__isnull=True)
    rows = rows.filter(person__birth__gt=_years_before(day, SCHOOL_AGES.stop), person__birth__lte=_years_before(day, SCHOOL_AGES.start))
    return rows.filter(Q(schooling="") | Q(schooling=NOT_IN_SCHOOL))


def _years_before(day: date, years: int) -> date:
    """The last birthday of whoever is that old on the day; in a common year there is none on 29 February."""
    year = day.year - years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


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
    """One line a group for callers of one village, else one a village; each in one query."""
    villages = Village.objects.visible_to(scope).filter(county_id=round_.county_id, valid_to__isnull=True)
    if not _in_one_village(scope):
        rows = _with_figures(villages, scope, round_, "village").order_by("code").values("code", "name", *FIGURES)
        lines = tuple(PlaceLine(**row | {"name": short_name(row["name"])}) for row in rows)
        if len(lines) != 1:
            return Coverage(lines)
    return Coverage(tuple(_by_group(villages, scope, round_)), by_group=True)


def _in_one_village(scope: Scope) -> bool:
    return len({grant.village_id for grant in scope.rows}) == 1 and scope.rows[0].village_id is not None


def _by_group(villages: QuerySet[Village], scope: Scope, round_: Round) -> list[PlaceLine]:
    """Groups in their order, and last the households without one, where there are any."""
    groups = VillagerGroup.objects.visible_to(scope).filter(village__in=villages, valid_to__isnull=True)
    named = _with_figures(groups, scope, round_, "group").annotate(place=F("number"))
    loose = _with_figures(villages, scope, round_, "village", group__isnull=True).annotate(place=Value(LOOSE))
    columns = ("place", "code", "name", *FIGURES)
    rows = list(named.order_by().values(*columns).union(loose.order_by().values(*columns), all=True).order_by("place"))
    lines = [PlaceLine(**{name: row[name] for name in columns[1:]}) for row in rows if row["place"] != LOOSE]
    without = [PlaceLine("", "未分组", None, *(row[name] for name in FIGURES[1:])) for row in rows if row["place"] == LOOSE and row["on_file"]]
    return lines + without


def _with_figures(places: QuerySet, scope: Scope, round_: Round, place: str, **only: bool) -> QuerySet:
    """FIGURES beside each village or group. The places have passed the gate, and their rows with them: asked for the area once more, SQLite
    would read the whole county for every village instead of the village by its index."""
    households = Household.objects.registered().filter(**only)
    children = _children(Membership.objects.filter(**{f"household__{name}": value for name, value in only.items()}), round_.reference_date)
    newest = RegisteredPopulation.objects.visible_to(scope).filter(year__lte=round_.year).order_by("-year").values("year")[:1]
    return places.annotate(
        registered=_of_place(RegisteredPopulation.objects.filter(year=Subquery(newest)), place, Sum("households")),
        on_file=Coalesce(_of_place(households, place, Count("pk")), 0),
        unvisited=Coalesce(_of_place(without_form(households, round_), place, Count("pk")), 0),
        children=Coalesce(_of_place(children, f"household__{place}", Count("pk")), 0),
        lacking=Coalesce(_of_place(lacking_items(households), place, Count("pk")), 0),
    )


def _of_place(rows: QuerySet, place: str, figure: Aggregate) -> Subquery:
    return Subquery(rows.filter(**{place: OuterRef("pk")}).order_by().values(place).annotate(n=figure).values("n"))


def child_words(row: Membership) -> str:
    return {"unknown": "没有登记在校情况", "out": "不在校", "in": "在校"}[child_state(row.schooling, row.education)]
