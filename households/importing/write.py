"""The batch writer of an import: everything is sealed and built first, then inserted and updated set by set (ruling 11).

It is a step inside an action's transaction, not an action: the caller locks, audits, feeds and marks dirty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone

from core.errors import WrongState
from households.entries import MEMBER_FACTS as LEDGER_FACTS
from households.importing.compare import CHANGED, NEW, SAME, Difference
from households.importing.model import MEMBER_FACTS, RosterMember
from households.importing.stored import BATCH, StoredPerson, batches
from households.models import Household, HouseholdVersion, Membership, Person
from households.secrets import id_last4_index, reveal, seal

LEFT_BY_ROSTER = "roster"
CHECK_AGAIN = "核对之后，有农户已被修改或登记。请重新核对后再导入。"
_HEAD = "01"


@dataclass
class HouseholdBatch:
    """Rows ready to be written, in the order in which the constraints allow it."""

    start: date
    new: list[Household] = field(default_factory=list)
    changed: list[Household] = field(default_factory=list)
    same: list[Household] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=dict)
    leaving: list[Membership] = field(default_factory=list)
    new_persons: list[Person] = field(default_factory=list)
    changed_persons: list[Person] = field(default_factory=list)
    altered: list[Membership] = field(default_factory=list)
    stepping_down: list[Membership] = field(default_factory=list)
    joining: list[Membership] = field(default_factory=list)
    versions: list[HouseholdVersion] = field(default_factory=list)

    @property
    def touched(self) -> list[Household]:
        return self.new + self.changed

    def by_code(self) -> dict[str, Household]:
        return {row.code: row for row in (*self.new, *self.changed, *self.same)}


class BatchBuilder:
    """Differences to rows. Sealing happens here, outside any transaction."""

    def __init__(self, start: date, indexes: Mapping[str, str], persons: Mapping[str, StoredPerson]) -> None:
        self.batch = HouseholdBatch(start)
        self.indexes, self.persons = indexes, persons
        self.now = timezone.now()

    def add(self, difference: Difference) -> None:
        self.batch.expected[difference.roster.code] = difference.version
        if difference.op == SAME:
            self.batch.same.append(difference.stored.row)
            return
        row = self._household(difference)
        for membership in difference.leaving:
            membership.until = max(membership.since, self.batch.start)
            membership.leaving_reason = LEFT_BY_ROSTER
            self.batch.leaving.append(membership)
        for membership, member in difference.altered:
            self._alter(membership, member)
        joined = [self._join(row, difference, member) for member in difference.joining]
        self.batch.joining += joined
        self.batch.versions.append(self._version(row, difference, joined))

    def _household(self, difference: Difference) -> Household:
        roster, village = difference.roster, difference.village
        if difference.op == NEW:
            # created_by stays empty: importing is loading, not making (ruling 16).
            row = Household(code=roster.code, registered_on=self.batch.start, version=0)
            row.county_id, row.township_id, row.village_id = village.county_id, village.township_id, village.id
            self.batch.new.append(row)
        else:
            row = difference.stored.row
            row.updated_by_id = None  # "导入" to whoever opened the household before (see households.actions.update)
            self.batch.changed.append(row)
        for name, value in roster.facts.items():
            setattr(row, name, value)
        row.group_id = difference.group_id
        row.head_name, row.persons = roster.head.name, difference.persons
        row.version += 1
        row.updated_at = self.now
        if roster.phone:
            seal(row, "phone", roster.phone)
        return row

    def _alter(self, membership: Membership, member: RosterMember) -> None:
        if membership.relation == _HEAD != member.relation:
            self.batch.stepping_down.append(membership)
        else:
            self.batch.altered.append(membership)
        self._fill(membership, member)
        person = membership.person
        if (person.name, person.ethnicity) != (member.name, member.ethnicity):
            person.name, person.ethnicity = member.name, member.ethnicity
            self.batch.changed_persons.append(person)

    def _join(self, row: Household, difference: Difference, member: RosterMember) -> Membership:
        village = difference.village
        known = self.persons.get(self.indexes[member.identity])
        membership = Membership(household=row, since=max(self.batch.start, member.birth))
        if known is None:
            membership.person = self._person(village.county_id, village.township_code, member)
        else:
            membership.person_id = known.id
            if known.name != member.name:
                self.batch.changed_persons.append(
                    Person(pk=known.id, name=member.name, ethnicity=member.ethnicity, county_id=village.county_id)
                )
        membership.county_id, membership.township_id, membership.village_id = (
            village.county_id,
            village.township_id,
            village.id,
        )
        self._fill(membership, member)
        return membership

    def _person(self, county_id: int, township_code: str, member: RosterMember) -> Person:
        person = Person(
            county_id=county_id, name=member.name, birth=member.birth, sex=member.sex, ethnicity=member.ethnicity,
            id_index=self.indexes[member.identity], id_last4_index=id_last4_index(member.identity, township_code),
        )  # fmt: skip
        seal(person, "id", member.identity)
        self.batch.new_persons.append(person)
        return person

    @staticmethod
    def _fill(membership: Membership, member: RosterMember) -> None:
        membership.code = member.code
        for name in MEMBER_FACTS:
            setattr(membership, name, getattr(member, name))
        if member.phone:
            seal(membership, "phone", member.phone)

    def _version(self, row: Household, difference: Difference, joined: list[Membership]) -> HouseholdVersion:
        """`by` stays empty for an import; the audit row names who ran it (ruling 16)."""
        made = HouseholdVersion(household=row, version=row.version, at=self.now)
        document = version_document(row, difference, joined)
        seal(made, "facts", json.dumps(document, ensure_ascii=False, sort_keys=True, default=str))
        return made


def version_document(row: Household, difference: Difference, joined: Iterable[Membership]) -> dict:
    """The household after the import, in the shape of `households.actions.steps.document`, without a query a household."""
    fields = [field for field in row._meta.concrete_fields if not field.name.endswith("_enc")]
    body = {field.attname: getattr(row, field.attname) for field in fields}
    body |= {name: reveal(row, name) for name in ("phone", "savings", "debt", "education_debt")}
    by_member = {**difference.matched, **{one.code: one for one in joined}}
    members = [
        _member_document(by_member.get(member.identity) or by_member[member.code])
        | {"name": member.name, "identity": member.identity, "birth": member.birth, "sex": member.sex}
        for member in difference.roster.members
    ]
    for one in difference.kept:
        members.append(
            _member_document(one)
            | {"name": one.person.name, "identity": "", "birth": one.person.birth, "sex": one.person.sex}
        )
    return {"household": body, "members": members}


def _member_document(membership: Membership) -> dict:
    return {name: getattr(membership, name) for name in ("code", "since", "until", "leaving_reason", *LEDGER_FACTS)}


_HOUSEHOLD_UPDATES = (
    "updated_by",
    "group", "head_name", "persons", "version", "updated_at", "phone_enc", "attribute", "exit_status", "cause",
    "dangerous_house", "water_safe", "water_difficult", "net_income_per_head", "other_causes", "structure", "danger_level",
    "area_m2", "tap_water", "electricity", "road", "cultivated_mu", "appliances", "vehicle", "machines",
)  # fmt: skip
_UPDATE_BATCH = 100  # An update of n rows carries n values for each column.


def check_versions(batch: HouseholdBatch) -> None:
    """Lock what is there and see that nothing moved since the check; else the whole import is to be checked again."""
    changing = {row.code for row in batch.changed}
    order: dict[str, int] = {}  # by pk through all batches, as every other action locks several households
    for codes in batches(list(batch.expected)):
        order |= dict(Household.objects.filter(code__in=codes).values_list("code", "pk"))
    for codes in batches(sorted(batch.expected, key=lambda code: order.get(code, 0))):
        rows = Household.objects.filter(code__in=codes).order_by("pk")
        if connection.features.has_select_for_update_of:
            rows = rows.select_for_update(of=("self",), no_key=True)
        found = {code: (version, hold) for code, version, hold in rows.values_list("code", "version", "hold")}
        moved = any(found.get(code, (0, False))[0] != batch.expected[code] for code in codes)
        if moved or any(hold and code in changing for code, (_, hold) in found.items()):
            raise WrongState(CHECK_AGAIN, code="checked_state_moved")


def write(batch: HouseholdBatch) -> None:
    """All rows. People leave before they join, a head steps down before another steps up: the partial indexes look at each row."""
    _update(Membership, batch.leaving, ("until", "leaving_reason"))
    _insert(Household, batch.new)
    _update(Household, batch.changed, _HOUSEHOLD_UPDATES)
    _insert(Person, batch.new_persons)
    _update(Person, batch.changed_persons, ("name", "ethnicity"))
    columns = ("code", *MEMBER_FACTS, "phone_enc")
    _update(Membership, batch.stepping_down, columns)
    _update(Membership, batch.altered, columns)
    _insert(Membership, batch.joining)
    _insert(HouseholdVersion, batch.versions)


def counts(differences: Iterable[Difference]) -> dict[str, dict[str, int]]:
    """What the check and the summary say: households and persons by new, changed, same."""
    households = {NEW: 0, CHANGED: 0, SAME: 0}
    persons = {NEW: 0, CHANGED: 0, SAME: 0, "left": 0}
    for difference in differences:
        households[difference.op] += 1
        persons[NEW] += len(difference.joining)
        persons[CHANGED] += len(difference.altered)
        persons[SAME] += len(difference.roster.members) - len(difference.joining) - len(difference.altered)
        persons["left"] += len(difference.leaving)
    return {"households": households, "persons": persons}


def _insert(model, rows: list) -> None:
    if rows:
        model.objects.bulk_create(rows, batch_size=BATCH)


def _update(model, rows: list, columns: tuple[str, ...]) -> None:
    if rows:
        model.objects.bulk_update(rows, columns, batch_size=_UPDATE_BATCH)
