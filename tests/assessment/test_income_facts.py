"""What an income sheet tells the 六看 form: B3, D2 and D3 from the newest year that was over on the reference date (brief 3.9)."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.facts import MemberFacts
from assessment.form_state import derived_answers
from assessment.household_facts import facts_for
from households.models import IncomeYear
from households.secrets import seal
from households.selectors_income import reckoning_of
from tests.assessment.test_derive import option_of

ON = date(2016, 6, 30)


@pytest.fixture
def household(make_household):
    made = make_household(net_income_per_head=2000)
    seal(made, "debt", "9000")
    made.save()
    return made


@pytest.fixture
def sheet(household):
    """A stored sheet as the action leaves it."""

    def make(year, **parts):
        place = {name: getattr(household, name) for name in ("county", "township", "village")}
        row = IncomeYear(household=household, year=year, persons=2, **place, **{name: Decimal(value) for name, value in parts.items()})
        reckoned = reckoning_of(row)
        row.net, row.per_head = reckoned.net, reckoned.per_head
        row.save()
        return row

    return make


def test_the_answers_follow_the_newest_year_that_is_over(household, sheet, round_):
    sheet(2014, wage=1, business=1, dividend=1, pension=1)
    row = sheet(2015, wage=6000, business=8000, expense=3000, dividend=0, property_other=0, pension=1000)
    sheet(2016, wage=90000, business=90000, dividend=90000, pension=0)  # still runs on the reference date
    IncomeYear.objects.filter(pk=row.pk).update(net=Decimal(12000), per_head=6000)
    facts = facts_for(household, ON)
    assert (facts.business_income, facts.business_expense, facts.yearly_income, facts.dividend) == (8000, 3000, 12000, 0)
    assert {code: found.option_code for code, found in derived_answers(household, round_).items() if code in ("B3", "D2", "D3")} == {"B3": "B3-4", "D2": "D2-2"}


def test_without_a_year_that_is_over_nothing_changes(household, sheet):
    sheet(2016, wage=90000, business=90000, dividend=90000, pension=0)
    facts = facts_for(household, ON)
    assert (facts.business_income, facts.dividend, facts.yearly_income) == (None, None, Decimal(4000))


def test_a_sheet_that_does_not_add_up_tells_only_what_was_filled(household, sheet):
    sheet(2015, business=5000)
    facts = facts_for(household, ON)
    assert (facts.business_income, facts.business_expense, facts.yearly_income) == (5000, 0, Decimal(4000))


@pytest.mark.parametrize(
    ("facts", "option"),
    [
        ({"dividend": Decimal(200)}, "D3-3"), ({"dividend": Decimal(0)}, None), ({"members": (MemberFacts(post_months=6),)}, "D3-3"),
        ({"members": (MemberFacts(post_months=5),)}, None),
    ],
)  # fmt: skip
def test_a_dividend_or_half_a_year_in_a_public_post_is_a_steady_source(facts, option):
    assert option_of("D3", **facts) == option


