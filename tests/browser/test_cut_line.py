"""The line is cut behind a press: the server has done it, the answer never comes. Nothing is lost, nothing is done twice (trust 5, 15)."""

import pytest

from tests.browser.conftest import PHONE
from tests.ground import made_up_id

pytestmark = pytest.mark.browser


def _lose_the_answer(page, address: str) -> list[int]:
    """The first POST to `address` arrives and its answer is lost; how each one ended on the server."""
    ended = []

    def pass_on(route):
        if route.request.method != "POST":
            return route.fallback()
        answer = route.fetch(max_redirects=0)
        ended.append(answer.status)
        return route.abort() if len(ended) == 1 else route.fulfill(response=answer)

    page.route(address, pass_on)
    return ended


def _forgive(watch) -> None:
    watch.faults = [fault for fault in watch.faults if "net::ERR_FAILED" not in fault]


def test_a_cadre_whose_submission_was_cut_off_ends_on_the_household_with_one_survey(visit, make_household, round_, watch):
    from assessment.models import Survey

    household = make_household(danger_level="C", structure="brick_wood", tap_water=True)
    page = visit("cadre", PHONE)
    page.goto(f"/households/{household.code}/survey/")
    for _ in range(7):
        if page.locator("button[formaction]").count():
            break
        for question in page.locator("fieldset.fp-q").all():
            if not question.locator("input:checked").count():
                question.locator("input[type=radio]").last.check()
        before = page.url
        page.locator(".fp-go--fixed .btn-primary").click()
        page.wait_for_function("url => location.href !== url", arg=before)
        page.wait_for_load_state()
    ended = _lose_the_answer(page, "**/survey/submit/")
    page.get_by_role("button", name="提交评估表").click()
    page.locator("[data-role=waiting]").wait_for()
    assert "还没有得到回音" in page.inner_text("[data-role=waiting]")
    page.wait_for_url(f"**/households/{household.code}/")
    assert (ended, [one.status for one in Survey.objects.all()]) == ([200, 200], ["submitted"])
    _forgive(watch)


def test_a_cadre_whose_registration_was_cut_off_ends_in_the_one_household(visit, watch):
    from households.models import Household

    page = visit("cadre", PHONE)
    page.goto("/households/new/")
    page.fill("[name=members-0-name]", "向大山")
    page.fill("[name=members-0-identity]", made_up_id(81))
    _lose_the_answer(page, "**/households/new/")
    page.locator(".fp-go--fixed .btn-primary").click()
    page.locator("[data-role=waiting]").wait_for()
    assert page.input_value("[name=members-0-name]") == "向大山"
    page.wait_for_url("**/edit/?section=members")
    assert Household.objects.count() == 1
    assert page.get_by_text("已登记").count()
    _forgive(watch)


def test_a_refusal_takes_the_place_of_the_page_and_keeps_what_was_typed(visit, watch):
    watch.expects(400)
    page = visit("cadre", PHONE)
    page.goto("/households/new/")
    page.fill("[name=members-0-name]", "向大山")
    page.fill("[name=members-0-identity]", "522399")
    page.locator(".fp-go--fixed .btn-primary").click()
    page.locator(".fp-err").wait_for()
    assert page.input_value("[name=members-0-name]") == "向大山"
    page.fill("[name=members-0-identity]", made_up_id(82))
    page.locator(".fp-go--fixed .btn-primary").click()
    page.wait_for_url("**/edit/?section=members")
