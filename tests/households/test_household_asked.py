"""Stored values in words and what still wants an answer: tables only, no database."""

from datetime import date
from decimal import Decimal

import pytest

from households.asked import is_asked, is_dangerous, tally
from households.entries import HouseholdEntry, faults_of
from households.fields import HOUSEHOLD, MEMBER, said
from households.forms_fields import field_of, initial_of


def _reads(**values):
    return lambda name: values.get(name)


@pytest.mark.parametrize(
    ("name", "stored", "words"),
    [
        ("toilet", True, "是"), ("toilet", False, "否"), ("toilet", None, ""), ("fuel", "clean", "清洁能源"), ("fuel", "", ""),
        ("risks", ["ill", "study"], "因病、因学"), ("risks", [], "都没有"), ("risks", None, ""), ("other_causes", "02,03", "因残、因学"),
        ("area_m2", Decimal("120.50"), "120.5 ㎡"), ("area_m2", "120.00", "120 ㎡"), ("savings", "1234567", "1,234,567 元"),
        ("area_m2", Decimal(0), "0 ㎡"), ("exit_year", 2016, "2016年"), ("monitored_on", date(2016, 3, 5), "2016年3月5日"),
        ("monitored_on", "2016-03-05", "2016年3月5日"),
    ],
)  # fmt: skip
def test_a_stored_value_is_said_in_words_with_its_unit(name, stored, words):
    assert said(HOUSEHOLD.named[name], stored) == words


@pytest.mark.parametrize(
    ("name", "values", "asked"),
    [
        ("toilet", {}, True), ("other_causes", {}, False), ("danger_level", {}, False), ("exit_year", {"exit_status": "0"}, False),
        ("exit_year", {"exit_status": "1"}, True), ("dangerous_house", {"danger_level": "C"}, False), ("dangerous_house", {}, True),
        ("monitored_on", {}, False), ("monitored_on", {"monitor_kind": "sudden"}, True), ("risk_note", {"risks": ["other"]}, True),
    ],
)  # fmt: skip
def test_a_blank_is_asked_for_only_where_it_applies(name, values, asked):
    assert is_asked(HOUSEHOLD.named[name], _reads(**values)) is asked


def test_a_household_that_is_not_monitored_has_nothing_open_there():
    assert tally(HOUSEHOLD.section("monitor"), _reads(), lambda field: True) == (0, [])


@pytest.mark.parametrize(
    ("values", "dangerous"),
    [({"danger_level": "D"}, True), ({"danger_level": "B"}, False), ({}, None), ({"danger_level": "D", "dangerous_house": False}, False)],
)
def test_a_dangerous_house_follows_from_its_level_unless_it_was_answered(values, dangerous):
    assert is_dangerous(_reads(**values)) is dangerous


@pytest.mark.parametrize(
    ("facts", "secrets", "field"),
    [
        ({"cause": "01", "other_causes": "01"}, {}, "other_causes"),
        ({"other_causes": "01,02,03"}, {}, "other_causes"),
        ({"risks": ["ill", "study", "work", "house", "water", "labour"]}, {}, "risks"),
        ({"plan": "联系 190-0000-1234"}, {}, "plan"),
        ({"helper_unit": "卡号 6222000000000000123"}, {}, "helper_unit"),
        ({}, {"bank_card": "12345"}, "bank_card"),
    ],
)
def test_a_misshapen_fact_is_refused_at_its_field(facts, secrets, field):
    assert list(faults_of(HouseholdEntry(None, facts, None, secrets), date(2016, 7, 1))) == [field]


@pytest.mark.parametrize("facts", [{"cause": "01", "other_causes": "02,03"}, {"cultivated_mu": Decimal(1), "irrigated_mu": Decimal(2)}, {"risks": []}, {"exit_status": "0", "exit_year": 2016}])
def test_what_is_only_doubtful_is_not_refused(facts):
    assert faults_of(HouseholdEntry(None, facts), date(2016, 7, 1)) == {}


@pytest.mark.parametrize("declared", [*HOUSEHOLD.named.values(), *MEMBER.named.values()], ids=lambda one: one.name)
def test_every_declared_field_has_a_box_and_a_blank_one_is_not_an_answer(declared):
    box = field_of(declared)
    blank = box.clean([] if box.widget.allow_multiple_selected else "") if hasattr(box.widget, "allow_multiple_selected") else box.clean("")
    assert blank in (None, "") and box.label.startswith(declared.label)


@pytest.mark.parametrize(("chosen", "stored"), [(["none"], []), ([], None), (["02", "01"], ["01", "02"])])
def test_none_of_them_is_an_answer_of_its_own(chosen, stored):
    declared = HOUSEHOLD.named["needs"]
    assert field_of(declared).clean(chosen) == stored
    assert initial_of(declared, stored) == sorted(chosen)
