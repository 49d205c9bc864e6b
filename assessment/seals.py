"""Canonical bytes of what a list sealed (ruling 21): JSON, UTF-8, NFC, sorted keys, decimals in fixed scale, moments in UTC seconds.

What the bytes say has a format, which is never changed; a new one is added beside it. A decision of format 1 holds household, members,
form and score; format 2 the income years, the photos and the signed papers as well. Pure."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

WITH_PROOF = 2
FORMAT = WITH_PROOF
FORMATS = (1, WITH_PROOF)
"""Of a decision, kept in its row."""
HEAD_FORMAT = 1
"""Of a meeting or a notice as a whole."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """The bytes that a MAC is made over. TypeError for a value that has no one way to be written (float)."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """The value in JSON types, each written in one way only."""
    kind = type(value)
    if kind is str:  # the common kinds first: a list of 300 households holds 80,000 values
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if kind is dict:
        return {plain(key if type(key) is str else str(key)): plain(inner) for key, inner in value.items()}
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [plain(inner) for inner in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def differing(stored: Mapping[str, Any], today: Mapping[str, Any], at: str = "") -> list[str]:
    """Dotted names of what differs between two plain documents: names only, never values."""
    names = []
    for key in sorted(set(stored) | set(today)):
        old, new, name = stored.get(key), today.get(key), f"{at}{key}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            names += differing(old, new, f"{name}.")
        elif old != new:
            names.append(name)
    return names
