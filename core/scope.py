"""The one gate for rows: a Scope says which areas a caller may see, `visible_to` applies it (rulings 2 and 26).

Areas are compared by primary keys of denormalised foreign keys, never by code prefixes: real codes do not always match their county.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.db import models
from django.db.models import Q

from core.field_classes import FieldClass

__all__ = ["NOBODY", "Behalf", "FieldClass", "Grant", "Scope", "ScopedQuerySet", "StandIn", "area_condition"]


@dataclass(frozen=True, slots=True)
class Behalf:
    """Whom a caller stands in for: the row that says so, and the person."""

    row: int
    person: int
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one area. Exactly one of the three ids is set, or none for a role without an area. `behalf`: held in somebody's place."""

    role: str
    county_id: int | None = None
    township_id: int | None = None
    village_id: int | None = None
    behalf: Behalf | None = None


@dataclass(frozen=True, slots=True)
class StandIn:
    """A grant in somebody's place, with the only rights and field classes that go with it."""

    grant: Grant
    rights: tuple[str, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a caller may see and do, read anew for each request (trust 21).

    `rows` are the grants that open household rows; `rights` maps a right's name to the grants that carry it, so that a person with
    two roles in two villages does not carry the right of one into the other. `stand_ins` open nothing by themselves: only a page that
    asks for `standing_in()` takes them up, so that deciding in somebody's place opens no export and no file of his area. They are looked
    up when first asked for: a page that does not ask pays nothing.
    """

    actor_id: int | None = None
    actor_label: str = ""
    login: str = ""
    rows: tuple[Grant, ...] = ()
    rights: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    field_rights: dict[str, tuple[Grant, ...]] = field(default_factory=dict)
    token_prefix: str = ""
    find_stand_ins: Callable[[], tuple[StandIn, ...]] = field(default=tuple, compare=False)

    @property
    def stand_ins(self) -> tuple[StandIn, ...]:
        return self.find_stand_ins()

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
            find_stand_ins=self.find_stand_ins,
        )

    def standing_in(self) -> Scope:
        """The same caller with what he may do in the place of others: own grants first, so that nobody acts for another where he may act
        himself."""
        if not self.stand_ins:
            return self
        rights, fields = dict(self.rights), dict(self.field_rights)
        for stand_in in self.stand_ins:
            for held, names in ((rights, stand_in.rights), (fields, stand_in.fields)):
                for name in names:
                    held[name] = (*held.get(name, ()), stand_in.grant)
        rows = (*self.rows, *(stand_in.grant for stand_in in self.stand_ins))
        return replace(self, rows=rows, rights=rights, field_rights=fields, find_stand_ins=tuple)

    def behalf(self, right: str, place: object) -> Behalf | None:
        """In whose place the caller holds the right there; None when it is his own, or not held."""
        held = [grant for grant in self.grants_for(right) if _covers(grant, place)]
        return None if any(grant.behalf is None for grant in held) else next((grant.behalf for grant in held), None)

    def sees(self, place: object) -> bool:
        """Whether rows of the place are open to the caller."""
        return any(_covers(grant, place) for grant in self.rows)

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
