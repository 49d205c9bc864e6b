"""How the harness empties the database after a test that commits.

Django's own flush truncates every table, asks every app to fill its rows again and so makes all guards anew: two seconds on PostgreSQL.
Here only tables that hold something are emptied, and content types stay. Rows of append-only tables go too, so their guards look away
for that moment; a guard that a test has lifted is put back (ruling 12).
"""

from django.apps import apps
from django.db import connection, transaction

from core import immutability

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty() -> None:
    tables = _filled(sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT))
    if connection.vendor == "postgresql":
        _each(tables, 'ALTER TABLE "{}" DISABLE TRIGGER USER')
        with transaction.atomic():
            _each(tables, 'DELETE FROM "{}"')
        _each(tables, 'ALTER TABLE "{}" ENABLE TRIGGER USER')
    else:
        guards = [guard for guard in immutability.declared().values() if guard.table in tables]
        _each([guard.name for guard in guards], 'DROP TRIGGER IF EXISTS "{}"')
        with connection.constraint_checks_disabled():
            with transaction.atomic():
                _each(tables, 'DELETE FROM "{}"')
    if immutability.missing():
        immutability.install()
    apps.get_model("core", "LedgerHead").objects.get_or_create(pk=1)


def _filled(tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]


def _each(names: list[str], statement: str) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(statement.format(name))
