"""How scores are spread: columns of five points each that never straddle a cut between tiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.charts.percent import percent

STEP, HEIGHT, TOP = 5, 140, 22


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores `low` to `high`, both counted. `y` and `height` in px from the top of the drawing."""

    low: int
    high: int
    count: int
    fill: str
    tier: str
    x: str
    width: str
    middle: str
    y: float
    height: float
    peak: bool
    """The first of the highest columns: the one whose number there is room for on a phone."""

    @property
    def said(self) -> str:
        return f"{self.low}–{self.high}" if self.high > self.low else str(self.low)


@dataclass(frozen=True, slots=True)
class Cut:
    """A line between two tiers, with the last score below it."""

    x: str
    score: int


@dataclass(frozen=True, slots=True)
class Histogram:
    bins: tuple[Bin, ...]
    cuts: tuple[Cut, ...]
    total: int
    base: int = TOP + HEIGHT

    @property
    def most(self) -> int:
        return max((one.count for one in self.bins), default=0)


def histogram(counts: Mapping[int, int], tiers: Sequence[tuple[str, str, int, int]]) -> Histogram:
    """`counts` = score → forms, `tiers` = (name, fill, least, most) from the lowest up, whole points without gaps."""
    spans = [(low, high, name, fill) for name, fill, least, last in tiers for low, high in spans_of(least, last)]
    first, points = spans[0][0], spans[-1][1] - spans[0][0] + 1
    sums = [sum(number for score, number in counts.items() if low <= score <= high) for low, high, _, _ in spans]
    top = max(sums, default=0) or 1
    peak = sums.index(max(sums))
    bins = []
    for number, ((low, high, name, fill), count) in enumerate(zip(spans, sums, strict=True)):
        x, width = (low - first) * 100 / points, (high - low + 1) * 100 / points
        height = round(max(2.0, count * HEIGHT / top), 1) if count else 0.0
        across = percent(x), percent(width), percent(x + width / 2)
        bins.append(Bin(low, high, count, fill, name, *across, round(TOP + HEIGHT - height, 1), height, number == peak))
    cuts = tuple(Cut(percent((least - first) * 100 / points), least - 1) for _, _, least, _ in tiers[1:])
    return Histogram(tuple(bins), cuts, sum(sums))


def spans_of(least: int, last: int) -> list[tuple[int, int]]:
    """A tier's scores in steps of five counted from its top; what is left over below joins the lowest step."""
    spans, high = [], last
    while high - 2 * STEP >= least - 1:
        spans.append((high - STEP + 1, high))
        high -= STEP
    spans.append((least, high))
    return spans[::-1]
