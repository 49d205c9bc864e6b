"""Two who save one income sheet at once, with real threads on both databases (trust 1)."""

from decimal import Decimal

import pytest

from core.errors import StaleVersion
from households.actions.income import save_income
from households.models import Household, IncomeYear
from tests.households.test_household_races import _together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_save_one_year_at_once_and_the_second_gets_the_conflict(scope, make_household):
    household = make_household()
    same, cadre, lead = {"code": household.code, "year": 2015, "version": 1, "rest_zero": True}, scope("cadre"), scope("lead")
    saved = _together(
        lambda: save_income(scope=cadre, parts={"wage": Decimal(1000)}, **same),
        lambda: save_income(scope=lead, parts={"wage": Decimal(2000)}, **same),
    )
    assert sorted(type(one).__name__ for one in saved) == ["IncomeYear", "StaleVersion"]
    row, refused = IncomeYear.objects.get(), next(one for one in saved if isinstance(one, StaleVersion))
    assert Household.objects.get(pk=household.pk).version == refused.conflict.version == 2
    assert row.per_head in (500, 1000) and Household.objects.get(pk=household.pk).net_income_per_head == row.per_head
