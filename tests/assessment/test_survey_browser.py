"""The form with scripts, in a real browser: running score, saving in the background, the ground of a contradiction."""

import os
import re
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no chromium"),
]


@pytest.fixture
def page(client, cast, live_server, make_household, round_):
    """The first look of household 1, opened by the cadre on a phone."""
    from playwright.sync_api import sync_playwright

    household = make_household(number=1, danger_level="C", structure="brick_wood", tap_water=True)
    client.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.add_cookies([cookie])
        opened = context.new_page()
        opened.goto(f"{live_server.url}/households/{household.code}/survey/")
        yield opened
        browser.close()


def test_the_running_score_follows_each_choice(page):
    before = int(page.inner_text("[data-role=points]"))
    page.check("input[value=A3-5]")
    assert int(page.inner_text("[data-role=points]")) == before + int(
        page.get_attribute("input[value=A3-5]", "data-points")
    )


def test_a_choice_against_the_facts_asks_for_its_ground_at_once(page):
    assert not page.is_visible("#note-A2")
    page.check("input[value=A2-4]")
    assert page.is_visible("#note-A2")


def test_a_choice_is_saved_by_itself_within_ten_seconds(page):
    from assessment.models import Survey

    page.check("input[value=A3-5]")
    page.wait_for_selector("[data-role=saved][data-state=done]", timeout=10_000)
    assert re.fullmatch(r"已保存 \d\d:\d\d:\d\d", page.inner_text("[data-role=saved]").strip())
    assert Survey.objects.get().answers[2] == "5"


def test_without_a_network_a_banner_says_that_nothing_is_saved(page):
    page.context.set_offline(True)
    page.check("input[value=A3-5]")
    page.wait_for_selector("[data-role=offline]", state="visible", timeout=10_000)


def test_the_form_does_not_scroll_sideways_on_a_phone(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
