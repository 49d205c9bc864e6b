"""What a roster says, as values: households with members, and the faults found on the way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.sheets import CellProblem

ERROR, WARNING = "error", "warning"

# Household columns that an import may set, besides place, phone and members. The roster brings the first seven.
ROSTER_FACTS = (
    "attribute", "exit_status", "cause", "dangerous_house", "water_safe", "water_difficult", "net_income_per_head",
)  # fmt: skip
OTHER_FACTS = (
    "other_causes", "structure", "danger_level", "area_m2", "tap_water", "electricity", "road", "cultivated_mu",
    "appliances", "vehicle", "machines",
)  # fmt: skip
DECIMAL_FACTS = ("area_m2", "cultivated_mu")
MEMBER_FACTS = (
    "relation", "education", "schooling", "health", "skill", "work_place", "work_months", "serious_illness_insured",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing to mend, or to know. `value` is masked where the column is secret."""

    severity: str
    sheet: str
    row: int | None
    column: str
    value: str
    reason: str
    remedy: str = ""

    def as_line(self) -> str:
        """One line on stderr."""
        place = f"工作表“{self.sheet}”" if self.sheet else "文件"
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”列" if self.column else ""
        value = f"“{self.value}”：" if self.value else ""
        return f"{place}{row}{column} {value}{self.reason}" + (f"。{self.remedy}" if self.remedy else "")


class Faults:
    """Collects faults of one sheet."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.items: list[Fault] = []

    def error(self, row: int | None, column: str, value: object, reason: str, remedy: str = "") -> None:
        self.items.append(Fault(ERROR, self.sheet, row, column, text(value), reason, remedy))

    def warn(self, row: int | None, column: str, value: object, reason: str, remedy: str = "") -> None:
        self.items.append(Fault(WARNING, self.sheet, row, column, text(value), reason, remedy))

    def cell(self, problem: CellProblem) -> None:
        """A fault that the reader of the file found."""
        self.items.append(
            Fault(
                ERROR,
                problem.sheet or self.sheet,
                problem.row,
                problem.column,
                problem.value,
                problem.reason,
                problem.remedy,
            )
        )

    @property
    def errors(self) -> int:
        return sum(item.severity == ERROR for item in self.items)


def text(value: object) -> str:
    return "" if value is None else str(value)[:64]


@dataclass(frozen=True)
class RosterMember:
    """One person's row. `identity` is the ID number in the clear: this value lives only in memory and in sealed staging."""

    code: str
    name: str
    identity: str
    birth: date
    sex: str
    relation: str
    ethnicity: str = ""
    education: str = ""
    schooling: str = ""
    health: str = ""
    skill: str = ""
    work_place: str = ""
    work_months: int | None = None
    serious_illness_insured: bool | None = None
    phone: str = ""
    row: int | None = None


@dataclass(frozen=True)
class RosterHousehold:
    """A household as its head's row and its members' rows say. `facts` holds only columns that the source brings."""

    code: str
    village_code: str
    group: str
    members: tuple[RosterMember, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    phone: str = ""
    row: int | None = None

    @property
    def head(self) -> RosterMember:
        return next(member for member in self.members if member.relation == "01")


def to_json(household: RosterHousehold) -> dict:
    """For sealed staging; `from_json` reads it back unchanged."""
    body = {name: getattr(household, name) for name in ("code", "village_code", "group", "phone", "row")}
    body["facts"] = {
        name: str(value) if isinstance(value, Decimal) else value for name, value in household.facts.items()
    }
    body["members"] = [vars(member) | {"birth": member.birth.isoformat()} for member in household.members]
    return body


def from_json(body: Mapping) -> RosterHousehold:
    members = tuple(RosterMember(**{**row, "birth": date.fromisoformat(row["birth"])}) for row in body["members"])
    facts = {
        name: Decimal(value) if name in DECIMAL_FACTS and value is not None else value
        for name, value in body["facts"].items()
    }
    return RosterHousehold(**{**body, "members": members, "facts": facts})
