"""Steps that registering and updating share; each runs inside the action's transaction."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from core.actions import Act
from core.errors import BadInput
from core.ids import check_id
from households.entries import HEAD, MEMBER_FACTS, HouseholdEntry, MemberEntry, completed, faults_of
from households.models import Household, HouseholdVersion, Membership, Person
from households.secrets import id_index, id_last4_index, reveal, seal
from villages import dirty
from villages.models import VillagerGroup

PERSON_FIELDS = ("name", "birth", "sex", "ethnicity", "id_index")
SOMEWHERE_ELSE = "这个证件号码在本县另一户已有登记，一人只能在一户。请核对号码；确属本户的，请先在原户办理离户，或报乡镇核对。"


Rows = Mapping[str, Membership]


def current_rows(household: Household) -> dict[str, Membership]:
    """The living members by membership uuid, locked."""
    rows = household.memberships.current().select_related("person", "township").select_for_update(of=("self",), no_key=True)
    return {str(row.uuid): row for row in rows}


def checked(entry: HouseholdEntry, today: date, existing: Rows | None = None) -> HouseholdEntry:
    """The entry with every living member of the household, birth and sex filled in from the numbers; BadInput with every fault at once."""
    existing = existing or {}
    members = [_with_stored(completed(member, today), existing.get(member.uuid)) for member in entry.members]
    listed = {member.uuid for member in members}
    members += [_stored_entry(row) for uuid, row in existing.items() if uuid not in listed]
    entry = replace(entry, members=tuple(members))
    faults = faults_of(entry, today)
    for number, member in enumerate(entry.members):
        for name, reason in _stored_faults(member, existing.get(member.uuid), today):
            faults.setdefault(f"members-{number}-{name}", []).append(reason)
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
    return entry


def fill(household: Household, entry: HouseholdEntry) -> None:
    """Set the household's own columns from the entry."""
    household.group = _group(household.village_id, entry.group_code)
    for name, value in entry.facts.items():
        setattr(household, name, value)
    for name, value in entry.secrets.items():
        if value is not None:
            seal(household, name, str(value))
    household.persons = len(entry.staying)
    household.head_name = next(member.name for member in entry.staying if member.relation == HEAD)


def without_those_gone(household: Household, entry: HouseholdEntry, existing: Rows) -> HouseholdEntry:
    """Members who left between two saves are not written, the conflict page has named them; a uuid of another household is refused.
    They keep their place in the entry, because faults are told by it."""
    gone = {member.uuid for member in entry.members if member.uuid and member.uuid not in existing}
    past = {str(uuid) for uuid in household.memberships.filter(until__isnull=False).values_list("uuid", flat=True)}
    if gone - past:
        raise BadInput("有成员不在本户，没有保存。请刷新页面。", fields={"members": ["有成员不在本户，请刷新页面后重填。"]})
    gone_as_left = [replace(m, leaving_reason=m.leaving_reason or "other") if m.uuid in gone else m for m in entry.members]
    return replace(entry, members=tuple(gone_as_left))


def _with_stored(member: MemberEntry, row: Membership | None) -> MemberEntry:
    """Birth and sex left blank stay what is on file, so that the relation is held against them too."""
    if row is None or member.identity:
        return member
    return replace(member, birth=member.birth or row.person.birth, sex=member.sex or row.person.sex)


def _stored_entry(row: Membership) -> MemberEntry:
    """A living member the form did not list (somebody else added it meanwhile): stays as it is, and is counted."""
    person = row.person
    own = {"birth": person.birth, "sex": person.sex, "ethnicity": person.ethnicity}
    return MemberEntry(name=person.name, relation=row.relation, uuid=str(row.uuid), **own)


def _stored_faults(member: MemberEntry, row: Membership | None, today: date) -> list[tuple[str, str]]:
    """Birth or sex changed by hand against the number on file (trust 48); the file as it was imported is not called in question."""
    if row is None or member.identity or not row.person.id_enc:
        return []
    person, reading = row.person, check_id(reveal(row.person, "id"), today=today)
    faults = []
    if reading.birth and member.birth not in (person.birth, reading.birth):
        faults.append(("birth", "与已登记的证件号码里的出生日期不同。证件号码有误的，请填写正确的号码。"))
    if reading.sex and member.sex not in (person.sex, reading.sex):
        faults.append(("sex", "与已登记的证件号码里的性别不同。证件号码有误的，请填写正确的号码。"))
    return faults


def write_members(household: Household, entry: HouseholdEntry, today: date, existing: Rows | None = None) -> dict[str, object]:
    """Leave, change, join: in this order, so that a head steps down before another steps up and nobody is in two households.
    Answers what happened by 人编号 and field name, for the audit row: no names and no values."""
    existing = existing or {}
    story: dict[str, object] = {}
    changed = [(number, member, existing[member.uuid]) for number, member in enumerate(entry.members) if member.uuid in existing]
    for _, member, row in changed:
        if not member.stays:
            _leave(row, member, today)
            story.setdefault("left", {})[row.code] = member.leaving_reason
    staying = [item for item in changed if item[1].stays]
    for number, member, row in sorted(staying, key=lambda item: item[1].relation == HEAD):
        fields = _change(row, member, number)
        if fields:
            story.setdefault("members", {})[row.code] = fields
    for number, member in enumerate(entry.members):
        if member.stays and member.uuid not in existing:
            story.setdefault("joined", []).append(_join(household, member, number, today))
    return story


