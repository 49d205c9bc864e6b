"""What an import would change: the file against the stored households; and what stands in its way. Pure over loaded rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from core.sheets.problems import shown
from households.fields import HOUSEHOLD, MEMBER, Kind
from households.importing.grouping import NOT_YOURS, KnownVillage, group_key
from households.importing.layout import TITLES
from households.importing.model import Faults, RosterHousehold, RosterMember
from households.importing.partial import IncomeChange, compare_incomes, judge_partial
from households.importing.stored import StoredHousehold, StoredPerson
from households.models import Household, Membership, Person
from households.secrets import reveal

NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass
class Difference:
    """One household: what has to be written so that the database says what the file says. `matched` are the stored
    memberships by ID number, `kept` those of members without a number."""

    roster: RosterHousehold
    village: KnownVillage
    stored: StoredHousehold | None
    facts: bool = False
    joining: list[RosterMember] = field(default_factory=list)
    altered: list[tuple[Membership, RosterMember]] = field(default_factory=list)
    leaving: list[Membership] = field(default_factory=list)
    matched: dict[str, Membership] = field(default_factory=dict)
    kept: list[Membership] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)
    incomes: list[IncomeChange] = field(default_factory=list)
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reopening(self) -> bool:
        """A household that was closed because its import was undone, and that the file brings again with its people."""
        return bool(self.stored and self.stored.undone and self.roster.members)

    @property
    def head_name(self) -> str:
        """'' for a new household without a head, which is an error."""
        head, stored = self.roster.head, self.stored
        return head.name if head else stored.row.head_name if stored else ""

    @property
    def persons(self) -> int:
        """Members after the import: the file's, and those who stay (without a number a roster cannot name them)."""
        return len(self.roster.members) + len(self.kept)

    @property
    def op(self) -> str:
        if self.stored is None:
            return NEW
        return CHANGED if self.facts or self.joining or self.altered or self.leaving else SAME

    @property
    def version(self) -> int:
        return 0 if self.stored is None else self.stored.row.version

    @property
    def group_id(self) -> int | None:
        """A sheet that does not say the group, or the name of a group before its village was merged, leaves it as it is."""
        if not self.roster.group and self.stored is not None and (not self.roster.whole or self.village.merged):
            return self.stored.row.group_id
        return group_id_of(self.roster, self.village)


def group_id_of(roster: RosterHousehold, village: KnownVillage) -> int | None:
    known = village.groups.get(group_key(roster.group)) if roster.group else None
    return known[0] if known else None


def compare(
    roster: RosterHousehold,
    village: KnownVillage,
    stored: StoredHousehold | None,
    indexes: Mapping[str, str],
    member_phones: Mapping[int, str],
) -> Difference:
    """The file decides, blanks included; only a blank phone keeps the stored one (a roster often has none)."""
    difference = Difference(roster, village, stored, values=roster.facts)
    compare_incomes(difference)
    if stored is None:
        difference.joining, difference.secrets = list(roster.members), dict(roster.secrets)
        return difference
    row = stored.row
    difference.secrets = {name: value for name, value in roster.secrets.items() if not same_secret(row, name, value)}
    difference.facts = (
        any(getattr(row, name) != value for name, value in difference.values.items())
        or row.group_id != difference.group_id
        or bool(roster.phone and roster.phone != stored.phone)
        or bool(difference.secrets or difference.incomes or difference.reopening)
    )
    present = set()
    for member in roster.members:
        index = indexes[member.identity]
        present.add(index)
        membership = stored.members.get(index)
        if membership is None:
            difference.joining.append(member)
            continue
        difference.matched[member.identity] = membership
        if _altered(membership, member, member_phones):
            difference.altered.append((membership, member))
    others = [membership for index, membership in stored.members.items() if index not in present]
    difference.leaving = [membership for membership in others if membership.person.id_index and roster.whole]
    difference.kept = [membership for membership in others if not (membership.person.id_index and roster.whole)]
    return difference


