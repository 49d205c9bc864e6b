"""The household that somebody is about to change: its row locked, the right asked, lock, closing and version looked at."""

from accounts import roles
from core.actions import lock
from core.errors import Denied, StaleVersion, WrongState
from core.scope import Scope
from households.actions.update import Overtaken
from households.models import Household


def household_to_change(scope: Scope, code: str, version: int) -> Household:
    """Inside an action's transaction. `version` is the one the caller had opened; the caller bumps it with `changed_by`.

    Raises NotFound, Denied, WrongState (锁定 or closed), StaleVersion (conflict = Overtaken).
    """
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
    return household


def changed_by(household: Household, scope: Scope, *columns: str) -> None:
    """Count the change and save it with the columns that were set."""
    household.version += 1
    household.updated_by_id = scope.actor_id
    household.save(update_fields=["version", "updated_by", "updated_at", *columns])
