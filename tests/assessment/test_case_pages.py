"""变更 and 终止 as pages: what will happen is said first, done once, and by those who may (issue 3.4; ruling 19; trust 3)."""

import pytest
from list_ground import Ground

from assessment.models import Amendment, Case
from core.models import AuditRow
from households.models import Household

pytestmark = pytest.mark.once  # what a page shows is the same on any database

BODY = {"subject": "house", "reason": "房屋已改建，面积有变", "key": "k-1"}
ENDING = {"reason": "given_up", "note": "本人签字放弃，声明已上传", "key": "k-2"}


@pytest.fixture
def ground(scope, cast):
    return Ground(scope, cast)


@pytest.fixture
def case(make_case, ground):
    made = make_case(1)
    ground.to("xh", [made])
    return Case.objects.select_related("household").get(pk=made.pk)


def address(case, what: str) -> str:
    return f"/households/{case.household.code}/{what}/"


def test_the_change_page_says_which_decisions_fall_and_where_the_household_goes(case, login):
    text = login("cadre").get(address(case, "amend")).content.decode()
    assert "组评（" in text and "村议（" in text and "退回到<b>组评</b>" in text and "同村其他户不受影响" in text


def test_a_cadre_changes_and_is_led_to_the_form_that_is_open_now(case, login):
    client = login("cadre")
    answer = client.post(address(case, "amend"), BODY)
    assert answer.status_code == 302 and answer.url == address(case, "edit")
    assert client.get(answer.url).status_code == 200 and not Household.objects.get(pk=case.household_id).hold


def test_a_change_sent_twice_is_one_change(case, login):
    client = login("cadre")
    first, second = (client.post(address(case, "amend"), BODY) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302) and Amendment.objects.count() == 1


def test_a_change_without_a_reason_keeps_what_was_typed(case, login):
    page = login("cadre").post(address(case, "amend"), BODY | {"reason": "改"})
    assert page.status_code == 400 and "变更理由：至少写 4 字，现有 1 字。" in page.content.decode() and not Amendment.objects.exists()
    assert 'value="k-1"' in page.content.decode()


def test_a_subject_that_is_not_on_the_form_is_refused(case, login):
    assert login("cadre").post(address(case, "amend"), BODY | {"subject": "standing"}).status_code == 400


def test_the_reason_of_a_change_is_sealed_and_not_on_the_trail(case, login):
    login("cadre").post(address(case, "amend"), BODY)
    assert BODY["reason"] not in Amendment.objects.get().reason_enc
    assert BODY["reason"] not in str(AuditRow.objects.filter(action="case.amend").get().detail)


@pytest.mark.parametrize("who", ["township", "county", "viewer"])
def test_an_office_is_refused_the_change_page(case, login, who):
    assert login(who).get(address(case, "amend")).status_code == 403


def test_a_household_that_is_not_locked_is_told_so(make_case, login):
    fresh = make_case(3)
    text = login("cadre").get(f"/households/{fresh.household.code}/amend/").content.decode()
    assert "没有锁定，可以直接修改" in text and "办理变更，退回" not in text


def test_a_change_of_a_household_with_an_objection_says_to_wait(case, login):
    Case.objects.update(state="held")
    client = login("cadre")
    assert "有异议正在核查" in client.get(address(case, "amend")).content.decode()
    assert client.post(address(case, "amend"), BODY).status_code == 409


def test_the_end_page_says_that_there_is_no_way_back_and_asks_for_the_signed_paper(case, login):
    text = login("lead").get(address(case, "end")).content.decode()
    assert "不能恢复" in text and f"case={case.uuid}&amp;kind=waiver" in text


def test_a_lead_ends_a_case_once(case, login):
    client = login("lead")
    answers = [client.post(address(case, "end"), ENDING).status_code for _ in range(2)]
    ended = Case.objects.get(pk=case.pk)
    assert answers == [302, 302] and (ended.state, ended.end_reason) == ("ended", "given_up")


def test_a_cadre_may_not_end_a_case(case, login):
    assert login("cadre").post(address(case, "end"), ENDING).status_code == 403
    assert Case.objects.get(pk=case.pk).state == "open"


def test_the_buttons_on_the_household_page_are_for_those_who_may(case, login):
    def buttons(who):
        text = login(who).get(f"/households/{case.household.code}/").content.decode()
        return {name for name in ("办理变更", "终止评议", "打印一户一档") if f">{name}<" in text or f"{name}</a>" in text}

    assert buttons("cadre") == {"办理变更", "打印一户一档"}
    assert buttons("lead") == {"办理变更", "终止评议", "打印一户一档"}
    assert buttons("township") == {"终止评议", "打印一户一档"} and buttons("viewer") == {"打印一户一档"}
