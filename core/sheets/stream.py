"""Long lists by declared columns: the rows' plain XML, some hundred at a time. The hot path of every export."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from .book import Book
from .cells import letters, serial, text_cell
from .page import Page
from .styles import DAY, HEAD, TEXT, Styles

MOST_ROWS = 1_048_576
FLUSH_ROWS = 400
REMEMBERED = 1000
"""Texts of a column whose XML is kept: most columns hold few different words."""
Cell = Callable[[object], str]


@dataclass(frozen=True)
class OutColumn:
    """`kind`: text, code, number, integer or date. `width` in characters."""

    title: str
    kind: str = "text"
    width: float = 14
    decimals: int | None = None


@dataclass(frozen=True)
class OutSheet:
    """`foot` is printed at the foot of every page: who made the file, when, its serial number."""

    title: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]] = field(repr=False)
    foot: str = ""


def write_sheet(book: Book, title: str, sheet: OutSheet) -> None:
    codes = [place for place, column in enumerate(sheet.columns) if column.kind == "code"]
    page = Page([column.width for column in sheet.columns], foot=sheet.foot)
    with book.sheet_part(title, page, codes, book.styles.number(TEXT)) as part:
        for piece in _pieces(sheet, book.styles):
            part.write(piece)


def _pieces(sheet: OutSheet, styles: Styles) -> Iterable[str]:
    """The rows' XML, the heading first. The loop costs one look-up a text, one call a number."""
    heads = [f'<c r="{letters(place)}' for place in range(len(sheet.columns))]
    texts = [_Texts(column, styles) for column in sheet.columns]
    others = [_other(column, styles) for column in sheet.columns]
    bold = styles.number(TEXT, HEAD, marked=True)
    titles = [text_cell(column.title, bold, bold) for column in sheet.columns]
    out, number = (
        ['<row r="1">', *(f"{head}1{title}" for head, title in zip(heads, titles, strict=True) if title), "</row>"],
        1,
    )
    for row in sheet.rows:
        number += 1
        if number > MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS} rows")
        out.append(f'<row r="{number}">')
        for value, head, said, other in zip(row, heads, texts, others, strict=True):
            if value is None or value == "":
                continue
            made = said[value] if value.__class__ is str else other(value)
            if made:
                out.append(f"{head}{number}{made}")
        out.append("</row>")
        if number % FLUSH_ROWS == 0:
            yield "".join(out)
            out.clear()
    yield "".join(out)


class _Texts(dict):
    """Text of one column → the rest of its cell, from the quote after its address on. Remembers the first thousand."""

    def __init__(self, column: OutColumn, styles: Styles) -> None:
        self._plain, self._marked = styles.pair(TEXT if column.kind == "code" else "")

    def __missing__(self, value: str) -> str:
        made = text_cell(value, self._plain, self._marked)
        if len(self) < REMEMBERED:
            self[value] = made
        return made


def _other(column: OutColumn, styles: Styles) -> Cell:
    """What to do with a value that is no text: a number in a number column, a day in a column of days, else its words."""
    said, kind = _Texts(column, styles), column.kind

    def words(value: object) -> str:
        return said[str(value)]

    if kind == "date":
        day_style = styles.number(DAY)

        def day(value: object) -> str:
            if not isinstance(value, datetime.date):
                return words(value)
            days = serial(value)
            if days is None:
                return words(value.date() if isinstance(value, datetime.datetime) else value)
            return f'" s="{day_style}"><v>{days}</v></c>'

        return day
    if kind not in ("number", "integer"):
        return words
    whole, part = styles.number(_format(column, whole=True)), styles.number(_format(column, whole=False))

    def number(value: object) -> str:
        if value.__class__ is int:
            return f'" s="{whole}"><v>{value}</v></c>'
        finite = isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value)
        return f'" s="{part}"><v>{value}</v></c>' if finite else words(value)

    return number


def _format(column: OutColumn, *, whole: bool) -> str:
    if column.decimals is not None:
        return "0" if column.decimals == 0 else "0." + "0" * column.decimals
    return "0" if column.kind == "integer" or whole else ""