def finish(act: Act, household: Household, **detail: object) -> None:
    """Ledger row, feed, dirty mark and audit of one household."""
    version = HouseholdVersion(household=household, version=household.version, at=timezone.now(), by_id=act.scope.actor_id)
    seal(version, "facts", json.dumps(document(household), ensure_ascii=False, sort_keys=True, default=str))
    version.save()
    dirty.mark(act, [household.village_id])
    act.audit("household", household.code, place=household, version=household.version, **detail)
    act.feed("household", household.code, place=household)


def document(household: Household) -> dict[str, object]:
    """The household as it stands, secrets included: it is sealed whole."""
    plain = {f.attname: getattr(household, f.attname) for f in household._meta.concrete_fields if not f.name.endswith("_enc")}
    sealed = {name: reveal(household, name) for name in ("phone", "savings", "debt", "education_debt")}
    members = [
        {name: getattr(row, name) for name in ("code", "since", "until", "leaving_reason", *MEMBER_FACTS)}
        | {"name": row.person.name, "identity": reveal(row.person, "id"), "birth": row.person.birth, "sex": row.person.sex}
        for row in household.memberships.current().select_related("person")
    ]
    return {"household": plain | sealed, "members": members}


def _group(village_id: int, code: str) -> VillagerGroup | None:
    if not code:
        return None
    group = VillagerGroup.objects.filter(village_id=village_id, code=code, valid_to__isnull=True).first()
    if group is None:
        raise BadInput("这个组不在本村。", fields={"group": ["请选本村的组。"]})
    return group


def _leave(row: Membership, member: MemberEntry, today: date) -> None:
    row.until = max(row.since, member.left_on or today)
    row.leaving_reason = member.leaving_reason
    row.save(update_fields=["until", "leaving_reason"])
    if member.leaving_reason == "died":
        row.person.died_on = row.until
        row.person.save(update_fields=["died_on"])


def _change(row: Membership, member: MemberEntry, number: int) -> list[str]:
    """Set what differs; the names of the fields that did."""
    person = row.person
    before = {name: getattr(person, name) for name in PERSON_FIELDS} | {name: getattr(row, name) for name in MEMBER_FACTS}
    person.name, person.ethnicity = member.name, member.ethnicity
    person.birth, person.sex = member.birth or person.birth, member.sex or person.sex
    if member.identity and id_index(member.identity) != person.id_index:
        _set_identity(person, member, number, row.township.code)
    for name in MEMBER_FACTS:
        setattr(row, name, member.facts.get(name, getattr(row, name)))
    row.relation = member.relation
    _save(number, person, row)
    after = {name: getattr(person, name) for name in PERSON_FIELDS} | {name: getattr(row, name) for name in MEMBER_FACTS}
    return ["identity" if name == "id_index" else name for name in before if before[name] != after[name]]


def _save(number: int, *rows: Person | Membership) -> None:
    try:
        for row in rows:
            row.save()
    except IntegrityError as error:
        # Two cadres at once: the other one's transaction was first (trust 86).
        raise BadInput("有成员刚刚在另一户登记，没有保存。", fields={f"members-{number}-identity": [SOMEWHERE_ELSE]}) from error


def _join(household: Household, member: MemberEntry, number: int, today: date) -> str:
    """A new membership from today on, so that nobody lives in two households on one day (ruling 23); its 人编号."""
    known = _known_person(household.county_id, member.identity)
    if known is not None and known.memberships.current().exists():
        raise BadInput("有成员已在另一户登记，没有保存。", fields={f"members-{number}-identity": [SOMEWHERE_ELSE]})
    person = known or Person(county_id=household.county_id)
    person.name, person.ethnicity, person.birth, person.sex = member.name, member.ethnicity, member.birth, member.sex
    if known is None:
        _set_identity(person, member, number, household.township.code)
    _save(number, person)
    row = Membership(
        person=person, household=household, county_id=household.county_id, township_id=household.township_id,
        village_id=household.village_id, since=today, code=_next_code(household), relation=member.relation,
    )  # fmt: skip
    for name in MEMBER_FACTS[1:]:
        if name in member.facts:
            setattr(row, name, member.facts[name])
    _save(number, row)
    return row.code


def _known_person(county_id: int, identity: str) -> Person | None:
    return Person.objects.filter(county_id=county_id, id_index=id_index(identity)).first() if identity else None


def _set_identity(person: Person, member: MemberEntry, number: int, township_code: str) -> None:
    """Seal the number and index it; refused when another person of the county has it."""
    if member.identity:
        other = _known_person(person.county_id, member.identity)
        if other is not None and other.pk != person.pk:
            raise BadInput("有证件号码已在本县登记，没有保存。", fields={f"members-{number}-identity": [SOMEWHERE_ELSE]})
        seal(person, "id", member.identity)
        person.id_index = id_index(member.identity)
        person.id_last4_index = id_last4_index(member.identity, township_code)


def _next_code(household: Household) -> str:
    """人编号: household code + the next two-digit number, also counting those who left."""
    used = [int(code[-2:]) for code in household.memberships.values_list("code", flat=True) if code[-2:].isdigit()]
    return f"{household.code}{max(used, default=0) + 1:02d}"
