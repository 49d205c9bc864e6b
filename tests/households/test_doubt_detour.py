"""今日要改: a cadre leaves the list for the fact, mends it, and is led back to the list with what became of it and what is next."""

import re
from urllib.parse import quote

import pytest

from core.actions import acting
from households.actions.quality import sync_household
from households.models import Doubt, Household

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = "/doubts/today/"


@pytest.fixture
def homes(make_household, scope):
    """Two households that are poor by illness although nobody in them is ill."""
    made = [make_household(number=number, cause="01") for number in (1, 2)]
    with acting(scope("cadre"), "household.update") as act:
        for household in made:
            sync_household(act, Household.objects.get(pk=household.pk))
    return made


def the_doubt(household) -> Doubt:
    return Doubt.objects.get(household=household, rule="Q-04-01")


def back_from(doubt) -> str:
    return f"{TODAY}?was={doubt.uuid}"


def mend(client, household, doubt):
    """What the cadre does: 去改 from the list, another cause chosen, saved with the first button, as Enter does."""
    page = client.get(TODAY).content.decode()
    address = re.search(rf'href="(/households/{household.code}/edit/[^"]*{doubt.uuid}[^"]*)"', page).group(1).replace("&amp;", "&")
    form = client.get(address).content.decode()
    button = re.search(r'<button[^>]*name="then" value="(\w+)"', form).group(1)
    version, section = Household.objects.get(pk=household.pk).version, re.search(r"section=(\w+)", address).group(1)
    return client.post(address, {"version": version, "section": section, "attribute": "01", "cause": "09", "then": button})


def test_a_cadre_who_mends_a_fact_from_the_list_comes_back_to_the_list(login, homes):
    doubt = the_doubt(homes[0])
    assert mend(login("cadre"), homes[0], doubt)["Location"] == back_from(doubt)


def test_the_list_says_what_was_mended_and_leads_to_the_next(login, homes):
    client, doubt, other = login("cadre"), the_doubt(homes[0]), the_doubt(homes[1])
    mend(client, homes[0], doubt)
    page = client.get(back_from(doubt)).content.decode()
    top = page[page.index('id="was"') : page.index("fp-today")]
    assert "已消除" in top and doubt.message in top
    after = re.search(r'href="([^"]*)" autofocus', top).group(1)
    assert homes[1].code in after and str(other.uuid) in after


def test_the_list_says_of_a_doubt_that_stands_that_it_is_not_mended(login, homes):
    page = login("cadre").get(back_from(the_doubt(homes[0]))).content.decode()
    assert "还没改好" in page and "再改" in page


@pytest.mark.parametrize("was", ["", "x", "00000000-0000-4000-8000-0000000000ff"])
def test_a_list_opened_with_no_doubt_of_the_callers_is_the_list_alone(login, homes, was):
    answer = login("cadre").get(f"{TODAY}?was={was}")
    assert answer.status_code == 200 and 'id="was"' not in answer.content.decode()


def test_a_doubt_of_another_village_is_not_told(login, homes):
    assert 'id="was"' not in login("cadre_other").get(back_from(the_doubt(homes[0]))).content.decode()


def test_words_on_a_doubt_lead_back_to_the_list_too(login, homes):
    client, doubt = login("cadre"), the_doubt(homes[0])
    page = client.get(f"/doubts/{doubt.uuid}/?next={quote(back_from(doubt), safe='')}").content.decode()
    sent = {"version": doubt.version, "reason": "病历在县医院。", "next": re.search(r'name="next" value="([^"]*)"', page).group(1)}
    assert client.post(f"/doubts/{doubt.uuid}/", sent)["Location"] == back_from(doubt)
    assert "已说明" in client.get(back_from(doubt)).content.decode()


def test_the_years_of_income_carry_the_way_back(login, homes):
    page = login("cadre").get(f"/households/{homes[0].code}/income/?next={quote(TODAY, safe='')}").content.decode()
    assert re.search(r"/income/20\d\d/\?next=%2Fdoubts%2Ftoday%2F", page)


def test_a_sheet_of_income_saved_by_enter_leads_back(login, homes):
    client, address = login("cadre"), f"/households/{homes[0].code}/income/2015/?next={quote(TODAY, safe='')}"
    then = re.search(r'<button[^>]*name="then" value="(\w+)"', client.get(address).content.decode()).group(1)
    version = Household.objects.get(pk=homes[0].pk).version
    assert client.post(address, {"version": version, "persons": "2", "wage": "9000", "rest_zero": "on", "then": then})["Location"] == TODAY


def test_a_form_begun_from_the_list_leads_back_when_it_is_submitted(login, homes, round_):
    client, code = login("cadre"), homes[0].code
    page = client.get(f"/households/{code}/survey/?next={quote(TODAY, safe='')}").content.decode()
    action = re.search(r'id="survey-form" action="([^"]*)"', page).group(1)
    answer = client.post(action, {"version": "0", "look": "A", "go": "review"})
    assert f"next={quote(TODAY, safe='')}" in answer["Location"]
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = {f"note-{name}": "入户看过。" for name in answers}
    client.post(action, {"version": "1", "look": "A", "go": "review", **answers, **notes})
    review = client.get(answer["Location"]).content.decode()
    submit = re.search(r'formaction="([^"]*)"', review).group(1)
    said = dict.fromkeys(re.findall(r'name="(doubt-\w+)"', review), "病历在县医院。")
    assert client.post(submit, {"version": "2", "surveyed_on": "2016-04-11", "surveyor_name": "李干部", **said})["Location"] == TODAY
