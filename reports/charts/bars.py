"""Horizontal bars: a name, a bar, the number behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports.charts.percent import percent, share


@dataclass(frozen=True, slots=True)
class Bar:
    """`width` = per cent of the drawing, "" where the value is not computable. `fill` names colour and pattern, `text` the value in words."""

    label: str
    value: float | None
    text: str
    width: str
    url: str = ""
    fill: str = "accent"
    note: str = ""


Row = tuple[Any, ...]
"""label, value, text and as many of url, fill, note as there are."""


def bars(rows: Iterable[Row], most: float | None = None) -> tuple[Bar, ...]:
    """Bars in the order of the rows; the longest, or `most`, is as wide as the drawing."""
    rows = list(rows)
    top = most if most is not None else max((row[1] or 0 for row in rows), default=0)
    return tuple(
        Bar(label, value, text, "" if value is None else percent(share(value, top)), *more) for label, value, text, *more in rows
    )
