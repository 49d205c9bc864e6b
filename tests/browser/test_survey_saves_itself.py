"""The form on a bad line: it saves by itself, asks for a ground at once, says when nothing is saved (trust 5)."""

import re

import pytest

from assessment.models import Survey
from tests.browser.conftest import PHONE


@pytest.fixture
def form(visit, make_household, round_):
    """The first look of a household whose facts say C级, opened by the cadre on a phone."""
    household = make_household(number=1, danger_level="C", structure="brick_wood", tap_water=True)
    page = visit("cadre", PHONE)
    page.goto(f"/households/{household.code}/survey/")
    return page


@pytest.mark.long
def test_a_choice_against_the_facts_asks_for_its_ground_at_once(form):
    assert not form.is_visible("#note-A2")
    form.check("input[value=A2-4]")
    assert form.is_visible("#note-A2")


def test_a_choice_is_saved_by_itself_within_ten_seconds(form):
    form.check("input[value=A3-5]")
    form.wait_for_selector("[data-role=saved][data-state=done]", timeout=10_000)
    assert re.fullmatch(r"已保存 \d\d:\d\d:\d\d", form.inner_text("[data-role=saved]").strip())
    assert Survey.objects.get().answers[2] == "5"


@pytest.mark.long
def test_without_a_network_a_banner_says_that_nothing_is_saved(form, watch):
    form.context.set_offline(True)
    form.check("input[value=A3-5]")
    form.wait_for_selector("[data-role=offline]", state="visible", timeout=10_000)
    watch.faults = [fault for fault in watch.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
