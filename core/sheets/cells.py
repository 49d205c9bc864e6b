"""What a cell of our workbooks may be: text is an inline string whatever it holds, and no element for a formula is ever written (fault 59)."""

from __future__ import annotations

import datetime
import re
from functools import cache
from xml.sax.saxutils import escape

LONGEST_CELL = 32_767  # Excel's own limit; a longer text makes the file unreadable.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_DAY_ZERO = datetime.date(1899, 12, 30).toordinal()
_FIRST_DAY = datetime.date(1900, 3, 1).toordinal()
_ESCAPED = {"\r": "&#13;"}


def strip_control(text: str) -> str:
    return _CONTROL.sub("", text)[:LONGEST_CELL]


def starts_like_formula(text: str) -> bool:
    """Judged after leading blanks: programs trim them before they look."""
    return text.startswith(("\t", "\r", "\n")) or text.lstrip(" \u00a0\u3000\t\r\n")[:1] in _FORMULA_STARTS


def text_cell(text: str, plain: int, marked: int) -> str:
    """The cell of a text from the quote after its address on, "" when nothing is left of it. Styles: `plain`, or `marked` when it might be
    taken for a formula. `isalnum` is true of nearly every cell and of nothing that needs a second look."""
    if text.isalnum() and len(text) <= LONGEST_CELL:
        return f'" s="{plain}" t="inlineStr"><is><t>{text}</t></is></c>'
    text = strip_control(text)
    if not text:
        return ""
    style = marked if starts_like_formula(text) else plain
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'" s="{style}" t="inlineStr"><is><t{space}>{escape(text, _ESCAPED)}</t></is></c>'


def serial(day: datetime.date) -> int | None:
    """Days since Excel's day zero, of a moment too; None before March 1900, where programs disagree."""
    number = day.toordinal()
    return number - _DAY_ZERO if number >= _FIRST_DAY else None


@cache
def letters(place: int) -> str:
    """0 → A, 26 → AA."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(65 + last)


def in_formula(title: str) -> str:
    """A sheet's title as references write it."""
    return "'" + title.replace("'", "''") + "'"
