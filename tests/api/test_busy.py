"""A database that gives up waiting is answered 503 with a time to come back, on a page and in the API, and nothing is written."""

import sqlite3

import pytest
from django.db import OperationalError, connection, transaction

from core.web import limits
from tests.standing import cast, db, places, standing  # noqa: F401


def _wait_in_vain(path) -> None:
    """A real time-out of the database that the suite runs on."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(2)")
    holder, late = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    try:
        holder.execute("BEGIN IMMEDIATE")
        late.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as locked:
        raise OperationalError(str(locked)) from locked
    finally:
        holder.close()
        late.close()


@pytest.fixture
def busy(monkeypatch, tmp_path):
    def put(name: str) -> None:
        monkeypatch.setattr(name, lambda *args, **kwargs: _wait_in_vain(tmp_path / "locked.sqlite3"))

    return put


def test_a_cadre_whose_page_waits_in_vain_is_told_to_come_back(client, cast, busy):
    client.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    busy("households.selectors.results_of")
    answer = client.get("/households/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "什么也没有写入" in answer.content.decode() and "返回上一页" in answer.content.decode()


def test_a_busy_database_before_the_view_is_no_fault_of_ours(client, cast, busy):
    client.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    busy("accounts.middleware.scope_of")
    client.raise_request_exception = False
    assert client.get("/households/").status_code == 503


def test_a_client_of_the_api_reads_the_same_as_json(api, busy):
    caller = api()
    busy("households.api.filtered")
    answer = caller.get("households/")
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "10", "busy")


def test_another_fault_of_the_database_is_not_called_busy():
    assert not limits.is_busy(OperationalError("no such table"))


def test_only_a_connection_opened_for_a_page_is_limited(settings):
    """Jobs and commands open theirs outside a request."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no statement time-out")
    other = connection.copy()
    try:
        assert _timeout(other) == "0"
        other.close()
        assert limits.DatabaseLimitsMiddleware(lambda request: _timeout(other))(None) == f"{settings.DB_STATEMENT_SECONDS}s"
    finally:
        other.close()


def _timeout(other) -> str:
    with other.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]
