"""Ruling 28: before a list is locked the password is asked again, once per sitting; the demo does not ask."""

from uuid import uuid4

import pytest

from accounts.reauth import CONFIRMED
from core.models import AuditRow
from tests.ground import PASSWORD

CLOSE = f"/sittings/{uuid4()}/close/"


@pytest.fixture
def late(login, settings):
    """A lead whose log-in is longer ago than the setting allows."""
    settings.REAUTH_MINUTES = 15
    client = login("lead")
    client.get("/")
    session = client.session
    session["started_at"] -= 16 * 60
    session.save()
    return client


def test_a_lead_of_the_demo_is_not_asked(login):
    assert login("lead").post(CLOSE, {}).status_code == 404


def test_a_lead_who_logged_in_long_ago_is_asked_before_locking(late):
    answer = late.post(CLOSE, {})
    assert answer.status_code == 302 and answer.url.startswith("/password/confirm/?next=%2Fsittings%2F")


def test_a_lead_who_typed_it_again_goes_on(late):
    answer = late.post("/password/confirm/?next=/sittings/", {"password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/sittings/")
    assert late.post(CLOSE, {}).status_code == 404  # past the question: there is no such sitting
    assert AuditRow.objects.filter(action="account.confirm", result="ok").exists()


def test_a_wrong_password_confirms_nothing_and_is_on_the_trail(late):
    answer = late.post("/password/confirm/?next=/sittings/", {"password": "wrong-horse-1949"})
    assert answer.status_code == 200 and "密码不对" in answer.content.decode()
    assert CONFIRMED not in late.session
    assert AuditRow.objects.order_by("-seq").first().result == "denied"


def test_the_page_leads_nowhere_but_back_to_this_site(late):
    answer = late.post("/password/confirm/?next=//evil.example/", {"password": PASSWORD})
    assert answer.url == "/"
