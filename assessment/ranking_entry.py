"""A sheet as it is typed: one place a household, a whole column at once, or the numbers of the list in the order of the queue. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STEPS_BACK = "回"
NOT_YET = ("-", "—", "－", "?")
_APART = re.compile(r"[\s,，、;；]+")
MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One scorer's sheet as typed: case uuid → place, without those that have none yet. `mark` is that of the list it was typed for."""

    places: Mapping[str, int] = field(default_factory=dict)
    stepped_back: Sequence[str] = ()
    namesakes: Sequence[str] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class TieEntry:
    """Households of equal sums, the best off first, and what the panel rests it on: votes, or a reason."""

    order: Sequence[str]
    reason: str = ""
    votes_for: int | None = None
    votes_against: int | None = None


def cell(text: str, most: int) -> tuple[int | str | None, str]:
    """(place, "回" or None when empty, Chinese reason why not)."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".")
    if not plain or plain in NOT_YET:
        return None, ""
    if plain in (STEPS_BACK, "回避"):
        return STEPS_BACK, ""
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= MOST_DIGITS):
        return None, f"位次“{plain[:8]}”不是数；填 1 至 {most}，回避的填“回”。"
    return (int(plain), "") if 1 <= int(plain) <= most else (None, f"位次 {int(plain)} 不在 1 至 {most} 之间。")


def column(text: str, count: int) -> tuple[list[str], str]:
    """A column of places in the order of the list, as read from a paper or copied from a sheet; ([], reason) when it does not fit.
    Its length must be right: one number left out would move every household after it."""
    lines = [line.strip() for line in text.strip("\n\r").splitlines()]
    by_line = len(lines) > 1 and all(len(_APART.split(line)) <= 1 for line in lines)
    found = lines if by_line else [part for part in _APART.split(text.strip()) if part]
    if len(found) != count:
        return [], f"名单有 {count} 户，这里有 {len(found)} 个位次，对不上。还没有位次的户用“-”占住。"
    return found, ""


def from_order(text: str, count: int) -> tuple[list[str], str]:
    """`7 3=5 1`: number 7 of the list is the best off, 3 and 5 share the next place. Who is not named has no place yet."""
    plain = re.sub(r"\s*=\s*", "=", unicodedata.normalize("NFKC", text).strip())
    places, at = [""] * count, 1
    for part in filter(None, _APART.split(plain)):
        alike = [number for number in part.split("=") if number]
        for number in alike:
            if fault := _number_fault(number, places, count):
                return [], fault
            places[int(number) - 1] = str(at)
        at += len(alike)
    if not any(places):
        return [], "还没有写序号。按从好到差写名单上的序号，并列的用等号连，如 7 3=5 1。"
    return places, ""


def _number_fault(number: str, places: Sequence[str], count: int) -> str:
    if not (number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS and 1 <= int(number) <= count):
        return f"“{number[:8]}”不是名单上的序号；序号是 1 至 {count}。"
    return f"序号 {int(number)} 写了两次。" if places[int(number) - 1] else ""
