"""Attributes of the API made from `households.fields`: every plain column under its field class, never a sealed one (trust A2, P9)."""

from collections.abc import Collection
from typing import Any

from core.api.resources import BOOLEAN_OR_NULL, DATE_OR_NULL, NUMBER_OR_NULL, Attr, nullable
from households.fields import Field, Fields, Kind
from households.fields.words import AS_TEXT

TEXT = {"type": "string"}
_SCHEMAS: dict[Kind, dict[str, Any]] = {
    Kind.YES_NO: BOOLEAN_OR_NULL,
    Kind.NUMBER: nullable("integer"),
    Kind.YEAR: nullable("integer"),
    Kind.DECIMAL: NUMBER_OR_NULL,
    Kind.YUAN: NUMBER_OR_NULL,
    Kind.DATE: DATE_OR_NULL,
    Kind.CHOICES: nullable("array", items=TEXT),
}


def attrs_of(fields: Fields, served: Collection[str]) -> tuple[Attr, ...]:
    """An attribute for each plain column that is not among `served` already. A code list is described by its codes."""
    return tuple(_attr(one) for name, one in fields.named.items() if name not in served and not one.sealed)


def _attr(field: Field) -> Attr:
    schema = TEXT if field.name in AS_TEXT else _SCHEMAS.get(field.kind, TEXT)
    needs = (field.seen_by,) if field.seen_by else ()
    return Attr(field.name, _description(field), schema, needs=needs)


def _description(field: Field) -> str:
    if field.codes is not None:
        return f"{field.label}，" + "；".join(f"{code} {label}" for code, label in field.codes.items.items())
    blank = "；没有问到为 null" if field.kind in _SCHEMAS else ""
    return f"{field.caption}{blank}"
