"""The catalogue of table columns, by family. A family is a function of the round's rubric or of the stages of its procedure.

`CATALOG_VERSION` is stored with every computed village: a change of a 口径 raises it and makes every stored figure stale (ruling 24).
"""

from collections.abc import Iterable
from functools import lru_cache

from assessment.procedures import Stage
from assessment.rubric import Look, Tier
from reports.catalog.cohorts import cohort_columns
from reports.catalog.column import NONE, POINTS, Column, Kind, Source, Values, add_up
from reports.catalog.decided import decided_columns
from reports.catalog.doubts import doubt_columns
from reports.catalog.earlier import earlier_columns
from reports.catalog.households import attribute_columns, cause_columns, household_columns, known, listed_columns
from reports.catalog.ledger import ledger_columns
from reports.catalog.population import population_columns
from reports.catalog.stages import stage_columns
from reports.catalog.surveys import look_columns, survey_columns, tier_columns

CATALOG_VERSION = "4"

__all__ = [
    "CATALOG_VERSION",
    "NONE",
    "POINTS",
    "Column",
    "Kind",
    "Source",
    "Values",
    "add_up",
    "column_of",
    "columns_for",
    "known",
]


@lru_cache(maxsize=32)
def columns_for(tiers: tuple[Tier, ...], stages: tuple[Stage, ...], looks: tuple[Look, ...] = ()) -> tuple[Column, ...]:
    """Every column, in the order of the printed table."""
    return (
        *household_columns(),
        *survey_columns(),
        *tier_columns(tiers),
        *stage_columns(stages),
        *decided_columns(tiers),
        *attribute_columns(),
        *cause_columns(),
        *listed_columns(),
        *cohort_columns(),
        *look_columns(looks),
        *ledger_columns(),
        *earlier_columns(tiers),
        *doubt_columns(),
        *population_columns(),
    )


def column_of(columns: Iterable[Column], code: str) -> Column | None:
    return next((column for column in columns if column.code == code), None)
