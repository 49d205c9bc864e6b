"""The household pages as each role meets them: trust 1, 3, 71, A2, A6."""

import re

import pytest

from households.models import Household
from households.secrets import reveal

pytestmark = pytest.mark.once  # what a page shows is the same on any database


def _posted(household=None, **changes):
    """What a browser posts for a household of a head (and what is stored of it)."""
    body = {"members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "group": "42282710220001", "attribute": "01", "exit_status": "0", "cause": "01"}
    if household is not None:
        head = household.memberships.get(relation="01")
        body |= {"version": str(household.version), "members-0-uuid": str(head.uuid), "members-0-name": head.person.name}
    else:
        body |= {"village": "422827102200", "members-0-name": "向大山", "key": "form-1"}
    return body | {"members-0-relation": "01", "members-0-sex": "M", "section": "home"} | changes


def _body(response):
    """The page without what differs by request: form token and record number."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|记录号 (<span class="code">)?\w+', "", response.content.decode())


@pytest.mark.parametrize(("who", "status"), [("cadre", 200), ("lead", 200), ("township", 200), ("county", 200), ("viewer", 200), ("cadre2", 404), ("cadre_other", 404), ("township_other", 404), ("sysadmin", 403), ("secadmin", 403), ("auditor", 403), ("nobody", 403)])
def test_a_household_page_opens_for_its_area_only(login, make_household, who, status):
    assert login(who).get(f"/households/{make_household().code}/").status_code == status


@pytest.mark.parametrize("who", ["cadre2", "township_other"])
def test_another_areas_household_answers_like_a_missing_one(login, make_household, who):
    client = login(who)
    other, missing = client.get(f"/households/{make_household().code}/"), client.get("/households/9999999999999999/")
    assert _body(other) == _body(missing)


@pytest.mark.parametrize("who", ["cadre", "township", "county", "viewer"])
def test_no_page_shows_a_full_number_unasked(login, make_household, who):
    household = make_household()
    numbers = [reveal(row.person, "id") for row in household.memberships.select_related("person")]
    for url in ("/households/", f"/households/{household.code}/"):
        text = login(who).get(url).content.decode()
        assert not any(number in text for number in numbers)


def test_cadre_opens_full_numbers_with_a_purpose(login, make_household):
    household = make_household()
    number = reveal(household.memberships.get(relation="01").person, "id")
    page = login("cadre").post(f"/households/{household.code}/reveal/", {"purpose": "核对户口本"})
    assert number in page.content.decode()


def test_viewer_reads_no_illness(login, make_household):
    household = make_household()
    household.memberships.update(health="03")
    assert "患有大病" not in login("viewer").get(f"/households/{household.code}/").content.decode()


def test_a_list_shows_the_callers_households_only(login, make_household):
    make_household("422827102200", 1), make_household("422827102201", 2)
    text = login("cadre").get("/households/").content.decode()
    assert "4228271022000001" in text and "4228271022010002" not in text


def test_select_boxes_offer_the_callers_villages_only(login):
    text = login("township").get("/households/").content.decode()
    assert "芭蕉溪村" in text and "老寨村" not in text


def test_a_search_for_another_villages_name_finds_nothing(login, make_household):
    make_household("422827102201", 7)
    assert "没有符合条件" in login("cadre").get("/households/", {"q": "张7"}).content.decode()


def test_a_search_by_the_beginning_of_the_number_finds_the_household(login, make_household):
    make_household("422827102200", 3)
    assert "张3" in login("township").get("/households/", {"q": "4228271022000003"}).content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_page_costs_the_same_queries_for_3_rows_and_30(login, make_household, django_assert_max_num_queries, count):
    for number in range(1, count + 1):
        make_household(number=number)
    client = login("cadre")
    client.get("/households/")
    with django_assert_max_num_queries(12):
        client.get("/households/")


def test_keyset_pages_show_every_household_once(login, make_household):
    for number in range(1, 61):
        make_household(number=number, members=1)
    client = login("cadre")
    first = client.get("/households/")
    second = client.get("/households/" + first.context["next"])
    codes = [line["household"].code for page in (first, second) for line in page.context["lines"]]
    assert len(codes) == len(set(codes)) == 60
    assert client.get("/households/" + second.context["previous"]).context["lines"][0]["household"].code == codes[0]


def test_cadre_registers_a_household_without_javascript(login, make_id):
    response = login("cadre").post("/households/new/", _posted(**{"members-0-identity": make_id(5, "19700305", "M")}))
    assert response.status_code == 302 and Household.objects.get().code in response.url


def test_a_double_post_lands_on_the_one_household(login, make_id):
    client, body = login("cadre"), _posted(**{"members-0-identity": make_id(5, "19700305", "M")})
    first, second = client.post("/households/new/", body), client.post("/households/new/", body)
    assert first.url == second.url and Household.objects.count() == 1


def test_a_wrong_number_is_told_at_its_field_and_what_was_typed_stays(login):
    response = login("cadre").post("/households/new/", _posted(**{"members-0-identity": "522399197003050011", "members-0-name": "覃小山"}))
    text = response.content.decode()
    assert response.status_code == 400 and "id_members-0-identity" in text and "覃小山" in text
    assert not Household.objects.exists()


def test_the_button_adds_a_member_and_keeps_what_was_typed(login):
    text = login("cadre").post("/households/new/", _posted(add_member="1", **{"members-0-name": "覃小山"})).content.decode()
    assert "members-1-name" in text and "覃小山" in text


def test_the_second_of_two_cadres_sees_both_values_and_loses_nothing(login, make_household):
    household = make_household(members=1)
    client = login("cadre")
    client.post(f"/households/{household.code}/edit/", _posted(household, cause="08"))
    late = client.post(f"/households/{household.code}/edit/", _posted(household, cause="03", net_income_per_head="2345"))
    text = late.content.decode()
    assert late.status_code == 412 and "因学" in text and "缺劳力" in text and "2345" in text


def test_the_second_cadre_takes_the_others_value_and_saves(login, make_household):
    household = make_household(members=1)
    client = login("cadre")
    client.post(f"/households/{household.code}/edit/", _posted(household, cause="08"))
    late = {**_posted(household, cause="03", attribute="04"), "version": "2", "keep-cause": "theirs"}
    assert client.post(f"/households/{household.code}/edit/", late).status_code == 302
    household.refresh_from_db()
    assert (household.cause, household.attribute) == ("08", "04")


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("township", 403), ("county", 403), ("viewer", 403), ("cadre2", 404)])
def test_only_the_villages_cadres_may_edit(login, make_household, who, status):
    assert login(who).get(f"/households/{make_household().code}/edit/").status_code == status


def test_an_anonymous_visitor_is_led_to_log_in(client, make_household):
    assert client.get(f"/households/{make_household().code}/").url.startswith("/login/")
