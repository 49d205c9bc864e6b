"""What is told about a file or a cell. Refusals carry addresses, never cell values (C5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import BadInput

SHOWN_CHARACTERS = 60


class RefusedFile(BadInput):
    """The file as a whole is not read. `code` is stable, the message is for the user, `reasons` are addresses."""

    def __init__(self, code: str, message_zh: str, places: Iterable[str] = ()):
        super().__init__(message_zh, code=code, reasons=tuple(places))
        self.message_zh = message_zh

    @property
    def places(self) -> tuple[str, ...]:
        return self.reasons


@dataclass(frozen=True)
class CellProblem:
    """One thing to mend: where, what stood there, why it cannot stay, what to do."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str
    remedy: str


def shown(value: object, *, secret: bool) -> str:
    """A value for an error list: a secret one keeps only its length, which often is the error itself."""
    text = "" if value is None else str(value)
    if secret:
        return f"（已隐去，{len(text)} 个字符）" if text else ""
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
