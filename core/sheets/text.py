"""Text out of cells. Names keep their rare and variant characters (fault 53); codes become plain ASCII (fault 47)."""

from __future__ import annotations

import re
import unicodedata

# Zero-width and direction marks, soft hyphen, BOM: invisible, and pasted from web pages and chat programs.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_FULL_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH_SIGNS = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
_BRACKETS = str.maketrans("【】〔〕[]{}、", "()()()(),")


def clean_text(text: str) -> str:
    """Remove what nobody can see and Excel's text mark. Not NFKC: it would replace compatibility ideographs in names
    and the Chinese punctuation inside option labels. Only full-width letters and digits become ASCII."""
    if text.isalnum():  # nearly every cell, and nothing that would have to go
        return text if text.isascii() else text.translate(_FULL_WIDTH)
    text = _SPACES.sub(" ", _CONTROL.sub("", _INVISIBLE.sub("", text))).strip()
    return text.removeprefix("'").strip().translate(_FULL_WIDTH)


def clean_code(text: str) -> str:
    """Codes and ID numbers: full-width signs become ASCII, no spaces at all, upper case (`３５２…ｘ` is `352…X`, E7).
    Not NFKC either: it would make a 2 of a superscript, and a code is never repaired."""
    if text.isalnum() and text.isascii():
        return text.upper()
    return "".join(clean_text(text).translate(_FULL_WIDTH_SIGNS).split()).upper()


def match_key(text: str) -> str:
    """For comparing headers and labels only, never stored: width, brackets, spaces, case and the `*` of a required
    field do not count."""
    folded = unicodedata.normalize("NFKC", clean_text(text)).translate(_BRACKETS)
    return "".join(folded.split()).strip("*").casefold()
