"""修改农户, with an optimistic version."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts import roles
from core.actions import Origin, acting, lock
from core.errors import Denied, StaleVersion, WrongState
from core.scope import Scope
from households.actions.events import move_to_columns
from households.actions.members import current_rows, without_those_gone, write_members
from households.actions.steps import checked, fill, finish
from households.entries import FACTS, SECRET_FACTS, HouseholdEntry
from households.fields import HOUSEHOLD, Kind
from households.models import Household
from households.secrets import reveal

MASKED = "***"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Who saved in between, when, and which version stands now."""

    by: str
    at: datetime
    version: int


def update_household(
    *, scope: Scope, code: str, version: int, entry: HouseholdEntry, origin: Origin | None = None
) -> Household:
    """Save the household and its members as one aggregate; `version` is the one the caller had opened.

    Raises NotFound, Denied, WrongState (锁定 or closed), StaleVersion (conflict = Overtaken), BadInput.
    """
    today = timezone.localdate()
    with acting(scope, "household.update", origin) as act:
        household = lock(Household.objects.visible_to(scope).select_related("village", "township"), code=code)
        if not scope.may(roles.HOUSEHOLD_EDIT, household):
            raise Denied
        if household.closed_on:
            raise WrongState("这一户已销户，不能再改。")
        if household.hold:
            raise WrongState("这一户已锁定，不能直接修改。", reasons=[household.hold_reason or "名单正在评议。"])
        if household.version != version:
            by = household.updated_by.name if household.updated_by_id else "导入"
            raise StaleVersion(conflict=Overtaken(by, household.updated_at, household.version))
        existing = current_rows(household)
        if entry.members is not None:
            entry = without_those_gone(household, entry, existing)
        entry = checked(entry, today, existing)
        before = facts_of(household)
        fill(household, entry)
        household.version += 1
        household.updated_by_id = scope.actor_id
        household.save()
        move_to_columns(household, today)
        story = {} if entry.members is None else write_members(household, entry, today, existing)
        finish(act, household, changed=changes(before, facts_of(household)), **story)
    return household


def facts_of(household: Household) -> dict[str, object]:
    return {name: getattr(household, name) for name in FACTS} | {name: reveal(household, name) for name in SECRET_FACTS}


def changes(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """What changed, for the trail. Amounts, numbers and texts that cadres write freely stay out of it: the sealed version holds them."""
    return {name: MASKED if _is_private(name) else [before[name], after[name]] for name in before if before[name] != after[name]}


def _is_private(name: str) -> bool:
    one = HOUSEHOLD.named.get(name)
    return one is None or one.sealed or one.seen_by is not None or one.kind in (Kind.TEXT, Kind.LONG)
