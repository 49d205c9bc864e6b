"""Steps that registering and updating share; each runs inside the action's transaction."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils import timezone

from core.actions import Act
from core.errors import BadInput
from core.ids import check_id
from households.actions.members import Rows
from households.actions.quality import sync_household
from households.entries import HEAD, MEMBER_FACTS, SECRET_FACTS, HouseholdEntry, MemberEntry, completed, faults_of
from households.fields import INCOME, MEMBER
from households.models import Household, HouseholdVersion, Membership, Person
from households.names import initials
from households.secrets import reveal, seal
from villages import dirty
from villages.models import VillagerGroup


def checked(entry: HouseholdEntry, today: date, existing: Rows | None = None) -> HouseholdEntry:
    """The entry with every living member of the household, birth and sex filled in from the numbers; BadInput with every fault at once."""
    if entry.members is None:
        return _shaped(entry, faults_of(entry, today))
    existing = existing or {}
    members = [_with_stored(completed(member, today), existing.get(member.uuid)) for member in entry.members]
    listed = {member.uuid for member in members}
    members += [_stored_entry(row) for uuid, row in existing.items() if uuid not in listed]
    entry = replace(entry, members=tuple(members))
    faults = faults_of(entry, today)
    for number, member in enumerate(entry.members):
        for name, reason in _stored_faults(member, existing.get(member.uuid), today):
            faults.setdefault(f"members-{number}-{name}", []).append(reason)
    return _shaped(entry, faults)


def _shaped(entry: HouseholdEntry, faults: dict[str, list[str]]) -> HouseholdEntry:
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
    return entry


def fill(household: Household, entry: HouseholdEntry) -> None:
    """Set the household's own columns from the entry; what it does not name stays."""
    if entry.group_code is not None:
        household.group = _group(household.village_id, entry.group_code)
    for name, value in entry.facts.items():
        setattr(household, name, value)
    for name, value in entry.secrets.items():
        if value is not None:
            seal(household, name, str(value))
    if entry.members is None:
        return
    household.persons = len(entry.staying)
    household.head_pending = False  # `checked` has seen exactly one head
    household.head_name = next(member.name for member in entry.staying if member.relation == HEAD)
    household.head_pinyin = initials(household.head_name)


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


def finish(act: Act, household: Household, **detail: object) -> None:
    """Ledger row, doubts found anew, feed, dirty mark and audit of one household."""
    put_down(act, household, **detail)
    sync_household(act, household)
    dirty.mark(act, [household.village_id])


def put_down(act: Act, household: Household, **detail: object) -> None:
    """The ledger row, audit and feed of one household; who changes many at once marks their villages and asks for the doubts once."""
    version = HouseholdVersion(household=household, version=household.version, at=timezone.now(), by_id=act.scope.actor_id)
    seal(version, "facts", json.dumps(document(household), ensure_ascii=False, sort_keys=True, default=str))
    version.save()
    act.audit("household", household.code, place=household, version=household.version, **detail)
    act.feed("household", household.code, place=household)


def document(household: Household, members: Iterable[Membership] | None = None) -> dict[str, object]:
    """The household as it stands, secrets included: it is sealed whole. `members`: its living ones, where the caller has read them."""
    rows = household.memberships.current().select_related("person") if members is None else members
    members = [member_document(row) | _person_document(row.person) for row in rows]
    income = [{name: getattr(row, name) for name in ("year", "persons", "net", "per_head", *INCOME.named)} for row in household.income_years.order_by("year")]
    return {"household": own_document(household), "members": members, "income": income}


def own_document(household: Household) -> dict[str, object]:
    """The household's own columns, those that the declarations call sealed in the clear."""
    plain = {f.attname: getattr(household, f.attname) for f in household._meta.concrete_fields if not f.name.endswith("_enc")}
    return plain | {name: reveal(household, name) for name in SECRET_FACTS}


def member_document(row: Membership) -> dict[str, object]:
    """A membership without the person: what the declarations say of it, sealed columns in the clear."""
    plain = {name: getattr(row, name) for name in ("code", "since", "until", "joining_reason", "leaving_reason", *MEMBER_FACTS)}
    return plain | {name: reveal(row, name) for name in MEMBER.sealed}


def _person_document(person: Person) -> dict[str, object]:
    plain = {"name": person.name, "birth": person.birth, "sex": person.sex, "ethnicity": person.ethnicity, "id_kind": person.id_kind}
    return plain | {"identity": reveal(person, "id")}


def _group(village_id: int, code: str) -> VillagerGroup | None:
    if not code:
        return None
    group = VillagerGroup.objects.filter(village_id=village_id, code=code, valid_to__isnull=True).first()
    if group is None:
        raise BadInput("这个组不在本村。", fields={"group": ["请选本村的组。"]})
    return group
