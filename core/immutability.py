"""Append-only and immutable tables, held by database triggers (ruling 12, trust E2).

Each app declares `Guard`s; they are re-created after every migrate, because SQLite's table rebuild silently drops triggers.
`check_invariants` and a test compare the declarations with the database's catalogue. The condition is written once in SQL that both
databases accept.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connections

MESSAGE = "immutable row"


@dataclass(frozen=True, slots=True)
class Guard:
    """No UPDATE (of `columns`, or of any) and/or DELETE of `table` where `when` holds; an empty `when` means always."""

    table: str
    event: str
    when: str = ""
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.event.lower()}"


_guards: dict[str, Guard] = {}


def append_only(table: str) -> None:
    """Declare that rows of `table` are only ever inserted."""
    declare(Guard(table, "UPDATE"))
    declare(Guard(table, "DELETE"))


def declare(guard: Guard) -> None:
    _guards[guard.name] = guard


def declared() -> dict[str, Guard]:
    return dict(_guards)


def install(using: str = "default") -> None:
    """Drop and create every declared trigger whose table exists."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PG_FUNCTION)
        for guard in _guards.values():
            if guard.table in tables:
                for statement in _statements(guard, connection.vendor):
                    cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Drop every declared trigger. Only the test harness calls it."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in _guards.values():
            if guard.table in tables:
                for statement in _drops(guard, connection.vendor):
                    cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Names of declared triggers that the database's catalogue does not hold."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return sorted(name for name in _guards if name not in present)


def install_after_migrate(sender: object, using: str, **kwargs: object) -> None:
    """post_migrate of this app: every migrate sends it once all tables are there, whichever app was named."""
    install(using)


_PG_FUNCTION = f"""
CREATE OR REPLACE FUNCTION fupin_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""


def _drops(guard: Guard, vendor: str) -> list[str]:
    if vendor != "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{guard.name}"']
    names = [guard.name] + ([f"{guard.name}_truncate"] if guard.event == "DELETE" else [])
    return [f'DROP TRIGGER IF EXISTS "{name}" ON "{guard.table}"' for name in names]


def _statements(guard: Guard, vendor: str) -> list[str]:
    event = guard.event + (f" OF {', '.join(guard.columns)}" if guard.columns else "")
    when = f"WHEN ({guard.when})" if guard.when else ""
    if vendor != "postgresql":
        body = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}: {guard.table}'); END"
        return [*_drops(guard, vendor), f'CREATE TRIGGER "{guard.name}" BEFORE {event} ON "{guard.table}" {when} {body}']
    call = "EXECUTE FUNCTION fupin_refuse_change()"
    made = [f'CREATE TRIGGER "{guard.name}" BEFORE {event} ON "{guard.table}" FOR EACH ROW {when} {call}']
    if guard.event == "DELETE":
        made.append(f'CREATE TRIGGER "{guard.name}_truncate" BEFORE TRUNCATE ON "{guard.table}" FOR EACH STATEMENT {call}')
    return [*_drops(guard, vendor), *made]
