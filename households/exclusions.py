"""The ten conditions under which a household is in principle not listed (D6-02): what the facts say, what was asked, what then holds. Pure.

“原则上”: a condition that holds can be set aside with a written reason and a paper, once the township has confirmed it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from households import codes

PUBLIC_PAY, ALL_AWAY, NOT_OF_COUNTY, VEHICLE, LUXURY, BOUGHT_FLAT, BUSINESS, CADRE, SAVINGS, SUPPORTED = (
    codes.EXCLUSION.items
)
LUXURIES = ("computer", "aircon", "heater")
OUTSIDE = frozenset(("02", "03", "99"))
INSIDE = "01"
HALF_YEAR, WORKING_AGE = 6, 16

class Standing(StrEnum):
    """`OVERRIDDEN` is the only one of a condition that holds with which a household may be listed."""

    CLEAR = "clear"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"
    WAITING = "override_waiting"
    OVERRIDDEN = "overridden"


STANDING_WORDS = {
    Standing.CLEAR: ("没有", "done"),
    Standing.UNKNOWN: ("还没有问", "todo"),
    Standing.EXCLUDED: ("不纳入", "no"),
    Standing.WAITING: ("待乡镇确认", "back"),
    Standing.OVERRIDDEN: ("有理由，可列入", "done"),
}
"""Word and colour."""


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """A living member at work: age (None = not known), where and how many months of the year."""

    age: int | None
    work_place: str = ""
    work_months: int | None = None
    employee_cover: bool = False
    """In an insurance of employees (职工医保 or 职工养老)."""


@dataclass(frozen=True, slots=True)
class ExclusionFacts:
    """What of a household bears on the ten. "" and None = not known. `savings_limit` is the county's threshold in 元."""

    vehicle: str = ""
    machines: str = ""
    appliances: tuple[str, ...] | None = None
    savings: Decimal | None = None
    savings_limit: Decimal = Decimal(5_000)
    members: tuple[WorkerFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What the facts say of a condition: True, False or None = they do not tell, with the ground. No amount stands in it."""

    holds: bool | None
    why: str = ""


def facts_say(facts: ExclusionFacts) -> Mapping[str, Said]:
    """Code → what the facts say, for all ten."""
    asked = Said(None, "户信息没有这一项，请入户询问")
    known = {
        PUBLIC_PAY: _public_pay(facts, asked), ALL_AWAY: _all_away(facts), VEHICLE: _vehicle(facts), LUXURY: _luxury(facts),
        SAVINGS: _savings(facts),
    }  # fmt: skip
    return {code: known.get(code, asked) for code in codes.EXCLUSION.items}


def _public_pay(facts: ExclusionFacts, asked: Said) -> Said:
    """Employees' insurance is no proof of public pay, only a reason to ask."""
    if any(member.employee_cover for member in facts.members):
        return Said(None, "有成员参加职工保险，请问清是不是公职人员")
    return asked


def _all_away(facts: ExclusionFacts) -> Said:
    """Months of work are those of the income year, and not the same months for each: they can say no, never yes."""
    grown = [member for member in facts.members if member.age is None or member.age >= WORKING_AGE]
    if any(
        member.work_place == INSIDE or (member.work_months is not None and member.work_months < HALF_YEAR)
        for member in grown
    ):
        return Said(False, "有成员没有在县外务工半年以上")
    if not grown or not all(
        member.work_place in OUTSIDE and (member.work_months or 0) >= HALF_YEAR for member in grown
    ):
        return Said(None, "成员务工情况没有填全，请入户询问")
    if len(grown) < len(facts.members):
        return Said(None, "成年人都在县外务工半年以上，请问清孩子是否随同")
    return Said(None, "成员上年都在县外务工半年以上，请问清现在是否全家外出")


def _vehicle(facts: ExclusionFacts) -> Said:
    if facts.vehicle == "car":
        return Said(True, "交通工具登记为轿车、客运车或货运车")
    if facts.machines == "large":
        return Said(True, "生产机具登记为大中型农机或加工设备")
    return (
        Said(False, "交通工具和生产机具都不是")
        if facts.vehicle and facts.machines
        else Said(None, "交通工具或生产机具没有填")
    )


def _luxury(facts: ExclusionFacts) -> Said:
    if facts.appliances is None:
        return Said(None, "家用电器没有填")
    owned = [codes.APPLIANCES.label(code) for code in LUXURIES if code in facts.appliances]
    return Said(True, f"家用电器登记有{'、'.join(owned)}") if owned else Said(False, "家用电器里没有")


def _savings(facts: ExclusionFacts) -> Said:
    if facts.savings is None:
        return Said(None, "家庭存款没有填")
    over = facts.savings >= facts.savings_limit
    return Said(over, "登记的存款达到这个数" if over else "登记的存款没有达到这个数")


@dataclass(frozen=True, slots=True)
class Answered:
    """What is on file about one condition beside the facts. `override` = there is a written reason with a paper that still counts."""

    asked: bool | None = None
    override: bool = False
    confirmed: bool | None = None


def holds(said: Said, asked: bool | None) -> bool | None:
    """A fact on file that says yes stands until the fact itself is corrected: an answer does not talk it away."""
    if said.holds or asked:
        return True
    return None if said.holds is None and asked is None else False


def standing_of(said: Said, answered: Answered) -> Standing:
    """Where one condition stands."""
    there = holds(said, answered.asked)
    if there is None:
        return Standing.UNKNOWN
    if not there:
        return Standing.CLEAR
    if not answered.override or answered.confirmed is False:
        return Standing.EXCLUDED
    return Standing.OVERRIDDEN if answered.confirmed else Standing.WAITING


def bars(standing: Standing) -> bool:
    """Keeps the household from being listed as poor."""
    return standing in (Standing.EXCLUDED, Standing.WAITING)


def mark(code: str) -> str:
    """①…⑩, as the rule counts them."""
    return chr(ord("①") + int(code) - 1)


def name_of(code: str) -> str:
    return f"{mark(code)} {codes.EXCLUSION.label(code)}"
