"""What the server does for a line that is cut: forms sent by script, style sheets fetched once (trust 15)."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
GO_ON = {"X-Go-On": "1"}


def test_a_form_sent_by_script_is_told_where_to_go(login, make_household):
    household = make_household()
    sent = {"version": household.version, "section": "land", "cultivated_mu": "4", "then": "next"}
    answer = login("cadre").post(f"/households/{household.code}/edit/", sent, headers=GO_ON)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Go-To"] == f"/households/{household.code}/edit/?section=assets" and not answer.has_header("Location")


def test_a_form_sent_by_script_without_a_session_is_told_to_log_in(client, make_household):
    answer = client.post(f"/households/{make_household().code}/edit/", {}, headers=GO_ON)
    assert answer["X-Go-To"].startswith("/login/")


def test_a_form_token_of_the_session_before_sends_to_the_log_in_and_not_away_from_the_page(cast, make_household):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    answer = browser.post(f"/households/{make_household().code}/edit/", {}, headers=GO_ON)
    assert (answer.status_code, answer["X-Go-To"]) == (403, "/login/")


def test_a_style_sheet_that_the_browser_has_is_not_sent_again_though_it_was_compressed(client):
    first = client.get("/static/fupin/app.css", headers={"Accept-Encoding": "gzip"})
    again = client.get("/static/fupin/app.css", headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert (first.status_code, first["Content-Encoding"], again.status_code) == (200, "gzip", 304)
