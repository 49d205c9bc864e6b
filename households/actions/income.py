"""填写年度收支."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from core.actions import Origin, acting
from core.errors import BadInput, Denied
from core.scope import FieldClass, Scope
from households.actions.opening import changed_by, household_to_change
from households.actions.steps import finish
from households.fields import INCOME
from households.income import COUNTED, FIRST_YEAR, reckon, running_year
from households.models import Household, IncomeYear

MOST_PERSONS = 99
HIGHEST = Decimal(99_999_999)
ZERO, CENT = Decimal(0), Decimal("0.01")


def save_income(
    *, scope: Scope, code: str, year: int, version: int, parts: Mapping[str, Decimal | None], persons: int | None = None,
    rest_zero: bool = False, origin: Origin | None = None,
) -> IncomeYear:  # fmt: skip
    """The income sheet of a year: parts in 元 by column of `fields.INCOME`, None = not asked; a column not given is left as it is.

    `persons` is the divisor (None = persons on the register today); `rest_zero` says that counted items left blank were asked and are 0.
    The household takes over the newest reckoned 人均纯收入. Raises NotFound, Denied, WrongState, StaleVersion, BadInput.
    """
    with acting(scope, "income.save", origin) as act:
        household = household_to_change(scope, code, version)
        if not scope.may_see(FieldClass.FINANCE, household):
            raise Denied
        persons = household.persons if persons is None else persons
        _refuse_faults(year, parts, persons)
        row = household.income_years.filter(year=year).first() or _blank(household, year)
        before = {name: getattr(row, name) for name in INCOME.named}
        _fill(row, parts, persons, rest_zero)
        row.updated_by_id = scope.actor_id
        row.save()
        household.net_income_per_head = _newest_per_head(household)
        changed_by(household, scope, "net_income_per_head")
        changed = [field.label for name, field in INCOME.named.items() if before[name] != getattr(row, name)]
        finish(act, household, year=year, persons=persons, fields=changed)  # amounts stay out of the trail
    return row


def _refuse_faults(year: int, parts: Mapping[str, Decimal | None], persons: int) -> None:
    faults: dict[str, list[str]] = {}
    running = running_year(timezone.localdate())
    if not FIRST_YEAR <= year <= running:
        faults["year"] = [f"收入年度须在 {FIRST_YEAR} 至 {running} 之间，还没有开始的年度不能填。"]
    if not 0 <= persons <= MOST_PERSONS:
        faults["persons"] = [f"人口须在 0 至 {MOST_PERSONS} 之间。"]
    for name, amount in parts.items():
        if name not in INCOME.named:
            raise BadInput("收支表里没有这一项。请刷新页面后重填。")
        if amount is not None and not (amount.is_finite() and ZERO <= amount <= HIGHEST and amount == amount.quantize(CENT)):
            faults[name] = [f"须在 0 至 {HIGHEST:,} 元之间，最多两位小数。"]
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)


def _blank(household: Household, year: int) -> IncomeYear:
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id")}
    return IncomeYear(household=household, year=year, **place)


def _fill(row: IncomeYear, parts: Mapping[str, Decimal | None], persons: int, rest_zero: bool) -> None:
    for name, amount in parts.items():
        setattr(row, name, amount)
    if rest_zero:
        for name in COUNTED:
            setattr(row, name, ZERO if getattr(row, name) is None else getattr(row, name))
    reckoned = reckon({name: getattr(row, name) for name in INCOME.named}, persons)
    row.persons, row.net, row.per_head = persons, reckoned.net, reckoned.per_head


def _newest_per_head(household: Household) -> int | None:
    """Of the newest year whose sheet adds up. While none does, what the roster brought stays."""
    newest = household.income_years.exclude(per_head=None).order_by("-year").first()
    return newest.per_head if newest else household.net_income_per_head
