"""The 六看 form: on a phone, without scripts, against a colleague, and over the end of a session."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, overflows
from tests.ground import PASSWORD

pytestmark = pytest.mark.browser
TIERS = ((50, "政策兜底户"), (70, "低保贫困户"), (80, "一般贫困户"), (100, "脱贫户"))


@pytest.fixture
def household(make_household, round_):
    return make_household(danger_level="C", structure="brick_wood", tap_water=True)


def _address(household) -> str:
    return f"/households/{household.code}/survey/"


def _fill_look(page) -> int:
    """Answer what the household's facts have not answered; the points of the look as the options name them."""
    points = 0
    for question in page.locator("fieldset.fp-q").all():
        if question.locator("input:checked").count() == 0:
            question.locator("label.fp-opt").last.click()
        points += int(question.locator("input:checked").get_attribute("data-points"))
    return points


def _fill_all(page) -> int:
    total = 0
    for following in ("B", "C", "D", "E", "F", "review"):
        total += _fill_look(page)
        page.locator("button[name=go][value=next]").click()
        page.wait_for_url(f"**look={following}*")
        assert not overflows(page)
    return total


def test_a_cadre_without_scripts_fills_the_whole_form_on_a_phone_submits_it_and_sees_score_and_tier(visit, household):
    """With scripts it is part of the first household's journey (test_first_household)."""
    from assessment.models import Survey

    page = visit("cadre", PHONE, js=False)
    page.goto(_address(household))
    total = _fill_all(page)
    tier = next(name for most, name in TIERS if total <= most)
    page.get_by_role("button", name="提交评估表").click()
    page.wait_for_url(f"**/households/{household.code}/")
    panel = page.get_by_role("region", name="六看评估").first.inner_text()
    assert f"{total}" in panel
    assert tier in panel
    form = Survey.objects.get()
    assert (form.status, form.score.points) == ("submitted", total)


def test_the_running_score_follows_the_answers_without_loading_a_page(visit, household):
    page = visit("cadre", PHONE)
    page.goto(_address(household))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    shown = lambda role: int(page.locator(f"[data-survey-bar] [data-role={role}]").first.inner_text())  # noqa: E731
    answered, points = shown("answered"), shown("points")
    checked = [int(one.get_attribute("data-points")) for one in page.locator("fieldset.fp-q input:checked").all()]
    questions = page.locator("fieldset.fp-q").count()
    look = _fill_look(page)
    assert shown("points") == points - sum(checked) + look
    assert shown("answered") == answered - len(checked) + questions
    assert asked == []


def test_a_submission_with_gaps_is_refused_and_each_gap_is_one_press_away(visit, watch, household):
    watch.expects(400)
    page = visit("cadre", PHONE)
    page.goto(_address(household))
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**look=A*")
    page.goto(_address(household) + "?look=review")
    page.get_by_role("button", name="提交评估表").click()
    first = page.get_by_role("alert").get_by_role("link").first
    name = first.inner_text()
    first.click()
    page.wait_for_url("**#*")
    target = page.url.split("#")[1]
    assert name in page.locator(f"#{target} legend").inner_text()
    expect(page.locator(f"#{target} legend")).to_be_in_viewport()
    assert (
        page.locator(f"#{target} legend").bounding_box()["y"]
        >= page.locator("[data-survey-bar]").bounding_box()["height"]
    )


def test_an_answer_against_the_facts_shows_both_values_at_once_and_the_ground_is_kept(visit, household):
    page = visit("cadre", PHONE)
    page.goto(_address(household))
    question = page.locator("#A2")
    question.get_by_text("A级", exact=True).click()
    ground = question.locator("[data-role=ground]")
    expect(ground).to_contain_text("这里选“A级”，户信息应为“C级”：危房鉴定等级为C级。")
    question.get_by_text("B级", exact=True).click()
    expect(ground).to_contain_text("这里选“B级”")
    ground.get_by_label("保留答案的依据").fill("去年加固过。")
    assert not overflows(page)
    question.get_by_role("button", name="去改户信息").click()
    page.wait_for_url("**/edit/?section=house&next=**")
    page.goto(_address(household))
    expect(ground.get_by_label("保留答案的依据")).to_have_value("去年加固过。")
    question.locator("label", has_text="C级").click()
    expect(ground).to_be_hidden()


