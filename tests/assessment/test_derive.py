"""Answers that follow from facts, the bands at their edges, and silence where a fact is not known."""

from dataclasses import replace
from decimal import Decimal

import pytest

from assessment.answers import encode
from assessment.derive import RULES, contradictions, derive
from assessment.facts import HouseholdFacts, MemberFacts
from assessment.rubric import load_default

RUBRIC = load_default()
HEALTHY = frozenset({"01"})
WORKER = MemberFacts(40, "03", "01", HEALTHY, None, "01", 0)
WIFE = replace(WORKER, age=38, education="02")
GRANDMOTHER = MemberFacts(76, "01", "01", frozenset({"02"}), None, "04", 0)
PUPIL = MemberFacts(9, None, "03", HEALTHY, None, "04", 0)
SENIOR = MemberFacts(17, None, "08", HEALTHY, None, "04", 0)


def option_of(code, **facts):
    found = derive(RUBRIC, HouseholdFacts(**facts)).get(code)
    return found.option_code if found else None


def of_members(code, *members, **facts):
    return option_of(code, members=members, **facts)


def test_household_of_which_nothing_is_known_derives_nothing():
    assert derive(RUBRIC, HouseholdFacts()) == {}


def test_household_of_which_everything_is_known_derives_all_but_the_grain():
    facts = HouseholdFacts(
        structure="brick_concrete", danger_level="A", area_m2=Decimal(120), water_safe=True, water_difficult=False,
        tap_water=True, electricity=True, road="cement", cultivated_mu=Decimal(6), appliances=frozenset({"tv"}),
        vehicle="car", machines="large", savings=Decimal(20000), debt=Decimal(0), education_debt=Decimal(0),
        yearly_income=Decimal(30000), business_income=Decimal(9000), business_expense=Decimal(1000), persons=3,
        members=(replace(WORKER, work_months=8), WIFE, PUPIL),
    )  # fmt: skip
    derived = derive(RUBRIC, facts)
    assert {item.code for item in RUBRIC.indicators} - set(derived) == {"B2"}
    assert all(found.reason for found in derived.values())


@pytest.mark.parametrize(
    ("code", "facts", "option"),
    [
        ("A1", {"structure": "none"}, "A1-1"),
        ("A1", {"structure": "brick_wood"}, "A1-4"),
        ("A2", {"structure": "none"}, "A2-1"),
        ("A2", {"danger_level": "D"}, "A2-1"),
        ("A2", {"danger_level": "A"}, "A2-4"),
        ("A3", {"structure": "none", "area_m2": Decimal(50)}, "A3-1"),
        ("A3", {"area_m2": Decimal("29.99"), "persons": 3}, "A3-2"),
        ("A3", {"area_m2": Decimal(30), "persons": 3}, "A3-3"),
        ("A3", {"area_m2": Decimal(54), "persons": 3}, "A3-4"),
        ("A3", {"area_m2": Decimal("74.99"), "persons": 3}, "A3-4"),
        ("A3", {"area_m2": Decimal(75), "persons": 3}, "A3-5"),
        ("A3", {"area_m2": Decimal(75)}, None),
        ("A3", {"area_m2": Decimal(75), "persons": 0}, None),
        ("A4", {"water_safe": False, "water_difficult": True}, "A4-1"),
        ("A4", {"water_safe": True, "water_difficult": True}, "A4-2"),
        ("A4", {"water_safe": False, "water_difficult": False}, "A4-2"),
        ("A4", {"water_safe": True, "water_difficult": False, "tap_water": False}, "A4-3"),
        ("A4", {"water_safe": True, "water_difficult": False, "tap_water": True}, "A4-4"),
        ("A4", {"water_safe": True, "water_difficult": False}, None),
        ("A4", {"water_safe": False}, None),
        ("A5", {"electricity": False}, "A5-1"),
        ("A5", {"electricity": True, "road": "mud"}, "A5-2"),
        ("A5", {"electricity": True, "road": "asphalt"}, "A5-4"),
        ("A5", {"electricity": True}, None),
        ("A5", {"road": "mud"}, None),
        ("B1", {"cultivated_mu": Decimal(0), "persons": 2}, "B1-1"),
        ("B1", {"cultivated_mu": Decimal("0.99"), "persons": 2}, "B1-2"),
        ("B1", {"cultivated_mu": Decimal(1), "persons": 2}, "B1-3"),
        ("B1", {"cultivated_mu": Decimal(2), "persons": 2}, "B1-4"),
        ("B1", {"cultivated_mu": Decimal(4), "persons": 2}, "B1-5"),
        ("B3", {"business_income": Decimal(900), "business_expense": Decimal(1000), "persons": 2}, "B3-1"),
        ("B3", {"business_income": Decimal(1500), "business_expense": Decimal(500), "persons": 2}, "B3-3"),
        ("B3", {"business_income": Decimal(6000), "business_expense": Decimal(0), "persons": 2}, "B3-5"),
        ("B3", {"business_income": Decimal(6000), "persons": 2}, None),
        ("C1", {"appliances": frozenset()}, "C1-1"),
        ("C1", {"appliances": frozenset({"tv", "washer", "computer"})}, "C1-3"),
        ("C1", {"appliances": frozenset({"tv", "washer", "fridge"})}, "C1-4"),
        ("C1", {"appliances": frozenset({"tv", "washer", "fridge", "heater"})}, "C1-5"),
        ("C1", {"appliances": frozenset({"computer"})}, None),
        ("C2", {"vehicle": "motorcycle"}, "C2-3"),
        ("C3", {"machines": "small2"}, "C3-3"),
        ("D1", {"savings": Decimal("999.99")}, "D1-1"),
        ("D1", {"savings": Decimal(1000)}, "D1-2"),
        ("D1", {"savings": Decimal(5000)}, "D1-3"),
        ("D1", {"savings": Decimal(20000)}, "D1-4"),
        ("D2", {"debt": Decimal(0)}, "D2-4"),
        ("D2", {"debt": Decimal(4999), "yearly_income": Decimal(10000)}, "D2-3"),
        ("D2", {"debt": Decimal(5000), "yearly_income": Decimal(10000)}, "D2-2"),
        ("D2", {"debt": Decimal(10000), "yearly_income": Decimal(10000)}, "D2-1"),
        ("D2", {"debt": Decimal(1), "yearly_income": Decimal(-5)}, "D2-1"),
        ("D2", {"debt": Decimal(1)}, None),
        ("F2", {"education_debt": Decimal(0)}, "F2-3"),
        ("F2", {"education_debt": Decimal("9999.99")}, "F2-2"),
        ("F2", {"education_debt": Decimal(10000)}, "F2-1"),
    ],
)
def test_household_fact_gives_its_option(code, facts, option):
    assert option_of(code, **facts) == option


