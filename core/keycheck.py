"""Refuses a wrong key at start instead of writing rows that nobody can read (ruling 6, trust 36)."""

from django.conf import settings

from core.crypto import key_check_value, verify_key_check
from core.models import KeyCheck

DATABASE = "database"
DEMO = "demo"


class DemoData(Exception):
    """A production process met a database that the demo filled (ruling 28)."""


def verify_or_store() -> None:
    """Check the keys against what this database was written with; store the check on first use. Raises WrongKey."""
    if settings.PRODUCTION and KeyCheck.objects.filter(key_id=DEMO).exists():
        raise DemoData("这个数据库装的是演示数据，生产环境不能使用。请换一个空库。")
    row, _ = KeyCheck.objects.get_or_create(key_id=DATABASE, defaults={"value": key_check_value()})
    verify_key_check(row.value)


def mark_demo() -> None:
    """From now on this database is the demo's: production refuses it."""
    KeyCheck.objects.get_or_create(key_id=DEMO, defaults={"value": DEMO})


def replace() -> None:
    """After a rotation: from now on the current keys are the ones the database was written with."""
    KeyCheck.objects.filter(key_id=DATABASE).update(value=key_check_value())
