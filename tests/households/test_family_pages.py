"""The pages of 办理变动 as a cadre walks them, without JavaScript."""

from datetime import date

import pytest
from django.urls import reverse

from households.actions.family import Wish, ask_transfer
from households.family import Happening
from households.models import Household, Transfer

pytestmark = pytest.mark.once  # what a page shows is the same on any database

VILLAGE, FAR = "422827102200", "422827103200"


@pytest.fixture
def home(make_household):
    return make_household(VILLAGE, 1, members=3)


def step(home, name):
    return reverse("family_step", args=[home.code, name])


def uuids(home):
    return [str(row.uuid) for row in home.memberships.current().order_by("pk")]


def test_a_cadre_records_a_death_and_is_led_to_name_the_next_head(login, home):
    client = login("cadre")
    body = {"version": "1", "key": "k1", "members": uuids(home)[:1], "reason": "died", "on": "20160601", "paper": "死亡证明"}
    answer = client.post(step(home, "leave"), body)
    assert answer.url == step(home, "head")
    page = client.get(answer.url).content.decode()
    assert "李11（配偶）" in page
    asked = client.get(answer.url, {"head": uuids(home)[0]})
    other = uuids(home)[1]
    assert f'name="relation-{other}"' in asked.content.decode()
    done = client.post(answer.url, {"version": "2", "head": uuids(home)[0], f"relation-{other}": "04", "on": "20160601"})
    assert done.url == reverse("family", args=[home.code])
    assert "新户主：李11" in client.get(done.url).content.decode()


def test_what_was_typed_comes_back_with_the_reason(login, home):
    answer = login("cadre").post(step(home, "leave"), {"version": "1", "members": uuids(home)[2:], "reason": "married", "on": "2099-01-01", "note": "嫁到外村"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "不能晚于今天" in page and "嫁到外村" in page


def test_a_page_that_somebody_overtook_says_so_and_keeps_what_was_typed(login, home):
    Household.objects.filter(pk=home.pk).update(version=4)
    answer = login("cadre").post(step(home, "leave"), {"version": "1", "members": uuids(home)[2:], "reason": "married", "on": "20160601", "paper": "结婚证"})
    page = answer.content.decode()
    assert answer.status_code == 412
    assert 'name="version" value="4"' in page and "结婚证" in page


def test_the_same_birth_sent_twice_is_entered_once(login, home):
    client = login("cadre")
    body = {"version": "1", "key": "twice", "reason": "birth", "name": "张宝", "relation": "04", "birth": "20160601", "sex": "F"}
    first, second = client.post(step(home, "add"), body), client.post(step(home, "add"), body)
    assert (first.status_code, second.status_code, Household.objects.get(pk=home.pk).persons) == (302, 302, 4)


def test_each_step_opens_and_a_locked_household_says_why_not(login, home):
    client = login("cadre")
    for name in ("add", "leave", "back", "head", "split", "merge", "move", "transfer"):
        assert client.get(step(home, name)).status_code == 200, name
    Household.objects.filter(pk=home.pk).update(hold=True, hold_reason="村评议")
    assert "已锁定" in client.get(reverse("family", args=[home.code])).content.decode()


def test_a_split_asks_who_goes_and_then_what_each_is(login, home):
    client, (_, wife, daughter) = login("cadre"), uuids(home)
    chosen = {"members": [wife, daughter], "head": wife}
    assert f'name="relation-{daughter}"' in client.get(step(home, "split"), chosen).content.decode()
    body = chosen | {"version": "1", "key": "s", f"relation-{daughter}": "04", "on": "20160601"}
    client.post(step(home, "split"), body)
    made = Household.objects.get(code=VILLAGE + "0002")
    assert (made.head_name, made.persons) == ("李11", 2)


def test_the_other_village_finds_the_request_and_agrees(login, scope, home, places):
    ask_transfer(scope=scope("cadre"), code=home.code, version=1, wish=Wish(reason="moved", village_code=FAR), happening=Happening(date(2016, 6, 1)))
    client, request = login("cadre_other"), Transfer.objects.get()
    url = reverse("transfer", args=[request.uuid])
    assert url in client.get(reverse("transfers")).content.decode()
    client.post(url, {"version": "1", "do": "agree", "group": f"{FAR}02"})
    assert Household.objects.get(pk=home.pk).village.code == FAR
    assert "没有申请" in client.get(reverse("transfers")).content.decode()
    assert url in login("cadre").get(reverse("transfers"), {"list": "asked"}).content.decode()
