"""Base figures of villager groups: one grouped pass over each source, everything above them is a sum (architecture "Roll-ups").

Reads only; `reports.actions.roll_up` decides which villages and stores the result. No figure depends on today's date (ruling 23).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from assessment.models import Case, CaseState, Opinion, Round, Survey, SurveyStatus, Verdict
from households.codes import ATTRIBUTE, CAUSE
from households.models import Household
from reports.catalog import known
from reports.catalog.households import LISTED
from villages.models import RegisteredPopulation, VillagerGroup

Key = tuple[int, int | None]
Figures = dict[str, int | None]
Sink = Callable[[Key], Figures]


@dataclass(frozen=True, slots=True)
class Area:
    """What a pass reads: a whole county, or some of its villages."""

    county_id: int
    village_ids: tuple[int, ...] | None = None

    def narrow(self, rows: QuerySet, path: str = "") -> QuerySet:
        """`path` leads from the row to the one that carries the place."""
        rows = rows.filter(**{f"{path}county_id": self.county_id})
        return rows if self.village_ids is None else rows.filter(**{f"{path}village_id__in": self.village_ids})


def base_figures(round_: Round, area: Area, progress: Callable[[str], None] = lambda note: None) -> dict[Key, Figures]:
    """(village, group or None) → base figures. Every group in force has an entry, 未分组 only when somebody is in it."""
    made: dict[Key, Figures] = defaultdict(dict)
    for note, source in SOURCES:
        progress(note)
        source(round_, area, made.__getitem__)
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


def cases_concluded(round_: Round) -> QuerySet[Case]:
    """Cases at their end: nothing moves them any more, and what a figure needs of them was frozen before (rulings 2 and 4)."""
    return Case.objects.filter(round=round_, state=CaseState.CONCLUDED)


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
    rows = area.narrow(households_counted(round_)).order_by()
    grouped = rows.values_list("village_id", "group_id", "attribute", "cause", "exit_status")
    for village, group, attribute, cause, exit_status, count, persons in grouped.annotate(Count("pk"), Sum("persons")):
        figures = sink((village, group))
        _add(figures, "households", count)
        _add(figures, "persons", persons)
        for family, suffix in (("attribute", known(ATTRIBUTE, attribute)), ("cause", known(CAUSE, cause))):
            _add(figures, f"{family}.{suffix}", count)
            _add(figures, f"{family}_persons.{suffix}", persons)
        if exit_status == LISTED:
            _add(figures, "listed", count)
            _add(figures, "listed_persons", persons)


def _read_surveys(round_: Round, area: Area, sink: Sink) -> None:
    rows = area.narrow(surveys_counted(round_)).order_by()
    grouped = rows.values_list("village_id", "group_id", "score__tier")
    for village, group, tier, count, persons, points in grouped.annotate(
        Count("pk"), Sum("persons"), Sum("score__points")
    ):
        figures = sink((village, group))
        _add(figures, "surveyed", count)
        _add(figures, "score_sum", points or 0)
        _add(figures, f"tier.{tier}", count)
        _add(figures, f"tier_persons.{tier}", persons)


def _read_passes(round_: Round, area: Area, sink: Sink) -> None:
    """A household counts once a stage, where it was when its case opened."""
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
)
