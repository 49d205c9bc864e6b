"""What the database holds of the households and persons that a roster names: a few queries a batch, none a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from core.crypto import decrypt_many
from households.importing.model import RosterHousehold
from households.models import EventKind, Household, HouseholdEvent, IncomeYear, Membership, Person
from households.secrets import id_index

BATCH = 500
UNDONE = "undone"


@dataclass
class StoredHousehold:
    """A household as stored, with its living members and the phone in the clear."""

    row: Household
    members: dict[str, Membership]
    phone: str
    incomes: dict[int, IncomeYear] = field(default_factory=dict)
    undone: bool = False
    """Closed because the import that registered it was undone."""


@dataclass(frozen=True)
class StoredPerson:
    """A person known in the county by ID, and the household the person lives in ('' = none)."""

    id: int
    name: str
    died: bool
    household: str
    village_id: int | None


def batches(items: Iterable, size: int = BATCH) -> Iterator[list]:
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch


def index_identities(households: Iterable[RosterHousehold]) -> dict[str, str]:
    """{ID number: blind index}."""
    return {member.identity: id_index(member.identity) for household in households for member in household.members}


def load_households(codes: Iterable[str]) -> dict[str, StoredHousehold]:
    """Households by code, wherever they are: whether the importer may touch one is judged by the caller."""
    found: dict[str, StoredHousehold] = {}
    for batch in batches(codes):
        rows = {row.pk: StoredHousehold(row, {}, "") for row in Household.objects.filter(code__in=batch)}
        _open_phones([stored for stored in rows.values() if stored.row.phone_enc])
        memberships = (
            Membership.objects.current().filter(household__code__in=batch).select_related("person").order_by("pk")
        )
        for membership in memberships:
            # A member without a number (entered by hand) keeps a key of its own and is never matched.
            key = membership.person.id_index or f"person:{membership.person_id}"
            rows[membership.household_id].members[key] = membership
        _mark_undone([stored for stored in rows.values() if stored.row.closed_on])
        found |= {stored.row.code: stored for stored in rows.values()}
    return found


def _mark_undone(closed: list[StoredHousehold]) -> None:
    if closed:
        events = HouseholdEvent.objects.filter(household__in=[one.row.pk for one in closed], kind=EventKind.CLOSED).order_by("pk")
        last = dict(events.values_list("household_id", "reason"))
        for one in closed:
            one.undone = last.get(one.row.pk) == UNDONE


def load_incomes(stored: Mapping[str, StoredHousehold], named: Iterable[RosterHousehold]) -> None:
    """Income years of the stored households for which the file brings one."""
    by_pk = {stored[one.code].row.pk: stored[one.code] for one in named if one.code in stored and not one.whole}
    for batch in batches(by_pk):
        for row in IncomeYear.objects.filter(household__in=batch):
            by_pk[row.household_id].incomes[row.year] = row


def load_persons(county_id: int, indexes: Iterable[str]) -> dict[str, StoredPerson]:
    """{blind index: person} of those already known in the county."""
    found: dict[str, StoredPerson] = {}
    for batch in batches(indexes):
        persons = Person.objects.filter(county_id=county_id, id_index__in=batch).values_list(
            "pk", "id_index", "name", "died_on"
        )
        known = list(persons)
        living = Membership.objects.current().filter(person_id__in=[row[0] for row in known])
        homes = {
            person: (code, village)
            for person, code, village in living.values_list("person_id", "household__code", "village_id")
        }
        for pk, index, name, died_on in known:
            code, village_id = homes.get(pk, ("", None))
            found[index] = StoredPerson(pk, name, died_on is not None, code, village_id)
    return found


def _open_phones(rows: list[StoredHousehold]) -> None:
    table = Household._meta.db_table
    opened = decrypt_many([(stored.row.phone_enc, stored.row.uuid) for stored in rows], table, "phone")
    for stored, phone in zip(rows, opened, strict=True):
        stored.phone = phone


def open_member_phones(memberships: list[Membership]) -> dict[int, str]:
    """{membership id: phone} of those that have one."""
    sealed = [row for row in memberships if row.phone_enc]
    opened = decrypt_many([(row.phone_enc, row.uuid) for row in sealed], Membership._meta.db_table, "phone")
    return {row.pk: phone for row, phone in zip(sealed, opened, strict=True)}
