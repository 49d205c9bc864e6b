"""Every form of the list, posted as no page would: other areas, old pages, replays, other levels, nonsense (issue 3; trust 71-75, 79).

Each forgery of a door is refused with a Chinese page and changes nothing; then the same form, rightly filled, is taken. So it is the
forgery that was refused and nothing else.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assessment.actions.objections import lodge_objection, propose_outcome, take_objection
from assessment.actions.panels import PanelEntry, save_panel
from assessment.actions.sittings import close_sitting
from assessment.models import (
    Amendment,
    Ballot,
    Case,
    Evidence,
    Notice,
    NoticeSheet,
    Objection,
    Panel,
    Round,
    Sitting,
    Verdict,
)
from core.models import IdempotencyKey
from households.models import Household
from tests.assessment.meetings import Hall
from tests.faults.doors import DOORS, KEY, ROUND, Door, back, ballot, sittings
from tests.reports.walked import HOME, NEAR, TEXT, near, notice, walk
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

REFUSED = {400, 403, 404, 409, 412}
WATCHED = (Case, Verdict, Notice, NoticeSheet, Objection, Household, Sitting, Ballot, Panel, Evidence, Round, Amendment)
THOROUGH = os.environ.get("FUPIN_NASTY") == "all"
"""Else every second field is left out and the others are too long."""
LONG, NUL = "村" * 100_000, "公示\x00栏"


def contents() -> list:
    """Every watched row whole, and the idempotency keys: a refusal claims none."""
    return [list(model._base_manager.order_by("pk").values_list()) for model in (*WATCHED, IdempotencyKey)]


@pytest.fixture
def world(laid, db) -> SimpleNamespace:
    return fresh(laid)


@pytest.fixture(scope="module")
def laid(standing) -> SimpleNamespace:
    """Every thing of the list at every state: meetings open and closed of two villages, notices in preparation, on show and over,
    objections lodged, taken and proposed, a locked household, panels."""
    scope, make_case = standing.scope, standing.make_case
    done, hall = walk(scope, make_case), Hall(scope)
    for group in (2, 3):
        hall.decide("zp", group=group)
    for stage in ("cy", "xh", "xd"):
        hall.decide(stage)
    shown = notice(scope)
    made = SimpleNamespace(done=done, shown=shown, ended=done.notice, scope=scope)
    made.line = shown.lines.order_by("position").first()
    for name in ("lodged", "taken", "proposed"):
        setattr(made, name, _objection(scope, shown, f"{name}所说的那一户"))
    for row in (made.taken, made.proposed):
        take_objection(scope=scope("township2"), code=row.code)
    propose_outcome(scope=scope("township2"), code=made.proposed.code, proposal="keep", finding="入户看过，没有漏评。", visited_on=timezone.localdate())
    made.prepared, made.sheet = _prepared(hall, scope, make_case)
    made.home = [make_case(number=number, group=1) for number in (31, 32)]
    made.at_office = make_case(number=34, group=2)
    _to_office(hall)
    made.desk, made.office = hall.ready("zp"), hall.ready("xh")
    made.near_cases = [make_case(number=number, village_code=NEAR, group=1) for number in (41, 42)]
    made.near_desk = near(scope).ready("zp", group=1, by="cadre2")
    made.closed = done.sittings[0]
    _panels(made, scope)
    return made


def _objection(scope, shown: Notice, target: str) -> Objection:
    return lodge_objection(
        scope=scope("cadre"), round_code=ROUND, village_code=HOME, kind="omitted", channel="village", text="漏了一户，生活困难。",
        target=target, lodger="向不平", notice=str(shown.uuid),
    )  # fmt: skip


def _prepared(hall: Hall, scope, make_case) -> tuple[Notice, NoticeSheet]:
    from assessment.actions.notices import start_notice

    make_case(number=33, group=3)
    for stage in ("zp", "cy", "xh", "xd"):
        hall.decide(stage, group=3)
    made = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=HOME, text=TEXT)
    return made, made.sheets.get()


def _to_office(hall: Hall) -> None:
    """A household of group 2 goes on to 乡核 without those of group 1."""
    hall.decide("zp", group=2)
    hall.close(hall.head(hall.open("cy", missing_reason="1组的户还在补评"), missing_reason="1组的户还在补评"))


def _panels(made: SimpleNamespace, scope) -> None:
    people = [{"name": name, "post": "村民代表"} for name in ("田甲", "向乙", "覃丙", "彭丁")]
    entry = PanelEntry("group", "1组评议小组", people, village_code=HOME, group_code=f"{HOME}01")
    made.panel = save_panel(scope=scope("lead"), entry=entry)
    entry = PanelEntry("group", "1组评议小组", people, village_code=NEAR, group_code=f"{NEAR}01")
    made.near_panel = save_panel(scope=scope("lead2"), entry=entry)


# --- what is forged --------------------------------------------------------------------------------------------


def named(world: Any, value: Any) -> Any:
    """Words of the table that stand for rows of this world."""
    rows = {"near": world.near_cases[0], "home": world.home[0], "office": world.at_office, "ended": world.ended, "prepared": world.prepared}
    return str(rows[value].uuid) if isinstance(value, str) and value in rows else value


def forged(door: Door, world: Any) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """(what, who, address, body) of each forgery."""
    url, good = door.url(world), door.good(world)
    for change in door.wrong:
        merged = good | {name: named(world, value) for name, value in change.items()}
        yield str(change)[:70], door.login, url, {name: value for name, value in merged.items() if value is not None}
    for other in door.elsewhere(world):
        yield "elsewhere", door.login, other, good
    for login in door.not_by:
        yield "not his", login, url, good
    for place, name in enumerate(good):
        lax = name in door.lax or any(name.endswith(end[1:]) for end in door.lax if end[0] == "*")
        if name != "file":
            yield f"NUL in {name}", door.login, url, good | {name: NUL}
        if not lax and (THOROUGH or place % 2):
            yield f"{name} missing", door.login, url, {other: value for other, value in good.items() if other != name}
        if not lax and (THOROUGH or not place % 2) and name not in ("clear", "file", "rest_agree", "sure"):
            yield f"{name} too long", door.login, url, good | {name: LONG}


@pytest.fixture
def send():
    """`send(login, url, body)` → the answer; an exception is an answer of 500."""

    def post(login: str, url: str, body: dict[str, Any], **more):
        from accounts.models import User

        client = Client(raise_request_exception=False)
        if login:
            client.force_login(User.objects.get(login=login), backend="accounts.backends.LoginBackend")
        if "content_type" not in more:
            body = {name: _file(value) if name == "file" else value for name, value in body.items()}
        return client.post(url, body, **more)

    return post


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("签字件.pdf", content, "application/pdf")


def fault_of(answer) -> str:
    if answer.status_code not in REFUSED:
        return f"answered {answer.status_code}"
    page = answer.content.decode()
    return "" if re.search("[\u4e00-\u9fff]{4}", page) and "Traceback" not in page else "no Chinese page"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_a_forged_form_is_refused_and_changes_nothing(world, send, door):
    before, faults = contents(), []
    tries = [*forged(door, world), ("nothing sent", door.login, door.url(world), {})]
    if set(door.good(world)) <= door.lax:  # a form of one button: it cannot be sent empty, or otherwise
        tries.pop()
    for what, login, url, body in tries:
        fault = fault_of(send(login, url, body))
        if contents() != before:
            fault, before = f"{fault}; something was changed", contents()
        faults += [f"{what}: {fault}"] if fault else []
    if set(door.good(world)) - door.lax:
        fault = fault_of(send(door.login, door.url(world), {"key": KEY}, content_type="application/json"))
        faults += [f"JSON: {fault}"] if fault or contents() != before else []
    assert not faults, "\n".join(faults)
    assert send(door.login, door.url(world), door.good(world)).status_code in door.taken


READ = ("/sittings/new/?round={0}&stage={0}&village={0}&group={0}", "/notices/new/?round={0}&stage={0}&village={0}", "/sittings/?village={0}&after={0}")
READ += ("/objections/?status={0}&page={0}", "/objections/new/?notice={0}&household={0}", "/evidence/new/?sitting={0}&kind={0}", "/panels/new/?kind={0}")
READ += ("/panels/?kind={0}&village={0}&standing={0}&after={0}", "/imports/?state={0}&township={0}&before={0}", "/rounds/2016-SB/?township={0}", "/rounds/2016-SB/villages/422827102200/?stage={0}&group={0}&q={0}")


@pytest.mark.parametrize("address", READ)
def test_an_address_written_by_hand_is_no_server_error(round_, cast, address):
    for login in ("lead", "township", "county"):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(cast, login), backend="accounts.backends.LoginBackend")
        for value in ("%00", "x" * 3000, "-1", "9" * 40, "%F0%9F%98%80", "'%22%3E"):
            assert client.get(address.format(value)).status_code < 500, (login, value[:10])


@pytest.mark.parametrize("door", [door for door in DOORS if door.replay], ids=lambda door: door.name.replace(" ", "-"))
def test_a_form_sent_twice_has_one_effect_and_its_key_takes_no_other_content(world, send, door):
    """trust 3, 73."""
    url, good = door.url(world), door.good(world)
    assert send(door.login, url, good).status_code in door.taken
    before = contents()
    send(door.login, url, good)
    assert contents() == before
    name = next(name for name in good if name.rpartition("-")[2] in ("reason", "note", "text", "finding", "answer", "posted_place", "count"))
    answer = send(door.login, url, good | {name: "7" if name == "count" else "另一番话，另一个内容。"})
    assert not fault_of(answer) and contents() == before


def test_an_old_page_of_a_meeting_that_was_closed_meanwhile_decides_nothing(world, send, scope):
    """trust 72: the answer typed before the close and posted after it."""
    old = ballot(world)
    world.desk.refresh_from_db()
    close_sitting(scope=scope("lead"), sitting=str(world.desk.uuid), version=world.desk.version, rest_agree=True, count=2)
    before = contents()
    assert send("cadre", sittings("ballots")(world), old).status_code == 409 and contents() == before


def test_a_clerk_who_was_moved_between_opening_and_clicking_decides_nothing(world, send, cast):
    """trust 75, 81."""
    from accounts.models import Assignment

    body, before = back(world), contents()
    Assignment.objects.filter(user=cast.township).update(until=timezone.localdate() - timedelta(days=1))
    assert send("township", sittings("ballots", "office")(world), body).status_code in (403, 404) and contents() == before
