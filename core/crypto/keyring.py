"""Keys and where each may be used. Pure: the settings are read in keys.py.

Four purposes, four sources (ruling 6): `field` seals values, `index` drives blind indexes, `audit` chains the audit
rows, `seal` signs the list. The field key may stand in for the index key until the first rotation; audit and seal
keys must differ from it and from each other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from .errors import KeyProblem

KEY_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,12}")  # Short, so that an index with its prefix fits 64 characters.


@dataclass(frozen=True)
class Key:
    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Ring:
    """The current key of one purpose and the others that stored values may still name."""

    current: Key
    others: tuple[Key, ...] = ()

    def __post_init__(self):
        ids = [key.id for key in self.all]
        if len(set(ids)) != len(ids):
            raise KeyProblem("two keys of one purpose carry the same key id")

    @property
    def all(self) -> tuple[Key, ...]:
        return (self.current, *self.others)

    def find(self, key_id: str) -> Key | None:
        return next((key for key in self.all if key.id == key_id), None)


@dataclass(frozen=True)
class KeySet:
    field: Ring
    index: Ring
    audit: Ring
    seal: Ring
    suite: str = "intl"
    index_suite: str = "intl"

    def __post_init__(self):
        owner: dict[bytes, str] = {}
        for purpose in ("field", "audit", "seal"):
            for key in getattr(self, purpose).all:
                if owner.setdefault(key.secret, purpose) != purpose:
                    raise KeyProblem(f"the {purpose} key and the {owner[key.secret]} key are the same key")
        if any(owner.get(key.secret) in ("audit", "seal") for key in self.index.all):
            raise KeyProblem("the index key must not be the audit or the seal key")


def parse_key(text: str, *, setting: str = "key") -> Key:
    """`id:base64` or bare base64 of 32 bytes. A bare key gets an id from its own digest, the same on every host."""
    key_id, colon, body = text.strip().rpartition(":")
    if colon and not _KEY_ID.fullmatch(key_id):
        raise KeyProblem(f"{setting}: a key id has 1 to 12 letters, digits, '_' or '-'")
    try:
        padded = body.replace("-", "+").replace("_", "/").rstrip("=")
        secret = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(f"{setting}: the key is not base64") from None
    if len(secret) != KEY_BYTES:
        raise KeyProblem(f"{setting}: the key must be {KEY_BYTES} bytes, not {len(secret)}")
    return Key(key_id or hashlib.sha256(b"fupin key id|" + secret).hexdigest()[:8], secret)


def parse_ring(current: str, previous: str | Iterable[str] = "", *, setting: str = "key") -> Ring:
    """`previous` is a comma list (or an iterable) of keys in the same notation."""
    if not current or not current.strip():
        raise KeyProblem(f"{setting} is not set; a key is 32 random bytes in base64")
    parts = previous.split(",") if isinstance(previous, str) else list(previous or ())
    others = tuple(parse_key(part, setting=f"{setting}_PREVIOUS") for part in parts if part.strip())
    return Ring(parse_key(current, setting=setting), others)


def new_key_text(key_id: str = "") -> str:
    """A fresh key in the notation of the settings."""
    body = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")
    return f"{key_id}:{body}" if key_id else body
