"""What every step of 变动 stands on: opening the households, reckoning them anew, closing the empty ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace

from django.db.models import QuerySet

from accounts import roles
from core.actions import Act, lock
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import ChangeOp
from core.scope import Scope
from households.actions.events import move_out, record_event
from households.actions.steps import finish
from households.actions.update import Overtaken
from households.entries import HEAD
from households.family import Happening, Kin, step_day_fault
from households.models import EventKind, Household, Membership, Transfer, TransferState
from households.names import initials
from households.obstacles import obstacles_of
from villages import dirty

HELD = "这一户已锁定，不能办变动。"
HELD_WAY_OUT = "去世、自愿放弃或外迁的，先在农户页办“终止”；其他变动先办“变更”，办好再来。"
PENDING = "户主待定，请先办“户主变更”指定户主。"
WAITING = "有转户、迁移申请在等对方答复。请先到“转户”里撤回，再办这一项。"


def opened(scope: Scope, code: str, version: int) -> Household:
    """The household, locked, of which the caller may record 变动 now, at the version the page had opened."""
    household = lock(_rows(scope), code=code)
    check_open(scope, household)
    if household.version != version:
        raise stale(household)
    return household


def opened_both(scope: Scope, code: str, version: int, other: str) -> tuple[Household, Household]:
    """Both households of a step, locked by pk; the version is that of the first."""
    rows = list(_locked(_rows(scope).filter(code__in=(code, other))))
    found = {row.code: row for row in rows}
    if code not in found:
        raise NotFound
    if other not in found or other == code:
        raise BadInput("没有找到对方户。", fields={"other": ["本村没有这个户编号，请核对。"]})
    for row in rows:
        check_open(scope, row)
    if found[code].version != version:
        raise stale(found[code])
    return found[code], found[other]


def locked_by_pk(codes: Sequence[str]) -> dict[str, Household]:
    """The households of a request that both villages are a part of; the request itself says that the caller may."""
    return {row.code: row for row in _locked(Household.objects.filter(code__in=codes))}


def _rows(scope: Scope) -> QuerySet[Household]:
    """Without joins: a row that was waited for comes with the columns of now but the joined rows of before."""
    return Household.objects.visible_to(scope)


def _locked(rows: QuerySet[Household]) -> QuerySet[Household]:
    return rows.order_by("pk").select_for_update(of=("self",), no_key=True)


def stale(household: Household) -> StaleVersion:
    by = household.updated_by.name if household.updated_by_id else "导入"
    return StaleVersion(conflict=Overtaken(by, household.updated_at, household.version))


def check_open(scope: Scope, household: Household) -> None:
    if not scope.may(roles.FAMILY_EVENT, household):
        raise Denied
    check_state(household)


def check_state(household: Household) -> None:
    """锁定 and 销户 refuse every 变动."""
    if household.closed_on:
        raise WrongState(f"{household.head_name}户已销户，不能再办变动。")
    if household.hold:
        raise WrongState(HELD, reasons=[household.hold_reason or "名单正在评议。", HELD_WAY_OUT])


def check_has_head(household: Household) -> None:
    if household.head_pending:
        raise WrongState(PENDING)


def check_may_end(household: Household) -> None:
    """Moving away, merging away and closing: refused while a list has the household in hand (ruling 2: its frozen rows stay)."""
    reasons = obstacles_of(household)
    if reasons:
        raise WrongState("这一户现在不能迁移、并户或销户。", reasons=reasons)


def check_nothing_asked(household: Household, memberships: Sequence[Membership] | None = None) -> None:
    """No open request names these members, or, without members, anything of the household."""
    asked = Transfer.objects.filter(household=household, state=TransferState.ASKED)
    if memberships is not None:
        asked = asked.filter(membership__in=[row.pk for row in memberships]) | asked.filter(membership__isnull=True)
    if asked.exists():
        raise WrongState(WAITING)


def living(household: Household) -> dict[str, Membership]:
    """Living members by uuid, head first, locked."""
    rows = household.memberships.current().select_related("person", "township").order_by("relation", "pk")
    return {str(row.uuid): row for row in rows.select_for_update(of=("self",), no_key=True)}


def chosen(rows: Mapping[str, Membership], uuids: Sequence[str], field: str) -> list[Membership]:
    """The members a form names; BadInput where one is no living member of the household."""
    if not uuids:
        raise BadInput("请选成员。", fields={field: ["请选成员。"]})
    if any(uuid not in rows for uuid in uuids):
        raise BadInput("有成员已不在本户。", fields={field: ["有成员已不在本户，请刷新页面。"]})
    return [rows[uuid] for uuid in dict.fromkeys(uuids)]


def kin_of(row: Membership) -> Kin:
    return Kin(str(row.uuid), row.person.name, row.relation, row.person.sex, row.person.birth)


def lives_since(household: Household) -> date:
    """The first day of where the household is now."""
    found = household.residences.filter(until__isnull=True).values_list("since", flat=True).first()
    return found or household.registered_on


def begins(household: Household) -> date:
    """The first day of its first residence."""
    return household.residences.order_by("since").values_list("since", flat=True).first() or household.registered_on


def check_day(on: date, starts: Sequence[date], today: date) -> None:
    fault = step_day_fault(on, starts=starts, today=today)
    if fault:
        raise BadInput("日期有误，没有保存。", fields={"on": [fault]})


def reckon(act: Act, household: Household, happening: Happening, **detail: object) -> None:
    """The household after a step: persons, head or 户主待定 or 销户, next version; then its ledger, feed, dirty mark and audit."""
    rows = list(household.memberships.current().select_related("person"))
    head = next((row for row in rows if row.relation == HEAD), None)
    household.persons, household.head_pending = len(rows), bool(rows) and head is None
    if head is not None:
        household.head_name, household.head_pinyin = head.person.name, initials(head.person.name)
    if not rows:
        close(act, household, happening)
    household.version += 1
    household.updated_by_id = act.scope.actor_id
    household.save()
    finish(act, household, **detail)


def close(act: Act, household: Household, happening: Happening) -> None:
    """销户 of an empty household: its residence ends; the code and the history stay (trust 88)."""
    check_may_end(household)
    last = household.memberships.order_by("-until").values_list("until", flat=True).first()
    household.closed_on = max(happening.on, last or happening.on)
    move_out(household, household.closed_on)
    record_event(household, EventKind.CLOSED, happening, by=act.scope.actor_id)


def leaves_scope(act: Act, household: Household, old_township_id: int, old_village_id: int) -> None:
    """Tombstone for readers of the village (and the township) that a household leaves (ruling 8); the village's figures move too."""
    township = old_township_id if old_township_id != household.township_id else None
    act.feed("household", household.code, op=ChangeOp.DELETE, place=SimpleNamespace(township_id=township, village_id=old_village_id))
    dirty.mark(act, [old_village_id])
