"""A line over rounds: few points, each with its number; a gap where a number is not computable."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.percent import percent

HEIGHT, TOP = 64, 26
EDGE = 12.0


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    text: str
    x: str
    y: float | None


@dataclass(frozen=True, slots=True)
class Line:
    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True, slots=True)
class Trend:
    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    height: int = TOP + HEIGHT + 24
    base: int = TOP + HEIGHT


def trend(values: Sequence[tuple[str, float | None, str]]) -> Trend:
    """(label, value, text) in the order of time. The scale begins at 0, so that a small change looks small."""
    top = max((value or 0 for _, value, _ in values), default=0) or 1
    step = (100 - 2 * EDGE) / max(1, len(values) - 1)
    points = tuple(
        Point(label, text, percent(EDGE + number * step), None if value is None else round(TOP + HEIGHT - value * HEIGHT / top, 1))
        for number, (label, value, text) in enumerate(values)
    )
    pairs = zip(points, points[1:], strict=False)
    return Trend(points, tuple(Line(a.x, a.y, b.x, b.y) for a, b in pairs if a.y is not None and b.y is not None))