@pytest.mark.parametrize(
    ("members", "option"),
    [
        ((GRANDMOTHER,), "E1-1"),
        ((WORKER, GRANDMOTHER, GRANDMOTHER, GRANDMOTHER), "E1-2"),
        ((WORKER, GRANDMOTHER, GRANDMOTHER), "E1-3"),
        ((WORKER, GRANDMOTHER), "E1-4"),
        ((replace(GRANDMOTHER, skill="05"),), "E1-4"),
        ((replace(GRANDMOTHER, skill="05"), GRANDMOTHER), "E1-2"),
        ((WORKER, replace(PUPIL, skill=None)), "E1-4"),
        ((WORKER, replace(WIFE, skill=None)), None),
    ],
)
def test_share_of_workers_in_thirds_and_halves(members, option):
    assert of_members("E1", *members) == option


ILL = replace(WORKER, health=frozenset({"03"}))
SEVERE = replace(WORKER, health=frozenset({"04"}), disability_grade=2)
LIGHT = replace(WORKER, health=frozenset({"04"}), disability_grade=3)
UNGRADED = replace(WORKER, health=frozenset({"04"}))


@pytest.mark.parametrize(
    ("members", "option"),
    [
        ((WORKER, WIFE), "E2-4"),
        ((WORKER, GRANDMOTHER), "E2-3"),
        ((WORKER, LIGHT), "E2-3"),
        ((ILL, GRANDMOTHER), "E2-2"),
        ((ILL, SEVERE), "E2-1"),
        ((ILL, SEVERE, UNGRADED), "E2-1"),
        ((ILL, UNGRADED), None),
        ((WORKER, replace(WIFE, health=None)), None),
        ((WORKER, replace(WIFE, health=frozenset())), None),
    ],
)
def test_health_of_the_household(members, option):
    assert of_members("E2", *members) == option


@pytest.mark.parametrize(
    ("members", "option"),
    [
        ((GRANDMOTHER,), "E3-1"),
        ((replace(WORKER, education="01"),), "E3-1"),
        ((WORKER, WIFE), "E3-3"),
        ((WORKER, replace(GRANDMOTHER, education="04")), "E3-3"),
        ((WIFE, replace(WORKER, education="04")), "E3-4"),
        ((WIFE, replace(WORKER, education="05")), "E3-5"),
        ((WIFE, replace(WORKER, skilled_certificate=True)), "E3-5"),
        ((WIFE, replace(WORKER, skill="02")), "E3-5"),
        ((WIFE, replace(WORKER, education=None)), None),
    ],
)
def test_best_education_counts_among_workers_only(members, option):
    assert of_members("E3", *members) == option


def months(*values):
    return tuple(replace(WORKER, work_months=value) for value in values)


@pytest.mark.parametrize(
    ("members", "option"),
    [
        (months(0, 0), "E4-1"),
        (months(5, 0), "E4-2"),
        (months(6, 5), "E4-3"),
        (months(6, 12, None), "E4-4"),
        (months(6, None), None),
        ((*months(0), replace(PUPIL, work_months=None)), "E4-1"),
    ],
)
def test_months_of_work(members, option):
    assert of_members("E4", *members) == option


