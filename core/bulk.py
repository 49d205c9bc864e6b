"""Many rows at once: COPY on PostgreSQL, prepared batches on SQLite, behind one interface (speed.md).

    bulk.insert(Survey, surveys)                       # model instances; each gets its pk
    bulk.update(Household, changed, ("group", "persons"))
    bulk.load(Score, ("id", "survey", "points"), rows)  # plain tuples, for the hot paths
    bulk.change(Survey, ("score",), [(pk, score), …])

A step inside an action's transaction: it decides nothing and opens none of its own. Constraints and guards hold as for any INSERT or
UPDATE; no signal is sent and no default of the database is used. `bulk_create` builds a statement out of every value (6 to 8 times as
long), `bulk_update` a CASE branch a row and column (50 to 100 times).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction
from django.db.models.base import ModelState

BATCH = 5_000
FEW = 20
"""Below this many rows the way round through COPY costs more than it saves."""
NULL = "\\N"

Prepare = Callable[[Any], Any]
_TEMPLATES: dict[type[models.Model], tuple[dict[str, Any], dict[str, Callable[[], Any]]]] = {}


def fresh(model: type[models.Model], **values: Any) -> Any:
    """`model(**values)` of column values (`county_id`, not `county`): a quarter of the time, because no field is asked for its default."""
    template = _TEMPLATES.get(model)
    if template is None:
        fields = model._meta.local_concrete_fields
        made = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
        template = _TEMPLATES[model] = ({name: value for name, value in vars(model()).items() if name not in made and name != "_state"}, made)
    row = model.__new__(model)
    row.__dict__.update(template[0], _state=ModelState())
    row.__dict__.update({name: make() for name, make in template[1].items()}, **values)
    return row


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """New rows, in this order. Related objects may have got their pk since they were named, as with `bulk_create`."""
    if len(rows) < FEW:
        model.objects.bulk_create(rows)
        return
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    missing = [row for row in rows if row.pk is None]
    for row, pk in zip(missing, ids(model, len(missing)), strict=True):
        row.pk = pk
    for field in fields:
        _settle(field, rows)
    own = attrgetter(*(field.attname for field in fields))
    load(model, [field.name for field in fields], map(own, rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _settle(field: models.Field, rows: Sequence[models.Model]) -> None:
    """What Django does to a value right before an insert: times of the row itself, keys of objects saved in the meantime."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        for row in rows:
            field.pre_save(row, True)
    elif field.is_relation:
        for row in rows:
            if getattr(row, field.attname) is None and field.is_cached(row):
                related = field.get_cached_value(row)
                setattr(row, field.attname, None if related is None else getattr(related, field.target_field.attname))


def update(model: type[models.Model], rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """These columns of rows that are there, each row by its pk."""
    fields = [model._meta.get_field(name) for name in columns]
    for field in fields:
        if field.is_relation:
            _settle(field, rows)
    own = attrgetter("pk", *(field.attname for field in fields))
    change(model, columns, list(map(own, rows)))


def ids(model: type[models.Model], count: int) -> list[int]:
    """Keys nobody else will get. On SQLite the caller's transaction holds the only write lock (BEGIN IMMEDIATE)."""
    table = model._meta.db_table
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            key = model._meta.pk.column
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [f'"{table}"', key, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return list(range(first, first + count))


def load(model: type[models.Model], names: Sequence[str], rows: Iterable[tuple]) -> None:
    """Tuples of values in the order of the fields `names`; what a tuple leaves out must be nullable."""
    fields = [model._meta.get_field(name) for name in names]
    with transaction.atomic(savepoint=False):
        _fill(model._meta.db_table, fields, rows)


def change(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Each tuple is a pk and the new values of `columns`."""
    if not rows:
        return
    fields, table, key = [model._meta.get_field(name) for name in columns], model._meta.db_table, model._meta.pk
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor != "postgresql" or len(rows) < FEW:
            sets = ", ".join(f'"{field.column}" = %s' for field in fields)
            prepared = _prepared([key, *fields], rows, _parameter)
            cursor.executemany(f'UPDATE "{table}" SET {sets} WHERE "{key.column}" = %s', [(*row[1:], row[0]) for row in prepared])  # noqa: S608
            return
        named = ", ".join(f'"{field.column}"' for field in (key, *fields))
        cursor.execute(f'CREATE TEMPORARY TABLE bulk_change ON COMMIT DROP AS SELECT {named} FROM "{table}" WITH NO DATA')  # noqa: S608
        _fill("bulk_change", [key, *fields], rows)
        sets = ", ".join(f'"{field.column}" = b."{field.column}"' for field in fields)
        cursor.execute(f'UPDATE "{table}" AS t SET {sets} FROM bulk_change AS b WHERE t."{key.column}" = b."{key.column}"')  # noqa: S608
        cursor.execute("DROP TABLE bulk_change")


def _fill(table: str, fields: Sequence[models.Field], rows: Iterable[tuple]) -> None:
    named, source = ", ".join(f'"{field.column}"' for field in fields), iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(source, BATCH)):
            if connection.vendor == "postgresql":
                lines = map("\t".join, _prepared(fields, part, _text))
                with connection.wrap_database_errors:
                    cursor.copy_expert(f'COPY "{table}" ({named}) FROM STDIN', io.StringIO("\n".join(lines)))
            else:
                marks = ", ".join(["%s"] * len(fields))
                statement = f'INSERT INTO "{table}" ({named}) VALUES ({marks})'  # noqa: S608 - names of our own tables
                cursor.executemany(statement, list(_prepared(fields, part, _parameter)))


def _prepared(fields: Sequence[models.Field], rows: Sequence[tuple], way: Callable[[models.Field], Prepare | None]) -> Iterable[tuple]:
    """Column by column: a household has eighty, and most of them hold one value all over."""
    null = NULL if way is _text else None
    columns = []
    for field, values in zip(fields, zip(*rows, strict=True), strict=True):
        prepare = way(field)
        columns.append(values if prepare is None else [null if value is None else prepare(value) for value in values])
    return zip(*columns, strict=True)


def _kind(field: models.Field) -> models.Field:
    return field.target_field if field.is_relation else field


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _escaped(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPES)


def _text(field: models.Field) -> Prepare:
    """A value as a cell of COPY's text format."""
    kind = _kind(field)
    if isinstance(kind, models.CharField | models.TextField):
        return _escaped
    if isinstance(kind, models.BooleanField):
        return lambda value: "t" if value else "f"
    if isinstance(kind, models.JSONField):
        return lambda value: _escaped(json.dumps(value, cls=kind.encoder, ensure_ascii=False))
    if isinstance(kind, models.DateField):  # times too: with their offset
        return lambda value: value.isoformat()
    if isinstance(kind, models.IntegerField | models.DecimalField | models.UUIDField):
        return str
    raise NotImplementedError(f"core.bulk does not know how to copy a {type(kind).__name__}")


_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


def _parameter(field: models.Field) -> Prepare | None:
    """A value as a parameter; None where it is one already."""
    kind = _kind(field)
    if type(kind).get_db_prep_save is models.Field.get_db_prep_save and isinstance(kind, _AS_IT_IS):
        return None
    return lambda value: kind.get_db_prep_save(value, connection)
