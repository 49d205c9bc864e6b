"""What a person typed about a household, checked for shape: the input of the household actions. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.ids import check_id
from core.text import carries_number
from households.codes import RELATION_SEX
from households.fields import HOUSEHOLD, MEMBER, Kind

HEAD, SPOUSE = "01", "02"

FACTS = (*HOUSEHOLD.plain, "net_income_per_head")
SECRET_FACTS = HOUSEHOLD.sealed
MEMBER_FACTS = ("relation", *MEMBER.plain)
BANK_CARD = re.compile(r"[0-9]{12,19}")


@dataclass(frozen=True)
class MemberEntry:
    """One member. `uuid` names the membership that is changed, '' a new one. An empty `identity` of an old member leaves it alone."""

    name: str
    relation: str
    uuid: str = ""
    identity: str = ""
    birth: date | None = None
    sex: str = ""
    ethnicity: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    leaving_reason: str = ""
    left_on: date | None = None

    @property
    def stays(self) -> bool:
        return not self.leaving_reason


@dataclass(frozen=True)
class HouseholdEntry:
    """What is to be saved of a household: plain columns in `facts`, sealed ones in `secrets`; what is not named stays as it is, and so do
    `group_code` None, `members` None and a secret of None. A section of the form saves alone that way."""

    group_code: str | None
    facts: Mapping[str, object]
    members: tuple[MemberEntry, ...] | None = None
    secrets: Mapping[str, str | Decimal | None] = field(default_factory=dict)

    @property
    def staying(self) -> list[MemberEntry]:
        return [member for member in self.members or () if member.stays]


def faults_of(entry: HouseholdEntry, today: date) -> dict[str, list[str]]:
    """Rules that need no database: {field: reasons}. Members are `members-<n>-<field>`, n as in the entry (brief 3.13, 1 and 3)."""
    faults: dict[str, list[str]] = {}
    found = [*_fact_faults(entry.facts), *_secret_faults(entry.secrets)]
    if entry.members is not None:
        found += _family_faults(entry, today)
    for name, reason in found:
        faults.setdefault(name, []).append(reason)
    return faults


def _fact_faults(facts: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What one section's own fields must be; what two sections say of each other is a doubt and refuses nothing."""
    others = [code for code in str(facts.get("other_causes") or "").split(",") if code]
    if facts.get("cause") and facts["cause"] in others:
        yield "other_causes", "与主要致贫原因重复，请去掉一个。"
    for name, value in facts.items():
        one = HOUSEHOLD.named.get(name)
        chosen = others if name == "other_causes" else value
        if one and one.kind == Kind.CHOICES and one.longest and len(chosen or ()) > one.longest:
            yield name, f"最多选 {one.longest} 个。"
        if one and one.kind in (Kind.TEXT, Kind.LONG) and carries_number(str(value or "")):
            yield name, "不要写证件号码、电话或银行卡号，这些另有专门的栏。"


def _secret_faults(secrets: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if secrets.get("bank_card") and not BANK_CARD.fullmatch(str(secrets["bank_card"])):
        yield "bank_card", "银行卡号须为 12 至 19 位数字。"


def _family_faults(entry: HouseholdEntry, today: date) -> Iterator[tuple[str, str]]:
    heads = [member for member in entry.staying if member.relation == HEAD]
    if not entry.staying:
        yield "members", "一户至少要有一名成员。"
    elif len(heads) != 1:
        yield "members", "还没有户主，请指定一名户主。" if not heads else f"有 {len(heads)} 名户主，一户只能有一名。"
    if sum(member.relation == SPOUSE for member in entry.staying) > 1:
        yield "members", "有两名配偶，请核对与户主关系。"
    seen: set[str] = set()
    for number, member in enumerate(entry.members or ()):
        for name, reason in _member_faults(member, today):
            yield f"members-{number}-{name}", reason
        if member.identity and member.identity in seen:
            yield f"members-{number}-identity", "这个证件号码在本户填了两次。"
        seen.add(member.identity)


def _member_faults(member: MemberEntry, today: date) -> list[tuple[str, str]]:
    faults = []
    if member.identity:
        reading = check_id(member.identity, today=today)
        faults += [("identity", problem.message + problem.remedy) for problem in reading.problems if problem.severity == "error"]
        if reading.birth and member.birth and reading.birth != member.birth:
            faults.append(("birth", f"与证件号码里的出生日期 {reading.birth:%Y-%m-%d} 不同。"))
        if reading.sex and member.sex and reading.sex != member.sex:
            faults.append(("sex", "与证件号码里的性别不同。"))
    expected = RELATION_SEX.get(member.relation)
    if expected and member.sex and member.sex != expected:
        faults.append(("relation", "与户主关系和性别不符。"))
    if member.left_on and member.left_on > today:
        faults.append(("left_on", "离户日期不能晚于今天。"))
    return faults


def completed(member: MemberEntry, today: date) -> MemberEntry:
    """Birth date and sex read from the number where they were not typed."""
    if not member.identity:
        return member
    reading = check_id(member.identity, today=today)
    values = vars(member) | {"birth": member.birth or reading.birth, "sex": member.sex or reading.sex or "", "identity": reading.number}
    return MemberEntry(**values)
