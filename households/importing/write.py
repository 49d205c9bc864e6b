"""The batch writer of an import: everything is sealed and built first, then inserted and updated set by set (ruling 11).

It is a step inside an action's transaction, not an action: the caller locks, audits, feeds and marks dirty.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone

from core import bulk
from core.errors import WrongState
from households.actions.steps import member_document, own_document
from households.fields import INCOME
from households.importing.compare import CHANGED, NEW, SAME, Difference, ethnicity_of
from households.importing.model import RosterMember
from households.importing.partial import IncomeChange
from households.importing.stored import StoredPerson, batches
from households.models import (
    EventKind,
    Household,
    HouseholdEvent,
    HouseholdVersion,
    IncomeYear,
    Membership,
    Person,
    Residence,
)
from households.names import initials
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
    leaving: list[Membership] = field(default_factory=list)
    new_persons: list[Person] = field(default_factory=list)
    changed_persons: list[Person] = field(default_factory=list)
    altered: list[Membership] = field(default_factory=list)
    stepping_down: list[Membership] = field(default_factory=list)
    joining: list[Membership] = field(default_factory=list)
    versions: list[HouseholdVersion] = field(default_factory=list)
    new_incomes: list[IncomeYear] = field(default_factory=list)
    changed_incomes: list[IncomeYear] = field(default_factory=list)
    reopened: list[Household] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    member_columns: set[str] = field(default_factory=set)

    @property
    def touched(self) -> list[Household]:
        return self.new + self.changed


class BatchBuilder:
    """Differences to rows. Sealing happens here, outside any transaction."""

    def __init__(self, start: date, indexes: Mapping[str, str], persons: Mapping[str, StoredPerson]) -> None:
        self.batch = HouseholdBatch(start)
        self.indexes, self.persons = indexes, persons
        self.now = timezone.now()

    def add(self, difference: Difference) -> None:
        if difference.op == SAME:
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
        for change in difference.incomes:
            self._income(row, change)
        self.batch.versions.append(self._version(row, difference, joined))

    def _household(self, difference: Difference) -> Household:
        roster, village = difference.roster, difference.village
        if difference.op == NEW:
            # created_by stays empty: importing is loading, not making (ruling 16).
            row = bulk.fresh(Household, code=roster.code, registered_on=self.batch.start, version=0)
            row.county_id, row.township_id, row.village_id = village.county_id, village.township_id, village.id
            self.batch.new.append(row)
        else:
            row = difference.stored.row
            if difference.reopening:
                row.closed_on, row.registered_on = None, self.batch.start
                self.batch.reopened.append(row)
                self.batch.columns.update(("closed_on", "registered_on"))
            row.updated_by_id = None  # "导入" to whoever opened the household before (see households.actions.update)
            self.batch.changed.append(row)
        for name, value in difference.values.items():
            setattr(row, name, value)
        self.batch.columns.update(difference.values)
        row.group_id = difference.group_id
        row.head_name, row.persons = difference.head_name, difference.persons
        row.head_pending = row.head_pending and not roster.whole and roster.head is None
        row.head_pinyin = initials(row.head_name)
        row.version += 1
        row.updated_at = self.now
        for name, value in {**difference.secrets, **({"phone": roster.phone} if roster.phone else {})}.items():
            seal(row, name, value)
            self.batch.columns.add(f"{name}_enc")
        return row

    def _income(self, row: Household, change: IncomeChange) -> None:
        year = change.stored
        if year is None:
            place = {name: getattr(row, name) for name in ("county_id", "township_id", "village_id")}
            year = IncomeYear(household=row, year=change.said.year, **place)
            self.batch.new_incomes.append(year)
        else:
            self.batch.changed_incomes.append(year)
        for name, value in change.parts.items():
            setattr(year, name, value)
        year.persons, year.net, year.per_head = change.persons, change.made.net, change.made.per_head
        year.updated_by_id, year.updated_at = None, self.now

    def _alter(self, membership: Membership, member: RosterMember) -> None:
        if membership.relation == _HEAD != member.relation:
            self.batch.stepping_down.append(membership)
        else:
            self.batch.altered.append(membership)
        self._fill(membership, member)
        person = membership.person
        ethnicity = ethnicity_of(member, person)
        if (person.name, person.ethnicity) != (member.name, ethnicity):
            person.name, person.pinyin, person.ethnicity = member.name, initials(member.name), ethnicity
            self.batch.changed_persons.append(person)

    def _join(self, row: Household, difference: Difference, member: RosterMember) -> Membership:
        village = difference.village
        known = self.persons.get(self.indexes[member.identity])
        since = max(self.batch.start, member.birth, row.registered_on)
        membership = bulk.fresh(Membership, since=since, joining_reason=LEFT_BY_ROSTER)
        membership.household = row
        if known is None:
            membership.person = self._person(village.county_id, village.township_code, member)
        else:
            membership.person_id = known.id
            if known.name != member.name:
                self.batch.changed_persons.append(
                    Person(
                        pk=known.id, name=member.name, pinyin=initials(member.name), ethnicity=member.ethnicity, county_id=village.county_id
                    )
                )
        membership.county_id, membership.township_id, membership.village_id = (
            village.county_id,
            village.township_id,
            village.id,
        )
        self._fill(membership, member)
        return membership

    def _person(self, county_id: int, township_code: str, member: RosterMember) -> Person:
        person = bulk.fresh(
            Person, county_id=county_id, name=member.name, pinyin=initials(member.name), birth=member.birth, sex=member.sex, ethnicity=member.ethnicity,
            id_index=self.indexes[member.identity], id_last4_index=id_last4_index(member.identity, township_code),
        )  # fmt: skip
        seal(person, "id", member.identity)
        self.batch.new_persons.append(person)
        return person

    def _fill(self, membership: Membership, member: RosterMember) -> None:
        membership.code = member.code
        facts, secrets = member.facts, {**member.secrets, **({"phone": member.phone} if member.phone else {})}
        for name, value in facts.items():
            setattr(membership, name, value)
        for name, value in secrets.items():
            seal(membership, name, value)
        self.batch.member_columns.update(facts, (f"{name}_enc" for name in secrets))

    def _version(self, row: Household, difference: Difference, joined: list[Membership]) -> HouseholdVersion:
        """`by` stays empty for an import; the audit row names who ran it (ruling 16)."""
        made = bulk.fresh(HouseholdVersion, version=row.version, at=self.now)
        made.household = row
        document = version_document(row, difference, joined)
        seal(made, "facts", json.dumps(document, ensure_ascii=False, sort_keys=True, default=str))
        return made


def version_document(row: Household, difference: Difference, joined: Iterable[Membership]) -> dict:
    """The household after the import, in the shape of `households.actions.steps.document`, without a query a household."""
    by_member = {**difference.matched, **{one.code: one for one in joined}}
    members = [
        member_document(by_member.get(member.identity) or by_member[member.code])
        | {"name": member.name, "identity": member.identity, "birth": member.birth, "sex": member.sex, "ethnicity": member.ethnicity}
        for member in difference.roster.members
    ]
    for one in difference.kept:
        members.append(
            member_document(one)
            | {"name": one.person.name, "identity": reveal(one.person, "id"), "birth": one.person.birth, "sex": one.person.sex, "ethnicity": one.person.ethnicity}
        )
    return {"household": own_document(row), "members": members}


_HOUSEHOLD_UPDATES = ("updated_by", "group", "head_name", "head_pinyin", "head_pending", "persons", "version", "updated_at")
"""And those that the file brings."""
_INCOME_UPDATES = (*INCOME.named, "persons", "net", "per_head", "updated_by", "updated_at")


def check_versions(expected: Mapping[str, int], changing: Collection[str]) -> dict[str, int]:
    """Lock what is there and see that nothing moved since the check; else the whole import is to be checked again. Answers {code: key}."""
    order: dict[str, int] = {}  # by pk through all batches, as every other action locks several households
    for codes in batches(expected):
        order |= dict(Household.objects.filter(code__in=codes).values_list("code", "pk"))
    for codes in batches(sorted(expected, key=lambda code: order.get(code, 0))):
        rows = Household.objects.filter(code__in=codes).order_by("pk")
        if connection.features.has_select_for_update_of:
            rows = rows.select_for_update(of=("self",), no_key=True)
        found = {code: (version, hold) for code, version, hold in rows.values_list("code", "version", "hold")}
        moved = any(found.get(code, (0, False))[0] != expected[code] for code in codes)
        if moved or any(hold and code in changing for code, (_, hold) in found.items()):
            raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    return order


def leavings(batch: HouseholdBatch) -> list[tuple[int, date, str]]:
    """Who leaves, for `leave`: somebody may come from a household of one batch to one of an earlier batch."""
    return [(one.pk, one.until, one.leaving_reason) for one in batch.leaving]


def leave(rows: Sequence[tuple[int, date, str]]) -> None:
    """Before any batch is written: people leave before they join."""
    bulk.change(Membership, ("until", "leaving_reason"), rows)


def write(batch: HouseholdBatch) -> None:
    """All rows but those that leave. A head steps down before another steps up: the partial indexes look at each row."""
    bulk.insert(Household, batch.new)
    bulk.update(Household, batch.changed, (*_HOUSEHOLD_UPDATES, *sorted(batch.columns)))
    bulk.insert(Person, batch.new_persons)
    bulk.update(Person, batch.changed_persons, ("name", "pinyin", "ethnicity"))
    columns = ("code", *sorted(batch.member_columns))
    bulk.update(Membership, batch.stepping_down, columns)
    bulk.update(Membership, batch.altered, columns)
    bulk.insert(Membership, batch.joining)
    bulk.insert(IncomeYear, batch.new_incomes)
    bulk.update(IncomeYear, batch.changed_incomes, _INCOME_UPDATES)
    _settle(batch)
    bulk.insert(HouseholdEvent, _events(batch))
    bulk.insert(HouseholdVersion, batch.versions)


def _settle(batch: HouseholdBatch) -> None:
    """New households begin their residence on the day they are registered from; who changed the group begins another today."""
    today = timezone.localdate()
    open_rows = {}
    for rows in batches(batch.changed):
        found = Residence.objects.filter(household__in=[row.pk for row in rows], until__isnull=True)
        open_rows |= {one.household_id: one for one in found}
    moved = [(row, open_rows[row.pk]) for row in batch.changed if row.pk in open_rows and open_rows[row.pk].group_id != row.group_id]
    for _, old in moved:
        old.until = max(old.since, today)
    bulk.update(Residence, [old for _, old in moved], ("until",))
    begun = [_residence(row, row.registered_on) for row in (*batch.new, *batch.reopened)] + [_residence(row, old.until) for row, old in moved]
    bulk.insert(Residence, begun)


def _residence(row: Household, since: date) -> Residence:
    place = {name: getattr(row, name) for name in ("county_id", "township_id", "village_id", "group_id")}
    return Residence(household=row, since=since, **place)


def _events(batch: HouseholdBatch) -> list[HouseholdEvent]:
    """变动 of households that were there before; the first members of a new one are its beginning."""
    changed = {row.pk for row in batch.changed}
    now = timezone.now()
    made = [(EventKind.LEFT, one, one.until, one.leaving_reason) for one in batch.leaving]
    made += [(EventKind.JOINED, one, one.since, one.joining_reason) for one in batch.joining if one.household_id in changed]
    return [
        HouseholdEvent(
            household_id=one.household_id, county_id=one.county_id, township_id=one.township_id, village_id=one.village_id, kind=kind,
            happened_on=day, person_id=one.person_id, membership=one, reason=reason, at=now,
        )
        for kind, one, day, reason in made
    ]  # fmt: skip


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
