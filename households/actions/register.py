"""登记农户."""

from django.utils import timezone

from accounts import roles
from core.actions import Origin, acting, lock, once
from core.errors import BadInput, Denied
from core.scope import Scope
from households.actions.events import settle_in
from households.actions.members import write_members
from households.actions.steps import checked, fill, finish
from households.entries import HouseholdEntry
from households.models import Household
from villages.models import Village
from villages.selectors import require_in_force

LAST_NUMBER = 9999


def register_household(
    *, scope: Scope, village_code: str, entry: HouseholdEntry, key: str = "", origin: Origin | None = None
) -> Household:
    """A new household of the village with its members. `key` makes a repeat of the same form raise Replayed with the code made.

    Raises NotFound (village out of area), Denied, WrongState (merged away), BadInput (fields name the member and the fault), Replayed.
    """
    today = timezone.localdate()
    with acting(scope, "household.register", origin) as act:
        remember = once(scope, "household.register", key, [village_code, repr(entry)])
        village = lock(Village.objects.visible_to(scope), code=village_code)
        if not scope.may(roles.HOUSEHOLD_EDIT, village):
            raise Denied
        require_in_force(village)
        entry = checked(entry, today)
        household = Household(
            code=next_code(village), county_id=village.county_id, township_id=village.township_id, village=village,
            registered_on=today, created_by_id=scope.actor_id, updated_by_id=scope.actor_id,
        )  # fmt: skip
        fill(household, entry)
        household.save()
        settle_in(household, today)
        write_members(household, entry, today, joining="start")
        finish(act, household, persons=household.persons)
        remember(household.code)
    return household


def next_code(village: Village) -> str:
    """户编号 = village code + the next four-digit number; taken under the village's lock, never re-derived (ruling 2)."""
    last = Household.objects.filter(code__startswith=village.code).order_by("-code").values_list("code", flat=True).first()
    number = int(last[-4:]) + 1 if last else 1
    if number > LAST_NUMBER:
        raise BadInput("这个村的户编号已用完，请联系系统管理员。")
    return f"{village.code}{number:04d}"
