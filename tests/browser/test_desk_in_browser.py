"""The desk of a meeting by keyboard, by thumb, and without scripts."""

import pytest

from assessment.models import Ballot, Sitting
from tests.assessment.meetings import Hall
from tests.browser.conftest import DESK, PHONE, overflows
from tests.browser.test_accessibility_and_width import axe  # noqa: F401

pytestmark = pytest.mark.browser


@pytest.fixture
def meeting(scope, round_, make_case):
    """乡核 of a village with 40 households, its head filled."""
    hall = Hall(scope)
    for number in range(1, 41):
        make_case(number=number, points=30 + number)
    hall.up_to("xh")
    return hall.ready("xh", group=None)


def _address(sitting: Sitting) -> str:
    return f"/sittings/{sitting.uuid}/"


def test_a_clerk_decides_by_keys_and_keeps_the_place_in_the_list(visit, meeting):
    page = visit("township")
    page.goto(_address(meeting))
    for number in range(1, 21):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.locator(".fp-tally .small b", has_text=str(number)).first.wait_for()
    assert set(Ballot.objects.values_list("opinion", flat=True)) == {"agree"} and Ballot.objects.count() == 20
    row = page.locator("tr[aria-selected]").bounding_box()
    roll = page.locator("[data-roll]").bounding_box()
    assert roll["y"] <= row["y"] and row["y"] + row["height"] <= roll["y"] + roll["height"]
    before = page.locator("#hh-h").inner_text()
    page.keyboard.press("j")
    page.wait_for_function("name => document.querySelector('#hh-h').innerText !== name", arg=before)
    page.keyboard.press("k")
    page.wait_for_function("name => document.querySelector('#hh-h').innerText === name", arg=before)
    page.keyboard.press("2")
    page.get_by_text("缺证明材料").first.click()
    page.get_by_label("补充说明").fill("123 请补工资证明")
    page.get_by_role("button", name="记下，看下一户").click()
    page.locator(".fp-tally .small b", has_text="21").first.wait_for()
    assert Ballot.objects.get(opinion="return").reasons == ["no_proof"]
    page.go_back()
    page.locator("#hh-h").wait_for()


@pytest.mark.long
def test_a_refused_answer_keeps_what_was_typed_and_says_why(visit, watch, meeting):
    watch.expects(400)
    page = visit("township")
    page.goto(_address(meeting))
    page.keyboard.press("3")
    page.get_by_role("button", name="记下，看下一户").click()
    page.get_by_text("不予通过须写明理由").first.wait_for()
    assert page.locator("input[value=reject]").is_checked()


def test_a_clerk_with_a_phone_sees_the_list_first_then_one_household_with_three_answers_at_the_thumb(visit, meeting, axe):
    page = visit("township", PHONE)
    page.goto(_address(meeting))
    assert page.locator("[data-roll]").is_visible() and not page.locator("#hh").is_visible()
    page.locator("[data-roll] tbody a").first.click()
    page.locator("#hh").wait_for()
    keys = page.locator(".fp-keys").bounding_box()
    assert keys["y"] + keys["height"] <= PHONE["height"] and keys["y"] > PHONE["height"] - 120
    assert not overflows(page) and axe(page) == []
    page.locator("label.fp-key--agree").click()
    page.get_by_role("button", name="记下，看下一户").click()
    page.get_by_text("已记下").wait_for()
    assert Ballot.objects.count() == 1


@pytest.mark.long  # test_accessibility_and_width looks at a shorter meeting
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_desk_and_the_list_of_meetings_have_no_grave_fault_and_are_not_pushed_sideways(visit, meeting, axe, size):
    page = visit("township", size)
    for address in ("/sittings/", _address(meeting), f"/sittings/new/?round=2016-SB&stage=xh&village={meeting.village.code}"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        assert axe(page) == [] and not overflows(page), address


@pytest.mark.long
def test_the_whole_list_is_closed_without_scripts(visit, meeting):
    page = visit("township", js=False)
    page.goto(_address(meeting))
    page.locator("label.fp-key--reject").click()
    page.get_by_label("补充说明").fill("有小汽车")
    page.get_by_role("button", name="记下，看下一户").click()
    page.get_by_text("已记下").wait_for()
    page.get_by_label("其余 39 户全部审核通过").check()
    assert page.get_by_text("将锁定 40 户名单：39 户审核通过送县定，1 户不予通过").is_visible()
    page.get_by_role("button", name="锁定名单").click()
    page.get_by_role("heading", name="名单已锁定").wait_for()
    assert Sitting.objects.get(pk=meeting.pk).counts["agree"] == 39
