"""From stored rows to the facts that the derivation rules read. "" and null are "not known", never "no"."""

from datetime import date
from decimal import Decimal

from assessment.facts import HouseholdFacts, MemberFacts
from core.periods import age_on
from households.income import completed_year
from households.models import Household, IncomeYear, Membership
from households.secrets import reveal_amount
from households.selectors_income import reckoning_of

_PLAIN = ("danger_level", "area_m2", "water_safe", "water_difficult", "tap_water", "electricity", "cultivated_mu")
_CODED = ("structure", "road", "vehicle", "machines")
_SEALED = ("savings", "debt", "education_debt")


def members_of(household: Household) -> list[Membership]:
    """The current members with their persons, head first."""
    rows = Membership.objects.filter(household=household, until__isnull=True)
    return list(rows.select_related("person").order_by("relation", "pk"))


def facts_for(
    household: Household, on: date, members: list[Membership] | None = None, sheets: list[IncomeYear] | None = None
) -> HouseholdFacts:
    """The household as the rules see it on the reference date (ruling 20). Amounts are opened here and stay in memory. `members` and
    `sheets` are its rows where the caller has read them for many households at once."""
    rows = members_of(household) if members is None else members
    plain = {name: _known(getattr(household, name)) for name in (*_PLAIN, *_CODED)}
    amounts = {name: reveal_amount(household, name) for name in _SEALED}
    owned = household.appliances
    persons = household.persons or len(rows) or None
    return HouseholdFacts(
        **plain,
        **amounts,
        **_income(household, on, persons, sheets),
        appliances=None if owned is None else frozenset(owned),
        persons=persons,
        members=tuple(_member(row, on) for row in rows),
    )


def _income(household: Household, on: date, persons: int | None, sheets: list[IncomeYear] | None) -> dict[str, object]:
    """From the newest income year that was over on the day. Without a sheet that adds up, the year's income is the roster's per head."""
    rows = household.income_years.all() if sheets is None else sheets
    row = max((one for one in rows if one.year <= completed_year(on)), key=lambda one: one.year, default=None)
    sheet = reckoning_of(row) if row else None
    each = household.net_income_per_head
    yearly = Decimal(each) * persons if each is not None and persons else None
    if sheet is None:
        return {"yearly_income": yearly}
    known = {"business_income": sheet.business, "business_expense": sheet.expense, "dividend": row.dividend}
    return known | {"yearly_income": yearly if sheet.net is None else sheet.net}


def _known(value):
    return None if value == "" else value


def _member(row: Membership, on: date) -> MemberFacts:
    birth = row.person.birth
    return MemberFacts(
        age=age_on(birth, on) if birth and birth <= on else None,
        education=row.education or None,
        schooling=row.schooling or None,
        health=frozenset(part for part in row.health.split(",") if part) or None,
        disability_grade=row.disability_grade,
        skill=row.skill or None,
        work_months=row.work_months,
        post_months=row.post_months,
        skilled_certificate=row.skilled_certificate,
    )
