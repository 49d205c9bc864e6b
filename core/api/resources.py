"""What a resource serves, said once: the columns read from the database, the JSON and the OpenAPI schema come from the same lines.

Rows are read with `values_list` and rendered as they are: no model instance, no ciphertext column ever leaves the database for a list
(speed.md "API hot lists", trust A2).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from core.api.paging import Key, Keyset
from core.api.schema import component
from core.scope import FieldClass, Scope

Row = dict[str, Any]


@dataclass(frozen=True)
class Attr:
    """One attribute. `source` names the ORM paths it is made from (its own name when empty), `shape` makes the JSON value of them.

    An attribute with `needs` is absent, not null, for a caller without all of these field classes.
    """

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    source: tuple[str, ...] = ()
    shape: Callable[..., Any] | None = None
    needs: tuple[FieldClass, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return self.source or (self.name,)


@dataclass(frozen=True)
class Resource:
    """A kind of object as clients see it."""

    name: str
    title: str
    attrs: tuple[Attr, ...]

    def attrs_for(self, scope: Scope) -> tuple[Attr, ...]:
        return tuple(attr for attr in self.attrs if all(scope.may_see(field_class) for field_class in attr.needs))

    def read(self, rows: QuerySet, scope: Scope) -> list[Row]:
        return self._read(rows, self.attrs_for(scope), ())[0]

    def page(
        self, rows: QuerySet, scope: Scope, keyset: Keyset, cursor: str, size: int
    ) -> tuple[list[Row], Key | None]:
        """One page behind the cursor, and the key of its last row when more follow."""
        wanted = keyset.ordered(keyset.after(rows, cursor))[: size + 1]
        found, keys = self._read(wanted, self.attrs_for(scope), keyset.fields)
        return found[:size], keys[size - 1] if len(found) > size else None

    def _read(self, rows: QuerySet, attrs: Sequence[Attr], key: tuple[str, ...]) -> tuple[list[Row], list[Key]]:
        paths = list(dict.fromkeys([path for attr in attrs for path in attr.paths] + list(key)))
        place = {path: number for number, path in enumerate(paths)}
        plan = [(attr.name, attr.shape, [place[path] for path in attr.paths]) for attr in attrs]
        key_places = [place[path] for path in key]
        read = list(rows.values_list(*paths))
        keys: list[Key] = [[values[n] for n in key_places] for values in read]
        if [at for _, shape, at in plan if not shape] == [[number] for number in range(len(plan))]:
            names = [attr.name for attr in attrs]  # values as they are, in the order in which they were read
            return [dict(zip(names, values, strict=False)) for values in read], keys
        found = [{name: shape(*(values[n] for n in at)) if shape else values[at[0]] for name, shape, at in plan} for values in read]
        return found, keys

    @cached_property
    def ref(self) -> dict[str, str]:
        """Reference to the schema component of one object."""
        return component(self.name, self.schema(self.title))

    def schema(self, description: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
        properties = {attr.name: attr.schema | {"description": attr.description} for attr in self.attrs} | (more or {})
        required = [attr.name for attr in self.attrs if not attr.needs] + list(more or {})
        return {
            "type": "object",
            "description": description,
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }


def nullable(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], **more}


DATE = {"type": "string", "format": "date"}
DATE_OR_NULL = nullable("string", format="date")
TIME = {"type": "string", "format": "date-time"}
TIME_OR_NULL = nullable("string", format="date-time")
INTEGER = {"type": "integer"}
NUMBER_OR_NULL = nullable("number")
BOOLEAN = {"type": "boolean"}
BOOLEAN_OR_NULL = nullable("boolean")
TEXT_OR_NULL = nullable("string")
