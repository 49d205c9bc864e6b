"""转户 of a person and 迁移 of a household over a village's border: the side that loses asks, the other side says yes (trust 89).

Within one village a village role does it at once. Over the border the losing village asks and the other village answers, or the township
of the other village; where both villages belong to one township, its officer is that township. Nobody answers what he asked himself, not
even a cadre who works in both villages. The losing side may take it back until it is answered. Locks: households by pk, then the request.
"""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.db import IntegrityError
from django.utils import timezone

from accounts import roles
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.integrity import broken
from core.scope import Scope
from households.actions.events import record_event
from households.actions.family.ground import (
    check_day,
    check_has_head,
    check_may_end,
    check_nothing_asked,
    check_state,
    chosen,
    lives_since,
    living,
    locked_by_pk,
    opened,
    opened_both,
    reckon,
)
from households.actions.family.heads import check_relations_in
from households.actions.family.moving import group_of, move_over, reseat
from households.actions.members import join_again, leave
from households.codes import LEAVING
from households.family import TRANSFER_REASONS, Happening
from households.models import EventKind, Household, Membership, Transfer, TransferState
from households.secrets import reveal, seal
from households.selectors_family import asking_side, former_village, other_side, transfers_visible
from villages.models import Village
from villages.selectors import gone_words, require_in_force

ONE_OPEN = ("one_open_transfer_a_member", "one_open_move_a_household")
OWN_REQUEST = "这份申请是您提出的，要由对方村或乡镇的另一个人答复。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked. A person: `member`, `to_code` and `relation` there; a whole household: `village_code`. `reason` is why."""

    reason: str
    member: str = ""
    to_code: str = ""
    relation: str = ""
    village_code: str = ""


def transfer_within(
    *, scope: Scope, code: str, version: int, wish: Wish, happening: Happening, origin: Origin | None = None
) -> Household:
    """The person lives in another household of the same village from `happening.on` on; the household that gained is returned.

    Raises NotFound, Denied, WrongState, StaleVersion, BadInput (fields member other relation reason on).
    """
    with acting(scope, "transfer.within", origin) as act:
        _check_reason(wish)
        source, target = opened_both(scope, code, version, wish.to_code)
        if source.village_id != target.village_id:
            raise BadInput("外村的户要先申请。", fields={"other": ["这一户在外村，要由对方同意。"]})
        row = chosen(living(source), [wish.member], "member")[0]
        check_nothing_asked(source, [row])
        _pass_on(act, source, target, row, wish.relation, wish.reason, happening)
    return target


def ask_transfer(
    *, scope: Scope, code: str, version: int, wish: Wish, happening: Happening, key: str = "", origin: Origin | None = None
) -> Transfer:
    """A request to another village of the county. Nothing changes until the other side agrees; then both sides change in one transaction.

    Raises NotFound, Denied, WrongState, StaleVersion, Replayed, BadInput (fields member other where relation reason on).
    """
    with acting(scope, "transfer.ask", origin) as act:
        remember = once(scope, "transfer.ask", key, [code, version, repr(wish), repr(happening)])
        _check_reason(wish)
        household = opened(scope, code, version)
        row = chosen(living(household), [wish.member], "member")[0] if wish.member else None
        check_nothing_asked(household, [row] if row else None)
        if row is None or household.persons == 1:
            check_may_end(household)
        check_day(happening.on, [lives_since(household), *([row.since] if row else [])], timezone.localdate())
        target = _target(household, wish.to_code) if row else None
        village = target.village if target else _village(household, wish.village_code)
        transfer = _request(scope, household, row, target, village, wish, happening)
        act.audit("transfer", str(transfer.uuid), place=transfer, household=household.code, village=village.code, whole=row is None)
        remember(str(transfer.uuid))
    return transfer


def _check_reason(wish: Wish) -> None:
    if wish.reason not in TRANSFER_REASONS:
        raise BadInput("请选原因。", fields={"reason": ["请选原因。"]})


def _target(household: Household, code: str) -> Household:
    """The household of another village: named by its whole number, and nothing else of it is told."""
    rows = Household.objects.registered().select_related("village__township").filter(county_id=household.county_id)
    target = rows.filter(code=code).exclude(village_id=household.village_id).first()
    if target is None:
        raise BadInput("没有找到对方户。", fields={"other": ["本县没有这个户编号，请向对方村核对。"]})
    return target


def _village(household: Household, code: str) -> Village:
    rows = Village.objects.select_related("township", "merged_into").filter(county_id=household.county_id, code=code)
    village = rows.exclude(pk=household.village_id).first()
    if village is None or village.valid_to:
        why = gone_words(village) if village else "请选迁往的村。"
        raise BadInput("请选迁往的村。", fields={"where": [why]})
    return village


