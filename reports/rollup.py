"""Base figures of villager groups: one grouped pass over each source, everything above them is a sum (architecture "Roll-ups").

Reads only; `reports.actions.roll_up` decides which villages and stores the result. No figure depends on today's date (ruling 23).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Aggregate, BigIntegerField, Case, Count, F, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast

from assessment.models import Case as ListCase
from assessment.models import CaseState, Opinion, Round, Survey, SurveyStatus, Verdict
from households import cohorts
from households.codes import ATTRIBUTE, CAUSE
from households.models import Household
from reports.catalog.households import LISTED
from reports.sources import FURTHER
from villages.models import RegisteredPopulation, VillagerGroup

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
    """One row a group: a row for each attribute and cause would be nearly one a household."""
    rows = area.narrow(households_counted(round_)).order_by().values_list("village_id", "group_id")
    for village, group, count, persons, *sums in rows.annotate(Count("pk"), Sum("persons"), **_MEASURES):
        figures = sink((village, group))
        _add(figures, "households", count)
        _add(figures, "persons", persons)
        left = {none: [count, persons] for none in _NONE}
        for both, (count_code, persons_code, none) in zip(sums, _CODED, strict=True):
            if both:
                matched, people = divmod(both, _HOUSEHOLD)
                _add(figures, count_code, matched)
                _add(figures, persons_code, people)
                if none:
                    left[none][0] -= matched
                    left[none][1] -= people
        for (count_code, persons_code), (matched, people) in left.items():
            if matched:
                _add(figures, count_code, matched)
                _add(figures, persons_code, people)


_HOUSEHOLD = 1 << 32


def _both(**match: str) -> Cast:
    """Households and persons of those that match, in one sum (`divmod` by _HOUSEHOLD parts them): a table of thirty codes costs half as
    much as with two."""
    each = Case(When(then=F("persons") + Value(_HOUSEHOLD), **match), default=Value(0), output_field=BigIntegerField())
    return Cast(Sum(each), BigIntegerField())


_FAMILIES = {("attribute.NONE", "attribute_persons.NONE"): ("attribute", ATTRIBUTE), ("cause.NONE", "cause_persons.NONE"): ("cause", CAUSE)}
_NONE = tuple(_FAMILIES)
_MEASURES = {"on_register": _both(exit_status=LISTED)} | {
    f"{field}_{code}": _both(**{field: code}) for field, codes in _FAMILIES.values() for code in codes.items
}
_CODED: tuple[tuple[str, str, tuple[str, str] | None], ...] = (
    ("listed", "listed_persons", None),
    *((f"{field}.{code}", f"{field}_persons.{code}", none) for none, (field, codes) in _FAMILIES.items() for code in codes.items),
)
"""Of each measure: the codes of households and persons, and the pair that holds what no code of its family takes."""


class _Joined(Aggregate):
    """Texts of a group with blanks between them; those that are missing are left out."""

    output_field = TextField()
    template = "%(function)s(%(expressions)s, ' ')"

    def as_sqlite(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, function="GROUP_CONCAT", **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, function="STRING_AGG", **extra)


def _read_surveys(round_: Round, area: Area, sink: Sink) -> None:
    rows = area.narrow(surveys_counted(round_)).order_by().values_list("village_id", "group_id", "score__tier")
    measures = (Count("pk"), Sum("persons"), Sum("score__points"), Count("people"))
    for village, group, tier, count, persons, points, counted, people in rows.annotate(*measures, all_people=_Joined("people")):
        figures = sink((village, group))
        _add_people(figures, people or "", whole=counted == count)
        _add(figures, "surveyed", count)
        _add(figures, "score_sum", points or 0)
        _add(figures, f"tier.{tier}", count)
        _add(figures, f"tier_persons.{tier}", persons)


def _add_people(figures: Figures, people: str, *, whole: bool) -> None:
    """`people` = the counts of all these households; one form without them makes the group's figures unknown (ruling 22)."""
    if not whole:
        figures |= dict.fromkeys(_PEOPLE.values(), None)
        return
    for text, households in Counter(people.split()).items():
        name, number = _cohort(text)
        if figures.get(name, 0) is not None:
            _add(figures, name, number * households)


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
