"""Every right except the needed one: a county officer who holds all rights of the system but those that a page asks for is refused there,
and nothing changes (issue 5.8; trust A1)."""

import pytest
from django.test import Client
from django.urls import resolve

from accounts import roles
from core.models import AuditRow
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module
from tests.test_route_walk import WALK, _call, _state, laid, world  # noqa: F401  # the ground of the route walk: a row of everything

pytestmark = pytest.mark.once


def needed(row) -> frozenset[str]:
    return getattr(resolve(row.url.partition("?")[0]).func, "rights", frozenset())


GUARDED = [row for row in WALK if needed(row)]
OPEN = {"home", "login", "logout", "password", "password_confirm", "job", "jobs", "job_status", "job_cancel", "job_file", "draft_save", "draft_discard", "drafts"}
"""What everybody has: one's own account, jobs and drafts."""


@pytest.fixture
def officer(world, cast):
    """`officer(rights)` → a browser of the county whose role holds every right but those."""

    def enter(patch, without: frozenset[str]) -> Client:
        patch.setattr(roles, "RIGHTS", {right: frozenset() if right in without else frozenset({roles.COUNTY}) for right in roles.RIGHTS})
        patch.setattr(roles, "FIELD_RIGHTS", dict.fromkeys(roles.FIELD_RIGHTS, frozenset({roles.COUNTY})))
        client = Client(raise_request_exception=False)
        client.force_login(cast.county, backend="accounts.backends.LoginBackend")
        return client

    return enter


def test_the_walk_meets_most_pages_behind_a_right():
    assert len(GUARDED) > 90


def test_whoever_lacks_only_the_needed_right_is_refused_and_changes_nothing(officer, monkeypatch):
    wrong = []
    for row in GUARDED:
        with monkeypatch.context() as patch:
            client = officer(patch, needed(row))
            before = _state()
            status = _call(client, row).status_code
        if status != 403:
            wrong.append(f"{row}: {status}")
        elif AuditRow.objects.order_by("-seq").first().result != "denied":
            wrong.append(f"{row}: not on the trail")
        if _state() != before:
            wrong.append(f"{row}: changed the database")
    assert wrong == []


def test_whoever_holds_the_needed_right_and_all_others_comes_in(officer, monkeypatch):
    """So it is the one right that refuses: with it no page of reading answers 403."""
    refused = []
    for row in GUARDED:
        if row.method == "GET":
            with monkeypatch.context() as patch:
                refused += [str(row)] if _call(officer(patch, frozenset()), row).status_code == 403 else []
    assert refused == []


def test_a_page_without_a_right_is_one_that_everybody_has():
    assert {row.name for row in WALK if not needed(row) and not row.public} - OPEN == set()
