"""What a column of a table is: a declaration with its 口径, never code in a view (rulings 22, 27). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

PLACES = Decimal("0.000001")
NONE = "NONE"

Values = Mapping[str, int | None]


class Source(StrEnum):
    """Where a base figure is counted: facts, frozen forms, the register of population, standing decisions, concluded cases, the whole
    ledger with what was voided later, doubts, or forms and cases of the round before."""

    HOUSEHOLDS = "households"
    SURVEYS = "surveys"
    POPULATION = "population"
    VERDICTS = "verdicts"
    CASES = "cases"
    RETURNS = "returns"
    REJECTIONS = "rejections"
    DOUBTS = "doubts"
    EARLIER_SURVEYS = "earlier_surveys"
    EARLIER_CASES = "earlier_cases"


MAY_BE_UNKNOWN = frozenset((Source.POPULATION, Source.EARLIER_SURVEYS, Source.EARLIER_CASES))
"""Where a figure that nobody wrote down is unknown, not 0."""
RATE, DIFFERENCE = " / ", " - "
POINTS = ("points", "look")


class Kind(StrEnum):
    BASE = "base"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Column:
    """A base column adds up over groups, villages and townships; a derived one is computed anew from sums, so that a township's rate
    is never the mean of its villages' rates.

    `short` stands under `group_title` in a grouped header, `title` stands alone. `expression` is `count`, `persons`, `people`, `points` or
    `look` for a base column (with `match`, the field and value that a household must have), `numerator / denominator` for a rate and
    `this - that` for a change; both of these are derived.
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
    private: bool = False
    """The households behind the number are for those who may see health."""

    @property
    def kind(self) -> Kind:
        return Kind.DERIVED if self.is_rate or self.is_change else Kind.BASE

    @property
    def is_derived(self) -> bool:
        return self.kind is Kind.DERIVED

    @property
    def is_rate(self) -> bool:
        return RATE in self.expression

    @property
    def is_change(self) -> bool:
        return DIFFERENCE in self.expression

    @property
    def numerator(self) -> str:
        """The first base code of a derived column: what is divided, or what stands now."""
        return self.expression.partition(RATE if self.is_rate else DIFFERENCE)[0]

    @property
    def denominator(self) -> str:
        """The second one: what is divided by, or what stood before."""
        return self.expression.partition(RATE if self.is_rate else DIFFERENCE)[2]

    @property
    def has_cell(self) -> bool:
        """Whether households stand behind the number. Registered population is a number from outside, nobody is behind it."""
        return not self.is_derived and self.source is not Source.POPULATION and self.expression not in POINTS

    @property
    def predicate(self) -> str:
        """The name of the households behind a base column; a column of households and its twin of persons have the same ones."""
        field, value = self.match or ("", "")
        return f"{self.source}:{field}={value}" if field else f"{self.source}:"

    def value(self, sums: Values) -> int | float | None:
        """The column's value over summed base figures; None = not computable (an unknown or zero denominator, ruling 22)."""
        if not self.is_derived:
            return sums.get(self.code, None if self.source in MAY_BE_UNKNOWN else 0)
        if self.is_change:
            now, before = sums.get(self.numerator, 0), sums.get(self.denominator)
            return None if now is None or before is None else now - before
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