def test_six_months_of_work_are_a_steady_source_and_five_say_nothing():
    assert of_members("D3", *months(6)) == "D3-3"
    assert of_members("D3", *months(5)) is None


@pytest.mark.parametrize(
    ("members", "option"),
    [
        ((WORKER, PUPIL), "F1-4"),
        ((WORKER, SENIOR), "F1-3"),
        ((SENIOR, replace(SENIOR, schooling="07")), "F1-2"),
        ((SENIOR, SENIOR, replace(SENIOR, schooling="16"), replace(PUPIL, schooling=None)), "F1-1"),
        ((replace(PUPIL, schooling="06"),), "F1-4"),
        ((WORKER, replace(PUPIL, schooling=None)), None),
        ((replace(WORKER, schooling=None),), "F1-4"),
    ],
)
def test_students_beyond_compulsory_school(members, option):
    assert of_members("F1", *members) == option


TRUANT = replace(PUPIL, schooling="01", age=13)


@pytest.mark.parametrize(
    ("members", "option"),
    [
        ((WORKER, TRUANT), "F3-1"),
        ((WORKER, replace(TRUANT, age=6)), "F3-1"),
        ((WORKER, replace(TRUANT, age=15)), "F3-1"),
        ((WORKER, replace(TRUANT, age=5)), "F3-3"),
        ((WORKER, replace(TRUANT, age=16)), "F3-3"),
        ((WORKER, replace(TRUANT, health=frozenset({"04"}), disability_grade=1)), "F3-3"),
        ((WIFE, GRANDMOTHER), "F3-2"),
        ((WIFE, PUPIL), "F3-3"),
        ((WIFE, replace(PUPIL, age=5, schooling="02")), "F3-2"),
        ((WORKER,), "F3-3"),
        ((replace(WORKER, education="04", work_months=6), PUPIL), "F3-4"),
        ((replace(WORKER, education="04", work_months=5),), "F3-3"),
        ((WORKER, replace(TRUANT, age=None)), None),
        ((WORKER, replace(TRUANT, health=None)), None),
    ],
)
def test_return_of_schooling(members, option):
    assert of_members("F3", *members) == option


def test_members_still_missing_from_the_register_stop_every_count():
    assert of_members("E1", WORKER, persons=2) is None
    assert of_members("E2", WORKER, persons=2) is None
    assert of_members("F1", PUPIL, persons=2) is None


def test_reason_never_tells_the_amount_of_deposit_or_debt():
    facts = HouseholdFacts(savings=Decimal(7777), debt=Decimal(3333), education_debt=Decimal(4444),
                           yearly_income=Decimal(8888))  # fmt: skip
    reasons = "".join(found.reason for found in derive(RUBRIC, facts).values())
    assert not any(amount in reasons for amount in ("7777", "3333", "4444", "8888"))


def with_a3_label(ordinal, label):
    def change(item):
        options = tuple(replace(o, label=label) if o.ordinal == ordinal else o for o in item.options)
        return replace(item, options=options) if item.code == "A3" else item

    looks = tuple(replace(look, indicators=tuple(map(change, look.indicators))) for look in RUBRIC.looks)
    return replace(RUBRIC, looks=looks)


def test_county_that_moved_a_threshold_gets_no_answer_by_the_old_one():
    facts = HouseholdFacts(area_m2=Decimal(75), persons=3)
    assert "A3" not in derive(with_a3_label(5, "30平方米及以上"), facts)
    assert "A3" in derive(RUBRIC, facts)


def test_indicator_with_another_name_gets_no_answer():
    look = RUBRIC.looks[0]
    renamed = replace(look, indicators=(replace(look.indicators[0], name="院落"), *look.indicators[1:]))
    rubric = replace(RUBRIC, looks=(renamed, *RUBRIC.looks[1:]))
    assert "A1" not in derive(rubric, HouseholdFacts(structure="none"))


def test_every_rule_belongs_to_an_indicator_of_the_default_rubric():
    assert {code: name for code, (name, _) in RULES.items()}.items() <= {
        i.code: i.name for i in RUBRIC.indicators
    }.items()


def test_answer_against_the_facts_is_named_with_both_labels():
    derived = derive(RUBRIC, HouseholdFacts(structure="thatch", danger_level="D"))
    found = contradictions(RUBRIC, encode(RUBRIC, {"A1": 5, "A2": 1}), derived)
    assert [(c.code, c.answer_label, c.derived_label) for c in found] == [
        ("A1", "砖混材料或钢筋混凝土", "竹草土坯、土窑洞")
    ]
    assert found[0].reason == "住房结构登记为竹草土坯、土窑洞"


def test_missing_answer_contradicts_nothing():
    derived = derive(RUBRIC, HouseholdFacts(structure="thatch"))
    assert contradictions(RUBRIC, encode(RUBRIC, {}), derived) == ()
