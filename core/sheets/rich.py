"""A workbook with marks: filled cells, comments, inner links, lists to choose from, hidden columns. Rows go straight into the zip, so that
a county's upload comes back in the memory of one row; only comments and links wait for the end of their sheet. What knows no marks is
written by `writer`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from os import PathLike
from typing import BinaryIO

from . import rich_parts as parts
from .book import Book, Write
from .cells import in_formula, letters, serial, strip_control, text_cell
from .page import Page
from .rich_parts import Choices
from .styles import DAY, GREY, HEAD, LINK, MOMENT, RED, TEXT, YELLOW, Styles

__all__ = [
    "GREY",
    "HEAD",
    "LINK",
    "RED",
    "YELLOW",
    "Choices",
    "RichBook",
    "RichSheet",
    "SheetLook",
    "letters",
    "rich_book",
]
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class SheetLook(Page):
    choices: Sequence[Choices] = ()


@dataclass
class RichSheet:
    """A sheet in the making: `row` writes the next row, `note` and `link` may be called until it is closed."""

    write: Write = field(repr=False)
    styles: Styles = field(repr=False)
    number: int = 0
    notes: list[parts.Note] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)

    def row(self, values: Sequence[object], fills: Mapping[int, str] | None = None, every: str = "") -> int:
        """Write a row and answer its number. `fills`: {place: colour}, `every`: the colour of the others."""
        self.number += 1
        fills = fills or {}
        width = max(len(values), *(place + 1 for place in fills)) if fills else len(values)
        cells = [f'<row r="{self.number}">']
        for place in range(width):
            value = values[place] if place < len(values) else None
            made = _cell(value, fills.get(place, every), self.styles)
            if made:
                cells.append(f'<c r="{letters(place)}{self.number}{made}')
        cells.append("</row>")
        self.write("".join(cells))
        return self.number

    def note(self, row: int, place: int, text: str) -> None:
        self.notes.append((row, place, strip_control(text)[:LONGEST_NOTE]))

    def link(self, row: int, place: int, sheet: str, to: str) -> None:
        """An inner link; the target is a cell of this workbook, never an address outside."""
        self.links.append((f"{letters(place)}{row}", f"{in_formula(sheet)}!{to}"))


class RichBook(Book):
    level = 2

    @contextmanager
    def sheet(self, title: str, look: SheetLook = SheetLook()) -> Iterator[RichSheet]:
        """`title` must be one that `writer.sheet_title` gave."""
        with self.sheet_part(title, look) as part:
            made = RichSheet(part.write, self.styles)
            yield made
            part.marks = parts.marks(look.choices, made.number, made.links)
            part.drawing = parts.DRAWING if made.notes else ""
        if made.notes:
            parts.write_notes(self, part.number, sorted(made.notes))


def rich_book(target: str | PathLike | BinaryIO) -> RichBook:
    """To be used in a `with`, where the caller calls `finish`; a failure leaves the file without a directory."""
    return RichBook(target)


def _cell(value: object, colour: str, styles: Styles) -> str:
    """From the quote after its address on, "" where there is nothing to see."""
    if isinstance(value, bool):
        return f'" s="{styles.number("", colour)}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal) and math.isfinite(value):
        said = int(value) if isinstance(value, float) and value.is_integer() else value
        return f'" s="{styles.number("", colour)}"><v>{said}</v></c>'
    if isinstance(value, datetime.date) and (days := serial(value)) is not None:
        seconds = value.hour * 3600 + value.minute * 60 + value.second if isinstance(value, datetime.datetime) else 0
        return f'" s="{styles.number(MOMENT if seconds else DAY, colour)}"><v>{days + seconds / 86400:.15g}</v></c>'
    made = "" if value is None else text_cell(str(value), *styles.pair(TEXT, colour))
    return made or (f'" s="{styles.number(TEXT, colour)}"/>' if colour else "")
