"""Finding a household by the last four of a member's ID number: keyed index, salted by township (ruling 6)."""

from core.scope import Scope
from households.models import Household, Membership
from households.secrets import id_last4_index
from villages.models import Township

MOST = 50


def found_by_last_four(scope: Scope, digits: str) -> list[tuple[Household, list[str]]]:
    """(household, names of the members that match), at most MOST; `scope` is narrowed to where the caller sees numbers."""
    townships = Township.objects.filter(pk__in=Membership.objects.visible_to(scope).current().values("township_id"))
    indexes = [id_last4_index(digits.rjust(18, "0"), code) for code in townships.values_list("code", flat=True)]
    rows = Membership.objects.visible_to(scope).current().filter(person__id_last4_index__in=indexes)
    rows = rows.select_related("person", "household__village", "household__group").order_by("household__code", "code")
    households: dict[str, tuple[Household, list[str]]] = {}
    for row in rows[: MOST * 4]:
        households.setdefault(row.household.code, (row.household, []))[1].append(row.person.name)
    return list(households.values())[:MOST]
