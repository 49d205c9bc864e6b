"""The households behind every base column, by group: one query a source, and each row read in Python as `reports.cells.condition` asks the
database. It is what a snapshot freezes, and a count beside the stored figures, which come from grouped queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from assessment.models import Round
from households import cohorts
from households.codes import ATTRIBUTE, CAUSE
from reports.catalog import Column, Source, known
from reports.rollup import cases_concluded, households_counted, passes_counted, surveys_counted
from reports.sources.doubts import doubts_counted
from reports.sources.earlier import earlier_cases, earlier_surveys
from reports.sources.ledger import rejections_counted, returns_counted
from villages.selectors import absorbed

Key = tuple[int, int | None]
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Reading:
    """Rows of a source, the way to their place and household, the columns that say what they count as, and `one`: what is counted once."""

    rows: Callable[[Round], QuerySet]
    place: str = ""
    household: str = "household_id"
    one: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


_TIER = {"tier": "score__tier"}
_READINGS: dict[Source, _Reading] = {
    Source.HOUSEHOLDS: _Reading(
        households_counted, household="pk", facts={"attribute": "attribute", "cause": "cause", "exit_status": "exit_status"}
    ),
    Source.SURVEYS: _Reading(surveys_counted, facts=_TIER | {"people": "people"}),
    Source.VERDICTS: _Reading(passes_counted, "case__", "case__household_id", "case_id", {"stage": "stage"}),
    Source.CASES: _Reading(cases_concluded, facts={"category": "category"}),
    Source.RETURNS: _Reading(returns_counted, "case__", "case__household_id", "case_id", {"reason": "reasons"}),
    Source.REJECTIONS: _Reading(rejections_counted, "case__", "case__household_id", "case_id", {"reason": "reasons"}),
    Source.DOUBTS: _Reading(doubts_counted, "household__", "household_id", "household_id", {"severity": "severity"}),
    Source.EARLIER_SURVEYS: _Reading(earlier_surveys, facts=_TIER),
    Source.EARLIER_CASES: _Reading(earlier_cases),
}  # fmt: skip


def households_behind(round_: Round, village_ids: Iterable[int], columns: Sequence[Column]) -> dict[Key, dict[str, list[int]]]:
    """{(village, group): {predicate: household ids, sorted}} of the villages and those merged into them. A household that counts twice
    (two cases) stands twice."""
    today = absorbed(village_ids)
    wanted = {*village_ids, *today}
    asked = {column.predicate for column in columns if column.has_cell}
    found: dict[Key, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for source, reading in _READINGS.items():
        seen: set[tuple[Any, str]] = set()
        for one, village, group, household, facts in _rows(round_, reading, wanted):
            for name in _predicates(source, facts):
                if name in asked and (one, name) not in seen:
                    if reading.one:
                        seen.add((one, name))
                    found[today.get(village, village), group][name].append(household)
    return {key: {name: sorted(ids) for name, ids in sorted(by_name.items())} for key, by_name in found.items()}


def _rows(round_: Round, reading: _Reading, villages: set[int]) -> Iterator[tuple[Any, int, int | None, int, Facts]]:
    rows = reading.rows(round_).filter(**{f"{reading.place}village_id__in": villages}).order_by()
    paths = [reading.one or "pk", f"{reading.place}village_id", f"{reading.place}group_id", reading.household]
    for one, village, group, household, *values in rows.values_list(*paths, *reading.facts.values()):
        yield one, village, group, household, dict(zip(reading.facts, values, strict=True))


def _predicates(source: Source, facts: Facts) -> Iterator[str]:
    """Every predicate that the row meets."""
    yield f"{source}:"
    for name, value in facts.items():
        for one in _VALUES.get(name, _single)(value):
            yield f"{source}:{name}={one}"


def _single(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


_VALUES: dict[str, Callable[[Any], Iterable[str]]] = {
    "attribute": lambda value: (known(ATTRIBUTE, value),),
    "cause": lambda value: (known(CAUSE, value),),
    "people": lambda value: cohorts.read(value or ""),
    "reason": tuple,
}


def miscounted(part: Mapping[str, int | None], behind: Mapping[str, Sequence[int]], columns: Iterable[Column]) -> list[tuple[Column, int, int]]:
    """(column, stored figure, households found) wherever the two differ; a figure that is unknown says nothing."""
    counted = [column for column in columns if column.has_cell and column.expression == "count"]
    pairs = [(column, part.get(column.code, 0), len(behind.get(column.predicate, ()))) for column in counted]
    return [(column, figure, number) for column, figure, number in pairs if figure is not None and figure != number]
