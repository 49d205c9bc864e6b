"""Members joining, changing and leaving; each step runs inside the action's transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import IntegrityError

from core.errors import BadInput
from core.integrity import broken
from households.actions.events import record_event
from households.entries import HEAD, MEMBER_FACTS, HouseholdEntry, MemberEntry
from households.family import Happening
from households.models import EventKind, Household, Membership, Person
from households.names import initials
from households.secrets import id_index, id_last4_index, reveal, seal

PERSON_FIELDS = ("name", "birth", "sex", "ethnicity", "id_index")
SOMEWHERE_ELSE = "这个证件号码在本县另一户已有登记，一人只能在一户。请核对号码；确属本户的，请先在原户办理离户，或报乡镇核对。"
NUMBER_TAKEN = "这个证件号码刚刚在本县登记。请刷新页面，核对号码；确属本户的，先看这个人登记在哪一户。"
ONE_HEAD = "一户只能有一个户主。请刷新页面，核对与户主关系；换户主的，请办“户主变更”。"
_RACES = {
    "person_in_one_household": ("有成员刚刚在另一户登记，没有保存。", "identity", SOMEWHERE_ELSE),
    "person_once_in_county": ("有证件号码刚刚在本县登记，没有保存。", "identity", NUMBER_TAKEN),
    "household_has_one_head": ("本户刚刚已有户主，没有保存。", "relation", ONE_HEAD),
}
"""What another transaction that was first may have taken (trust 86): constraint → message, field, what to do about it."""

Rows = Mapping[str, Membership]


def current_rows(household: Household) -> dict[str, Membership]:
    """The living members by membership uuid, locked."""
    rows = household.memberships.current().select_related("person", "township").select_for_update(of=("self",), no_key=True)
    return {str(row.uuid): row for row in rows}


def without_those_gone(household: Household, entry: HouseholdEntry, existing: Rows) -> HouseholdEntry:
    """Members who left between two saves are not written, the conflict page has named them; a uuid of another household is refused.
    They keep their place in the entry, because faults are told by it."""
    gone = {member.uuid for member in entry.members if member.uuid and member.uuid not in existing}
    past = {str(uuid) for uuid in household.memberships.filter(until__isnull=False).values_list("uuid", flat=True)}
    if gone - past:
        raise BadInput("有成员不在本户，没有保存。请刷新页面。", fields={"members": ["有成员不在本户，请刷新页面后重填。"]})
    gone_as_left = [replace(m, leaving_reason=m.leaving_reason or "other") if m.uuid in gone else m for m in entry.members]
    return replace(entry, members=tuple(gone_as_left))


def write_members(
    household: Household, entry: HouseholdEntry, today: date, existing: Rows | None = None, joining: str = "missed"
) -> dict[str, object]:
    """Leave, change, join: in this order, so that a head steps down before another steps up and nobody is in two households.
    `joining` is the reason new members join for. Each joining and leaving is a 变动 row in the name of `household.updated_by`.
    Answers what happened by 人编号 and field name, for the audit row: no names and no values."""
    existing = existing or {}
    story: dict[str, object] = {}
    changed = [(number, member, existing[member.uuid]) for number, member in enumerate(entry.members) if member.uuid in existing]
    for _, member, row in changed:
        if not member.stays:
            _leave(household, row, member, today)
            story.setdefault("left", {})[row.code] = member.leaving_reason
    staying = [item for item in changed if item[1].stays]
    for number, member, row in sorted(staying, key=lambda item: item[1].relation == HEAD):
        fields = _change(household, row, member, number, today)
        if fields:
            story.setdefault("members", {})[row.code] = fields
    for number, member in enumerate(entry.members):
        if member.stays and member.uuid not in existing:
            row = join(household, member, since=today, reason=joining, prefix=f"members-{number}-")
            _note_joining(household, row, Happening(today))
            story.setdefault("joined", []).append(row.code)
    return story


def _note_joining(household: Household, row: Membership, happening: Happening) -> None:
    """The first members of a household are its beginning, not a 变动."""
    if row.joining_reason != "start":
        record_event(household, EventKind.JOINED, happening, by=household.updated_by_id, membership=row, reason=row.joining_reason)


def _leave(household: Household, row: Membership, member: MemberEntry, today: date) -> None:
    leave(row, max(row.since, member.left_on or today), member.leaving_reason)
    happening = Happening(row.until)
    record_event(household, EventKind.LEFT, happening, by=household.updated_by_id, membership=row, reason=row.leaving_reason)


def leave(row: Membership, on: date, reason: str) -> None:
    """The membership ends: `on` is the first day the person is not in the household any more."""
    row.until, row.leaving_reason = on, reason
    row.save(update_fields=["until", "leaving_reason"])
    if reason == "died":
        row.person.died_on = on
        row.person.save(update_fields=["died_on"])


def _change(household: Household, row: Membership, member: MemberEntry, number: int, today: date) -> list[str]:
    """Set what differs; the names of the fields that did."""
    person = row.person
    before = {name: getattr(person, name) for name in PERSON_FIELDS} | {name: getattr(row, name) for name in MEMBER_FACTS}
    person.name, person.pinyin, person.ethnicity = member.name, initials(member.name), member.ethnicity
    person.birth, person.sex = member.birth or person.birth, member.sex or person.sex
    prefix = f"members-{number}-"
    if member.identity and id_index(member.identity) != person.id_index:
        set_identity(person, member.identity, row.township.code, prefix)
    for name in MEMBER_FACTS:
        setattr(row, name, member.facts.get(name, getattr(row, name)))
    row.relation = member.relation
    save_rows(prefix, person, row)
    if row.relation == HEAD != before["relation"]:
        record_event(household, EventKind.HEAD, Happening(today), by=household.updated_by_id, membership=row)
    after = {name: getattr(person, name) for name in PERSON_FIELDS} | {name: getattr(row, name) for name in MEMBER_FACTS}
    return ["identity" if name == "id_index" else name for name in before if before[name] != after[name]]


def save_rows(prefix: str, *rows: Person | Membership) -> None:
    """Save persons and memberships; two cadres at once, and the other was first: BadInput at the field `<prefix>…` that it is about. Any
    other constraint is a fault of the program and stays what it is."""
    try:
        for row in rows:
            row.save()
    except IntegrityError as error:
        race = _RACES.get(broken(error))
        if race is None:
            raise
        message, field, way_out = race
        raise BadInput(message, fields={f"{prefix}{field}": [way_out]}) from error


def join(household: Household, member: MemberEntry, *, since: date, reason: str, prefix: str = "") -> Membership:
    """A new membership from `since` on, of a person known by the number or of a new one; nobody lives in two households on one day
    (trust 86). Faults name the field `<prefix>identity`."""
    known = known_person(household.county_id, member.identity)
    if known is not None and known.memberships.current().exists():
        raise BadInput("有成员已在另一户登记，没有保存。", fields={f"{prefix}identity": [SOMEWHERE_ELSE]})
    if known is not None and known.died_on:
        raise BadInput("有成员已登记死亡，没有保存。", fields={f"{prefix}identity": ["这个证件号码的人已登记死亡。请核对号码；死亡登记有误的，在原户办“回到本户”更正。"]})
    person = known or Person(county_id=household.county_id)
    person.name, person.pinyin, person.ethnicity = member.name, initials(member.name), member.ethnicity
    person.birth, person.sex = member.birth, member.sex
    if known is None:
        set_identity(person, member.identity, household.township.code, prefix)
    save_rows(prefix, person)
    row = Membership(household=household, person=person, since=since, joining_reason=reason, relation=member.relation, **place_and_code(household))
    for name in MEMBER_FACTS[1:]:
        if name in member.facts:
            setattr(row, name, member.facts[name])
    save_rows(prefix, row)
    return row


def join_again(household: Household, old: Membership, *, relation: str, since: date, reason: str) -> Membership:
    """The person of `old`, a membership that has ended, in `household`: a new stretch with the facts the old one ended with. Sealed ones
    are sealed anew, because a ciphertext belongs to its row."""
    row = Membership(household=household, person=old.person, since=since, joining_reason=reason, relation=relation, **place_and_code(household))
    own = {"id", "uuid", "code", "person", "household", "county", "township", "village", "since", "until", "joining_reason", "leaving_reason", "relation"}
    for column in Membership._meta.concrete_fields:
        if column.name.endswith("_enc"):
            seal(row, column.name.removesuffix("_enc"), reveal(old, column.name.removesuffix("_enc")))
        elif column.name not in own:
            setattr(row, column.attname, getattr(old, column.attname))
    save_rows("", row)
    return row


def place_and_code(household: Household) -> dict[str, object]:
    """Place columns and the next 人编号 of a new membership."""
    names = ("county_id", "township_id", "village_id")
    return {name: getattr(household, name) for name in names} | {"code": _next_code(household)}


def known_person(county_id: int, identity: str) -> Person | None:
    """The person of the county with this number."""
    return Person.objects.filter(county_id=county_id, id_index=id_index(identity)).first() if identity else None


def set_identity(person: Person, identity: str, township_code: str, prefix: str = "") -> None:
    """Seal the number and index it; refused when another person of the county has it."""
    if identity:
        other = known_person(person.county_id, identity)
        if other is not None and other.pk != person.pk:
            raise BadInput("有证件号码已在本县登记，没有保存。", fields={f"{prefix}identity": [SOMEWHERE_ELSE]})
        seal(person, "id", identity)
        person.id_index = id_index(identity)
        person.id_last4_index = id_last4_index(identity, township_code)


def _next_code(household: Household) -> str:
    """人编号: household code + the next two-digit number, also counting those who left."""
    used = [int(code[-2:]) for code in household.memberships.values_list("code", flat=True) if code[-2:].isdigit()]
    return f"{household.code}{max(used, default=0) + 1:02d}"
