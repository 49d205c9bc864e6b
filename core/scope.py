"""The one gate for rows: a Scope says which areas a caller may see, `visible_to` applies it (rulings 2 and 26).

Areas are compared by primary keys of denormalised foreign keys, never by code prefixes: real codes do not always match their county.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models
from django.db.models import Q


class FieldClass(StrEnum):
    """Classes of sensitive fields; each is a permission of its own (trust A2)."""

    IDENTITY = "identity"
    CONTACT = "contact"
    HEALTH = "health"
    FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one area. Exactly one of the three ids is set, or none for a role without an area."""

    role: str
    county_id: int | None = None
    township_id: int | None = None
    village_id: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may see and do, read anew for each request (trust 21).

    `rows` are the grants that open household rows; `rights` maps a right's name to the grants that carry it, so that a person with
    two roles in two villages does not carry the right of one into the other.
    """

    actor_id: int | None = None
    actor_label: str = ""
    login: str = ""
    rows: tuple[Grant, ...] = ()
    rights: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    field_rights: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    token_prefix: str = ""

    def grants_for(self, right: str) -> tuple[Grant, ...]:
        return self.rights.get(right, ())

    def has(self, right: str) -> bool:
        """True when the caller holds the right somewhere; the row check comes on top."""
        return bool(self.grants_for(right))

    def may(self, right: str, place: object) -> bool:
        """True when the caller holds the right in the place of `place`, an object with county_id, township_id and village_id."""
        return any(_covers(grant, place) for grant in self.grants_for(right))

    def may_see(self, field_class: FieldClass, place: object | None = None) -> bool:
        grants = self.field_rights.get(field_class.value, ())
        return bool(grants) if place is None else any(_covers(grant, place) for grant in grants)

    def narrowed_to(self, right: str) -> Scope:
        """The same caller, whose rows are only those where the right holds."""
        return Scope(
            actor_id=self.actor_id,
            actor_label=self.actor_label,
            login=self.login,
            rows=self.grants_for(right),
            rights=self.rights,
            field_rights=self.field_rights,
            token_prefix=self.token_prefix,
        )

    @property
    def field_class_key(self) -> str:
        """Short text of the field classes held; part of every ETag (ruling 29)."""
        return "".join(name[0] for name in sorted(self.field_rights) if self.field_rights[name])


NOBODY = Scope()


def _covers(grant: Grant, place: object) -> bool:
    for name in ("county_id", "township_id", "village_id"):
        wanted = getattr(grant, name)
        if wanted is not None:
            return getattr(place, name, None) == wanted
    return False


class ScopedQuerySet(models.QuerySet):
    """Rows of an area. A model names its place columns in `SCOPE_COLUMNS` (county, township, village); None = it has no such column."""

    def visible_to(self, scope: Scope):
        """Only rows in the caller's areas; a caller without areas, a superuser among them, gets none (trust A4)."""
        condition = area_condition(scope.rows, self.model.SCOPE_COLUMNS)
        return self.none() if condition is None else self.filter(condition)


def area_condition(grants: tuple[Grant, ...], columns: tuple[str | None, str | None, str | None]) -> Q | None:
    """OR of the grants' areas over the three place columns; None when nothing is covered."""
    condition: Q | None = None
    for attribute, column in zip(("county_id", "township_id", "village_id"), columns, strict=True):
        ids = sorted({value for grant in grants if (value := getattr(grant, attribute)) is not None})
        if ids and column:
            part = Q(**{f"{column}__in": ids})
            condition = part if condition is None else condition | part
    return condition
