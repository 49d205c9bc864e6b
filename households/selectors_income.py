"""Income sheets of a household, reckoned, each beside the year before. The caller has asked for the field class FINANCE."""

from dataclasses import dataclass, replace
from datetime import date

from households.fields import INCOME
from households.income import FIRST_YEAR, Reckoning, Step, bounds, compare, completed_year, reckon, running_year
from households.models import Household, IncomeYear
from households.reference import reference_day


@dataclass(frozen=True, slots=True)
class Sheet:
    """收入测算表 of one year: the stored row, its formula line by line, and the year before (None = no sheet)."""

    row: IncomeYear
    reckoned: Reckoning
    before: Reckoning | None
    steps: tuple[Step, ...]

    @property
    def year(self) -> int:
        return self.row.year

    @property
    def first_day(self) -> date:
        return bounds(self.row.year)[0]

    @property
    def last_day(self) -> date:
        return bounds(self.row.year)[1]


def parts_of(row: IncomeYear) -> dict[str, object]:
    """The items of a sheet by column, None = not filled."""
    return {name: getattr(row, name) for name in INCOME.named}


def reckoning_of(row: IncomeYear) -> Reckoning:
    """As it was reckoned when it was saved: the sums follow from the items, net and per head are those stored."""
    return replace(reckon(parts_of(row), row.persons), net=row.net, per_head=row.per_head)


def sheets_of(household: Household) -> list[Sheet]:
    """All years, the newest first; one query."""
    rows = list(household.income_years.select_related("updated_by").order_by("-year"))
    reckoned = {row.year: reckoning_of(row) for row in rows}
    return [_sheet(row, reckoned[row.year], reckoned.get(row.year - 1)) for row in rows]


def sheet_of(household: Household, year: int) -> Sheet | None:
    """The sheet of one year, None when nothing was filled; for the page and for the paper."""
    return next((sheet for sheet in sheets_of(household) if sheet.year == year), None)


def _sheet(row: IncomeYear, now: Reckoning, before: Reckoning | None) -> Sheet:
    return Sheet(row, now, before, compare(now, before))


def due_year(household: Household) -> int:
    """The year to fill first: the newest one that is over on the household's reference day."""
    return completed_year(reference_day(household))


def years_to_fill(household: Household, filled: set[int], today: date) -> list[int]:
    """Years without a sheet that a page offers: the one that is due, two before it, the one after it once it has begun."""
    due = due_year(household)
    return [year for year in (due, due - 1, due - 2, due + 1) if year not in filled and FIRST_YEAR <= year <= running_year(today)]
