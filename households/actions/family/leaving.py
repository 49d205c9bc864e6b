"""成员减少: death, marriage out, moving out, study, army, prison."""

from collections.abc import Mapping, Sequence

from django.utils import timezone

from core.actions import Origin, acting
from core.errors import BadInput
from core.scope import Scope
from households.actions.events import record_event
from households.actions.family.ground import check_may_end, check_nothing_asked, chosen, living, opened, reckon
from households.actions.family.heads import write_head
from households.actions.members import leave
from households.entries import HEAD
from households.family import LEAVE_REASONS, Happening, leaving_faults
from households.models import EventKind, Household, Membership


def remove_members(
    *, scope: Scope, code: str, version: int, members: Sequence[str], reason: str, happening: Happening, next_head: str = "",
    relations: Mapping[str, str] | None = None, origin: Origin | None = None,
) -> Household:  # fmt: skip
    """These members leave on `happening.on`, the first day they are not in the household any more.

    When the head leaves, `next_head` may be named in the same step; otherwise the household is 户主待定 until somebody is. When nobody is
    left, the household is closed; its number and history stay (trust 88).
    Raises NotFound, Denied, WrongState (锁定: with the way out), StaleVersion, BadInput (fields members reason on next_head relation-<uuid>).
    """
    with acting(scope, "family.leave", origin) as act:
        household = opened(scope, code, version)
        rows = living(household)
        leaving = chosen(rows, members, "members")
        _check(leaving, reason, happening)
        check_nothing_asked(household, leaving)
        if len(leaving) == len(rows):
            check_may_end(household)
        for row in leaving:
            leave(row, happening.on, reason)
            record_event(household, EventKind.LEFT, happening, by=scope.actor_id, membership=row, reason=reason)
        if next_head:
            _step_up(act.scope.actor_id, household, rows, leaving, next_head, relations or {}, happening)
        reckon(act, household, happening, left={row.code: reason for row in leaving})
    return household


def _check(leaving: list[Membership], reason: str, happening: Happening) -> None:
    if reason not in LEAVE_REASONS:
        raise BadInput("请选离户原因。", fields={"reason": ["请选离户原因。"]})
    today, faults = timezone.localdate(), {}
    for row in leaving:
        birth = row.person.birth
        for name, why in leaving_faults(reason=reason, on=happening.on, since=row.since, birth=birth, today=today).items():
            faults.setdefault(name, []).extend(f"{row.person.name}：{line}" if len(leaving) > 1 else line for line in why)
    if faults:
        raise BadInput("日期或原因有误，没有保存。", fields=faults)


def _step_up(
    by: int | None, household: Household, rows: Mapping[str, Membership], leaving: list[Membership], next_head: str,
    relations: Mapping[str, str], happening: Happening,
) -> None:  # fmt: skip
    staying = {uuid: row for uuid, row in rows.items() if row not in leaving}
    if not staying:
        return
    if any(row.relation == HEAD for row in staying.values()):
        raise BadInput("户主还在户里。", fields={"next_head": ["户主没有离户，不用选新户主。"]})
    old_sex = next((row.person.sex for row in leaving if row.relation == HEAD), "")
    new = chosen(staying, [next_head], "next_head")[0]
    try:
        write_head(list(staying.values()), new, relations, happening, old_sex)
    except BadInput as error:
        why = error.fields.get("head") or ["有成员与新户主的关系推不出来。请先不选新户主，保存后在“户主变更”里逐人填写。"]
        raise BadInput(error.message, fields={"next_head": why}) from error
    record_event(household, EventKind.HEAD, happening, by=by, membership=new)
