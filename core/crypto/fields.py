"""What actions call: sealing with the configured keys. No model-field magic: an action says when it seals and opens,
so that no list page decrypts by accident and every opening can be audited (ruling 6, L1)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from .keys import vault

Row = uuid.UUID | str


def encrypt(plaintext: str, *, table: str, field: str, row: Row) -> str:
    return vault().encrypt(plaintext, table=table, field=field, row=row)


def decrypt(token: str, *, table: str, field: str, row: Row) -> str:
    return vault().decrypt(token, table=table, field=field, row=row)


def encrypt_many(items: Iterable[tuple[str, Row]], table: str, field: str) -> list[str]:
    return vault().encrypt_many(items, table, field)


def decrypt_many(items: Iterable[tuple[str, Row]], table: str, field: str) -> list[str]:
    return vault().decrypt_many(items, table, field)


def needs_rotation(token: str) -> bool:
    return vault().needs_rotation(token)


def reencrypt(token: str, *, table: str, field: str, row: Row) -> str:
    return vault().reencrypt(token, table=table, field=field, row=row)


def blind_index(text: str, *, purpose: str, salt: str = "", key: str = "", suite: str = "") -> str:
    return vault().blind_index(text, purpose=purpose, salt=salt, key=key, suite=suite)


def last_four_index(text: str, township_code: str, *, key: str = "", suite: str = "") -> str:
    return vault().last_four_index(text, township_code, key=key, suite=suite)


def key_check_value() -> str:
    return vault().key_check_value()


def verify_key_check(stored: str) -> None:
    vault().verify_key_check(stored)


def audit_mac(prev: str, payload: bytes) -> str:
    return vault().audit_mac(prev, payload)


def check_audit_mac(mac: str, prev: str, payload: bytes) -> bool:
    return vault().check_audit_mac(mac, prev, payload)


def seal_mac(payload: bytes) -> str:
    return vault().seal_mac(payload)


def check_seal_mac(mac: str, payload: bytes) -> bool:
    return vault().check_seal_mac(mac, payload)


def token_mac(purpose: str, payload: bytes) -> str:
    return vault().token_mac(purpose, payload)


def check_token_mac(mac: str, purpose: str, payload: bytes) -> bool:
    return vault().check_token_mac(mac, purpose, payload)
