"""Sealed fields of households: the only place that knows which column belongs to which table and row (ruling 6).

AAD = (table, field, row uuid): a ciphertext copied to another row or column does not open.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import models

from core.crypto import blind_index, decrypt, decrypt_many, encrypt, last_four_index

ID_PURPOSE = "person-id"
ID_LENGTH = 18


def seal(row: models.Model, field: str, plaintext: str) -> None:
    """Set `row.<field>_enc` from plaintext; empty stays empty. `row.uuid` exists before the insert."""
    token = encrypt(plaintext, table=row._meta.db_table, field=field, row=row.uuid) if plaintext else ""
    setattr(row, f"{field}_enc", token)


def reveal(row: models.Model, field: str) -> str:
    """Plaintext of `row.<field>_enc`; the caller has checked the field class. Raises CannotDecrypt."""
    return reveal_value(type(row), field, row.uuid, getattr(row, f"{field}_enc"))


def reveal_value(model: type[models.Model], field: str, uuid: UUID, token: str) -> str:
    """The same of a value that was read without its row."""
    return decrypt(token, table=model._meta.db_table, field=field, row=uuid) if token else ""


def reveal_amount(row: models.Model, field: str) -> Decimal | None:
    """A sealed amount in 元; None when not recorded."""
    text = reveal(row, field)
    return Decimal(text) if text else None


def id_index(number: str) -> str:
    """Blind index of the first 18 characters, so that a disability number meets the ID in it (brief 3.3)."""
    return blind_index(number[:ID_LENGTH], purpose=ID_PURPOSE) if number else ""


def id_last4_index(number: str, township_code: str) -> str:
    return last_four_index(number[:ID_LENGTH], township_code) if number else ""


def reveal_many(model: type[models.Model], field: str, sealed: Sequence[tuple[str, UUID]]) -> list[str]:
    """Plaintexts of one column of many rows read without their objects: [(token, row uuid)], no token empty. The caller has checked the field class."""
    return decrypt_many(sealed, model._meta.db_table, field)
