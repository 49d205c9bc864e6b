"""Rows of the two national sheets to households: what one sheet says of a household, and what the other says of its people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.sheets.problems import shown
from households.importing.grouping import VILLAGE_DIGITS, KnownVillage, Places, group_key
from households.importing.model import Faults, RosterHousehold
from households.importing.national import HOUSEHOLD_TITLES, PERSON_TITLES
from households.importing.national_rows import NationalRow
from households.importing.packed import Grouped, Packed


@dataclass
class _Home:
    """Rows of one household: of the household sheet (one a year), and of its people."""

    own: list[NationalRow] = field(default_factory=list)
    people: list[NationalRow] = field(default_factory=list)


def build_national(
    homes: Iterable[NationalRow], people: Iterable[NationalRow], villages: Mapping[str, KnownVillage], home_faults: Faults, person_faults: Faults
) -> Packed:
    """Households in the order of their first row. Rows with a fault that blocks are left out: nothing is written then anyway."""
    found = Grouped()
    places = Places(villages, home_faults, HOUSEHOLD_TITLES)
    for row in homes:
        places.check(row)
        if row.household:
            found.add(row.household, (True, row))
    places, seen = Places(villages, person_faults, PERSON_TITLES), _Seen(person_faults)
    for row in people:
        places.check(row)
        seen.check(row)
        if row.household:
            found.add(row.household, (False, row))
    made = Packed()
    for code, rows in found:
        village = villages.get(code[:VILLAGE_DIGITS])
        if village is not None:
            home = _Home([row for own, row in rows if own], [row for own, row in rows if not own])
            made.append(_household(code, home, village, home_faults if home.own else person_faults))
    return made


class _Seen:
    """The same number or person code twice is a fault of the later row (trust 45)."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.first: dict[tuple[str, str], int] = {}

    def check(self, row: NationalRow) -> None:
        if row.member is None:
            return
        for key, value, secret in (("identity", row.member.identity, True), ("person", row.member.code, False)):
            first = self.first.setdefault((key, value), row.row)
            if first != row.row:
                reason = f"{PERSON_TITLES[key]}与第{first}行重复"
                self.faults.error(row.row, PERSON_TITLES[key], shown(value, secret=secret), reason, "一人只写一行，请核对两行")


def _household(code: str, home: _Home, village: KnownVillage, faults: Faults) -> RosterHousehold:
    """The newest year's row decides what the household is; every year's row brings its income."""
    own = sorted(home.own, key=lambda row: row.income.year if row.income else 0)
    rows = own + home.people
    facts, secrets = {}, {}
    for row in [*home.people, *own]:
        facts |= row.facts
        secrets |= row.secrets
    phone = secrets.pop("phone", "")
    groups = [(row, row.group) for row in rows if row.group]
    group = _group(groups[-1][0], village, faults) if groups else ""
    first = rows[0]
    return RosterHousehold(
        code, code[:VILLAGE_DIGITS], group, tuple(row.member for row in home.people if row.member is not None), facts, phone, first.row, whole=False,
        secrets=secrets, incomes=tuple(row.income for row in own if row.income), said_head=own[-1].head if own else ("", ""), sheet=first.sheet,
    )  # fmt: skip


def _group(row: NationalRow, village: KnownVillage, faults: Faults) -> str:
    known = village.groups.get(group_key(row.group))
    if known is None:
        names = "、".join(name for _, name in village.groups.values()) or "（尚未登记组）"
        faults.at(row.sheet).warn(row.row, HOUSEHOLD_TITLES["group"], row.group, f"{village.name}没有这个组，没有改动所在的组", f"已登记的组：{names}")
        return ""
    return row.group if village.merged else known[1]
