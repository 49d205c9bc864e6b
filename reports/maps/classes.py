"""Which colour a number gets: classes over the places shown, with their limits and how many places each holds. Pure.

0 and unknown are classes of their own. Every other value falls into exactly one of at most five; limits are values that occur (quantiles) or
round numbers (even steps), so that the legend can be said in words.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 5
ZERO, UNKNOWN = "0", "x"
QUANTILE, EVEN = "quantile", "even"
WAYS = {QUANTILE: "每档地方数相当", EVEN: "等距"}

Value = int | float | None


@dataclass(frozen=True, slots=True)
class Class:
    """Values over `above` (the first class: from `low`) up to and with `high`. `key` is the colour: "1" light to "5" dark."""

    key: str
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Classes:
    """`zero` and `unknown` = how many places are 0 or not computable. A share is never negative, nor is a count."""

    steps: tuple[Class, ...]
    zero: int
    unknown: int

    def key_of(self, value: Value) -> str:
        if value is None:
            return UNKNOWN
        if value == 0:
            return ZERO
        return self.steps[bisect_left([step.high for step in self.steps], value)].key


def classes_of(values: Iterable[Value], way: str = QUANTILE, *, whole: bool = False, most: int = MOST) -> Classes:
    """Classes of the values of all places on the map; `whole` = they are counted, so that a step is never half a household."""
    values = list(values)
    known = sorted(value for value in values if value)
    limits = _even(known, most, whole=whole) if way == EVEN else _quantiles(known, most)
    steps, start, count = [], 0, len(limits)
    for number, high in enumerate(limits):
        end = start + sum(1 for value in known[start:] if value <= high)
        low = known[start] if way != EVEN and start < end else (limits[number - 1] if number else 0)
        key = str(MOST - count + number + 1) if count > 1 else "3"
        steps.append(Class(key, low, high, end - start))
        start = end
    return Classes(tuple(steps), sum(value == 0 for value in values), sum(value is None for value in values))


def _quantiles(known: Sequence[float], most: int) -> list[float]:
    """Upper limits that occur; equal values are never parted, so there may be fewer classes."""
    count = min(most, len(set(known)))
    return sorted({known[math.ceil(len(known) * (number + 1) / count) - 1] for number in range(count)})


def _even(known: Sequence[float], most: int, *, whole: bool) -> list[float]:
    """Round steps from 0; the last one holds the largest value."""
    if not known:
        return []
    step = _round_up(known[-1] / most)
    step = math.ceil(step) if whole else step
    count = max(1, math.ceil(round(known[-1] / step, 9)))
    return [round(step * (number + 1), 9) for number in range(count)]


def _round_up(value: float) -> float:
    """The next of 1, 2, 2.5, 5 times a power of ten; never over-long on the legend. Steps of shares go down to 0.1 %."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(round(power * factor, 9) for factor in (1, 2, 2.5, 5, 10) if round(power * factor, 9) >= round(value, 9))
