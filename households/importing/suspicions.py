"""疑似重复: rows of the file that may already stand in the register under another number or another household code (trust 45, brief 3.13 no. 1).

Two shapes wait for a person's verdict, everything else is a hint, because a county has many 张伟: in one village
- a person: same name and same birth date, and the stored one has no number, or one that differs in one or two characters (a slip, or a corrected number);
- a household: same householder's name under another code, and at least one more member of the same name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.crypto import blind_index
from households.importing.compare import Difference
from households.importing.layout import TITLES
from households.importing.model import Faults, RosterMember
from households.importing.stored import StoredPerson, batches
from households.models import Household, Membership, Suspicion
from households.secrets import reveal

PURPOSE = "import-suspicion"
SLIP = 2
PERSON, HOUSEHOLD = Suspicion.Kind.PERSON, Suspicion.Kind.HOUSEHOLD


@dataclass(frozen=True)
class Suspected:
    """`sides`: the file's and the register's, in words for the one who decides; no number in them."""

    kind: str
    code: str
    key: str
    sides: tuple[str, str]
    why: str


def suspicions(
    differences: Iterable[Difference], persons: Mapping[str, StoredPerson], indexes: Mapping[str, str], in_file: Collection[str], faults: Faults
) -> list[Suspected]:
    """Some queries a thousand names in villages where somebody lives already, none for an empty register. `in_file`: blind indexes of all
    whom the file names, in these households and others."""
    fresh = [(one, member) for one in differences for member in one.joining if indexes[member.identity] not in persons]
    peopled = _peopled({one.village.id for one, _ in fresh})
    fresh = [(one, member) for one, member in fresh if one.village.id in peopled]
    return [*_persons(fresh, in_file, faults), *_households({one.roster.code: one for one, _ in fresh if one.stored is None}, in_file)]


def distance(one: str, other: str) -> int:
    """Characters that differ; numbers of another length are another number."""
    return sum(a != b for a, b in zip(one, other, strict=True)) if len(one) == len(other) else max(len(one), len(other))


def _peopled(village_ids: set[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(village_ids):
        found |= set(Household.objects.registered().filter(village_id__in=batch).order_by().values_list("village_id", flat=True).distinct())
    return found


def _persons(fresh: list[tuple[Difference, RosterMember]], in_file: Collection[str], faults: Faults) -> Iterable[Suspected]:
    wanted: dict[tuple, list[tuple[Difference, RosterMember]]] = {}
    for one, member in fresh:
        wanted.setdefault((one.village.id, member.name, member.birth), []).append((one, member))
    villages = {one.village.id for one, _ in fresh}
    for names in batches({name for _, name, _ in wanted}):
        living = Membership.objects.current().filter(village_id__in=villages, person__name__in=names)
        for row in living.select_related("person", "household").order_by("pk"):
            if row.person.id_index and row.person.id_index in in_file:
                continue  # the file names this one too: two persons
            for one, member in wanted.get((row.village_id, row.person.name, row.person.birth), ()):
                number = reveal(row.person, "id")
                if not number or distance(number, member.identity) <= SLIP:
                    yield _same_person(one, member, row, bool(number))
                else:
                    reason = f"户编号{row.household.code}有同名、同出生日期的人，证件号码不同"
                    faults.at(member.sheet).warn(member.row, TITLES["name"], member.name, reason, "请核对是否同一人")


def _same_person(one: Difference, member: RosterMember, row: Membership, has_number: bool) -> Suspected:
    sides = (
        f"{member.name}，{member.birth:%Y-%m-%d} 出生，户编号{one.roster.code}" + (f"（第{member.row}行）" if member.row else ""),
        f"{row.person.name}，{row.person.birth:%Y-%m-%d} 出生，户编号{row.household.code}（户主{row.household.head_name}）",
    )
    why = "同村同名同出生日期，证件号码只差一两位" if has_number else "同村同名同出生日期，系统中还没有证件号码"
    return Suspected(PERSON, one.roster.code, _key(PERSON, member.identity, row.person.uuid), sides, why)


def _households(new: Mapping[str, Difference], in_file: Collection[str]) -> Iterable[Suspected]:
    by_head: dict[tuple[int, str], list[Difference]] = {}
    for one in new.values():
        by_head.setdefault((one.village.id, one.head_name), []).append(one)
    villages = {village for village, _ in by_head}
    for names in batches({name for _, name in by_head}):
        found = Household.objects.registered().filter(village_id__in=villages, head_name__in=names)
        homes = {row.pk: row for row in found if (row.village_id, row.head_name) in by_head and row.code not in new}
        people: dict[int, list] = {}
        for batch in batches(homes):
            rows = Membership.objects.current().filter(household__in=batch)
            for home, name, index in rows.values_list("household_id", "person__name", "person__id_index"):
                people.setdefault(home, []).append((name, index))
        for pk, row in homes.items():
            yield from (_same_household(one, row) for one in by_head[row.village_id, row.head_name] if _alike(one, people.get(pk, []), in_file))


def _alike(one: Difference, people: list[tuple[str, str]], in_file: Collection[str]) -> bool:
    if any(index and index in in_file for _, index in people):
        return False
    return len({member.name for member in one.roster.members} & {name for name, _ in people}) > 1


def _same_household(one: Difference, row: Household) -> Suspected:
    sides = (
        f"{one.head_name}户，{one.persons}人，户编号{one.roster.code}" + (f"（第{one.roster.row}行）" if one.roster.row else ""),
        f"{row.head_name}户，{row.persons}人，户编号{row.code}",
    )
    return Suspected(HOUSEHOLD, one.roster.code, _key(HOUSEHOLD, one.roster.code, row.uuid), sides, "同村同户主姓名，还有同名的成员，户编号不同")


def _key(kind: str, *sides: object) -> str:
    return blind_index(":".join([kind, *map(str, sides)]), purpose=PURPOSE)
