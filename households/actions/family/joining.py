"""成员增加: birth, marriage in, moving in, adoption, one who was missed; and coming back."""

from datetime import date

from django.utils import timezone

from core.actions import Origin, acting, once
from core.errors import BadInput, WrongState
from core.scope import Scope
from households.actions.events import record_event
from households.actions.family.ground import begins, check_has_head, living, opened, reckon
from households.actions.members import join, join_again, known_person
from households.entries import SPOUSE, HouseholdEntry, MemberEntry, completed, faults_of
from households.family import ADD_REASONS, BACK_FROM, Happening, joining_faults
from households.models import EventKind, Household, Membership, Person

UNDOCUMENTED = "90"
_WITHOUT_NUMBER = ("birth", "missed", "adopted_in")


def add_member(
    *, scope: Scope, code: str, version: int, member: MemberEntry, reason: str, happening: Happening, key: str = "", origin: Origin | None = None
) -> Household:  # fmt: skip
    """A new member from `happening.on` on. A person without an ID number (newborn, not yet registered) is kept as id_kind 90.

    Raises NotFound, Denied, WrongState, StaleVersion, Replayed, BadInput (fields name relation identity birth sex reason on).
    """
    today = timezone.localdate()
    with acting(scope, "family.add", origin) as act:
        remember = once(scope, "family.add", key, [code, version, reason, repr(member), repr(happening)])
        household = opened(scope, code, version)
        check_has_head(household)
        member = _checked(household, completed(member, today), reason, happening.on, today)
        row = join(household, member, since=happening.on, reason=reason)
        if not row.person.id_enc:
            Person.objects.filter(pk=row.person_id).update(id_kind=UNDOCUMENTED)
        record_event(household, EventKind.JOINED, happening, by=scope.actor_id, membership=row, reason=reason)
        reckon(act, household, happening, joined=[row.code], reason=reason)
        remember(household.code)
    return household


def _checked(household: Household, member: MemberEntry, reason: str, on: date, today: date) -> MemberEntry:
    if reason not in ADD_REASONS:
        raise BadInput("请选入户原因。", fields={"reason": ["请选入户原因。"]})
    known = known_person(household.county_id, member.identity)
    last_left = _last_left(known.memberships.order_by("-until").first()) if known else None
    faults = joining_faults(
        reason=reason, relation=member.relation, birth=member.birth, since=on, opened=begins(household), today=today, last_left=last_left
    )
    if not member.identity and reason not in _WITHOUT_NUMBER:
        faults["identity"] = ["请填证件号码。只有新生儿、收养和补录的可以暂时没有。"]
    for name, reasons in faults_of(_as_entry(member), today).items():
        if name.startswith("members-0-"):
            faults.setdefault(name.removeprefix("members-0-"), []).extend(reasons)
    if member.relation == SPOUSE and any(row.relation == SPOUSE for row in living(household).values()):
        faults.setdefault("relation", []).append("户主已有配偶，请核对与户主关系。")
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
    return member


def _as_entry(member: MemberEntry) -> HouseholdEntry:
    """The member's own rules are asked as the household's form asks them."""
    return HouseholdEntry(group_code="", facts={}, members=(member,))


def _last_left(row: Membership | None) -> date | None:
    return row.until if row else None


def bring_back(
    *, scope: Scope, code: str, version: int, member: str, relation: str, happening: Happening, key: str = "", origin: Origin | None = None
) -> Household:  # fmt: skip
    """Someone who left this household lives in it again: a new membership, both stretches stay on file. The reason follows from the reason of
    having left (students come back from study …); a death entered by mistake is undone this way.

    Raises NotFound, Denied, WrongState, StaleVersion, Replayed, BadInput (fields member relation on).
    """
    with acting(scope, "family.back", origin) as act:
        remember = once(scope, "family.back", key, [code, version, member, relation, repr(happening)])
        household = opened(scope, code, version)
        check_has_head(household)
        old = _who_left(household, member)
        reason = BACK_FROM.get(old.leaving_reason, "moved_in")
        _check_back(household, old, relation, reason, happening.on)
        if old.person.died_on:
            old.person.died_on = None
            old.person.save(update_fields=["died_on"])
        row = join_again(household, old, relation=relation, since=happening.on, reason=reason)
        record_event(household, EventKind.JOINED, happening, by=scope.actor_id, membership=row, reason=reason)
        reckon(act, household, happening, joined=[row.code], reason=reason)
        remember(household.code)
    return household


def _who_left(household: Household, uuid: str) -> Membership:
    rows = household.memberships.filter(until__isnull=False).select_related("person")
    old = next((row for row in rows if str(row.uuid) == uuid), None)
    if old is None:
        raise BadInput("请选回来的人。", fields={"member": ["请选回来的人。"]})
    Person.objects.select_for_update(no_key=True).get(pk=old.person_id)
    if old.person.memberships.current().exists():
        raise WrongState(f"{old.person.name}现在登记在一户里，不能再办回到本户。", reasons=["登记在另一户的，由那一户办转户。"])
    return old


def _check_back(household: Household, old: Membership, relation: str, reason: str, on: date) -> None:
    person = old.person
    last = person.memberships.order_by("-until").first()
    faults = joining_faults(
        reason=reason, relation=relation, birth=person.birth, since=on, opened=begins(household), today=timezone.localdate(), last_left=last.until
    )
    entry = MemberEntry(name=person.name, relation=relation, birth=person.birth, sex=person.sex)
    faults |= {name.removeprefix("members-0-"): why for name, why in faults_of(_as_entry(entry), timezone.localdate()).items() if name.startswith("members-0-")}
    if relation == SPOUSE and any(row.relation == SPOUSE for row in living(household).values()):
        faults.setdefault("relation", []).append("户主已有配偶，请核对与户主关系。")
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
