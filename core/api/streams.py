"""A whole list as NDJSON: one object a line, written by the database, a chunk at a time behind the last key (speed.md "pull everything").

A chunk is a statement of its own: none comes near the time-out of a page, no transaction waits for a slow reader, and memory holds one
chunk. What is added or changed meanwhile is served or not, as with the pages.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import Func, QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from core.api.paging import Keyset, encode
from core.api.query import Param, Schema
from core.api.renderers import NdjsonRenderer, OrjsonRenderer
from core.api.resources import Resource
from core.api.views import ListView
from core.scope import Scope

ROW_COUNT = "X-Row-Count"
CHUNK, PART = 2000, 250
"""Rows a statement, and rows that are put together at a time: making and planning a statement costs as much as some hundred rows."""
MOST_PAIRS = 60
"""SQLite takes 127 arguments."""


class JsonLine(Func):
    """A row as the text of one JSON object: `names`, and the path of each. The values are those that OrjsonRenderer gives."""

    output_field = models.TextField()

    def __init__(self, names: tuple[str, ...], *paths: Any) -> None:
        super().__init__(*paths)
        self.names = names

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        raise NotImplementedError(f"no line of JSON on {connection.vendor}")

    def _columns(self, compiler: Any) -> tuple[list[tuple[str, str, models.Field]], list]:
        """(name, SQL, field) of each attribute, and the parameters of all."""
        columns, params = [], []
        for name, expression in zip(self.names, self.get_source_expressions(), strict=True):
            sql, own = compiler.compile(expression)
            columns.append((name, sql, expression.output_field))
            params += own
        return columns, params

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        columns, params = self._columns(compiler)
        made = ", ".join(f'{_time_on_postgresql(sql) if _is_time(field) else sql} AS "{name}"' for name, sql, field in columns)
        return f"(SELECT row_to_json(line)::text FROM (SELECT {made}) AS line)", params  # noqa: S608 - columns as the compiler wrote them, declared names

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        """SQLite has neither booleans nor arrays: they are written as text behind the object of the others, which costs a fraction of
        having each read as JSON first. Columns bring no parameters, so they may change places."""
        columns, params = self._columns(compiler)
        plain = [f"'{name}', {_time_on_sqlite(sql) if _is_time(field) else sql}" for name, sql, field in columns if not _is_odd(field)]
        odd = {name: _odd_on_sqlite(sql, field) for name, sql, field in columns if _is_odd(field)}
        parts = [f"json_object({', '.join(plain[start : start + MOST_PAIRS])})" for start in range(0, len(plain), MOST_PAIRS)]
        parts = [f"rtrim({part}, '}}')" if part is parts[0] else f"rtrim(substr({part}, 2), '}}')" for part in parts]
        if odd:
            form = ",".join(f'"{name}":%%s' for name in odd)
            parts.append(f"printf('{form}', {', '.join(odd.values())})")
        return " || ',' || ".join(parts) + " || '}'", params


def _is_time(field: models.Field) -> bool:
    return isinstance(field, models.DateTimeField)


def _time_on_postgresql(sql: str) -> str:
    """In UTC, with six digits of a second or none, as Python writes it."""
    return f"replace(to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '.000000', '') || '+00:00'"


def _time_on_sqlite(sql: str) -> str:
    return f"replace({sql}, ' ', 'T') || '+00:00'"


def _is_odd(field: models.Field) -> bool:
    return isinstance(field, models.BooleanField | models.JSONField)


def _odd_on_sqlite(sql: str, field: models.Field) -> str:
    if isinstance(field, models.JSONField):
        return f"COALESCE({sql}, 'null')"
    return f"CASE WHEN {sql} IS NULL THEN 'null' WHEN {sql} THEN 'true' ELSE 'false' END"


def lines(resource: Resource, rows: QuerySet, scope: Scope, keyset: Keyset) -> Iterator[bytes]:
    """All rows in the order of the keyset, `PART` lines at a time."""
    attrs = resource.attrs_for(scope)
    if shaped := [attr.name for attr in attrs if attr.shape]:
        raise ValueError(f"made in Python, not by the database: {shaped}")
    line = JsonLine(tuple(attr.name for attr in attrs), *(attr.paths[0] for attr in attrs))
    wanted, cursor = keyset.ordered(rows).annotate(json_line=line).values_list("json_line", *keyset.fields), ""
    while True:
        found = list(keyset.after(wanted, cursor)[:CHUNK])
        for start in range(0, len(found), PART):
            yield "".join([f"{row[0]}\n" for row in found[start : start + PART]]).encode()
        if len(found) < CHUNK:
            return
        cursor = encode(found[-1][1:])


class Streamed(ListView):
    """Put before a list: the same rows and attributes without pages. `X-Row-Count` says how many there were when the answer began, so that
    a client knows whether it has them all."""

    renderer_classes = [OrjsonRenderer, NdjsonRenderer]
    http_method_names = ["get"]
    media_type = NdjsonRenderer.media_type

    def params(self) -> tuple[Param, ...]:
        return tuple(self.query_params)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filtered()
        count = rows.count()
        made = lines(self.resource, rows, self.scope, self.keyset)
        first = next(made, b"")  # what the database refuses is refused before anything is sent
        self.audited(rows=count)
        return StreamingHttpResponse(chain([first], made), content_type=self.media_type, headers={ROW_COUNT: str(count)})

    def response_schema(self) -> Schema:
        return self.resource.ref
