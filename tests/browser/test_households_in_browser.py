"""Registering a household on a phone; a cadre at an office desk."""

import pytest

from tests.browser.conftest import PHONE, overflows
from tests.ground import made_up_id

pytestmark = pytest.mark.browser


def _fill_with_keyboard(page, label: str, value: str) -> None:
    page.get_by_label(label).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(value)


def test_a_cadre_registers_a_household_on_a_phone_after_the_error_summary_showed_what_was_missing(visit, watch):
    from households.models import Household

    watch.expects(400)
    page = visit("cadre", PHONE)
    page.goto("/households/")
    page.get_by_role("link", name="登记新农户").first.click()
    _fill_with_keyboard(page, "姓名", "向大山")
    _fill_with_keyboard(page, "证件号码", "522399196001010011")
    page.get_by_role("button", name="登记这一户").focus()
    page.keyboard.press("Enter")

    summary = page.get_by_role("alert")
    assert "没有保存" in summary.inner_text()
    assert page.get_by_label("姓名").first.input_value() == "向大山"
    assert not overflows(page)
    first = summary.get_by_role("link").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == first.get_attribute("href").removeprefix("#")
    assert Household.objects.count() == 0

    assert page.get_by_label("与户主关系").first.input_value() == "01"
    _fill_with_keyboard(page, "证件号码", made_up_id(77))
    page.get_by_role("button", name="登记这一户").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/households/4228271022000001/edit/?section=members**")  # the box that the error summary led to stays in the address
    assert "向大山" in page.get_by_role("heading", level=1).inner_text()
    assert Household.objects.get().head_name == "向大山"


def test_two_cadres_who_change_the_same_household_see_both_values_and_neither_is_lost(visit, watch, make_household):
    watch.expects(412)
    household = make_household(net_income_per_head=2000)
    address = f"/households/{household.code}/edit/?section=home"
    mine, theirs = visit("cadre"), visit("lead", PHONE)
    mine.goto(address)
    theirs.goto(address)
    theirs.get_by_label("人均纯收入").fill("2600")
    theirs.get_by_role("button", name="保存并返回").click()
    theirs.wait_for_url(f"**/households/{household.code}/")

    mine.get_by_label("人均纯收入").fill("3100")
    mine.get_by_role("button", name="保存并返回").click()
    clash = mine.get_by_role("alert").inner_text()
    assert "2600" in clash.replace(",", "")
    assert "3100" in clash.replace(",", "")
    assert mine.get_by_label("人均纯收入").input_value() == "3100"
    household.refresh_from_db()
    assert household.net_income_per_head == 2600


def test_a_clerk_walks_the_list_with_j_k_and_enter(visit, make_household):
    for number in (1, 2, 3):
        make_household(number=number)
    page = visit("township")
    page.goto("/households/")
    for key in ("j", "j", "j", "k", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/households/4228271022000002/")
