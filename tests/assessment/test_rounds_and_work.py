"""Rubric page, board of a round, work list, and facts as the rules see them."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.actions.surveys import save_draft
from assessment.household_facts import facts_for
from assessment.models import Case, Round
from assessment.selectors import current_round, work_list
from core.periods import age_on
from households.models import Household
from households.secrets import seal


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def started(scope, make_household, round_):
    """Two households in 桐子园村, one with a draft, and one in 绿水镇."""
    first, second = make_household(number=1), make_household(number=2)
    make_household("422827103200", number=1)
    save_draft(scope=scope("cadre"), household_code=second.code, round_code=round_.code, answers={"A1": "A1-5"})
    return first, second


@pytest.mark.parametrize("end", ["hold", "rejected"])
def test_a_cadre_is_not_sent_to_a_draft_that_the_list_has_overtaken(make_case, scope, round_, login, end):
    """A form begun anew, then locked or decided: its page has no form any more, so it is no work."""
    case = make_case(1)
    save_draft(scope=scope("cadre"), household_code=case.household.code, round_code=round_.code, answers={"A1": "A1-5"})
    assert work_list(scope("cadre"), round_).drafts == 1
    Household.objects.filter(pk=case.household_id).update(hold=end == "hold")
    Case.objects.filter(pk=case.pk).update(state="open" if end == "hold" else end)
    work = work_list(scope("cadre"), round_)
    assert (work.drafts, [item for item in work.items if item.kind == "draft"]) == (0, [])
    page = text(login("cadre").get(f"/households/{case.household.code}/"))
    assert "查看评估表" in page and "接着填草稿" not in page


def test_a_cadre_gets_drafts_first_and_then_the_households_not_surveyed(started, scope, round_):
    first, second = started
    work = work_list(scope("cadre"), round_)
    assert [(item.kind, item.household_code) for item in work.items] == [("draft", second.code), ("todo", first.code)]


def test_the_work_list_counts_the_callers_area_only(started, scope, round_):
    work = work_list(scope("cadre"), round_)
    assert (work.total, work.to_survey, work.drafts, work.submitted) == (2, 1, 1, 0)


def test_a_county_officer_gets_counts_but_nothing_to_fill(started, scope, round_):
    work = work_list(scope("county"), round_)
    assert (work.total, work.drafts, work.items) == (3, 1, ())


@pytest.mark.parametrize("where", ["open", "locked", "decided"])
def test_a_cadre_is_asked_to_settle_doubts_only_while_the_form_may_still_change(scope, round_, make_case, make_doubt, where):
    case = make_case()
    make_doubt(case.household)
    Household.objects.filter(pk=case.household_id).update(hold=where == "locked")
    Case.objects.filter(pk=case.pk).update(state="concluded" if where == "decided" else "open")
    work = work_list(scope("cadre"), round_)
    asked = [item.kind for item in work.items]
    assert (asked, work.doubts) == ((["doubt"], 1) if where == "open" else ([], 0))


def test_without_a_round_there_is_no_work(scope):
    assert work_list(scope("cadre"), None).items == ()


def test_the_current_round_is_the_newest_open_one(scope, round_, rubric_version, places):
    later = Round.objects.create(
        code="2017-DT", name="2017年动态调整", county=places.county, year=2017, reference_date=date(2017, 6, 30), rubric=rubric_version,
        opened_at=round_.opened_at,
    )  # fmt: skip
    assert current_round(scope("cadre")) == later
    Round.objects.filter(pk=later.pk).update(status="closed")
    assert current_round(scope("cadre")) == round_


def test_an_administrator_has_no_current_round(scope, round_):
    assert current_round(scope("sysadmin")) is None



@pytest.mark.parametrize("address", ["/rubrics/", "/rubrics/LKF-DEFAULT-1/", "/rounds/", "/rounds/2016-SB/"])
@pytest.mark.parametrize(
    "name, status", [("cadre", 200), ("viewer", 200), ("county", 200), ("auditor", 403), ("nobody", 403)]
)
def test_rubric_and_rounds_are_read_by_all_who_work_with_households(login, round_, address, name, status):
    assert login(name).get(address).status_code == status


def test_the_rubric_page_shows_all_of_it(login, round_):
    page = text(login("county").get("/rubrics/LKF-DEFAULT-1/"))
    rubric = round_.rubric.value
    assert all(item.name in page for item in rubric.indicators) and round_.rubric.digest in page
    assert all(option.code in page for item in rubric.indicators for option in item.options) and "非官方发布表" in page


def test_an_unknown_rubric_or_round_is_not_found(login, round_):
    client = login("county")
    assert client.get("/rubrics/X/").status_code == client.get("/rounds/X/").status_code == 404


def test_unknown_facts_stay_unknown(make_household):
    household = make_household()
    household.memberships.update(education="", schooling="", health="", skill="")
    facts = facts_for(household, date(2016, 6, 30))
    assert (facts.structure, facts.savings, facts.yearly_income, facts.members[0].health) == (None, None, None, None)


def test_facts_hold_sealed_amounts_ages_and_illnesses(make_household):
    household = make_household(net_income_per_head=2500)
    seal(household, "savings", "1800.50")
    household.save()
    household.memberships.filter(relation="01").update(health="02,04", disability_grade=3, work_months=7)
    facts = facts_for(household, date(2016, 6, 30))
    head, born = facts.members[0], household.memberships.get(relation="01").person.birth
    assert (facts.savings, facts.yearly_income, facts.persons) == (Decimal("1800.50"), Decimal(5000), 2)
    assert (head.age, head.health, head.disability_grade, head.work_months) == (age_on(born, date(2016, 6, 30)), frozenset({"02", "04"}), 3, 7)


def test_a_member_who_left_is_no_fact(make_household):
    household = make_household(members=3)
    household.memberships.filter(relation="04").update(until=date(2016, 3, 1))
    assert len(facts_for(household, date(2016, 6, 30)).members) == 2
