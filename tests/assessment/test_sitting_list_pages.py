"""The list of meetings and opening one: what waits for whom, filters, keyset pages, missing groups."""

import re

import pytest
from django.core.cache import cache

from assessment.models import Sitting
from tests.assessment.meetings import Hall

pytestmark = pytest.mark.once  # what a page shows is the same on any database

GROUP = "42282710220001"
VILLAGE = "422827102200"


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def meeting(hall, make_case):
    """`meeting(3)` → an open 组评 of group 1 with so many households."""

    def make(households: int = 3) -> Sitting:
        for number in range(1, households + 1):
            make_case(number=number, points=40 + number % 50)
        return hall.open("zp")

    return make


def address(sitting, tail=""):
    return f"/sittings/{sitting.uuid}/{tail}"


def text(response) -> str:
    return response.content.decode()


# --- the list of meetings --------------------------------------------------------------------------------------


def test_a_cadre_sees_each_group_that_waits_with_its_count(login, make_case):
    make_case(number=1)
    make_case(number=2)
    make_case(number=3, group=2)
    page = text(login("cadre").get("/sittings/"))
    assert page.count("开会</a>") == 2
    assert f"group={GROUP}" in page


def test_the_township_does_not_see_what_waits_for_the_group(login, make_case):
    make_case()
    assert "开会</a>" not in text(login("township").get("/sittings/"))


def test_a_group_with_an_open_meeting_does_not_wait_any_more(login, meeting):
    meeting()
    page = text(login("cadre").get("/sittings/"))
    assert "开会</a>" not in page and "接着办" in page


def test_the_lead_sees_the_village_once_the_groups_have_decided(login, hall, meeting):
    hall.close(hall.head(meeting(2)))
    page = text(login("lead").get("/sittings/"))
    assert "stage=cy" in page


def test_the_list_of_another_village_is_not_shown(login, meeting):
    sitting = meeting()
    assert str(sitting.uuid) not in text(login("cadre2").get("/sittings/"))


def test_meetings_are_filtered_by_the_address(login, meeting):
    sitting = meeting()
    client = login("township")
    assert str(sitting.uuid) in text(client.get("/sittings/?stage=zp&status=open&village=桐子园"))
    assert str(sitting.uuid) not in text(client.get("/sittings/?stage=cy"))
    assert str(sitting.uuid) not in text(client.get("/sittings/?village=老寨"))
    assert client.get("/sittings/?stage=nonsense&status=x").status_code == 200


def test_a_long_list_of_meetings_goes_on_by_keyset_and_comes_back(login, meeting, round_, places):
    from django.utils import timezone

    village = places.villages[VILLAGE]
    Sitting.objects.bulk_create(
        Sitting(
            round=round_, stage="zp", county=village.county, township=village.township, village=village, opened_at=timezone.now(), status="dropped",
            number=number,
        ) for number in range(1, 121)
    )  # fmt: skip
    client, seen, url = login("cadre"), [], "/sittings/"
    while url:
        page = text(client.get(url))
        seen += re.findall(r'href="/sittings/([0-9a-f-]{36})/"', page)
        found = re.search(r'href="(\?after=[^"]+)"', page)
        url = "/sittings/" + found.group(1) if found else ""
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_costs_the_same_queries_for_3_and_for_60_households(login, make_case, django_assert_max_num_queries, count):
    for number in range(1, count + 1):
        make_case(number=number, group=number % 3 + 1)
    client = login("cadre")
    client.get("/sittings/")
    cache.clear()
    with django_assert_max_num_queries(11):  # session, account, posts, stand-ins, county; then the list
        client.get("/sittings/")


# --- opening ---------------------------------------------------------------------------------------------------

NEW = f"/sittings/new/?round=2016-SB&stage=zp&village={VILLAGE}&group={GROUP}"


def test_the_page_before_opening_says_what_will_be_opened(login, make_case):
    make_case()
    page = text(login("cadre").get(NEW))
    assert "名单 1 户" in page and "评议小组" in page
    assert not Sitting.objects.exists()


def test_opening_leads_to_the_desk(login, make_case):
    make_case()
    response = login("cadre").post(NEW, {"key": "a"})
    assert response.status_code == 302 and response.url == address(Sitting.objects.get())


def test_opening_twice_leads_to_the_same_meeting(login, make_case):
    """trust 3"""
    make_case()
    client = login("cadre")
    assert client.post(NEW, {"key": "a"}).url == client.post(NEW, {"key": "a"}).url == client.post(NEW, {"key": "b"}).url
    assert Sitting.objects.count() == 1


def test_the_lead_is_asked_why_groups_are_missing_and_keeps_what_was_typed(login, make_case, hall, meeting):
    hall.close(hall.head(meeting(1)))
    make_case(number=9, group=2)
    url, client = f"/sittings/new/?round=2016-SB&stage=cy&village={VILLAGE}", login("lead")
    assert "缺组原因" in text(client.get(url))
    refused = client.post(url, {"missing_reason": "雨"})
    assert refused.status_code == 400 and 'value="雨"' in text(refused)
    assert client.post(url, {"missing_reason": "二组山路塌方，改日补开"}).status_code == 302


@pytest.mark.parametrize("query", ["", "?round=2016-SB", f"?round=2016-SB&stage=gs&village={VILLAGE}", f"?round=2016-SB&stage=zp&village={VILLAGE}&group=nope", f"?round=2016-SB&stage=zp&village={VILLAGE}"])
def test_a_meeting_that_cannot_be_is_not_found(login, make_case, query):
    make_case()
    assert login("cadre").get("/sittings/new/" + query).status_code == 404


def test_the_township_sees_what_separation_blocked_at_the_village_and_may_take_it_over(login, hall, make_case, cast):
    """ruling 16: the next level up, and only for those households"""
    make_case(number=1, surveyor=cast.lead)
    hall.decide("zp")
    client, url = login("township"), f"/sittings/new/?round=2016-SB&stage=cy&village={VILLAGE}"
    assert "接办" not in text(client.get("/sittings/")) and "不由您这一级办理" in text(client.get(url))
    sitting = hall.open("cy")
    login("lead").post(address(sitting, "drop/"), {"key": "d"})
    client = login("township")
    assert "接办</a>" in text(client.get("/sittings/"))
    assert client.post(url, {"key": "t"}).status_code == 302


def test_a_viewer_reads_what_a_meeting_would_be_and_has_no_button(login, make_case):
    make_case()
    page = text(login("viewer").get(NEW))
    assert "名单 1 户" in page and "先不开" not in page


def test_a_deadline_that_has_passed_is_said(login, make_case, round_):
    make_case()
    round_.stage_deadlines = {"zp": "2016-04-11"}
    round_.save()
    assert "2016年4月11日已过" in text(login("cadre").get("/sittings/"))
