"""锁定 and 认定结果: the columns of a household that only the list may set (architecture "Standing"; ruling 26).

Each function runs inside the caller's action, on households that it has locked; they are no facts, so `version` stays. The
list's own ledger says who decided, and why.
"""

from collections.abc import Iterable
from datetime import date

from households.models import Household

HOLD_REASON_LENGTH = 120


def hold(household_ids: Iterable[int], reason: str) -> None:
    """锁定: no fact changes until the list lets go."""
    Household.objects.filter(pk__in=list(household_ids)).update(hold=True, hold_reason=reason[:HOLD_REASON_LENGTH])


def release(household_ids: Iterable[int]) -> None:
    Household.objects.filter(pk__in=list(household_ids), hold=True).update(hold=False, hold_reason="")


def write_standing(household_ids: Iterable[int], category: str, since: date) -> None:
    """The result of a concluded case, written once, with the hold let go."""
    Household.objects.filter(pk__in=list(household_ids)).update(
        standing=category, standing_since=since, hold=False, hold_reason=""
    )
