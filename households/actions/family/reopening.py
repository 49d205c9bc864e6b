"""恢复户: a household that was closed when its last members left exists again, under its number. The township's step: a file that the village
has closed is not opened again by the village alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from accounts import roles
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, WrongState
from core.scope import Scope
from households.actions.events import move_in_again, move_to_columns, record_event, settle_in
from households.actions.family.ground import HELD, HELD_WAY_OUT, check_day, reckon, stale
from households.actions.members import join_again, save_rows
from households.family import BACK_FROM, REOPEN_REASONS, Happening, reopening_fault
from households.models import EventKind, Household, Membership, Person
from households.selectors_family import NOBODY_BACK, left_at_closing

NOT_CLOSED = "这一户没有销户，不用恢复。"


def reopen_household(
    *, scope: Scope, code: str, version: int, members: Sequence[str], reason: str, happening: Happening, key: str = "", origin: Origin | None = None
) -> Household:  # fmt: skip
    """`members` (uuids of memberships that ended when the household was closed) are its members again. Reason `mistake`: they never left, so
    memberships and residence go on without a gap, whatever day is given. Reason `back`: both begin anew on `happening.on`. The events of
    the closing stay on file. Where the head is not among them the household is 户主待定.

    Raises NotFound, Denied, WrongState (not closed, 锁定, nobody left to come back), StaleVersion, Replayed, BadInput (fields members reason
    on paper note).
    """
    with acting(scope, "family.reopen", origin) as act:
        remember = once(scope, "family.reopen", key, [code, version, sorted(members), reason, repr(happening)])
        household = _closed(scope, code, version)
        rows = _chosen(household, members)
        _check_words(reason, happening)
        if reason == "mistake":
            happening = replace(happening, on=household.closed_on)
        _check(household, rows, reason, happening.on)
        household.closed_on = None
        record_event(household, EventKind.REOPENED, happening, by=scope.actor_id, reason="mistake" if reason == "mistake" else "")
        codes = _undo(act, household, rows, happening) if reason == "mistake" else _begin(act, household, rows, happening)
        reckon(act, household, happening, reopened=reason, joined=codes)
        remember(household.code)
    return household


def _closed(scope: Scope, code: str, version: int) -> Household:
    household = lock(Household.objects.visible_to(scope), code=code)
    if not scope.may(roles.FAMILY_REOPEN, household):
        raise Denied("恢复已销的户由乡镇办理。")
    if not household.closed_on:
        raise WrongState(NOT_CLOSED)
    if household.hold:
        raise WrongState(HELD, reasons=[household.hold_reason or "名单正在评议。", HELD_WAY_OUT])
    if household.version != version:
        raise stale(household)
    return household


def _chosen(household: Household, members: Sequence[str]) -> list[Membership]:
    """The memberships to go on with; their persons are locked, so that nobody takes one in elsewhere meanwhile."""
    rows = {str(row.uuid): row for row in left_at_closing(household)}
    if not rows:
        raise WrongState(NOBODY_BACK)
    if not members or any(uuid not in rows for uuid in members):
        raise BadInput("请选回来的人。", fields={"members": ["请在销户时离开、现在没有登记在别户的人里选。"]})
    found = [rows[uuid] for uuid in dict.fromkeys(members)]
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=[row.person_id for row in found]).order_by("pk"))
    if Membership.objects.current().filter(person__in=[row.person_id for row in found]).exists():
        raise WrongState(NOBODY_BACK)
    return found


def _check_words(reason: str, happening: Happening) -> None:
    faults = {}
    if reason not in REOPEN_REASONS:
        faults["reason"] = ["请选恢复的原因。"]
    if not happening.paper:
        faults["paper"] = ["请写凭证：凭什么恢复这一户。"]
    if not happening.note:
        faults["note"] = ["请写明情况：当时怎么销的户，谁核实过。"]
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)


def _check(household: Household, rows: Sequence[Membership], reason: str, on: date) -> None:
    for row in rows:
        later = row.person.memberships.filter(since__gte=row.until).exclude(pk=row.pk).exists()
        fault = reopening_fault(reason=reason, left_for=row.leaving_reason, lived_elsewhere=later)
        if fault:
            raise BadInput("这样不能恢复，没有保存。", fields={"reason": [f"{row.person.name}：{fault}"]})
    if reason == "back":
        ends = Membership.objects.filter(person__in=[row.person_id for row in rows]).values_list("until", flat=True)
        check_day(on, [household.closed_on, *ends], timezone.localdate())


def _undo(act: Act, household: Household, rows: Sequence[Membership], happening: Happening) -> list[str]:
    """Nobody left: the same memberships and the same residence go on, so that every date counts them. Where the village has been merged
    into another one meanwhile, the household lives in that one from today on."""
    move_in_again(household)
    move_to_columns(household, timezone.localdate())
    for row in rows:
        row.until, row.leaving_reason = None, ""
        row.county_id, row.township_id, row.village_id = household.county_id, household.township_id, household.village_id
        row.person.died_on = None
        save_rows("", row.person, row)
        record_event(household, EventKind.JOINED, happening, by=act.scope.actor_id, membership=row, reason="mistake")
    return [row.code for row in rows]


def _begin(act: Act, household: Household, rows: Sequence[Membership], happening: Happening) -> list[str]:
    """They came back: a new stretch of each and of the residence from that day on."""
    settle_in(household, happening.on)
    made = []
    for row in rows:
        reason = BACK_FROM.get(row.leaving_reason, "moved_in")
        made.append(join_again(household, row, relation=row.relation, since=happening.on, reason=reason))
        record_event(household, EventKind.JOINED, happening, by=act.scope.actor_id, membership=made[-1], reason=reason)
    return [row.code for row in made]