def _request(
    scope: Scope, household: Household, row: Membership | None, target: Household | None, village: Village, wish: Wish, happening: Happening
) -> Transfer:  # fmt: skip
    transfer = Transfer(
        county_id=household.county_id, township_id=household.township_id, village_id=household.village_id, other_township_id=village.township_id,
        other_village=village, household=household, membership=row, to_household=target, relation=wish.relation, happened_on=happening.on,
        reason=wish.reason, paper_title=happening.paper, asked_by_id=scope.actor_id, asked_at=timezone.now(),
    )  # fmt: skip
    seal(transfer, "note", happening.note)
    try:
        transfer.save()
    except IntegrityError as error:  # another cadre asked the same at this moment
        if broken(error) not in ONE_OPEN:
            raise
        raise WrongState("这一申请刚刚已经提出，不能重复。") from error
    return transfer


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no. With a yes to a person the relation to the head there, with a yes to a household its group ('' = 未分组)."""

    agree: bool
    note: str = ""
    relation: str = ""
    group_code: str = ""


def answer_transfer(*, scope: Scope, uuid: str, version: int, answer: Answer, origin: Origin | None = None) -> Transfer:
    """The other side's yes or no; a yes changes both households and both villages' figures in this transaction.

    Raises NotFound, Denied (no right there, or one's own request), WrongState (answered, withdrawn, 锁定, left meanwhile), StaleVersion,
    BadInput (fields note relation group).
    """
    with acting(scope, "transfer.answer", origin) as act:
        seen = _seen(scope, uuid)
        if not scope.may(roles.TRANSFER_ANSWER, other_side(seen)):
            raise Denied
        if seen.asked_by_id == scope.actor_id:
            raise Denied(OWN_REQUEST)
        homes = locked_by_pk([home.code for home in (seen.household, seen.to_household) if home])
        transfer = _asked(scope, seen, version)
        if not answer.agree and not answer.note:
            raise BadInput("请写明不同意的理由。", fields={"note": ["请写明不同意的理由，对方要据此答复群众。"]})
        if answer.agree:
            _carry_out(act, transfer, homes, answer)
        _write_answer(act, transfer, TransferState.AGREED if answer.agree else TransferState.REFUSED, answer.note)
    return transfer


def withdraw_transfer(*, scope: Scope, uuid: str, version: int, origin: Origin | None = None) -> Transfer:
    """The asking side takes its request back. Raises NotFound, Denied, WrongState, StaleVersion."""
    with acting(scope, "transfer.withdraw", origin) as act:
        seen = _seen(scope, uuid)
        if not scope.may(roles.FAMILY_EVENT, asking_side(seen)):
            raise Denied
        transfer = _asked(scope, seen, version)
        _write_answer(act, transfer, TransferState.WITHDRAWN, "")
    return transfer


def _seen(scope: Scope, uuid: str) -> Transfer:
    rows = transfers_visible(scope).select_related("household", "to_household")
    transfer = next(iter(rows.filter(uuid=uuid)), None)
    if transfer is None:
        raise NotFound
    return transfer


def _asked(scope: Scope, seen: Transfer, version: int) -> Transfer:
    """The request itself, locked after the households and read again."""
    transfer = lock(transfers_visible(scope).select_related("other_village__township", "village"), pk=seen.pk)
    if transfer.state != TransferState.ASKED:
        raise WrongState(f"这份申请{transfer.get_state_display()}，不能再办。")
    if transfer.version != version:
        raise StaleVersion("这份申请在您打开之后有了变动。")
    return transfer


def _day(transfer: Transfer, homes: dict[str, Household]) -> date:
    """The day that was asked; not before a merge of villages that came in between, because until then the household lived in the old one."""
    return max([transfer.happened_on, *(lives_since(home) for home in homes.values() if former_village(home))])


def _carry_out(act: Act, transfer: Transfer, homes: dict[str, Household], answer: Answer) -> None:
    happening = Happening(_day(transfer, homes), reveal(transfer, "note"), transfer.paper_title)
    source = homes[transfer.household.code]
    check_state(source)
    if transfer.membership_id is None:
        act.recheck(lambda: require_in_force(Village.objects.select_related("merged_into").get(pk=transfer.other_village_id)))
        group = group_of(transfer.other_village_id, answer.group_code)
        transfer.other_group = group
        move_over(act, source, transfer.other_village, group, happening)
        return
    target = homes[transfer.to_household.code]
    row = next((one for one in living(source).values() if one.pk == transfer.membership_id), None)
    if row is None or target.village_id != transfer.other_village_id or source.village_id != transfer.village_id:
        raise WrongState("申请提出以后情况有变：成员已离开原户，或有一户已迁移。请答复不同意，由对方重新申请。")
    transfer.relation = answer.relation or transfer.relation
    _pass_on(act, source, target, row, transfer.relation, transfer.reason, happening)


def _pass_on(act: Act, source: Household, target: Household, row: Membership, relation: str, reason: str, happening: Happening) -> None:
    """One member from a household to another, both locked: two memberships that meet on the day, an event on each side."""
    check_state(target)
    check_has_head(target)
    check_day(happening.on, [lives_since(source), lives_since(target), row.since], timezone.localdate())
    try:
        check_relations_in(list(living(target).values()), [row], {str(row.uuid): relation})
    except BadInput as error:
        raise BadInput(error.message, fields={"relation": [line for lines in error.fields.values() for line in lines]}) from error
    leave(row, happening.on, "transfer")
    made = join_again(target, row, relation=relation, since=happening.on, reason="transfer")
    reseat(made)
    sides = ((source, target, row), (target, source, made))
    for side, other, membership in sides:
        record_event(side, EventKind.TRANSFERRED, happening, by=act.scope.actor_id, membership=membership, other=other, reason=reason)
        reckon(act, side, happening, other=other.code, reason=LEAVING.label(reason))


def _write_answer(act: Act, transfer: Transfer, state: str, note: str) -> None:
    transfer.state, transfer.answer_note = state, note
    transfer.answered_by_id, transfer.answered_at = act.scope.actor_id, timezone.now()
    transfer.version += 1
    transfer.save()
    for side in (asking_side(transfer), other_side(transfer)):
        place = SimpleNamespace(**vars(side))
        act.audit("transfer", str(transfer.uuid), place=place, state=state)
