"""Refuses a wrong key at start instead of writing rows that nobody can read (ruling 6, trust 36)."""

from core.crypto import key_check_value, verify_key_check
from core.models import KeyCheck

DATABASE = "database"


def verify_or_store() -> None:
    """Check the keys against what this database was written with; store the check on first use. Raises WrongKey."""
    row, _ = KeyCheck.objects.get_or_create(key_id=DATABASE, defaults={"value": key_check_value()})
    verify_key_check(row.value)


def replace() -> None:
    """After a rotation: from now on the current keys are the ones the database was written with."""
    KeyCheck.objects.filter(key_id=DATABASE).update(value=key_check_value())
