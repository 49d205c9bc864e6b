"""What a column of a table is: a declaration with its 口径, never code in a view (rulings 22, 27). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

PLACES = Decimal("0.000001")
NONE = "NONE"

Values = Mapping[str, int | None]


class Source(StrEnum):
    """Where a base figure is counted: facts, frozen forms, the register of population, standing decisions, or concluded cases."""

    HOUSEHOLDS = "households"
    SURVEYS = "surveys"
    POPULATION = "population"
    VERDICTS = "verdicts"
    CASES = "cases"


class Kind(StrEnum):
    BASE = "base"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Column:
    """A base column adds up over groups, villages and townships; a derived one is computed anew from sums, so that a township's rate
    is never the mean of its villages' rates.

    `short` stands under `group_title` in a grouped header, `title` stands alone. `expression` is `count`, `persons` or `points` for a
    base column (with `match`, the field and value that a household must have) and `numerator / denominator` for a derived one.
    """

    code: str
    title: str
    short: str
    group_title: str
    definition: str
    unit: str
    expression: str
    source: Source
    match: tuple[str, str] | None = None
    decimals: int = 0
    percent: bool = False

    @property
    def kind(self) -> Kind:
        return Kind.DERIVED if " / " in self.expression else Kind.BASE

    @property
    def is_derived(self) -> bool:
        return self.kind is Kind.DERIVED

    @property
    def numerator(self) -> str:
        return self.expression.partition(" / ")[0]

    @property
    def denominator(self) -> str:
        return self.expression.partition(" / ")[2]

    @property
    def has_cell(self) -> bool:
        """Whether households stand behind the number. Registered population is a number from outside, nobody is behind it."""
        return not self.is_derived and self.source is not Source.POPULATION and self.expression != "points"

    def value(self, sums: Values) -> int | float | None:
        """The column's value over summed base figures; None = not computable (an unknown or zero denominator, ruling 22)."""
        if not self.is_derived:
            return sums.get(self.code, None if self.source is Source.POPULATION else 0)
        top, bottom = sums.get(self.numerator, 0), sums.get(self.denominator)
        if top is None or not bottom:
            return None
        return float((Decimal(top) / Decimal(bottom)).quantize(PLACES, ROUND_HALF_UP))


def add_up(rows: list[Values]) -> dict[str, int | None]:
    """Sum of base figures. A key that is missing in a row does not apply there and adds nothing (未分组 has no registered
    population of its own); a key that is None is unknown, and a sum with an unknown part is unknown."""
    sums: dict[str, int | None] = {}
    for row in rows:
        for code, value in row.items():
            known = sums.get(code, 0)
            sums[code] = None if value is None or known is None else known + value
    return sums
