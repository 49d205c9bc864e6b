"""Queries of every list page and API list, kept in `query_counts.json`: what a page costs is seen where it changes (ruling 31).

After a change that is meant: `FUPIN_RECORD=1 python3 manage.py test tests/api/test_query_counts.py -n0`, and read the difference.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.standing import cast, db, places, round_, standing  # noqa: F401

pytestmark = pytest.mark.once  # the file is written on SQLite; PostgreSQL reads a select box by a cursor of its own

KEPT = Path(__file__).parents[1] / "query_counts.json"
MOST = 3
VILLAGE, ROUND = "422827102200", "2016-SB"
FIXED = "/password/"
"""A page of nothing but its frame: session, account, assignments with who has asked one to stand in, county."""
PAGES = {
    "county": (
        "/households/", "/doubts/", "/coverage/", "/papers/", "/imports/", "/sittings/", "/rounds/", f"/rounds/{ROUND}/",
        f"/rounds/{ROUND}/villages/{VILLAGE}/", "/delegations/", "/notices/", "/objections/", "/jobs/", "/rubrics/",
        "/villages/merges/",
    ),
    "cadre": ("/households/", "/doubts/", "/coverage/", "/panels/"),
    "secadmin": ("/manage/assignments/",),
    "sysadmin": ("/manage/accounts/", "/manage/places/"),
    "auditor": ("/manage/audit/",),
}  # fmt: skip
API = ("divisions", "households", "members", "rubrics", "surveys", "rounds", "cases", "sittings", "notices", "objections", "jobs", "changes")
ASKED = [(role, address) for role, addresses in PAGES.items() for address in addresses]


RECORDING = bool(os.environ.get("FUPIN_RECORD"))


@pytest.fixture(scope="module")
def rows(standing):
    """Two households when the file is written, nine when a page is held against it: no list costs more because it is longer."""
    for number in range(1, 3 if RECORDING else 10):
        standing.make_case(number=number, points=58)


def _count(ask) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = ask()
    assert answer.status_code == 200, answer
    return sum(query["sql"].split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE") for query in found.captured_queries)


def _asker(client, user, address: str):
    client.force_login(user, backend="accounts.backends.LoginBackend")
    client.get(address)  # the first visit writes when the account was last seen
    return lambda: client.get(address)


def _kept(name: str, count: int) -> int:
    """What is on file; with FUPIN_RECORD the count is put there."""
    known = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    if RECORDING:
        known[name] = count
        KEPT.write_text(json.dumps(dict(sorted(known.items())), indent=1, ensure_ascii=False) + "\n")
    return known.get(name, -1)


@pytest.mark.parametrize("role, address", ASKED, ids=lambda value: value)
def test_a_list_page_costs_what_is_on_file_and_no_more_for_a_longer_list(role, address, rows, client, cast):
    ask = _asker(client, getattr(cast, role), address)
    name, count = f"{role} {address}", _count(ask)
    assert _kept(name, count) == count, f"{name}: {count} queries; see the head of this module"


@pytest.mark.parametrize("name", API)
def test_an_api_list_costs_what_is_on_file_and_no_more_for_a_longer_list(name, rows, api):
    caller = api()
    ask = lambda: caller.get(f"{name}/", **({"since": "0"} if name == "changes" else {}))  # noqa: E731
    ask()
    count = _count(ask)
    assert _kept(f"api {name}/", count) == count


ABOVE: dict[str, tuple[int, str]] = {
    "auditor /manage/audit/": (4, "reading the trail is on the trail: head, line and head again are three of the four"),
    "county /papers/": (6, "no list but a choice: places, rounds, groups, households, decisions by stage and meetings stand side by side"),
    "county /rounds/2016-SB/": (5, "no list but sums by place of four tables; one statement for all would count each household for every case"),
    "county /rounds/2016-SB/villages/422827102200/": (14, "the desk of a village: its line, groups, steps, meetings, notices, signatures and sums around the list"),
}
"""More than three beyond the frame, by name and with the reason. The list may only shrink."""


@pytest.mark.once
def test_no_list_page_costs_more_than_three_beyond_its_frame(rows, client, cast):
    frames = {role: _count(_asker(client, getattr(cast, role), FIXED)) for role in PAGES}
    known = json.loads(KEPT.read_text())
    beyond = {name: count - frames[name.split()[0]] for name, count in known.items() if not name.startswith("api ")}
    assert {name: count for name, count in beyond.items() if count > MOST} == {name: count for name, (count, _) in ABOVE.items()}
