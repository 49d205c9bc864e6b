"""Nothing that a cadre types is lost: another machine, a session that ends, a second window, a cut line, a shared computer (trust 5 to 9)."""

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

from core.models import FormDraft
from tests.browser.conftest import PHONE, overflows
from tests.ground import PASSWORD, made_up_id

pytestmark = pytest.mark.browser
NEW = "/households/new/"
NAME, NUMBER = "[name=members-0-name]", "[name=members-0-identity]"
LEFT_BEHIND = "async () => localStorage.length + sessionStorage.length + (await caches.keys()).length + (await indexedDB.databases()).length"


def _type(page, name: str, soon: bool = True) -> None:
    """`soon`: the page is looked at again, which saves at once instead of at the next round."""
    page.fill(NAME, name)
    if soon:
        page.evaluate("window.dispatchEvent(new Event('focus'))")


def _kept(page) -> None:
    expect(page.locator("[data-role=draft-state]")).to_contain_text("草稿已存", timeout=10_000)


def _note(page, name: str):
    return page.locator(f"[data-role=draft-{name}]")


def _log_in(page, login: str) -> None:
    page.goto("/login/")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="工作台").wait_for()


def test_a_cadre_whose_machine_died_goes_on_at_another_one_and_registers_the_household(visit):
    from households.models import Household

    page = visit("cadre", PHONE)
    page.goto(NEW)
    page.fill(NUMBER, made_up_id(78))
    _type(page, "向大山", soon=False)
    _kept(page)  # within ten seconds, by itself
    page.context.close()

    other = visit("cadre", PHONE)
    other.goto(NEW)
    assert not overflows(other)
    other.get_by_role("link", name="接着填").click()
    other.wait_for_url("**draft=1")
    assert (other.input_value(NAME), other.input_value(NUMBER)) == ("向大山", made_up_id(78))
    assert other.locator(".fp-q__bad, .fp-err, [aria-invalid=true]").count() == 0
    other.get_by_role("button", name="登记这一户").last.click()
    other.wait_for_url("**/edit/?section=*")
    assert Household.objects.get().head_name == "向大山"
    assert not FormDraft.objects.exists()


def test_a_page_whose_session_ended_saves_again_for_the_same_person_only(visit, watch, cast):
    from django.contrib.sessions.models import Session

    watch.expects(403)
    page = visit("cadre", PHONE)
    page.goto(NEW)
    Session.objects.all().delete()
    _type(page, "向大山")
    _note(page, "signed-out").wait_for()

    window = page.context.new_page()
    _log_in(window, "lead")
    with page.expect_response(lambda answer: answer.url.endswith(NEW)):
        _type(page, "向大山川")
    page.get_by_role("button", name="登记这一户").last.click()
    assert _note(page, "signed-out").is_visible() and page.input_value(NAME) == "向大山川"
    assert not FormDraft.objects.exists()

    window.get_by_role("button", name="退出").click()
    _log_in(window, "cadre")
    _type(page, "向大山河")
    _kept(page)
    assert FormDraft.objects.get().user == cast.cadre
    assert _note(page, "signed-out").is_hidden()


@pytest.mark.long
def test_a_second_window_is_warned_and_overwrites_nothing_until_the_cadre_has_chosen(visit, watch, scope):
    from core.drafts import draft_of

    watch.expects(412)
    first = visit("cadre")
    second = first.context.new_page()
    first.goto(NEW)
    second.goto(NEW)
    stored = lambda: draft_of(scope("cadre"), "household.new", "new/422827102200").data()["members-0-name"]  # noqa: E731
    _type(first, "第一窗")
    _kept(first)
    _type(second, "第二窗")
    _note(second, "other").wait_for()
    assert stored() == "第一窗"
    second.get_by_role("button", name="用本窗口的").click()
    _kept(second)
    assert stored() == "第二窗"
    _type(first, "第一窗又写")
    _note(first, "other").wait_for()
    assert stored() == "第二窗"


@pytest.mark.long
def test_without_a_line_the_page_is_not_left_and_saves_by_itself_when_the_line_is_back(visit, watch):
    page = visit("cadre", PHONE)
    page.goto(NEW)
    page.context.set_offline(True)
    _type(page, "向大山")
    _note(page, "offline").wait_for()
    page.get_by_role("button", name="登记这一户").last.click()
    assert page.input_value(NAME) == "向大山"
    page.context.set_offline(False)
    _kept(page)
    assert _note(page, "offline").is_hidden()
    watch.faults = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_after_logging_out_the_browser_holds_nothing_that_was_typed(visit):
    page = visit("cadre")
    page.goto(NEW)
    page.fill(NUMBER, made_up_id(79))
    _type(page, "向大山")
    _kept(page)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/*")
    assert page.evaluate(LEFT_BEHIND) == 0
    page.go_back()
    page.wait_for_load_state()
    assert "向大山" not in page.content() and page.locator(NAME).count() == 0


@pytest.mark.long
def test_without_scripts_a_cadre_stores_a_draft_goes_on_and_enter_registers_the_household(visit):
    from households.models import Household

    page = visit("cadre", PHONE, js=False)
    page.goto(NEW)
    page.fill(NAME, "向大山")
    page.get_by_role("button", name="先存草稿").click()
    page.wait_for_url("**draft=1")
    assert page.input_value(NAME) == "向大山"
    page.fill(NUMBER, made_up_id(80))
    page.press(NUMBER, "Enter")
    page.wait_for_url("**/edit/?section=*")
    assert Household.objects.count() == 1
    assert not FormDraft.objects.exists()


LINE = {"offline": False, "latency": 600, "downloadThroughput": 6250, "uploadThroughput": 6250, "packetLoss": 5}  # 50 kbit/s


@pytest.mark.long
def test_on_a_line_of_50_kbit_a_cadre_fills_and_submits_the_whole_form(visit, make_household, round_):
    """Trust 15; what has been fetched once is kept by the browser, so each next page is its own text."""
    from assessment.models import Survey

    household = make_household(danger_level="C", structure="brick_wood", tap_water=True)
    page = visit("cadre", PHONE)
    page.set_default_timeout(120_000)
    page.goto(f"/households/{household.code}/survey/")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    weights, saves = [0], []
    line.on("Network.loadingFinished", lambda one: weights.append(weights.pop() + one["encodedDataLength"]))
    page.on("requestfinished", lambda one: saves.append(one.timing["responseEnd"]) if "x-autosave" in one.headers else None)
    for following in ("B", "C", "D", "E", "F", "review"):
        for question in page.locator("fieldset.fp-q").all():
            if question.locator("input:checked").count() == 0:
                question.locator("label.fp-opt").last.click()
        weights.append(0)
        page.locator("button[name=go][value=next]").click()
        page.wait_for_url(f"**look={following}*")
    page.get_by_role("button", name="提交评估表").click()
    page.wait_for_url(f"**/households/{household.code}/")
    assert Survey.objects.get().status == "submitted"
    assert max(weights) <= 40_000, weights
    assert saves and max(saves) <= 5_000, saves