def _altered(membership: Membership, member: RosterMember, phones: Mapping[int, str]) -> bool:
    person = membership.person
    return (
        any(getattr(membership, name) != value for name, value in member.facts.items())
        or membership.code != member.code
        or (person.name, person.ethnicity) != (member.name, ethnicity_of(member, person))
        or bool(member.phone and member.phone != phones.get(membership.pk, ""))
        or not all(same_secret(membership, name, value) for name, value in member.secrets.items())
    )


def ethnicity_of(member: RosterMember, person: Person) -> str:
    return person.ethnicity if member.partial and not member.ethnicity else member.ethnicity


def same_secret(row: Household | Membership, name: str, value: str) -> bool:
    """Amounts are the same however they are written."""
    stored = reveal(row, name)
    declared = HOUSEHOLD.named.get(name) or MEMBER.named[name]
    return Decimal(stored) == Decimal(value) if stored and declared.kind == Kind.YUAN else stored == value


def judge(
    differences: Iterable[Difference], persons: Mapping[str, StoredPerson], indexes: Mapping[str, str],
    villages: Mapping[str, KnownVillage], faults: Faults, whole: Collection[str],
) -> None:  # fmt: skip
    """Everything in the database that stands against these households (ruling 1, trust 45 and 57). `whole`: households of the file of which
    it names all members."""
    mine = {village.id for village in villages.values()}
    for difference in differences:
        if difference.stored is not None:
            _judge_household(difference, faults.at(difference.roster.sheet))
        if not difference.roster.whole:
            judge_partial(difference, faults)
        for member in difference.roster.members:
            known = persons.get(indexes[member.identity])
            if known is not None:
                _judge_person(difference, member, known, whole, mine, faults.at(member.sheet))


def _judge_household(difference: Difference, faults: Faults) -> None:
    row, roster = difference.stored.row, difference.roster
    column = TITLES["household"]
    if row.village_id != difference.village.id:
        faults.error(
            roster.row,
            column,
            roster.code,
            f"这个户编号已登记在另一个村，或{NOT_YOURS}",
            "请先核对户编号，迁移的户由县扶贫办办理",
        )
    elif row.closed_on is not None and not difference.reopening:
        faults.error(roster.row, column, roster.code, "这一户已销户，不能再导入", "请从文件中删去，或先恢复这一户")
    elif row.hold and difference.op != SAME:
        reason = f"{row.head_name}户已锁定，须先办变更" + (f"（{row.hold_reason}）" if row.hold_reason else "")
        faults.error(roster.row, column, roster.code, reason, "请从文件中删去这一户，或由村里办变更后再导入")
    for membership in difference.leaving:
        reason = f"系统中的成员“{membership.person.name}”不在名册这一户中，导入后记为离户"
        faults.warn(roster.row, TITLES["name"], membership.person.name, reason, "如仍在这一户，请在名册中补上")


def _judge_person(
    difference: Difference, member: RosterMember, known: StoredPerson, whole: Collection[str], mine: set[int],
    faults: Faults,
) -> None:  # fmt: skip
    column, value = TITLES["identity"], shown(member.identity, secret=True)
    if known.died:
        faults.error(member.row, column, value, "这个人在系统中已登记死亡", "请核对证件号码，或先更正死亡登记")
    if known.name != member.name and (known.village_id is None or known.village_id in mine):
        faults.warn(
            member.row,
            TITLES["name"],
            member.name,
            f"系统中同一证件号码的姓名是“{known.name}”",
            "请核对姓名，导入后以文件为准",
        )
    elsewhere = known.household not in ("", difference.roster.code)
    if elsewhere and known.household not in whole:  # only a roster names all members, and so takes one out of the other household
        where = f"户编号{known.household}" if known.village_id in mine else "本县其他乡镇的一户"
        remedy = (
            "一人只能在一户；请先在原户的“变动”里办理“转户”或离户，再导入"
            if known.village_id in mine
            else "一人只能在一户；请原户所在的村在“变动”里办“转户”，本村同意后再导入；或报县扶贫办核对"
        )
        faults.error(member.row, column, value, f"这个人已登记在另一户（{where}）", remedy)
