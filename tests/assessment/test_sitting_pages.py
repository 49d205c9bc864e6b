"""The desk of a meeting, one household after another, and closing it; all without scripts."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.utils import timezone

from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.models import Ballot, Case, Panel, Sitting, Verdict
from tests.assessment.meetings import WHO, Hall

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


@pytest.fixture
def village_meeting(hall, meeting):
    """An open 村议 of households that 组评 let pass."""

    def make(households: int = 3) -> Sitting:
        hall.close(hall.head(meeting(households)))
        return hall.head(hall.open("cy"))

    return make


def address(sitting, tail=""):
    return f"/sittings/{sitting.uuid}/{tail}"


def text(response) -> str:
    return response.content.decode()


def hidden(response, name: str, form: str = "") -> str:
    """The value of a hidden field, in the form that posts to `form`."""
    page = text(response)
    page = page[page.index(f'action="{form}"') :] if form else page
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def ballot(client, sitting, case, opinion="agree", **more):
    return client.post(address(sitting, "ballots/"), {"case": str(case.uuid), "version": "0", "opinion": opinion} | more)


def test_the_desk_works_without_a_script_from_the_first_household_to_the_seal(login, meeting):
    """No-JS flow: head, each household by its form, close; every post redirects."""
    sitting, client = meeting(3), login("cadre")
    page = client.get(address(sitting))
    fields = {
        "version": hidden(page, "version", address(sitting, "head/")), "held_on": str(timezone.localdate()), "held_at": "一组院坝", "chair": "向家林",
        "expected": "4", "present": "4", "member-name": ["向家林", "田世明", "覃桂香", "彭武"], "member-post": ["组长", "", "", ""],
        "member-present": ["0", "1", "2", "3"],
    }  # fmt: skip
    assert client.post(address(sitting, "head/"), fields).status_code == 302
    for number in range(3):
        page = client.get(address(sitting))
        action = address(sitting, "ballots/")
        sent = client.post(action, {"case": hidden(page, "case", action), "version": hidden(page, "version", action), "opinion": "agree", "votes_for": "4", "votes_against": "0"})
        assert sent.status_code == 302, number
    page, action = client.get(address(sitting)), address(sitting, "close/")
    assert "将锁定 3 户名单：3 户同意列入送村议" in text(page)
    closing = {name: hidden(page, name, action) for name in ("version", "count", "mark", "key")}
    assert client.post(action, closing).status_code == 302
    assert Verdict.objects.filter(sitting=sitting).count() == 3
    assert "名单已锁定" in text(client.get(address(sitting)))


def test_after_an_answer_the_next_household_without_one_is_open(login, meeting):
    sitting, client = meeting(3), login("cadre")
    first, second, _ = Case.objects.order_by("household__code")
    page = client.get(ballot(client, sitting, first).url)
    assert f'name="case" value="{second.uuid}"' in text(page)


def test_the_first_stage_has_no_return(login, meeting):
    page = text(login("cadre").get(address(meeting(1))))
    assert 'name="opinion" value="return"' not in page and 'name="opinion" value="reject"' in page


def test_a_later_stage_may_return(login, village_meeting):
    second = village_meeting(1)
    assert 'name="opinion" value="return"' in text(login("lead").get(address(second)))



def test_a_refused_answer_comes_back_with_what_was_typed(login, meeting):
    sitting, client = meeting(2), login("cadre")
    case = Case.objects.order_by("household__code").first()
    response = ballot(client, sitting, case, "reject", note="", votes_for="1", votes_against="3")
    assert response.status_code == 400 and "不同意列入须写明理由" in text(response)
    assert 'value="reject" data-digit="3" checked' in text(response) and 'name="votes_against" inputmode="numeric" maxlength="5" value="3"' in text(response)
    assert not Ballot.objects.exists()


def test_another_category_asks_a_reason_and_keeps_the_choice(login, meeting):
    sitting, client = meeting(1), login("cadre")
    case = Case.objects.get()
    refused = ballot(client, sitting, case, category="TUOPIN")
    assert refused.status_code == 400 and '<option value="TUOPIN" selected>' in text(refused)
    assert ballot(client, sitting, case, category="TUOPIN", **{"reasons-agree": ["better_off"]}).status_code == 302


def test_an_answer_that_a_colleague_gave_meanwhile_is_shown_and_mine_is_kept(login, meeting, scope):
    """trust 1: 412, both answers on the page, nothing typed lost; the next post counts from what was shown."""
    sitting, client = meeting(2), login("cadre")
    case = Case.objects.order_by("household__code").first()
    save_ballot(scope=scope("lead"), sitting=str(sitting.uuid), case=str(case.uuid), version=0, entry=BallotEntry("agree"))
    stale = ballot(client, sitting, case, "reject", note="家里有两套商品房")
    page = text(stale)
    assert stale.status_code == 412 and "现在是：同意列入" in page and "测试lead" in page and "家里有两套商品房" in page
    version = hidden(stale, "version", address(sitting, "ballots/"))
    assert ballot(client, sitting, case, "reject", note="家里有两套商品房", version=version).status_code == 302
    assert Ballot.objects.get().opinion == "reject"


def test_a_head_that_a_colleague_saved_meanwhile_comes_back_with_mine(login, meeting, hall):
    sitting, client = meeting(1), login("cadre")
    old = sitting.version
    hall.head(sitting, by="lead")
    stale = client.post(address(sitting, "head/"), {"version": str(old), "chair": "我写的主持人", "member-name": ["甲"]})
    assert stale.status_code == 412 and "我写的主持人" in text(stale) and 'value="甲"' in text(stale)
    assert client.post(address(sitting, "head/"), {"version": hidden(stale, "version", address(sitting, "head/")), "chair": "我写的主持人"}).status_code == 302


def test_a_wrong_date_comes_back_with_the_head_as_typed(login, meeting):
    sitting = meeting(1)
    response = login("cadre").post(address(sitting, "head/"), {"version": str(sitting.version), "held_on": "2016-13-45", "chair": "老李"})
    assert response.status_code == 400 and "老李" in text(response) and "真实的日期" in text(response)


def test_a_saved_panel_is_brought_in_by_a_button_and_nothing_is_saved_yet(login, meeting, cast, places):
    village = places.villages[VILLAGE]
    sitting = meeting(1)
    panel = Panel.objects.create(
        kind="group", name="一组评议小组", county=village.county, township=village.township, village=village, group=places.groups[GROUP],
        members=[{"name": "向家林", "post": "组长"}], updated_at=timezone.now(),
    )  # fmt: skip
    response = login("cadre").post(address(sitting, "head/"), {"version": str(sitting.version), "load": "1", "panel": str(panel.uuid), "chair": "老李"})
    assert response.status_code == 200 and 'value="向家林"' in text(response) and "老李" in text(response)
    sitting.refresh_from_db()
    assert sitting.panel == []


def test_an_answer_can_be_taken_back(login, meeting):
    sitting, client = meeting(1), login("cadre")
    case = Case.objects.get()
    ballot(client, sitting, case)
    version = Ballot.objects.get().version
    assert ballot(client, sitting, case, clear="1", version=str(version)).status_code == 302
    assert not Ballot.objects.exists()


def test_a_viewer_reads_the_desk_and_has_no_form(login, meeting):
    page = text(login("viewer").get(address(meeting(1))))
    assert "<form method=\"post\" action=\"/sittings/" not in page and "由村民小组一级办理" in page


def test_a_household_that_is_mine_says_who_may_decide_it(login, make_case, cast, village_meeting):
    """ruling 16"""
    make_case(number=8, surveyor=cast.lead)
    sitting = village_meeting(2)
    case = Case.objects.get(household__code=f"{VILLAGE}0008")
    page = text(login("lead").get(address(sitting) + f"?case={case.uuid}"))
    assert "须由他人决定" in page and "录入或修改过" in page and "乡镇一级的账号" in page
    assert "data-ballot" not in page


@pytest.fixture
def closed(meeting, hall):
    return lambda count=2: hall.close(hall.head(meeting(count)))


def test_closing_says_what_is_missing_while_the_head_is_empty(login, meeting):
    page = text(login("cadre").get(address(meeting(1))))
    assert "现在还不能结束" in page and "请填开会日期" in page and 'aria-disabled="true" disabled' in page


def test_a_forged_close_with_an_empty_head_is_refused_with_the_missing_items(login, meeting):
    sitting = meeting(1)
    response = login("cadre").post(address(sitting, "close/"), {"version": str(sitting.version), "count": "1", "rest_agree": "1"})
    assert response.status_code == 400 and "请填主持人" in text(response)
    assert not Verdict.objects.exists()


def test_a_second_click_on_close_shows_the_same_result(login, meeting, hall):
    """trust 3, 73"""
    sitting, client = hall.head(meeting(2)), login("cadre")
    body = {"version": str(sitting.version), "count": "2", "rest_agree": "1", "key": "one-close"}
    answers = [client.post(address(sitting, "close/"), body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Verdict.objects.count() == 2


def test_closing_again_by_another_page_says_that_it_is_closed(login, closed):
    sitting = closed()
    response = login("cadre").post(address(sitting, "close/"), {"version": str(sitting.version), "count": "2", "key": "other"})
    assert response.status_code == 409 and "已结束" in text(response) and "名单校验码" in text(response)


def test_a_list_that_grew_since_the_page_was_read_is_not_closed(login, meeting, hall, make_case):
    """trust 80: nobody is decided who was not on the page."""
    sitting, client = hall.head(meeting(2)), login("cadre")
    make_case(number=30)
    response = client.post(address(sitting, "close/"), {"version": str(sitting.version), "count": "2", "rest_agree": "1", "key": str(uuid.uuid4())})
    assert response.status_code == 412 and "原来 2 户，现在 3 户" in text(response)
    assert not Verdict.objects.exists()


def test_a_closed_meeting_shows_result_seal_and_no_form(login, closed):
    sitting = closed()
    page = text(login("cadre").get(address(sitting)))
    assert "锁定 2 户：2 户同意列入" in page and sitting.list_seal in page and "data-ballot" not in page


def test_a_dropped_meeting_says_so(login, meeting):
    sitting, client = meeting(1), login("cadre")
    assert client.post(address(sitting, "drop/"), {"key": "d"}).status_code == 302
    assert "已取消" in text(client.get(address(sitting)))


def test_only_those_without_an_answer_are_listed_on_demand(login, meeting):
    sitting, client = meeting(3), login("cadre")
    ballot(client, sitting, Case.objects.order_by("household__code").first())
    page = text(client.get(address(sitting) + "?show=blank"))
    assert page.count("未填</span></td>") == 2 and "张1</a>" not in page


@pytest.mark.parametrize("count", [3, 60])
def test_the_desk_costs_the_same_queries_for_3_and_for_60_households(login, meeting, django_assert_max_num_queries, count):
    sitting, client = meeting(count), login("cadre")
    client.get(address(sitting))
    cache.clear()
    with django_assert_max_num_queries(30):
        client.get(address(sitting))


def test_the_notes_of_a_verdict_are_not_shown_to_a_viewer(login, scope, meeting, hall):
    """ruling 6: free text may tell of an illness."""
    sitting = hall.head(meeting(1))
    case = Case.objects.get()
    save_ballot(scope=scope("cadre"), sitting=str(sitting.uuid), case=str(case.uuid), version=0, entry=BallotEntry("reject", note="MARKER-ILLNESS"))
    hall.close(sitting)
    url = address(sitting) + f"?case={case.uuid}"
    assert "MARKER-ILLNESS" in text(login("cadre").get(url))
    assert "MARKER-ILLNESS" not in text(login("viewer").get(url))


def test_an_answer_for_a_household_that_has_left_the_list_says_where_it_is_and_keeps_the_words(login, meeting, make_case):
    sitting, client = meeting(1), login("cadre")
    moved = make_case(number=20)
    Case.objects.filter(pk=moved.pk).update(stage="cy")
    response = ballot(client, sitting, moved, "reject", note="家里有商品房")
    assert response.status_code == 409 and "它在村议" in text(response) and "家里有商品房" in text(response)


def test_an_answer_that_comes_after_the_close_is_told_again(login, meeting, closed):
    sitting, client = closed(1), login("cadre")
    response = ballot(client, sitting, Case.objects.get(), "reject", note="家里有商品房")
    assert response.status_code == 409 and "家里有商品房" in text(response) and "已结束" in text(response)


def test_a_made_up_household_is_not_found(login, meeting):
    sitting = meeting(1)
    client = login("cadre")
    assert client.post(address(sitting, "ballots/"), {"case": "x", "opinion": "agree"}).status_code == 404
    assert client.get(address(sitting) + "?case=" + str(uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("stage, word, gates, document", [
    ("zp", "同意列入", False, False), ("cy", "同意列入", False, False), ("xh", "审核通过", True, False), ("xd", "审核通过", False, True),
])  # fmt: skip
def test_one_page_serves_every_stage_with_its_own_words_and_questions(login, hall, make_case, stage, word, gates, document):
    make_case(points=58)
    hall.up_to(stage)
    sitting = hall.open(stage)
    page = text(login(WHO[stage]).get(address(sitting)))
    assert f"<span>{word}</span>" in page
    assert ("是否有家族势力干扰" in page) is gates and ('name="document_no"' in page) is document
    assert ('name="votes_for"' in page) is (stage in ("zp", "cy"))


def test_a_list_in_which_one_household_changed_since_the_page_was_read_is_not_closed(login, hall, meeting):
    """trust 76, 80: the mark of the list goes with the page."""
    sitting, client = hall.head(meeting(2)), login("cadre")
    action = address(sitting, "close/")
    page = client.get(address(sitting))
    closing = {name: hidden(page, name, action) for name in ("version", "count", "mark", "key")} | {"rest_agree": "1"}
    Case.objects.filter(household__code=f"{VILLAGE}0001").update(version=9)
    assert client.post(action, closing).status_code == 412
    assert not Verdict.objects.exists()


def test_a_reader_of_a_closed_list_sees_a_household_sent_back_as_it_stood_then(hall, make_case, login):
    """Its votes and its round are those of the meeting, not those of today."""
    cases = [make_case(number=number) for number in (1, 2)]
    hall.up_to("xh")
    sitting = hall.ready("xh")
    hall.ballot(sitting, cases[0], "return", reasons=("no_proof",))
    hall.close(sitting)
    cases[0].refresh_from_db()
    assert cases[0].pass_no == 2
    page = text(login("township").get(f"/sittings/{sitting.uuid}/"))
    assert "第2轮" not in page and page.count("5 : 0</td>") == 2 and "村议通过 2 户" in page
