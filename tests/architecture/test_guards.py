"""What the database itself refuses: declared triggers are in its catalogue, SQLite is set up as measured (ruling 12, trust E1, E2)."""

import pytest
from django.db import DatabaseError, connection, transaction

from core import immutability
from core.actions import acting
from core.models import AuditRow
from core.scope import NOBODY

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")


@pytest.fixture
def audit_row(db):
    with acting(NOBODY, "test.act") as act:
        act.audit("thing", "1")
    return AuditRow.objects.get()


def _run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_every_declared_guard_is_in_the_catalogue():
    assert immutability.declared()
    assert immutability.missing() == []


@pytest.mark.django_db
def test_every_declared_guard_names_a_table_that_exists():
    tables = set(connection.introspection.table_names())
    assert {guard.table for guard in immutability.declared().values()} <= tables


@pytest.mark.django_db
def test_a_guard_that_was_dropped_is_noticed():
    name = "guard_core_auditrow_update"
    on = "" if connection.vendor == "sqlite" else ' ON "core_auditrow"'
    _run(f'DROP TRIGGER "{name}"{on}')
    assert immutability.missing() == [name]
    immutability.install()
    assert immutability.missing() == []


@pytest.mark.parametrize(
    "sql", ["UPDATE core_auditrow SET action = 'x'", "DELETE FROM core_auditrow"], ids=["update", "delete"]
)
def test_nobody_rewrites_an_audit_row(audit_row, sql):
    with pytest.raises(DatabaseError, match=immutability.MESSAGE):
        _run(sql)
    assert AuditRow.objects.get().mac == audit_row.mac


@on_sqlite
def test_nobody_replaces_an_audit_row_round_the_delete_trigger(audit_row):
    """REPLACE deletes without firing triggers unless recursive_triggers is on (trust E2)."""
    columns = ", ".join(f'"{field.column}"' for field in AuditRow._meta.concrete_fields)
    with pytest.raises(DatabaseError, match=immutability.MESSAGE):
        _run(f"INSERT OR REPLACE INTO core_auditrow ({columns}) SELECT {columns} FROM core_auditrow")


@on_postgresql
def test_nobody_truncates_the_audit_table(audit_row):
    with pytest.raises(DatabaseError, match=immutability.MESSAGE):
        _run("TRUNCATE core_auditrow")
    assert AuditRow.objects.count() == 1


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("pragma, wanted", [
    ("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1), ("busy_timeout", 30_000),
])  # fmt: skip
def test_sqlite_runs_with_the_measured_pragma(pragma, wanted):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == wanted


@on_sqlite
@pytest.mark.django_db
def test_the_test_database_is_a_file_as_in_production():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA database_list")
        assert ".sqlite3" in cursor.fetchone()[2]


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_transaction_takes_the_write_lock_when_it_begins():
    """DEFERRED loses 96 of 100 concurrent read-then-write transactions to "database is locked" (trust E1)."""
    said = []
    with connection.execute_wrapper(
        lambda execute, sql, params, many, context: said.append(sql) or execute(sql, params, many, context)
    ):
        with transaction.atomic():
            assert connection.connection.in_transaction
    assert said[0].startswith("BEGIN IMMEDIATE")
