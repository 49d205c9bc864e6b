"""What a search box may mean: a name, initials, the end or the beginning of a household number. Pure.

The last four of an ID number are no part of it: they are asked by a form of their own that leaves a trace (ruling 6).
"""

import re
from dataclasses import dataclass

from core.text import clean_line

SHORT_NUMBER = 4
CODE_LENGTH = 16
_INITIALS = re.compile(r"[a-z]{1,32}")
_LAST_FOUR = re.compile(r"[0-9]{3}[0-9X]")


@dataclass(frozen=True, slots=True)
class Sought:
    """Exactly one is filled; all empty = nothing was typed. `code_end` has four digits, with zeros in front."""

    name: str = ""
    initials: str = ""
    code_start: str = ""
    code_end: str = ""


def sought(text: str) -> Sought:
    """'覃大' a name, 'qdh' initials, '12' the household …0012, '4228271' the beginning of a number; 户 and 号 behind a number fall out."""
    typed = clean_line(text)[:64].replace(" ", "")
    number = typed.rstrip("户号") if typed[:1].isascii() and typed[:1].isdigit() else typed
    if number.isascii() and number.isdecimal():
        return Sought(code_end=number.zfill(SHORT_NUMBER)) if len(number) <= SHORT_NUMBER else Sought(code_start=number[:CODE_LENGTH])
    if _INITIALS.fullmatch(typed.lower()):
        return Sought(initials=typed.lower())
    return Sought(name=typed.removesuffix("户"))


def last_four(text: str) -> str:
    """The last four characters of an ID number as typed, or '' for anything else."""
    typed = clean_line(text).replace(" ", "").upper()
    return typed if _LAST_FOUR.fullmatch(typed) else ""
