"""What a person typed about a household, checked for shape: the input of the household actions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.ids import check_id
from households.codes import RELATION_SEX

HEAD, SPOUSE = "01", "02"

FACTS = (
    "attribute", "exit_status", "cause", "structure", "danger_level", "dangerous_house", "area_m2", "water_safe", "water_difficult",
    "tap_water", "electricity", "road", "cultivated_mu", "appliances", "vehicle", "machines", "net_income_per_head",
)  # fmt: skip
SECRET_FACTS = ("phone", "savings", "debt", "education_debt")
MEMBER_FACTS = (
    "relation", "education", "schooling", "health", "disability_grade", "skill", "skilled_certificate", "work_place", "work_months",
    "serious_illness_insured",
)  # fmt: skip


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
    """The household's own facts: plain columns in `facts`, sealed ones in `secrets` (None = leave as it is)."""

    group_code: str
    facts: Mapping[str, object]
    members: tuple[MemberEntry, ...]
    secrets: Mapping[str, str | Decimal | None] = field(default_factory=dict)

    @property
    def staying(self) -> list[MemberEntry]:
        return [member for member in self.members if member.stays]


def faults_of(entry: HouseholdEntry, today: date) -> dict[str, list[str]]:
    """Rules that need no database: {field: reasons}. Members are `members-<n>-<field>`, n as in the entry (brief 3.13, 1 and 3)."""
    faults: dict[str, list[str]] = {}

    def say(name: str, reason: str) -> None:
        faults.setdefault(name, []).append(reason)

    heads = [member for member in entry.staying if member.relation == HEAD]
    if not entry.staying:
        say("members", "一户至少要有一名成员。")
    elif len(heads) != 1:
        say("members", "还没有户主，请指定一名户主。" if not heads else f"有 {len(heads)} 名户主，一户只能有一名。")
    if sum(member.relation == SPOUSE for member in entry.staying) > 1:
        say("members", "有两名配偶，请核对与户主关系。")
    seen: set[str] = set()
    for number, member in enumerate(entry.members):
        for name, reason in _member_faults(member, today):
            say(f"members-{number}-{name}", reason)
        if member.identity and member.identity in seen:
            say(f"members-{number}-identity", "这个证件号码在本户填了两次。")
        seen.add(member.identity)
    return faults


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
