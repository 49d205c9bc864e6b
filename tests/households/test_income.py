"""人均纯收入 of an income year (brief 3.9): formula, blanks, whole yuan, years, comparison."""

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.fields import INCOME
from households.income import COUNTED, EXPENSE, GROUPS, bounds, compare, completed_year, reckon, running_year

NOTHING = dict.fromkeys(COUNTED, Decimal(0))
money = st.decimals(min_value=0, max_value=99_999_999, places=2)
full = st.fixed_dictionaries(dict.fromkeys(COUNTED, money))
blanks = st.fixed_dictionaries(dict.fromkeys(COUNTED, st.none() | money))


def parts(**filled):
    return NOTHING | {name: Decimal(value) for name, value in filled.items()}


@pytest.mark.parametrize(
    ("filled", "persons", "net", "per_head"),
    [
        ({"wage": 12000, "business": 8000, "expense": 3000, "dividend": 500, "pension": 1320}, 4, "18820", 4705),
        ({"wage": 10}, 4, "10", 3),  # 2.5 goes up
        ({"wage": 9}, 4, "9", 2),
        ({"expense": 10}, 4, "-10", -3),  # a loss: half away from zero
        ({"wage": "0.1", "dividend": "0.2"}, 1, "0.30", 0),
        ({"wage": "2999.50"}, 1, "2999.50", 3000),
        ({"wage": 100}, 0, "100", None),
        ({}, 3, "0", 0),
    ],
)
def test_a_sheet_that_was_filled_adds_up(filled, persons, net, per_head):
    found = reckon(parts(**filled), persons)
    assert (found.net, found.per_head) == (Decimal(net), per_head)


@pytest.mark.parametrize("name", COUNTED)
def test_every_counted_item_moves_the_sum_by_itself(name):
    assert reckon(parts(**{name: 700}), 1).per_head == (-700 if name == EXPENSE else 700)


@pytest.mark.parametrize("name", ["insurance_paid", "medical_paid"])
def test_what_stands_beside_is_not_counted(name):
    assert reckon(parts() | {name: Decimal(5000)}, 1).net == 0


@pytest.mark.parametrize("code", GROUPS)
def test_a_group_nobody_filled_leaves_the_sum_unknown_and_is_named(code):
    found = reckon({name: None if name in GROUPS[code] else Decimal(9) for name in COUNTED}, 3)
    assert (found.net, found.per_head) == (None, None)
    assert found.unasked == (INCOME.section(code).title,)
    assert set(found.missing) == {INCOME.named[name].label for name in GROUPS[code]}


def test_an_empty_sheet_says_nothing_about_the_household():
    found = reckon({}, 3)
    assert (found.wage, found.business, found.property, found.transfer, found.expense, found.net) == (None,) * 6
    assert len(found.missing) == len(COUNTED)


def test_a_blank_beside_a_filled_item_counts_as_nothing_and_is_named():
    found = reckon({"wage": Decimal(1), "business": Decimal(2), "dividend": Decimal(3), "pension": Decimal(4)}, 1)
    assert (found.net, found.expense) == (10, 0)
    assert "低保金" in found.missing and "生产经营性支出" in found.missing and "工资性收入" not in found.missing


@given(blanks, st.integers(0, 60))
def test_the_lines_of_a_known_sheet_add_up_to_its_net(values, persons):
    found = reckon(values, persons)
    assert [line.field for line in found.lines][-1] == EXPENSE and {line.field for line in found.lines} == set(COUNTED)
    if found.known:
        assert sum(line.sign * (line.amount or 0) for line in found.lines) == found.net
        assert found.net == found.wage + found.business + found.property + found.transfer - found.expense
    assert found.known is not bool(found.unasked)


@given(full, st.integers(1, 60))
def test_per_head_is_the_nearest_whole_yuan(values, persons):
    found = reckon(values, persons)
    assert abs(found.net - found.per_head * persons) * 2 <= persons
    if found.net >= 0:
        assert found.per_head == (found.net / persons + Decimal("0.5")).to_integral_value(ROUND_FLOOR)


@given(full, st.sampled_from(COUNTED), money, st.integers(1, 60))
def test_more_income_never_lowers_and_more_expense_never_raises_it(values, name, more, persons):
    before, after = reckon(values, persons), reckon(values | {name: values[name] + more}, persons)
    assert (after.per_head <= before.per_head) if name == EXPENSE else (after.per_head >= before.per_head)


@pytest.mark.parametrize(
    ("day", "over", "runs"),
    [(date(2016, 6, 30), 2015, 2016), (date(2016, 9, 29), 2015, 2016), (date(2016, 9, 30), 2016, 2016), (date(2016, 10, 1), 2016, 2017)],
)
def test_the_year_that_is_over_on_a_day(day, over, runs):
    assert (completed_year(day), running_year(day)) == (over, runs)


@given(st.dates(date(2011, 1, 1), date(2090, 1, 1)))
def test_a_completed_year_has_ended_and_the_next_one_has_not(day):
    assert bounds(completed_year(day))[1] <= day < bounds(completed_year(day) + 1)[1]
    assert bounds(2016) == (date(2015, 10, 1), date(2016, 9, 30)) and bounds(2017)[0] - bounds(2016)[1] == timedelta(1)


def test_items_are_compared_with_the_year_before():
    steps = {step.label: step for step in compare(reckon(parts(wage=900, expense=50), 2), reckon(parts(wage=1000, expense=20), 2))}
    assert [(steps[name].word, steps[name].size) for name in ("工资性收入", "财产性收入", "生产经营性支出")] == [("减收", 100), ("持平", 0), ("增支", 30)]
    assert (steps["人均纯收入"].now, steps["人均纯收入"].before) == (425, 490)


def test_without_a_year_before_there_is_nothing_to_compare():
    assert {step.word for step in compare(reckon(parts(wage=1), 1), None)} == {""}
