"""修改农户, with an optimistic version."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts import roles
from core.actions import Origin, acting, lock
from core.errors import Denied, StaleVersion, WrongState
from core.scope import Scope
from households.actions.steps import checked, current_rows, fill, finish, without_those_gone, write_members
from households.entries import FACTS, HouseholdEntry
from households.models import Household

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
        entry = checked(without_those_gone(household, entry, existing), today, existing)
        before = {name: getattr(household, name) for name in FACTS}
        fill(household, entry)
        household.version += 1
        household.updated_by_id = scope.actor_id
        household.save()
        story = write_members(household, entry, today, existing)
        changed = {name: [before[name], getattr(household, name)] for name in FACTS if before[name] != getattr(household, name)}
        if "net_income_per_head" in changed:  # amounts stay out of the trail; the sealed version holds them
            changed["net_income_per_head"] = MASKED
        finish(act, household, changed=changed, **story)
    return household
