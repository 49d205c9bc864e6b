"""人均纯收入 of an income year, 1 October to 30 September, named by the year it ends in (brief 3.9). Pure.

人均纯收入 = (工资性 + 生产经营性 + 财产性 + 转移性 - 生产经营性支出) / 家庭人口数

Unknown is not nothing. The items are asked in four groups (工资性, 生产经营, 财产性, 转移性). Somebody who filled one item of a group has
been through the group: its blank items count as 0 and are named in `missing`. A group without any filled item is not known, and then
neither is the sum: nobody's income grows or falls because a page was not turned. "其余都没有" on the form writes the zeros.
Fixed-purpose aid (搬迁, 危房改造, 圈舍) and one-off aid (慰问金, 临时救助) are no income and have no item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from core.periods import income_year
from households.fields import INCOME

CENT, YUAN = Decimal("0.01"), Decimal(1)
FIRST_YEAR = 2010
EXPENSE, BESIDE = "expense", "beside"
GROUPS = {section.code: tuple(field.name for field in section.fields) for section in INCOME.sections if section.code != BESIDE}
COUNTED = tuple(name for names in GROUPS.values() for name in names)
"""The items that go into the net income; insurance paid out and medical costs stand beside it."""

Parts = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the formula. `field` is the item's column, "" for a sum; `sign` is +1 or -1; `amount` None = not filled."""

    label: str
    amount: Decimal | None
    sign: int = 1
    field: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Sums in 元, `per_head` in whole 元 (half goes up); None where an item needed is not known. `missing` names the blank items."""

    lines: tuple[Line, ...]
    wage: Decimal | None
    business: Decimal | None
    property: Decimal | None
    transfer: Decimal | None
    expense: Decimal | None
    net: Decimal | None
    per_head: int | None
    persons: int
    missing: tuple[str, ...]

    @property
    def known(self) -> bool:
        return self.net is not None

    @property
    def unasked(self) -> tuple[str, ...]:
        """Titles of the groups that nobody filled: what stands between this sheet and its sum."""
        amounts = {line.field: line.amount for line in self.lines if line.field}
        titles = {section.code: section.title for section in INCOME.sections}
        return tuple(titles[code] for code, names in GROUPS.items() if all(amounts[name] is None for name in names))


def reckon(parts: Parts, persons: int) -> Reckoning:
    """The sheet reckoned, line by line. `parts` by column of `fields.INCOME`, a column not given is not known; 0 persons has no per head."""
    amounts = {name: parts.get(name) for name in COUNTED}
    asked = {code: any(amounts[name] is not None for name in names) for code, names in GROUPS.items()}

    def total(code: str, without: str = "") -> Decimal | None:
        return sum((amounts[name] or Decimal(0) for name in GROUPS[code] if name != without), Decimal(0)) if asked[code] else None

    wage, business, owned, transfer = total("wage"), total("business", EXPENSE), total("property"), total("transfer")
    expense = (amounts[EXPENSE] or Decimal(0)) if asked["business"] else None
    net = (wage + business + owned + transfer - expense).quantize(CENT) if all(asked.values()) else None
    missing = tuple(INCOME.named[name].label for name in COUNTED if amounts[name] is None)
    return Reckoning(_lines(amounts), wage, business, owned, transfer, expense, net, each(net, persons), persons, missing)


def _lines(amounts: Parts) -> tuple[Line, ...]:
    """Receipts in the order of the form, the expense last."""
    order = [name for name in COUNTED if name != EXPENSE] + [EXPENSE]
    return tuple(Line(INCOME.named[name].label, amounts[name], -1 if name == EXPENSE else 1, name) for name in order)


def each(net: Decimal | None, persons: int) -> int | None:
    """Net income a head in whole 元, half away from zero; None without persons or net."""
    return None if net is None or persons <= 0 else int((net / persons).quantize(YUAN, ROUND_HALF_UP))


def running_year(day: date) -> int:
    """The income year that holds `day`."""
    return income_year(day)[1].year


def completed_year(day: date) -> int:
    """The newest income year that is over on `day`; its last day, 30 September, counts as over."""
    return income_year(day + timedelta(days=1))[0].year


def bounds(year: int) -> tuple[date, date]:
    """First and last day of the income year of this name."""
    return income_year(date(year, 1, 1))


@dataclass(frozen=True, slots=True)
class Step:
    """An item beside the year before. `change` None = one of the two is not known."""

    label: str
    now: Decimal | None
    before: Decimal | None
    spent: bool = False

    @property
    def change(self) -> Decimal | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def size(self) -> Decimal | None:
        """The change without its sign: the word says which way."""
        return None if self.change is None else abs(self.change)

    @property
    def word(self) -> str:
        """增收, 减收 or 持平 (增支 and 减支 of an expense); "" where there is nothing to compare."""
        change = self.change
        if change is None:
            return ""
        return "持平" if not change else ("增" if change > 0 else "减") + ("支" if self.spent else "收")


def compare(now: Reckoning, before: Reckoning | None) -> tuple[Step, ...]:
    """The five parts, net and per head of two years beside each other."""
    names = {"wage": "工资性收入", "business": "生产经营性收入", "property": "财产性收入", "transfer": "转移性收入", EXPENSE: "生产经营性支出", "net": "纯收入"}
    steps = [Step(label, getattr(now, name), getattr(before, name, None), name == EXPENSE) for name, label in names.items()]
    heads = [None if one is None or one.per_head is None else Decimal(one.per_head) for one in (now, before)]
    return (*steps, Step("人均纯收入", *heads))
