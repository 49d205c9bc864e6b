"""Households and their members for long lists: columns instead of model objects, sealed values opened a batch at a time, keyset pieces, so
that neither time nor memory is spent on what no column shows.

A whole number is opened only where the file may hold it; everywhere else it is never decrypted (ruling 6, trust A2, P6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from accounts import roles
from core.ids import mask_id, mask_phone
from households.models import Household, IncomeYear, Membership, Person
from households.secrets import reveal_many
from reports.rollup import households_counted
from reports.workbooks.model import Ask, Line, Progress, Sight
from villages.models import County, Township, Village

CHUNK = 1000
HEAD = "01"
CARD_MASK = "*" * 16
_HOME = (
    "pk", "uuid", "code", "county_id", "township_id", "village_id", "county__name", "township__name", "village__name", "group__name",
    "head_name", "persons", "phone_enc",
)  # fmt: skip
_MEMBER = ("household_id", "pk", "uuid", "code", "relation", "phone_enc", "person__uuid", "person__name", "person__id_enc")
_LEVELS = {County: "county_id", Township: "township_id", Village: "village_id"}
Rows = list[dict[str, Any]]


def homes_of(ask: Ask) -> QuerySet[Household]:
    """Registered households of the place that the caller may export."""
    rows = households_counted(ask.round).visible_to(ask.scope.narrowed_to(roles.EXPORT_ROSTER))
    return rows.filter(**{_LEVELS[type(ask.place)]: ask.place.pk})


def count_homes(ask: Ask) -> int:
    return homes_of(ask).count()


def household_lines(ask: Ask, progress: Progress, *, home: Sequence[str] = (), income: Sequence[str] = ()) -> Iterator[Line]:
    """A line a household; `income` = columns of the sheet of the newest income year, under `home["income"]`."""
    number = 0
    for rows, members in _pieces(ask, progress, home, ("code",), heads_only=True):
        years = _income(rows, income) if income else {}
        for row in rows:
            number += 1
            row["income"] = years.get(row["pk"], {})
            found = members[row["pk"]]
            yield Line(number, row, {}, found[0] if found else {}, row["sight"])


def person_lines(ask: Ask, progress: Progress, *, home: Sequence[str] = (), member: Sequence[str] = ()) -> Iterator[Line]:
    """A line a member, the head first; households by code."""
    number = 0
    for rows, members in _pieces(ask, progress, home, member):
        for row in rows:
            found = sorted(members[row["pk"]], key=lambda one: (one["relation"] != HEAD, one["code"], one["pk"]))
            head = found[0] if found and found[0]["relation"] == HEAD else {}
            for one in found:
                number += 1
                yield Line(number, row, one, head, row["sight"])


def _pieces(
    ask: Ask, progress: Progress, home: Sequence[str], member: Sequence[str], *, heads_only: bool = False
) -> Iterator[tuple[Rows, dict[int, Rows]]]:
    wanted, people = homes_of(ask).order_by("code"), Membership.objects.current()
    people = people.filter(relation=HEAD) if heads_only else people
    after, done, sights = "", 0, {}
    while rows := list(wanted.filter(code__gt=after).values(*dict.fromkeys((*_HOME, *home)))[:CHUNK]):
        members: dict[int, Rows] = defaultdict(list)
        found = list(people.filter(household__in=[row["pk"] for row in rows]).values(*dict.fromkeys((*_MEMBER, *member))))
        for row in rows:
            row["sight"] = _sight(ask, row, sights)
        _open_all(rows, found)
        for one in found:
            members[one["household_id"]].append(one)
        yield rows, members
        after, done = rows[-1]["code"], done + len(rows)
        progress(done)


class _Place:
    """The place columns of a row, as `Scope` asks for them."""

    __slots__ = ("county_id", "township_id", "village_id")

    def __init__(self, row: dict[str, Any]) -> None:
        self.county_id, self.township_id, self.village_id = row["county_id"], row["township_id"], row["village_id"]


def _sight(ask: Ask, row: dict[str, Any], known: dict[tuple[int, int, int], Sight]) -> Sight:
    key = (row["county_id"], row["township_id"], row["village_id"])
    if key not in known:
        known[key] = ask.sight(_Place(row))
    return known[key]


def _open_all(homes: Rows, members: Rows) -> None:
    """`phone`, `bank_card` of households, `phone`, `identity`, `disability_number` of members: opened where they may be seen, else masked."""
    sight = {row["pk"]: row["sight"] for row in homes}
    _open(homes, Household, "phone", "phone", whole=lambda row: row["sight"].contact, mask=mask_phone)
    if homes and "bank_card_enc" in homes[0]:
        _open_numbers(homes, Household, "bank_card", "bank_card", lambda row: row["sight"].cards, CARD_MASK)
    _open(members, Membership, "phone", "phone", whole=lambda one: sight[one["household_id"]].contact, mask=mask_phone)
    _open_numbers(members, Person, "id", "identity", lambda one: sight[one["household_id"]].numbers, mask_id("x"), prefix="person__")


def _open(rows: Rows, model: type[Model], field: str, name: str, *, whole, mask) -> None:
    texts = _texts(rows, model, field)
    for row in rows:
        text = texts.get(row["uuid"], "")
        row[name] = text if whole(row) else mask(text)


def _open_numbers(rows: Rows, model: type[Model], field: str, name: str, whole, mask: str, prefix: str = "") -> None:
    texts = _texts([row for row in rows if whole(row)], model, field, prefix)
    for row in rows:
        row[name] = texts.get(row[f"{prefix}uuid"]) or (mask if row[f"{prefix}{field}_enc"] else "")


def _texts(rows: Iterable[dict[str, Any]], model: type[Model], field: str, prefix: str = "") -> dict[UUID, str]:
    sealed = [(row[f"{prefix}{field}_enc"], row[f"{prefix}uuid"]) for row in rows if row[f"{prefix}{field}_enc"]]
    return dict(zip((uuid for _, uuid in sealed), reveal_many(model, field, sealed), strict=True))


def _income(rows: Rows, columns: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The newest income sheet of each household."""
    found = IncomeYear.objects.filter(household__in=[row["pk"] for row in rows]).order_by("year")
    return {row["household_id"]: row for row in found.values("household_id", *columns)}
