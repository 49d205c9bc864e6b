"""委托代办: who may decide in whose place, from when until when (rulings 13 and 16). Values in, Chinese reasons out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from accounts import roles
from core.field_classes import FieldClass

DELEGABLE: Mapping[str, str] = {
    roles.VILLAGE_LEAD: roles.SITTING_VILLAGE,
    roles.TOWNSHIP: roles.SITTING_TOWNSHIP,
    roles.COUNTY: roles.SITTING_COUNTY,
}
"""Role → the one right that goes over: deciding at the own level. 组评 is recorded, not decided."""
READS = (roles.LIST_VIEW, roles.HOUSEHOLD_VIEW, roles.ROUND_VIEW)
FIELDS = (FieldClass.HEALTH.value, FieldClass.FINANCE.value)
"""What the list shows to whoever decides on it: illness and money, no number and no telephone."""
STANDS_IN: Mapping[str, tuple[str, ...]] = {
    roles.VILLAGE_LEAD: roles.VILLAGE_ROLES,
    roles.TOWNSHIP: (roles.TOWNSHIP, roles.COUNTY, roles.VIEWER),
    roles.COUNTY: (roles.COUNTY, roles.VIEWER),
}
"""Whose posts take somebody's place: never those of a lower level, or an office would be checked by those whom it checks."""
REASONS = {
    "meeting": "外出开会", "training": "培训学习", "trip": "出差、下乡", "leave": "休假", "secondment": "借调", "duty": "其他公务",
}  # fmt: skip
"""Chosen, not written: why somebody is away may be an illness."""


def rights_of(role: str) -> tuple[str, ...]:
    return (DELEGABLE[role], *READS)


def may_stand_in(held: Iterable[str], role: str) -> bool:
    """`held` are the roles of whoever is to stand in for `role`. An administrator does not decide (trust A3)."""
    own = set(held)
    return bool(own & set(STANDS_IN.get(role, ()))) and not own & set(roles.ADMIN_ROLES)


def dates_faults(since: date | None, until: date | None, today: date, most_days: int) -> dict[str, list[str]]:
    """Whole days, both counted; nothing in the past, nothing longer than the limit."""
    faults: dict[str, list[str]] = {}
    if since is None or until is None:
        return {name: ["请填日期。"] for name, value in (("since", since), ("until", until)) if value is None}
    if since < today:
        faults["since"] = ["起日不能早于今天：已经办过的事不能事后委托。"]
    elif since > today + timedelta(days=most_days):
        faults["since"] = [f"起日最远在 {most_days} 天以内。"]
    if until < since:
        faults["until"] = ["止日不能早于起日。"]
    elif (until - since).days + 1 > most_days:
        faults["until"] = [f"一次最多委托 {most_days} 天，这里是 {(until - since).days + 1} 天。"]
    return faults
