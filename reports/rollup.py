"""Base figures of villager groups: one grouped pass over each source, everything above them is a sum (architecture "Roll-ups").

Reads only; `reports.actions.roll_up` decides which villages and stores the result. No figure depends on today's date (ruling 23).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Aggregate, Count, Q, QuerySet, Sum, TextField

from assessment.models import Case as ListCase
from assessment.models import CaseState, Opinion, Round, Survey, SurveyStatus, Verdict
from households import cohorts
from households.codes import ATTRIBUTE, CAUSE
from households.models import Household
from reports.catalog.households import LISTED, known
from reports.sources import FURTHER
from reports.sources.looks import RECORD, add_looks
from villages.models import RegisteredPopulation, VillagerGroup

UNIT = "\x1f"
_PEOPLE = {code: f"people.{code}" for code in cohorts.CODES}
Key = tuple[int, int | None]
Figures = dict[str, int | None]
Sink = Callable[[Key], Figures]


@dataclass(frozen=True, slots=True)
class Area:
    """What a pass reads: a whole county, or some of its villages with those merged into them. `heirs`: {village merged away: where its
    frozen rows are counted}."""

    county_id: int
    village_ids: tuple[int, ...] | None = None
    heirs: Mapping[int, int] = field(default_factory=dict)

    def today(self, key: Key) -> Key:
        """The village and group in which a figure is counted. A merged village's groups went along, so a group is never ambiguous."""
        return self.heirs.get(key[0], key[0]), key[1]

    def narrow(self, rows: QuerySet, path: str = "") -> QuerySet:
        """`path` leads from the row to the one that carries the place."""
        rows = rows.filter(**{f"{path}county_id": self.county_id})
        return rows if self.village_ids is None else rows.filter(**{f"{path}village_id__in": self.village_ids})


def base_figures(round_: Round, area: Area, progress: Callable[[str], None] = lambda note: None) -> dict[Key, Figures]:
    """(village, group or None) → base figures. Every group in force has an entry, 未分组 only when somebody is in it."""
    made: dict[Key, Figures] = defaultdict(dict)
    for note, source in SOURCES:
        progress(note)
        source(round_, area, lambda key: made[area.today(key)])
    return dict(made)


def groups_in_force(round_: Round) -> QuerySet[VillagerGroup]:
    """Groups that exist on the round's reference date: those whose registered population a rate needs."""
    day = round_.reference_date
    return VillagerGroup.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def households_counted(round_: Round) -> QuerySet[Household]:
    """Households in the round's area of survey. A household is in the system because it is on the register or because it applied, so
    both kinds of `survey_scope` hold every registered household (ruling 14)."""
    return Household.objects.registered().filter(county_id=round_.county_id)


def surveys_counted(round_: Round) -> QuerySet[Survey]:
    """Forms in force. A 复核 that waits for the county is not one: it counts once its outcome has made it the submitted form."""
    return Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED)


def passes_counted(round_: Round) -> QuerySet[Verdict]:
    """Agreements that stand, from the insert-only ledger (rulings 15 and 23)."""
    return Verdict.objects.standing().filter(case__round=round_, opinion=Opinion.AGREE)


def cases_concluded(round_: Round) -> QuerySet[ListCase]:
    """Cases at their end: nothing moves them any more, and what a figure needs of them was frozen before (rulings 2 and 4)."""
    return ListCase.objects.filter(round=round_, state=CaseState.CONCLUDED)


def _add(figures: Figures, code: str, amount: int) -> None:
    figures[code] = (figures.get(code) or 0) + amount


def _read_population(round_: Round, area: Area, sink: Sink) -> None:
    """Missing year = unknown = None, never 0 (A7-02)."""
    stored = area.narrow(RegisteredPopulation.objects.filter(year=round_.year))
    numbers = {
        group: (households, persons)
        for group, households, persons in stored.values_list("group_id", "households", "persons")
    }
    for village, group in area.narrow(groups_in_force(round_)).values_list("village_id", "pk"):
        figures = sink((village, group))
        figures["registered_households"], figures["registered_population"] = numbers.get(group, (None, None))


def _read_households(round_: Round, area: Area, sink: Sink) -> None:
    """One row a group, with what its households are written behind each other: thirty sums of a CASE take the database more than twice
    as long as this does, and a row for each attribute and cause would be nearly one a household."""
    rows = area.narrow(households_counted(round_)).order_by().values_list("village_id", "group_id")
    kinds = _Joined("attribute", "cause", "exit_status", "persons")
    for village, group, count, persons, all_kinds in rows.annotate(Count("pk"), Sum("persons"), kinds=kinds):
        figures = sink((village, group))
        _add(figures, "households", count)
        _add(figures, "persons", persons)
        _add_kinds(figures, all_kinds, _household_kind)


