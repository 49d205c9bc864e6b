"""Everything of a list, one object a line: the same rows and the same values as the pages, whatever the database writes them with."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import OperationalError

from core.api.paging import Keyset, encode
from core.api.renderers import OrjsonRenderer
from core.api.streams import lines
from core.models import AuditRow
from households.api import HOUSEHOLD, MEMBER
from households.models import Household, Membership

HOME, NEAR = "422827102200", "422827102201"
BY_CODE = Keyset(("code",))
FULL = {
    "area_m2": Decimal("80.00"), "cultivated_mu": Decimal("3.10"), "forest_mu": Decimal("0.05"), "road_km": Decimal("0"),
    "water_safe": True, "tap_water": False, "hold": True, "standing_since": date(2016, 5, 1), "net_income_per_head": 2952,
    "appliances": ["01", "02"], "needs": [], "head_name": '张"三\\\n\u2028}',
}  # fmt: skip


@pytest.fixture
def homes(make_household):
    """Nulls, and every kind of value; with and without part of a second; without a group; closed."""
    made = [make_household(HOME if number < 3 else NEAR, number) for number in (1, 2, 3, 4)]
    whole, part = datetime(2016, 5, 1, 4, tzinfo=UTC), datetime(2016, 5, 1, 23, 59, 59, 120_000, tzinfo=UTC)
    for household, values in zip(made, ({"updated_at": whole}, FULL | {"updated_at": part}, {"group": None}, {"closed_on": date(2016, 3, 1)}), strict=True):
        Household.objects.filter(pk=household.pk).update(**values)
    return made


def read(response) -> list[dict]:
    assert response.status_code == 200 and response["Content-Type"] == "application/x-ndjson"
    text = b"".join(response).decode()
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def paged(scope) -> list[dict]:
    found, cursor = [], ""
    while cursor is not None:
        rows, last = HOUSEHOLD.page(Household.objects.visible_to(scope), scope, BY_CODE, cursor, 2)
        found += json.loads(OrjsonRenderer().render(rows))
        cursor = None if last is None else encode(last)
    return found


@pytest.mark.parametrize("who", ["cadre", "viewer"])
@pytest.mark.parametrize("chunk", [1, 2, 2000])
def test_each_line_says_what_the_page_says(homes, scope, monkeypatch, chunk, who):
    """By the field classes of a caller who sees amounts, and of one who does not."""
    monkeypatch.setattr("core.api.streams.CHUNK", chunk)
    caller = scope(who)
    parts = list(lines(HOUSEHOLD, Household.objects.visible_to(caller), caller, BY_CODE))
    streamed = [json.loads(line) for line in b"".join(parts).decode().split("\n")[:-1]]
    assert streamed == paged(caller) and len(streamed) >= 2
    assert [list(row) == list(streamed[0]) for row in streamed] == [True] * len(streamed)
    assert ("net_income_per_head" in streamed[0]) is (who == "cadre")


def test_a_stream_has_the_rows_and_filters_of_the_list(api, homes):
    caller = api()
    for query in ({}, {"closed": "true"}, {"village": NEAR}, {"q": HOME}):
        answer = caller.get("households/stream/", **query)
        rows = read(answer)
        assert rows == caller.every("households/", **query), query
        assert answer["X-Row-Count"] == str(len(rows))
    assert {row["village"] for row in read(api(NEAR).get("households/stream/"))} == {NEAR}


def test_a_stream_is_written_to_the_trail_before_the_first_line(api, homes):
    api().get("households/stream/", village=HOME)
    row = AuditRow.objects.get(action="api.read", result="ok")
    assert (row.detail["rows"], row.detail["filters"]) == (2, ["village"])


def test_what_a_stream_refuses_is_said_as_one_object(api, homes):
    caller = api()
    assert api(None).get("households/stream/").status_code == 401
    for name in ("page_size", "cursor", "nonsense"):
        answer = caller.get("households/stream/", **{name: "1"})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [name])
    answer = caller.get("households/stream/", headers={"accept": "application/x-ndjson"}, x="1")
    assert json.loads(answer.content)["code"] == "bad_input"


def test_a_database_that_is_busy_is_told_before_anything_is_sent(api, homes, monkeypatch):
    def cut(*args):
        raise OperationalError("cancelled") from type("Cut", (Exception,), {"pgcode": "57014"})()
        yield b""

    monkeypatch.setattr("core.api.streams.lines", cut)
    assert api().get("households/stream/").json()["code"] == "busy"


def test_an_attribute_that_python_makes_is_not_left_to_the_database(scope):
    with pytest.raises(ValueError, match="id_number"):
        next(lines(MEMBER, Membership.objects.visible_to(scope("cadre")), scope("cadre"), Keyset(("id",))))
