"""The sheet that hangs: A3, one for each group or one for the whole village, as many pages as its rows need. Reads, decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.models import Notice, NoticeLine, NoticeSheet
from assessment.selectors_notices import stage_of

ALONE, FIRST, MIDDLE, LAST = 30, 42, 58, 42
"""Rows in two columns that fit a page: alone with heading and foot, with the heading, between, with the foot."""
ONE_COLUMN, FEW = 17, 10
"""A short list stands in one column, a very short one in larger type: the sheet is read from two metres."""


@dataclass(frozen=True, slots=True)
class PosterPage:
    columns: list[list[NoticeLine]]
    number: int
    of: int

    @property
    def first(self) -> bool:
        return self.number == 1

    @property
    def last(self) -> bool:
        return self.number == self.of


@dataclass(frozen=True, slots=True)
class Poster:
    """`group` is "" on a board that hangs the whole list: each row then names its group."""

    sheet: NoticeSheet
    group: str
    households: int
    persons: int
    pages: list[PosterPage]

    @property
    def few(self) -> bool:
        return self.households <= FEW


def posters_of(notice: Notice, sheets: Sequence[NoticeSheet]) -> list[Poster]:
    """One for each group; on one board one for all of them (ruling 19)."""
    if stage_of(notice).per_group or len(sheets) == 1:
        return [_poster(sheet, sheet.group_name, list(sheet.lines.all())) for sheet in sheets]
    lines = sorted((line for sheet in sheets for line in sheet.lines.all()), key=lambda line: line.position)
    names = {sheet.pk: sheet.group_name for sheet in sheets}
    for line in lines:
        line.group_name = names[line.sheet_id]
    return [_poster(sheets[0], "", lines)]


def _poster(sheet: NoticeSheet, group: str, lines: Sequence[NoticeLine]) -> Poster:
    parts = split_rows(len(lines))
    pages, start = [], 0
    for number, size in enumerate(parts, start=1):
        rows = lines[start : start + size]
        start += size
        half = len(rows) if len(lines) <= ONE_COLUMN else -(-len(rows) // 2)
        pages.append(PosterPage([rows[:half], rows[half:]] if half < len(rows) else [rows], number, len(parts)))
    return Poster(sheet, group, len(lines), sum(line.persons for line in lines), pages)


def split_rows(count: int) -> list[int]:
    """How many rows each page takes."""
    if count <= ALONE:
        return [count]
    parts, left = [FIRST], count - FIRST
    if left <= 0:
        return [count - LAST // 2, LAST // 2]
    while left > LAST:
        parts.append(min(MIDDLE, left - 1))
        left -= parts[-1]
    return [*parts, left]
