"""Steps that registering and updating share; each runs inside the action's transaction."""

import json
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from core.actions import Act
from core.errors import BadInput
from households.entries import HEAD, MEMBER_FACTS, HouseholdEntry, MemberEntry, completed, faults_of
from households.models import Household, HouseholdVersion, Membership, Person
from households.secrets import id_index, id_last4_index, reveal, seal
from villages import dirty
from villages.models import VillagerGroup

SOMEWHERE_ELSE = "这个证件号码在本县另一户已有登记，一人只能在一户。请核对号码；确属本户的，请先在原户办理离户，或报乡镇核对。"


def checked(entry: HouseholdEntry, today: date) -> HouseholdEntry:
    """The entry with birth and sex filled in from the numbers; BadInput with every fault at once."""
    entry = HouseholdEntry(entry.group_code, entry.facts, tuple(completed(m, today) for m in entry.members), entry.secrets)
    faults = faults_of(entry, today)
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


def write_members(household: Household, entry: HouseholdEntry, today: date) -> None:
    """Leave, change, join: in this order, so that a head steps down before another steps up and nobody is in two households."""
    existing = {str(row.uuid): row for row in household.memberships.current().select_related("person").select_for_update(of=("self",))}
    changed = [(number, member, existing[member.uuid]) for number, member in enumerate(entry.members) if member.uuid in existing]
    for _, member, row in changed:
        if not member.stays:
            _leave(row, member, today)
    staying = [item for item in changed if item[1].stays]
    for number, member, row in sorted(staying, key=lambda item: item[1].relation == HEAD):
        _change(row, member, number)
    for number, member in enumerate(entry.members):
        if member.stays and member.uuid not in existing:
            _join(household, member, number, today)


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


def _change(row: Membership, member: MemberEntry, number: int) -> None:
    person = row.person
    person.name, person.ethnicity = member.name, member.ethnicity
    person.birth, person.sex = member.birth or person.birth, member.sex or person.sex
    if member.identity and id_index(member.identity) != person.id_index:
        _set_identity(person, member, number, row.township.code)
    person.save()
    for name in MEMBER_FACTS:
        setattr(row, name, member.facts.get(name, getattr(row, name)))
    row.relation = member.relation
    row.save()


def _join(household: Household, member: MemberEntry, number: int, today: date) -> None:
    known = _known_person(household.county_id, member.identity)
    if known is not None and known.memberships.current().exists():
        raise BadInput("有成员已在另一户登记，没有保存。", fields={f"members-{number}-identity": [SOMEWHERE_ELSE]})
    person = known or Person(county_id=household.county_id)
    person.name, person.ethnicity, person.birth, person.sex = member.name, member.ethnicity, member.birth, member.sex
    if known is None:
        _set_identity(person, member, number, household.township.code)
    try:
        person.save()
        row = Membership(
            person=person, household=household, county_id=household.county_id, township_id=household.township_id,
            village_id=household.village_id, since=max(household.registered_on, member.birth or household.registered_on),
            code=_next_code(household), relation=member.relation,
        )  # fmt: skip
        for name in MEMBER_FACTS[1:]:
            if name in member.facts:
                setattr(row, name, member.facts[name])
        row.save()
    except IntegrityError as error:
        # Two cadres at once: the other one's transaction was first (trust 86).
        raise BadInput("有成员刚刚在另一户登记，没有保存。", fields={f"members-{number}-identity": [SOMEWHERE_ELSE]}) from error


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
