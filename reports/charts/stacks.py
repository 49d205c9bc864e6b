"""A bar a place, cut into the parts of its whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.charts.percent import percent

INSIDE = 9.0
"""Per cent of the width that a part needs for its number to stand in it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part: where it begins and how wide it is; `inside` where its number fits. `value` is how many, `part` its share of the whole."""

    label: str
    fill: str
    value: int
    part: float
    x: str
    width: str
    middle: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """`total` None: a part is not computable, nothing is drawn; 0: nobody there."""

    label: str
    total: int | None
    segments: tuple[Segment, ...]
    url: str = ""


def stack(label: str, parts: Sequence[tuple[str, str, int | None]], url: str = "") -> Stack:
    """`parts` are (label, fill, value) from left to right; together they are as wide as the drawing."""
    if any(value is None for _, _, value in parts):
        return Stack(label, None, (), url)
    total = sum(value or 0 for _, _, value in parts)
    segments, before = [], 0
    for name, fill, value in parts:
        if value:
            x, width = before * 100 / total, value * 100 / total
            segments.append(
                Segment(name, fill, value, value / total, percent(x), percent(width), percent(x + width / 2), width >= INSIDE)
            )
            before += value
    return Stack(label, total, tuple(segments), url)


def stacks(rows: Iterable[Stack], heavy: Sequence[str]) -> list[Stack]:
    """The place with the largest share of the `heavy` parts first; places without anybody last, by name as they came."""
    return sorted(rows, key=lambda row: (not row.total, -sum(part.part for part in row.segments if part.fill in heavy)))
