"""A closed list of codes with its labels and accepted wordings. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


def _fold(text: str) -> str:
    """NFKC, no spaces and no invisible characters, upper case, one kind of bracket (NFKC gives the plain one)."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(c for c in normal if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc")).upper()


@dataclass(frozen=True)
class CodeList:
    """A closed list: `items` in national order, `synonyms` from accepted wording to code.

    `accepts_codes` is False where systems disagree about the numbers, so only words are safe to read.
    """

    name: str
    items: Mapping[str, str]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    accepts_codes: bool = True

    @cached_property
    def _known(self) -> dict[str, str]:
        known = {_fold(said): code for said, code in self.synonyms.items()}
        if self.accepts_codes:
            known |= {_fold(code): code for code in self.items}
        return known | {_fold(label): code for code, label in self.items.items()}

    def code_of(self, text: object) -> str | None:
        """The code a cell means; None for blank, unknown, or a value that is not text."""
        return self._known.get(_fold(text)) if isinstance(text, str) else None

    def codes_of(self, text: object) -> tuple[str, ...] | None:
        """The codes of a cell with several values (、，,;/ or a line break), each once, in list order.

        None when the cell is blank or any part is unknown: a half-read cell would lose an illness.
        """
        if not isinstance(text, str):
            return None
        parts = [part for part in re.split(r"[、,;/|\n]", unicodedata.normalize("NFKC", text)) if _fold(part)]
        codes = {self.code_of(part) for part in parts}
        if not codes or None in codes:
            return None
        return tuple(code for code in self.items if code in codes)

    def label(self, code: str) -> str:
        """The label of a code; '' for an empty code, KeyError for one that is not on the list."""
        return self.items[code] if code else ""

    def labels(self, codes: tuple[str, ...] | list[str]) -> str:
        """Labels of several codes as one cell, joined with 、."""
        return "、".join(self.items[code] for code in codes)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return list(self.items.items())


def numbered(labels: str, start: int = 1) -> dict[str, str]:
    """'a b c' as {'01': 'a', '02': 'b', '03': 'c'}."""
    return {f"{number:02d}": label for number, label in enumerate(labels.split(), start=start)}
