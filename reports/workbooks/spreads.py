"""How a wide table lies on paper: A4 where it fits, else A3, cut between groups of columns, in a size that can be read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

A3, A4 = 8, 9
_PRINTABLE = {A4: 277.0, A3: 400.0}
"""Millimetres between the margins, landscape."""
NAME_MM, FIGURE_MM = 49.5, 18.8
"""As LibreOffice draws them; Excel takes a sixth less, so that what fits there fits here."""
NAME_WIDTH, FIGURE_WIDTH = 20, 7.5
"""The same in characters, as the sheet keeps it."""
LEAST_SCALE = 80
"""Per cent: 11 points become 8.8, about 3 mm."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Columns `start` up to `stop` (from 0) that lie side by side on a page, behind the column of names."""

    start: int
    stop: int

    @property
    def width(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Layout:
    paper: int
    scale: int
    spreads: tuple[Spread, ...]


def layout_of(groups: Sequence[str]) -> Layout:
    """`groups` = the header group of each column, in order."""
    if _scale(A4, len(groups)) >= LEAST_SCALE:
        return Layout(A4, _scale(A4, len(groups)), (Spread(0, len(groups)),))
    spreads = tuple(_spreads(groups, _most(A3)))
    return Layout(A3, _scale(A3, max(spread.width for spread in spreads)), spreads)


def _most(paper: int) -> int:
    return int((_PRINTABLE[paper] * 100 / LEAST_SCALE - NAME_MM) / FIGURE_MM)


def _scale(paper: int, columns: int) -> int:
    return min(100, int(_PRINTABLE[paper] * 100 / (NAME_MM + FIGURE_MM * columns)))


def _spreads(groups: Sequence[str], most: int) -> Iterator[Spread]:
    """Whole groups as long as they fit; a group wider than a page is cut."""
    start = at = 0
    for _, members in groupby(groups):
        size = len(list(members))
        if at > start and at + size - start > most:
            yield Spread(start, at)
            start = at
        at += size
        while at - start > most:
            yield Spread(start, start + most)
            start += most
    yield Spread(start, at)
