"""What is left behind when a session ends."""

import pytest

pytestmark = pytest.mark.browser


def test_the_back_button_shows_nothing_personal_after_logging_out(visit, make_household):
    """Trust 8: a shared computer at a village office."""
    household = make_household()
    page = visit("cadre")
    page.goto("/households/")
    page.goto(f"/households/{household.code}/")
    assert "张1户" in page.content()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login/*")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert "张1" not in page.content()


def test_every_page_names_the_way_out_and_the_password_page(visit):
    page = visit("township")
    page.goto("/")
    page.get_by_title("改密码").click()
    page.get_by_role("heading", name="改密码").wait_for()
    assert page.get_by_role("button", name="退出").is_visible()