def _read_surveys(round_: Round, area: Area, sink: Sink) -> None:
    """Tier, people and looks of a group's forms in one pass over them."""
    looks = round_.rubric.value.looks
    rows = area.narrow(surveys_counted(round_)).order_by().values_list("village_id", "group_id")
    measures = {"points": Sum("score__points"), "counted": Count("people")}
    texts = {"kinds": _Joined("score__tier", "persons"), "all_people": _Joined("people"), "all_looks": _Joined("score__look_points")}
    for village, group, forms, points, counted, kinds, people, kept in rows.annotate(Count("pk"), **measures, **texts):
        figures = sink((village, group))
        _add(figures, "surveyed", forms)
        _add(figures, "score_sum", points or 0)
        _add_kinds(figures, kinds or "", _form_kind)
        _add_people(figures, people or "", whole=counted == forms)
        add_looks(figures, looks, kept or "", forms)


class _Joined(Aggregate):
    """Texts of a group with RECORD between them, each made of the expressions with UNIT between them; what is missing is left out.
    No stored text holds either of the two, `core.text` takes control characters out."""

    output_field = TextField()
    arg_joiner = f" || '{UNIT}' || "
    template = f"%(function)s(%(expressions)s, '{RECORD}')"

    def as_sqlite(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, function="STRING_AGG", **extra)


_PERSONS = 32
_HOUSEHOLD = 1 << _PERSONS


def _add_kinds(figures: Figures, kinds: str, read: Callable[[str], tuple[tuple[str, ...], int]]) -> None:
    """Households and persons of each code in one sum, persons in its lower bits: alike ones are read once, and added once a code."""
    sums: dict[str, int] = defaultdict(int)
    for kind, number in Counter(kinds.split(RECORD)).items() if kinds else ():
        codes, both = read(kind)
        for code in codes:
            sums[code] += number * both
    for code, both in sums.items():
        twin = _persons_of(code)
        figures[code] = figures.get(code, 0) + (both >> _PERSONS)
        figures[twin] = figures.get(twin, 0) + (both & _HOUSEHOLD - 1)


@lru_cache(maxsize=1024)
def _persons_of(code: str) -> str:
    family, dot, rest = code.partition(".")
    return f"{family}_persons{dot}{rest}"


@lru_cache(maxsize=8192)
def _household_kind(text: str) -> tuple[tuple[str, ...], int]:
    """The codes under which such a household counts, and what it adds to each."""
    attribute, cause, exit_status, persons = text.split(UNIT)
    codes = (f"attribute.{known(ATTRIBUTE, attribute)}", f"cause.{known(CAUSE, cause)}")
    return (*codes, "listed") if exit_status == LISTED else codes, _HOUSEHOLD + int(persons)


@lru_cache(maxsize=1024)
def _form_kind(text: str) -> tuple[tuple[str, ...], int]:
    tier, persons = text.split(UNIT)
    return (f"tier.{tier}",), _HOUSEHOLD + int(persons)


def _add_people(figures: Figures, people: str, *, whole: bool) -> None:
    """`people` = the counts of all these households; one form without them makes the group's figures unknown (ruling 22)."""
    if not whole:
        figures |= dict.fromkeys(_PEOPLE.values(), None)
        return
    for text, households in Counter(people.split()).items():
        name, number = _cohort(text)
        now = figures.get(name, 0)
        if now is not None:
            figures[name] = now + number * households


@lru_cache(maxsize=4096)
def _cohort(text: str) -> tuple[str, int]:
    """One count as it is frozen, `OLD:2`."""
    ((code, number),) = cohorts.read(text).items()
    return _PEOPLE[code], number


def _read_passes(round_: Round, area: Area, sink: Sink) -> None:
    """A household counts once a stage, where it was when its case opened, or where that village has gone."""
    rows = area.narrow(passes_counted(round_), "case__").order_by()
    grouped = rows.values_list("case__village_id", "case__group_id", "stage")
    for village, group, stage, count in grouped.annotate(Count("case", distinct=True)):
        _add(sink((village, group)), f"stage.{stage}", count)


def _read_cases(round_: Round, area: Area, sink: Sink) -> None:
    rows = area.narrow(cases_concluded(round_)).order_by()
    grouped = rows.values_list("village_id", "group_id", "category")
    for village, group, category, count, persons in grouped.annotate(Count("pk"), Sum("survey__persons")):
        figures = sink((village, group))
        _add(figures, "concluded", count)
        _add(figures, f"decided.{category}", count)
        _add(figures, f"decided_persons.{category}", persons or 0)


SOURCES: tuple[tuple[str, Callable[[Round, Area, Sink], None]], ...] = (
    ("读取户籍人口", _read_population),
    ("统计登记农户", _read_households),
    ("统计评估表", _read_surveys),
    ("统计名单各阶段", _read_passes),
    ("统计认定结果", _read_cases),
    *FURTHER,
)
