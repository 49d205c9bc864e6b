"""The rules of 疑点 (brief 3.13): each speaks where it should and keeps silent beside it; none breaks on anything, none tells a secret."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import quality_cases_homes
import quality_cases_people
from hypothesis import given, settings
from hypothesis import strategies as st
from quality_views import ON, child, exited, family, home, person, village, watched

from households.fields import HOUSEHOLD, INCOME, MEMBER
from households.fields.model import Kind
from households.quality import FAMILIES, HouseholdView, IdReading, IncomeView, Level, MemberView, Severity, VillageView
from households.quality.rules import (
    BY_CODE,
    OFF,
    RULES,
    THRESHOLDS,
    check_household,
    check_village,
    defaults,
    rules_digest,
)

CASES = quality_cases_people.CASES | quality_cases_homes.CASES
PERSON_FORM = {"identity", "id_kind", "name", "relation", "sex", "birth", "ethnicity"}
HOUSEHOLD_PAGE = {"group", "members", "relation", "net_income_per_head"}


def found_in(view):
    return check_village(view) if isinstance(view, VillageView) else check_household(view)


def codes_in(view) -> set[str]:
    return {finding.rule for finding in found_in(view)}


# --- each rule ----------------------------------------------------------------------------------------------------------


def test_every_rule_has_a_case_in_which_it_speaks_and_one_in_which_it_is_silent():
    assert {rule.code for rule in RULES} == set(CASES)


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_auditor_is_told_what_contradicts_itself(code):
    assert code in codes_in(CASES[code][0])


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_cadre_is_not_bothered_by_what_is_in_order(code):
    assert code not in codes_in(CASES[code][1])


@pytest.mark.parametrize(
    "view", [home(), exited(), watched(), village()], ids=["listed", "exited", "watched", "village"]
)
def test_what_is_complete_and_true_raises_no_doubt(view):
    assert not found_in(view)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_is_wrong_how_to_mend_it_and_where(rule):
    finding = next(one for one in found_in(CASES[rule.code][0]) if one.rule == rule.code)
    assert rule.family in FAMILIES and rule.code == f"Q-{rule.family:02d}-{rule.code[-2:]}"
    assert finding.message and finding.remedy and len(rule.remedy) <= 200
    if rule.level is not Level.VILLAGE:
        assert finding.field in (
            set(MEMBER.named) | PERSON_FORM
            if finding.member
            else set(HOUSEHOLD.named) | set(INCOME.named) | HOUSEHOLD_PAGE
        )


def test_no_threshold_is_without_a_rule_and_none_is_missing():
    assert {code for rule in RULES for code in rule.thresholds} == set(THRESHOLDS)


# --- how they are asked -------------------------------------------------------------------------------------------------


def test_the_weightiest_doubt_comes_first():
    view = home((person(), person("02", 44, "M"), child(7, schooling="07")), plan=None)
    weights = [finding.weight for finding in check_household(view)]
    assert weights == sorted(weights, reverse=True) and len(set(weights)) > 2


def test_empty_items_of_a_section_are_one_hint():
    blank = home(road=None, road_km=None, fuel=None, broadcast=None, electricity=None)
    messages = [finding.message for finding in check_household(blank) if finding.rule == "Q-02-03"]
    assert messages == ["水电路：还有 5 项未填（通生活用电、通广播电视、入户路类型、与村主干路距离等）"]


def test_a_county_may_move_a_threshold():
    view = home(cultivated_mu=Decimal(11))
    assert "Q-11-01" in codes_in(view)
    assert "Q-11-01" not in {one.rule for one in check_household(view, limits={"land_household": Decimal(12)})}


def test_a_county_may_do_without_a_rule_or_weigh_it_otherwise():
    view = home(cultivated_mu=Decimal(11))
    assert not check_household(view, severities={"Q-11-01": OFF})
    assert check_household(view, severities={"Q-11-01": "warning"})[0].severity is Severity.WARNING


@pytest.mark.parametrize("year, asked", [(2020, "Q-04-04"), (2021, "Q-04-05")])
def test_a_rule_is_asked_in_its_years_only(year, asked):
    view = home(family(person("03", 20)), cause="08")
    assert {one.rule for one in check_household(view, year=year)} & {"Q-04-04", "Q-04-05"} == {asked}


def test_a_changed_value_makes_another_doubt_and_the_same_value_the_same():
    first, same, other = (check_household(home(area_m2=Decimal(area)))[0].fingerprint for area in (600, 600, 700))
    assert first == same != other


def test_the_digest_names_thresholds_and_severities():
    plain = rules_digest()
    assert plain == rules_digest(defaults(), {}) == rules_digest({"land_household": Decimal("10.00")})
    assert len({plain, rules_digest({"land_household": Decimal(12)}), rules_digest(None, {"Q-11-01": OFF})}) == 3


# --- whatever is on file ------------------------------------------------------------------------------------------------

DAYS = st.dates(date(1900, 1, 1), ON + timedelta(days=400))
WHOLE = st.integers(-5, 200)
MONEY = st.decimals(-10_000, 10**8, places=2)


def _of(field):
    values = {
        Kind.CHOICE: st.sampled_from([*(field.codes.items if field.codes else [""])]),
        Kind.CHOICES: st.lists(st.sampled_from([*(field.codes.items if field.codes else ["01"])]), max_size=6),
        Kind.YES_NO: st.booleans(),
        Kind.NUMBER: WHOLE,
        Kind.YEAR: st.integers(1900, 2100),
        Kind.DECIMAL: st.decimals(0, 5_000, places=2),
        Kind.YUAN: MONEY,
        Kind.DATE: DAYS,
    }
    return st.none() | values.get(field.kind, st.text(max_size=20))


READINGS = st.builds(
    IdReading, kind=st.sampled_from(["", "01", "09", "90"]), length=st.sampled_from([0, 3, 15, 18, 20, 22]), valid=st.booleans(), birth=st.none() | DAYS,
    sex=st.sampled_from(["", "M", "F"]), has_99999=st.booleans(), elsewhere=st.integers(0, 2), disability_length=st.sampled_from([0, 19, 20, 22]),
    disability_matches=st.none() | st.booleans(), disability_kind=st.sampled_from(["", "1", "7"]), disability_grade=st.none() | st.integers(1, 4),
)  # fmt: skip
MEMBERS = st.builds(
    MemberView, key=st.uuids().map(str), name=st.text(max_size=4), relation=st.sampled_from(["", "01", "02", "03", "07", "12", "15", "99"]),
    sex=st.sampled_from(["", "M", "F"]), birth=st.none() | DAYS, age=st.none() | WHOLE, ethnicity=st.sampled_from(["", "01"]), identity=READINGS,
    last_schooling=st.lists(st.sampled_from(["03", "05"]), max_size=3).map(tuple),
    facts=st.fixed_dictionaries(
        {}, optional={name: _of(field) for name, field in MEMBER.named.items() if name != "health"} | {"health": st.frozensets(st.sampled_from("01 02 03 04".split()))},
    ),
)  # fmt: skip
SHEETS = st.builds(
    IncomeView, year=st.integers(2010, 2030), parts=st.fixed_dictionaries({name: st.none() | MONEY for name in INCOME.named}),
    persons=st.integers(0, 20), net=st.none() | MONEY, per_head=st.none() | st.integers(-10_000, 10**7),
)  # fmt: skip
HOMES = st.builds(
    HouseholdView, key=st.just("户"), code=st.just("5223280001000001"), on=st.just(ON), registered_on=st.just(ON), persons=st.integers(0, 20),
    has_group=st.booleans(), head_pending=st.booleans(), members=st.lists(MEMBERS, max_size=5).map(tuple), phone_known=st.booleans(),
    bank_card_known=st.booleans(), savings=st.none() | MONEY, income=st.lists(SHEETS, max_size=3).map(tuple), helper_is_poor=st.booleans(),
    income_line=st.none() | st.integers(1_000, 9_000),
    facts=st.fixed_dictionaries(
        {}, optional={name: _of(field) for name, field in HOUSEHOLD.named.items() if name != "other_causes"}
        | {"other_causes": st.none() | st.lists(st.sampled_from(["01", "09"]), max_size=3).map(tuple), "net_income_per_head": st.none() | WHOLE},
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(HOMES)
def test_whatever_is_on_file_the_rules_answer_and_tell_no_secret(view):
    findings = check_household(view, year=2022)
    assert len({(one.rule, one.subject) for one in findings}) == len(findings)
    for finding in findings:
        assert finding.rule in BY_CODE and len(finding.message) <= 200 and len(finding.remedy) <= 200
        assert not re.search(r"\d{8}", finding.message + finding.remedy)
        assert not finding.member or finding.member in {member.key for member in view.members}


def test_nothing_on_file_at_all_is_no_contradiction():
    bare = HouseholdView("户", "5223280001000001", ON, ON, 1, True, False, (MemberView("人", "某人", "01"),))
    assert {finding.severity for finding in check_household(bare)} == {Severity.HINT, Severity.WARNING}
    assert [finding.rule for finding in check_household(bare) if finding.severity is Severity.WARNING] == ["Q-01-10"]
