"""Keyset paging: a cursor is the key of the last row served, so that a page costs the same at any depth and rows that are added
meanwhile are neither lost nor served twice (speed.md, trust 63)."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from core.api.query import BIGGEST, Param, integer
from core.errors import BadInput

DEFAULT_SIZE = 100
LARGEST_SIZE = 500

PAGE_PARAMS = (
    Param("cursor", "游标，取自上一页的 next", {"type": "string", "maxLength": 400}),
    Param("page_size", "每页条数", integer(1, LARGEST_SIZE, DEFAULT_SIZE)),
)

Key = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Keyset:
    """A unique, never changing order of rows by fields of the model or names the query computed; "-" before a name turns it round."""

    order: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(name.removeprefix("-") for name in self.order)

    @property
    def backwards(self) -> "Keyset":
        return Keyset(tuple(name[1:] if name[0] == "-" else f"-{name}" for name in self.order))

    def ordered(self, rows: QuerySet) -> QuerySet:
        return rows.order_by(*self.order)

    def after(self, rows: QuerySet, cursor: str) -> QuerySet:
        """Rows behind the cursor; BadInput when it is none of ours."""
        if not cursor:
            return rows
        values = decode(cursor, len(self.order))
        try:
            key = [_typed(rows, name, value) for name, value in zip(self.fields, values, strict=True)]
        except (ValidationError, TypeError, OverflowError):  # a number where a time belongs, a time beyond the calendar
            raise _bad_cursor() from None
        condition = Q()
        for place, name in enumerate(self.order):
            equal = dict(zip(self.fields[:place], key[:place], strict=True))
            step = "lt" if name[0] == "-" else "gt"
            condition |= Q(**equal, **{f"{self.fields[place]}__{step}": key[place]})
        return rows.filter(condition)


def _typed(rows: QuerySet, name: str, value: str | int) -> Any:
    computed = rows.query.annotations.get(name)
    kept = (computed.output_field if computed else rows.model._meta.get_field(name)).to_python(value)
    return kept.astimezone(UTC) if isinstance(kept, datetime) else kept


def encode(key: Key) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(list(key))).decode().rstrip("=")


def decode(cursor: str, length: int) -> list[str | int]:
    """The key in a cursor: `length` texts or whole numbers that a database can compare with."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise _bad_cursor() from None
    if not isinstance(values, list) or len(values) != length or not all(map(_comparable, values)):
        raise _bad_cursor()
    return values


def _comparable(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" not in value
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= BIGGEST


def _bad_cursor() -> BadInput:
    return BadInput("请求的参数有误：cursor。", fields={"cursor": ["游标无效，请从第一页重新读取。"]})
