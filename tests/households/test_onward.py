"""What comes next while a household is filled: section after section, the income sheet, the form; and back from a detour."""

import pytest

from households.models import Household

pytestmark = pytest.mark.django_db
SURVEY = "/households/4228271022000001/survey/?look=B"


@pytest.fixture
def household(make_household, round_):
    return make_household()


def _edit(client, household, section: str, query: str = "", **sent):
    address = f"/households/{household.code}/edit/?section={section}{query}"
    return client.post(address, {"version": Household.objects.get().version, "section": section} | sent)


def test_a_cadre_goes_from_the_last_section_to_the_income_sheet_that_is_due(login, household):
    answer = _edit(login("cadre"), household, "monitor", then="next")
    assert answer["Location"] == f"/households/{household.code}/income/2015/"


def test_a_cadre_goes_from_the_income_sheet_to_the_survey(login, household):
    client, address = login("cadre"), f"/households/{household.code}/income/2015/"
    assert "保存，下一步：六看评估" in client.get(address).content.decode()
    answer = client.post(address, {"version": 1, "persons": "2", "wage": "9000", "rest_zero": "on", "then": "next"})
    assert answer["Location"] == f"/households/{household.code}/survey/"


def test_a_cadre_who_left_the_survey_for_a_fact_is_led_back_to_the_look(login, household):
    answer = _edit(
        login("cadre"), household, "land", f"&next={SURVEY.replace('?', '%3F')}", cultivated_mu="4", then="return"
    )
    assert answer["Location"] == SURVEY
    assert Household.objects.get().cultivated_mu == 4


def test_a_section_tapped_on_the_way_keeps_the_way_back(login, household):
    answer = _edit(login("cadre"), household, "land", "&next=/coverage/", then="house")
    assert answer["Location"] == f"/households/{household.code}/edit/?section=house&next=%2Fcoverage%2F"


def test_an_address_that_names_another_site_leads_nobody_there(login, household):
    answer = _edit(login("cadre"), household, "land", "&next=//elsewhere.example/", then="return")
    assert answer["Location"] == f"/households/{household.code}/"


def test_a_cadre_is_led_past_the_monitoring_of_a_poor_household_that_is_not_out_of_poverty(login, household):
    answer = _edit(login("cadre"), household, "support", then="next")
    assert answer["Location"] == f"/households/{household.code}/income/2015/"


@pytest.mark.parametrize("facts", [{"exit_status": "1"}, {"attribute": "05"}, {"monitor_kind": "edge"}])
def test_a_cadre_is_led_to_the_monitoring_of_whoever_it_may_be_about(login, household, facts):
    Household.objects.update(**facts)
    answer = _edit(login("cadre"), household, "support", then="next")
    assert answer["Location"].endswith("?section=monitor")
