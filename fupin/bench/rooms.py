"""A database of its own for the large counties: made beside the one that is configured, migrated, filled, dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from fupin.bench.scratch import COUNTY, county_of, fill
from villages.models import County


@contextmanager
def room(name: str, size: int, *, keep: bool, forms: bool = True) -> Iterator[None]:
    """Inside, the connection is that of database `name`, which holds a county of `size` households; it is made where it is missing."""
    own = connection.settings_dict["NAME"]
    connection.close()
    path = name if connection.vendor == "postgresql" else str(Path(settings.VAR_DIR) / f"{name}.sqlite3")
    _create(path)
    connection.settings_dict["NAME"] = path
    try:
        call_command("migrate", verbosity=0, interactive=False)
        if not County.objects.filter(code=COUNTY).exists():
            with transaction.atomic():
                fill(*county_of(size), forms=forms)
            _tidy()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
        if not keep:
            _drop(path)


def _tidy() -> None:
    """As the server's own housekeeping leaves a table: no dead rows, statistics, the visibility map."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _create(path: str) -> None:
    if connection.vendor != "postgresql":
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [path])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(path)}")


def _drop(path: str) -> None:
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(path)}")
        return
    for end in ("", "-wal", "-shm"):
        Path(path + end).unlink(missing_ok=True)
