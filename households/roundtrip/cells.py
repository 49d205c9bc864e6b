"""A stored value as a cell, and three cells compared: what was exported, what the file says, what stands now. Pure.

Cells are compared as they are shown, so that a value nobody touched never counts as changed, whatever it is.
"""

from __future__ import annotations

import datetime
import unicodedata
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from core.sheets import clean_text
from households.fields import Field, Kind, codes_in, is_filled

MASKED_WORD = "＊＊＊"
NONE_OF_THEM = "都没有"
Shown = str | int | Decimal | datetime.date | None
_NUMBERS = (Kind.NUMBER, Kind.DECIMAL, Kind.YUAN, Kind.YEAR)


class Verdict(StrEnum):
    UNTOUCHED = "untouched"
    AGREED = "agreed"
    MINE = "mine"
    CONFLICT = "conflict"


def shown_cell(field: Field, value: object) -> Shown:
    """A stored value, or one that the ledger kept as JSON, as the workbook shows it."""
    if not is_filled(value):
        return None
    if field.kind == Kind.YES_NO:
        return "是" if value else "否"
    if field.kind == Kind.CHOICES:
        said = [field.codes.items.get(code, code) for code in codes_in(value)]
        return "、".join(said) or NONE_OF_THEM
    if field.codes is not None:
        return field.codes.items.get(str(value), str(value))
    if field.kind in _NUMBERS:
        return _plain(value)
    if field.kind == Kind.DATE:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value
    return str(value)


def same(one: object, other: object) -> bool:
    """Two cells that say the same: blanks alike, numbers by value, days by day, texts without their spaces."""
    if one.__class__ is other.__class__ and one == other:  # nearly every cell of a county's file
        return True
    return _key(one) == _key(other)


def compare(base: Shown, mine: object, theirs: Shown, *, knows_base: bool = True) -> Verdict:
    """`mine` is the file's cell. Without a known base every difference is a conflict."""
    if knows_base and same(mine, base):
        return Verdict.UNTOUCHED
    if same(mine, theirs):
        return Verdict.AGREED
    return Verdict.MINE if knows_base and same(base, theirs) else Verdict.CONFLICT


def is_masked(raw: object) -> bool:
    """Stars where a value stood that the exporter may not see."""
    return isinstance(raw, str) and len(raw.strip()) >= 2 and sum(c in "*＊" for c in raw) * 2 >= len(raw.strip())


def _plain(value: object) -> Shown:
    """A whole number as one, never 6E+1; what is no number stays as it stands."""
    number = _number(value)
    if number is None:
        return str(value)
    return int(number) if number == number.to_integral_value() else number


def _key(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = "" if value is None else "".join(clean_text(unicodedata.normalize("NFC", str(value))).split())
    number = _number(text) if text and text.isascii() and not text.startswith("0") else None
    return number if number is not None else text or None


def _number(value: object) -> Decimal | None:
    """As a table program keeps it: 15 significant digits."""
    try:
        found = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(str(value))
    except InvalidOperation:
        return None
    return found.normalize() if found.is_finite() else None
