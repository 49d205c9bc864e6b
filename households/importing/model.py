"""What a roster says, as values: households with members, and the faults found on the way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.sheets import CellProblem
from households.fields import HOUSEHOLD, INCOME, MEMBER, Field, Kind

ERROR, WARNING = "error", "warning"
MOST = 20_000

# Household columns that an import may set, besides place, phone and members. The roster brings the first seven.
ROSTER_FACTS = (
    "attribute", "exit_status", "cause", "dangerous_house", "water_safe", "water_difficult", "net_income_per_head",
)  # fmt: skip
OTHER_FACTS = (
    "other_causes", "structure", "danger_level", "area_m2", "tap_water", "electricity", "road", "cultivated_mu",
    "appliances", "vehicle", "machines",
)  # fmt: skip
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
    """Collects faults of one sheet, MOST of a severity: a file with millions must not fill the memory, and nobody reads so many."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.items: list[Fault] = []
        self._counts = {ERROR: 0, WARNING: 0}

    def at(self, sheet: str) -> Faults:
        """The same list, for a row of another sheet of the file."""
        there = Faults(sheet or self.sheet)
        there.items = self.items
        return there

    def error(self, row: int | None, column: str, value: object, reason: str, remedy: str = "") -> None:
        self._add(ERROR, self.sheet, row, column, value, reason, remedy)

    def warn(self, row: int | None, column: str, value: object, reason: str, remedy: str = "") -> None:
        self._add(WARNING, self.sheet, row, column, value, reason, remedy)

    def _add(self, severity: str, sheet: str, row: int | None, column: str, value: object, reason: str, remedy: str) -> None:
        self._counts[severity] += 1
        if self._counts[severity] < MOST:
            self.items.append(Fault(severity, sheet, row, column, text(value), reason, remedy))
        elif self._counts[severity] == MOST:
            more = f"问题超过 {MOST} 处，从这一行起没有再列出"
            self.items.append(Fault(severity, sheet, row, "", "", more, "请先改正前面的，再重新上传"))

    def cell(self, problem: CellProblem) -> None:
        """A fault that the reader of the file found."""
        p = problem
        self._add(ERROR, p.sheet or self.sheet, p.row, p.column, p.value, p.reason, p.remedy)

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
    partial: bool = False
    more: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """Columns of the membership that the row brings. The roster brings all of its own, blanks too; a `partial` row what is filled."""
        own = {name: getattr(self, name) for name in MEMBER_FACTS}
        return {name: value for name, value in own.items() if value not in ("", None)} | self.more if self.partial else own


@dataclass(frozen=True)
class IncomeSaid:
    """Items of an income year, in 元, as far as filled; `per_head` is what the sheet reckons, which is only compared."""

    year: int
    parts: Mapping[str, Decimal]
    per_head: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class RosterHousehold:
    """A household as its head's row and its members' rows say. `facts` holds only columns that the source brings. `whole`: the members are
    all of them, as in the roster; else those not named stay as they are. `said_head`: name and number of the head as a household row says."""

    code: str
    village_code: str
    group: str
    members: tuple[RosterMember, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    phone: str = ""
    row: int | None = None
    whole: bool = True
    secrets: Mapping[str, str] = field(default_factory=dict)
    incomes: tuple[IncomeSaid, ...] = ()
    said_head: tuple[str, str] = ("", "")
    sheet: str = ""

    @property
    def head(self) -> RosterMember | None:
        return next((member for member in self.members if member.relation == "01"), None)


def to_json(household: RosterHousehold) -> dict:
    """For sealed staging; `from_json` reads it back unchanged. Decimals and days travel as text."""
    body = dict(vars(household))
    body["members"] = [vars(member) | {"birth": member.birth.isoformat()} for member in household.members]
    return body | {"incomes": [vars(one) for one in household.incomes]}


def from_json(body: Mapping) -> RosterHousehold:
    members = tuple(_member_of(row) for row in body["members"])
    incomes = tuple(IncomeSaid(**{**one, "parts": _typed(one["parts"], INCOME.named)}) for one in body.get("incomes", ()))
    facts = _typed(body["facts"], HOUSEHOLD.named)
    said_head = tuple(body.get("said_head", ("", "")))
    return RosterHousehold(**{**body, "members": members, "facts": facts, "incomes": incomes, "said_head": said_head})


def _member_of(row: Mapping) -> RosterMember:
    return RosterMember(**{**row, "birth": date.fromisoformat(row["birth"]), "more": _typed(row.get("more", {}), MEMBER.named)})


def _typed(values: Mapping[str, object], named: Mapping[str, Field]) -> dict[str, object]:
    return {name: _of_kind(named.get(name), value) for name, value in values.items()}


def _of_kind(declared: Field | None, value: object) -> object:
    if declared is None or not isinstance(value, str):
        return value
    if declared.kind in (Kind.DECIMAL, Kind.YUAN):
        return Decimal(value)
    return date.fromisoformat(value) if declared.kind == Kind.DATE else value
