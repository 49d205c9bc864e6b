"""The migrated test database, made once: on SQLite every test process begins with a copy of one file.

Sixty migrations take longer than most modules. The file bears the digest of all migrations, so that a changed one makes another; what
follows a migration (guards, content types) is asked for again by `migrate`, which finds nothing else to do.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import django
from django.db import connection
from django.test.utils import setup_databases

ROOT = Path(__file__).resolve().parents[1]


def set_up() -> list:
    """Django's test databases, as `teardown_databases` wants them back."""
    if connection.vendor != "sqlite":
        return _made(keepdb=False)
    target = Path(connection.creation._get_test_db_name())
    room = target.parent.parent if target.parent.name.startswith("gw") else target.parent  # parallel workers have rooms of their own
    ready = room / f"migrated-{_digest()}.sqlite3"
    with _alone(room / "migrated.lock"):
        if not ready.exists():
            made = _made(keepdb=False)
            _keep(target, ready)
            return made
    for leftover in target.parent.glob(f"{target.name}*"):
        leftover.unlink()
    shutil.copyfile(ready, target)
    return _made(keepdb=True)


def _made(keepdb: bool) -> list:
    return setup_databases(verbosity=0, interactive=False, keepdb=keepdb, serialized_aliases=set())


def _digest() -> str:
    whole = sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


def _keep(target: Path, ready: Path) -> None:
    """Whole or not at all; those of older migrations go."""
    for older in ready.parent.glob("migrated-*.sqlite3"):
        older.unlink()
    part = ready.with_suffix(".part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(target) as source:
        source.execute("VACUUM INTO ?", (str(part),))
    part.replace(ready)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