def test_a_second_window_of_the_same_draft_is_warned_and_a_single_one_is_not(visit, household):
    page = visit("cadre")
    page.goto(_address(household))
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_url("**look=A*")
    page.goto(_address(household))
    page.wait_for_timeout(700)
    expect(page.locator("[data-role=elsewhere]")).to_be_hidden()
    window = page.context.new_page()
    window.goto(_address(household))
    expect(window.locator("[data-role=elsewhere]")).to_contain_text("在另一个窗口也开着")


def test_two_cadres_on_one_form_see_both_answers_and_choose(visit, watch, household):
    from assessment.form_state import current_survey
    from assessment.models import Round

    watch.expects(412)
    mine, theirs = visit("cadre"), visit("lead", PHONE)
    for page in (mine, theirs):
        page.goto(_address(household))
    theirs.locator("fieldset.fp-q").nth(2).locator("label.fp-opt").first.click()
    theirs.locator("button[name=go][value=next]").click()
    theirs.wait_for_url("**look=B*")

    mine.locator("fieldset.fp-q").nth(2).locator("label.fp-opt").last.click()
    typed = mine.locator("fieldset.fp-q").nth(2).locator("label.fp-opt").last.locator("span").first.inner_text()
    options = mine.locator("fieldset.fp-q").nth(2).locator("label.fp-opt").count()
    stored = mine.locator("fieldset.fp-q").nth(2).locator("label.fp-opt").first.locator("span").first.inner_text()
    mine.locator("button[name=go][value=next]").click()
    mine.get_by_role("heading", name="没有保存").wait_for()
    row = mine.get_by_role("row").filter(has_text=typed).inner_text()
    assert stored in row
    mine.get_by_role("button", name="按选好的保存").click()
    mine.wait_for_url("**look=B*")
    answers = current_survey(household, Round.objects.get(), "draft").answers
    assert answers[2] == str(options)


@pytest.mark.long
def test_a_session_that_ends_over_an_open_form_costs_no_answer(visit, household, cast):
    from django.contrib.sessions.models import Session

    page = visit("cadre", PHONE)
    page.goto(_address(household))
    Session.objects.all().delete()
    _fill_look(page)
    page.locator("button[name=go][value=next]").click()
    banner = page.locator("[data-role=signed-out]")
    with page.context.expect_page() as opened:
        banner.get_by_role("link").click()
    window = opened.value
    window.get_by_label("账号").fill("cadre")
    window.get_by_label("密码").fill(PASSWORD)
    window.get_by_role("button", name="登录").click()
    window.get_by_role("heading", name="工作台").wait_for()
    window.close()

    page.locator("button[name=go][value=next]").click()
    page.wait_for_url("**look=B*")
    page.goto(_address(household))
    assert page.locator("fieldset.fp-q").filter(has_not=page.locator("input:checked")).count() == 0


def test_a_form_left_open_on_a_shared_computer_is_not_saved_under_the_next_person(visit, household, cast):
    from django.contrib.sessions.models import Session

    from assessment.models import Survey

    page = visit("cadre", PHONE)
    page.goto(_address(household))
    Session.objects.all().delete()
    _fill_look(page)
    page.locator("button[name=go][value=next]").click()
    page.locator("[data-role=signed-out]").wait_for()
    window = page.context.new_page()
    window.goto("/login/")
    window.get_by_label("账号").fill("lead")
    window.get_by_label("密码").fill(PASSWORD)
    window.get_by_role("button", name="登录").click()
    window.get_by_role("heading", name="工作台").wait_for()

    page.locator("button[name=go][value=next]").click()
    page.wait_for_timeout(500)
    assert page.locator("[data-role=signed-out]").is_visible()
    assert not Survey.objects.exists()


@pytest.mark.parametrize("name", ["next", pytest.param("A", marks=pytest.mark.long)])
def test_a_button_pressed_without_a_network_keeps_the_page_and_what_is_on_it(visit, watch, household, name):
    page = visit("cadre", PHONE)
    page.goto(_address(household))
    page.context.set_offline(True)
    _fill_look(page)
    page.locator(f".fp-go button[name=go][value={name}]").click()
    page.locator("[data-role=offline]").wait_for()
    page.context.set_offline(False)
    page.locator(".fp-go button[name=go][value=next]").click()
    page.wait_for_url("**look=B*")
    watch.faults = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
