"""Every form of the list, posted as no page would: other areas, old pages, replays, other levels, nonsense (issue 3; trust 71-75, 79).

Each forgery of a door is refused with a Chinese page and changes nothing; then the same form, rightly filled, is taken. So it is the
forgery that was refused and nothing else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assessment import clock
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
from assessment.views_notices import prefix_of
from core.models import IdempotencyKey
from households.models import Household
from tests.assessment.meetings import Hall
from tests.assessment.scan_files import pdf
from tests.reports.walked import HOME, NEAR, TEXT, near, notice, walk

pytestmark = pytest.mark.django_db

ROUND, NOWHERE = "2016-SB", "00000000-0000-4000-8000-00000000ffff"
REFUSED = {400, 403, 404, 409, 412}
WATCHED = (Case, Verdict, Notice, NoticeSheet, Objection, Household, Sitting, Ballot, Panel, Evidence, Round, Amendment)
LONG, NUL = "村" * 100_000, "公示\x00栏"
KEY = "key-of-the-page"


@dataclass(frozen=True)
class Door:
    """A form: who posts it, where, with what; `wrong` are changes of its fields (None takes a field away), `elsewhere` other addresses,
    `not_by` those who may not, `lax` fields that may well be missing or are cut."""

    name: str
    login: str
    url: Callable[[Any], str]
    good: Callable[[Any], dict[str, Any]]
    wrong: tuple[dict[str, Any], ...] = ()
    elsewhere: Callable[[Any], list[str]] = lambda world: []
    not_by: tuple[str, ...] = ()
    lax: frozenset[str] = frozenset({"key"})
    taken: tuple[int, ...] = (302,)
    replay: bool = False
    files: frozenset[str] = field(default=frozenset())


def contents() -> list:
    """Every watched row whole, and the idempotency keys: a refusal claims none."""
    return [list(model._base_manager.order_by("pk").values_list()) for model in (*WATCHED, IdempotencyKey)]


@pytest.fixture
def world(scope, make_case, cast) -> SimpleNamespace:
    """Every thing of the list at every state: meetings open and closed of two villages, notices in preparation, on show and over,
    objections lodged, taken and proposed, a locked household, panels."""
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


# --- the doors -------------------------------------------------------------------------------------------------


def head(world) -> dict[str, Any]:
    return {
        "version": str(world.desk.version), "held_on": f"{timezone.localdate()}", "held_at": "村委会", "chair": "向主持", "recorder": "田记录",
        "panel_name": "评议小组", "expected": "5", "present": "5", "minutes": "逐户评议。", "member-name": ["田甲", "向乙"], "member-post": ["", ""],
        "member-present": ["0", "1"],
    }  # fmt: skip


def ballot(world) -> dict[str, Any]:
    return {"version": "0", "case": str(world.home[0].uuid), "opinion": "agree", "category": "YIBAN", "note": "儿子已务工", "votes_for": "4", "votes_against": "1", "show": "all"}


def back(world) -> dict[str, Any]:
    return {"version": "0", "case": str(world.at_office.uuid), "opinion": "return", "return_to": "cy", "reasons-return": ["no_proof"], "note": "请补证明"}


def closing(world) -> dict[str, Any]:
    world.desk.refresh_from_db()
    return {"version": str(world.desk.version), "count": "2", "rest_agree": "1", "mark": "", "key": KEY}


def text(world) -> dict[str, Any]:
    return {"document_no": "大河扶公〔2016〕5号", "hotline": "12317", "office": "大河镇扶贫办", "office_place": "一楼", "signed_by": "大河镇人民政府", "key": KEY}


def posting(world) -> dict[str, Any]:
    values = {"posted_at": f"{timezone.localtime(clock.now()):%Y-%m-%dT%H:%M}", "posted_place": "村委会公示栏", "posted_name": "覃晓燕", "key": KEY}
    return {f"{prefix_of(world.sheet.uuid)}-{name}": value for name, value in values.items()}


def objecting(world) -> dict[str, Any]:
    return {
        "notice": str(world.shown.uuid), "kind": "wrong", "household": world.line.household.code, "text": "他家去年买了新房。", "target": "",
        "omitted_code": "", "lodger": "向不平", "phone": "19012349876", "key": KEY,
    }  # fmt: skip


def in_public(world) -> dict[str, Any]:
    return {"kind": "wrong", "position": str(world.line.position), "text": "他家去年买了新房。", "target": "", "lodger": "", "phone": "", "key": KEY}


def panel(world) -> dict[str, Any]:
    return {"name": "2组评议小组", "version": "1", "key": KEY, "people-TOTAL_FORMS": "1", "people-INITIAL_FORMS": "0", "people-0-name": "田甲", "people-0-post": "组长"}


def new_round(world) -> dict[str, Any]:
    return {
        "code": "2017-SB", "name": "2017年识别", "year": "2017", "reference_date": "2017-06-30", "survey_scope": "new", "rubric_code": "LKF-DEFAULT-1",
        "procedure": "qxn", "survey_deadline": "", "notice_days": "", "deadline_zp": "2127-01-01",
    }  # fmt: skip


def settings(world) -> dict[str, Any]:
    return {name: value for name, value in new_round(world).items() if name != "code"} | {"name": "2016年贫困户识别（改）"}


def locked(world) -> str:
    """A household on the notice in preparation: locked."""
    return world.prepared.lines.get().household.code


def sittings(part: str, name: str = "desk") -> Callable[[Any], str]:
    return lambda world: f"/sittings/{getattr(world, name).uuid}/{part}/"


def meetings(part: str) -> Callable[[Any], list[str]]:
    """The same form sent to the meeting of another village, to one that is closed, and to none."""
    return lambda world: [f"/sittings/{row}/{part}/" for row in (world.near_desk.uuid, world.closed.uuid, NOWHERE, "1")]


def objections(part: str, name: str) -> Callable[[Any], str]:
    return lambda world: f"/objections/{getattr(world, name).code}/{part}/"


def fields(name: str, *values: Any) -> tuple[dict[str, Any], ...]:
    return tuple({name: value} for value in values)


VERSIONS = fields("version", "99", "-1", "x", "9" * 30, "")
VOTES = tuple({name: value} for name in ("votes_for", "votes_against") for value in ("-1", "99999", "9" * 40, "六", "1e9", "5.5"))
NEW = "/sittings/new/?round={round}&stage={stage}&village={village}&group={group}"
PREPARE = "/notices/new/?round={round}&stage={stage}&village={village}"

DOORS = [
    Door(
        "meeting opened", "lead", lambda w: NEW.format(round=ROUND, stage="cy", village=HOME, group=""), lambda w: {"missing_reason": "1组的户还在补评", "key": KEY},
        fields("missing_reason", "无", ""),
        lambda w: [
            NEW.format(**({"round": ROUND, "stage": "cy", "village": HOME, "group": ""} | other))
            for other in (
                {"village": NEAR}, {"village": "x"}, {"round": "2015-SB"}, {"stage": "xh"}, {"stage": "xd"}, {"stage": "gs"}, {"stage": "zz"},
                {"group": f"{HOME}01"}, {"stage": "zp", "group": f"{NEAR}01"}, {"stage": "zp", "group": "none"}, {"village": "%00"},
            )
        ],
        ("cadre", "lead2", "county", "viewer", "township_other", "sysadmin"), taken=(409,),
    ),
    Door(
        "head of a meeting", "cadre", sittings("head"), head,
        (*VERSIONS, *fields("held_on", "2126-01-01", "1016-01-01", "2016-02-30"), *fields("expected", "-1", "9" * 20), *fields("present", "-1", "六"),
         {"member-name": ["田甲", "田甲"]}, {"member-name": ["田甲"] * 300}, {"member-name": ["田" * 40, "向乙"]}, {"member-post": ["长" * 40, ""]}),
        meetings("head"), ("township", "county", "viewer", "lead2"),
        frozenset({"held_on", "held_at", "chair", "recorder", "panel_name", "expected", "present", "minutes", "member-name", "member-post", "member-present"}),
    ),
    Door(
        "answer of a meeting", "cadre", sittings("ballots"), ballot,
        (*VERSIONS, *VOTES, *fields("opinion", "concluded", "AGREE", "run_out", "", "reject"), *fields("category", "XXX", "doudi"),
         {"opinion": "return", "return_to": "xh"}, {"opinion": "return", "return_to": "zp"}, {"reasons-agree": ["XXX"]}, {"checks_failed": ["policy"]},
         {"case": "near"}, {"case": "office"}, {"case": NOWHERE}, {"case": "1"}, {"votes_for": "1", "votes_against": "4"}, {"votes_for": "9"}),
        meetings("ballots"), ("township", "county", "viewer", "lead2"), frozenset({"note", "category", "votes_for", "votes_against", "show"}),
    ),
    Door(
        "answer of the township", "township", sittings("ballots", "office"), back,
        (*VERSIONS, *fields("return_to", "xh", "xd", "gs", "zz", ""), *fields("reasons-return", ["XXX"], ["objected", "XXX"], []),
         {"opinion": "concluded"}, {"opinion": "agree", "category": "XXX"}, {"opinion": "agree", "checks_failed": ["XXX"]}, {"case": "near"}, {"case": "home"}),
        lambda w: [f"/sittings/{row}/ballots/" for row in (w.near_desk.uuid, w.closed.uuid, NOWHERE)], ("cadre", "lead", "county", "township_other"),
        frozenset({"note"}),
    ),
    Door(
        "answer taken back", "cadre", sittings("ballots"), lambda w: {"case": str(w.home[1].uuid), "version": "0", "clear": "1"},
        ({"case": "near"}, {"case": NOWHERE}, {"version": "7"}), meetings("ballots"), ("township", "viewer"), frozenset({"clear", "version"}),
    ),
    Door(
        "list locked", "cadre", sittings("close"), closing,
        (*VERSIONS, *fields("count", "1", "3", "-2", "", "x", "9" * 30), {"mark": "0" * 16}, {"rest_agree": None}), meetings("close"),
        ("township", "county", "viewer", "lead2"), frozenset({"key", "mark"}), replay=True,
    ),
    Door("meeting dropped", "cadre", sittings("drop"), lambda w: {"key": KEY}, (), meetings("drop"), ("township", "viewer", "cadre2"), replay=False),
    Door(
        "notice started", "township", lambda w: PREPARE.format(round=ROUND, stage="gs", village=HOME), text,
        (*fields("office", "", "联系 19012349876", "522399195001010017"), *fields("hotline", ""), *fields("signed_by", "")),
        lambda w: [
            PREPARE.format(**({"round": ROUND, "stage": "gs", "village": HOME} | other))
            for other in ({"village": "422827103200"}, {"village": NEAR}, {"stage": "xd"}, {"stage": "zz"}, {"round": "x"})
        ],
        ("cadre", "county", "township_other", "viewer"), frozenset({"key", "document_no"}), taken=(409,),
    ),
    Door(
        "sheet posted", "cadre", lambda w: f"/notices/{w.prepared.uuid}/sheets/{w.sheet.uuid}/", posting, (),
        lambda w: [
            f"/notices/{w.prepared.uuid}/sheets/{w.shown.sheets.first().uuid}/", f"/notices/{w.shown.uuid}/sheets/{w.shown.sheets.first().uuid}/",
            f"/notices/{w.shown.uuid}/sheets/{w.sheet.uuid}/", f"/notices/{NOWHERE}/sheets/{w.sheet.uuid}/", f"/notices/{w.ended.uuid}/sheets/{NOWHERE}/",
        ],
        ("cadre2", "lead2", "township", "county", "viewer"), frozenset({"*-key"}), replay=True,
    ),
    Door(
        "notice withdrawn", "township", lambda w: f"/notices/{w.shown.uuid}/withdraw/", lambda w: {"reason": "名单排列有误", "key": KEY},
        fields("reason", "误", "", "电话 19012349876"), lambda w: [f"/notices/{row}/withdraw/" for row in (w.ended.uuid, NOWHERE)],
        ("cadre", "lead", "township_other", "viewer"), replay=True,
    ),
    Door(
        "objection taken down", "cadre", lambda w: "/objections/new/", objecting,
        (*fields("kind", "concluded", ""), *fields("household", f"{NEAR}0021", "x", ""), *fields("text", "短", ""), {"notice": NOWHERE}, {"notice": "x"},
         {"notice": "ended"}, {"notice": "prepared"}, {"kind": "omitted", "omitted_code": f"{NEAR}0021"}, {"lodger": ""}),
        lambda w: [], ("cadre2", "township_other", "county", "viewer"), frozenset({"target", "omitted_code", "phone", "key", "notice", "household"}), replay=True,
    ),
    Door(
        "objection from the public", "", lambda w: f"/public/notices/{w.shown.token}/objections/", in_public,
        (*fields("kind", "concluded", ""), *fields("position", "0", "-1", "999", "9" * 30, "x", ""), *fields("text", "短", ""), {"homepage": "http://x"}),
        lambda w: [f"/public/notices/{token}/objections/" for token in (w.ended.token, w.prepared.token, "x", w.shown.uuid)], (),
        frozenset({"target", "lodger", "phone", "key"}), taken=(200,), replay=False,
    ),
    Door("objection accepted", "township2", objections("take", "lodged"), lambda w: {"key": KEY}, (), lambda w: [objections("take", name)(w) for name in ("proposed", "taken")] + ["/objections/YY-X/take/"], ("cadre", "township_other", "viewer"), replay=False),
    Door(
        "finding", "township2", objections("propose", "taken"), lambda w: {"proposal": "keep", "finding": "入户看过，没有漏评。", "visited_on": f"{timezone.localdate()}", "key": KEY},
        (*fields("proposal", "concluded", "change", "add", "strike", ""), *fields("visited_on", "2126-01-01", "2016-01-01", "x"), *fields("finding", "短", ""),
         {"household_code": f"{NEAR}0021"}),
        lambda w: [objections("propose", name)(w) for name in ("lodged", "proposed")] + ["/objections/YY-X/propose/"], ("township", "county", "cadre", "viewer"), replay=True,
    ),
    Door(
        "word of the county", "county2", objections("confirm", "proposed"), lambda w: {"answer": "经核查，没有漏评。", "outcome": "keep", "category": "", "accept": "1", "key": KEY},
        (*fields("answer", "短", ""), *fields("outcome", "change", "XXX"), *fields("category", "XXX", "DIBAO")),
        lambda w: [objections("confirm", name)(w) for name in ("lodged", "taken")] + ["/objections/YY-X/confirm/"], ("township2", "township", "cadre", "viewer"),
        frozenset({"key", "outcome", "category", "accept"}), replay=True,
    ),
    Door(
        "change", "cadre", lambda w: f"/households/{locked(w)}/amend/", lambda w: {"subject": "members", "reason": "新生儿入户", "key": KEY},
        (*fields("subject", "XXX", ""), *fields("reason", "改", "")),
        lambda w: [f"/households/{code}/amend/" for code in (f"{NEAR}0021", f"{HOME}9999", w.home[0].household.code, w.done.cases["dibao"].household.code, "x")],
        ("cadre2", "township", "county", "viewer"), replay=True,
    ),
    Door(
        "end", "township", lambda w: f"/households/{locked(w)}/end/", lambda w: {"reason": "died", "note": "户主去世，户内无人。", "key": KEY},
        (*fields("reason", "concluded", ""), *fields("note", "死", "")),
        lambda w: [f"/households/{code}/end/" for code in (f"{HOME}9999", w.done.cases["dead"].household.code, w.done.cases["dibao"].household.code, "x")],
        ("cadre", "lead2", "township_other", "county", "viewer"), replay=True,
    ),
    Door(
        "panel made", "lead", lambda w: f"/panels/new/?kind=group&group={HOME}02", panel, ({"people-TOTAL_FORMS": "9999999"}, {"people-TOTAL_FORMS": "-1"}, {"people-TOTAL_FORMS": "x"}, {"name": ""}),
        lambda w: ["/panels/new/?kind=group&group=" + code for code in (f"{NEAR}01", "x", "")] + [f"/panels/new/?kind=XXX&group={HOME}02", "/panels/new/?kind=inspection&township=422827102"],
        ("county", "viewer", "lead2", "township_other"), frozenset({"key", "version", "people-0-name", "people-0-post", "people-INITIAL_FORMS"}), replay=False,
    ),
    Door(
        "panel changed", "lead", lambda w: f"/panels/{w.panel.uuid}/", panel, (*fields("version", "99", "-1", "x"), {"name": ""}, {"people-TOTAL_FORMS": "x"}),
        lambda w: [f"/panels/{row}/" for row in (w.near_panel.uuid, NOWHERE)], ("county", "viewer", "lead2"), frozenset({"key", "people-0-name", "people-0-post", "people-INITIAL_FORMS"}),
    ),
    Door("panel retired", "lead", lambda w: f"/panels/{w.panel.uuid}/retire/", lambda w: {"version": str(Panel.objects.get(pk=w.panel.pk).version)}, VERSIONS, lambda w: [f"/panels/{row}/retire/" for row in (w.near_panel.uuid, NOWHERE)], ("county", "viewer", "lead2")),
    Door(
        "scan", "cadre", lambda w: f"/evidence/new/?sitting={w.closed.uuid}&kind=minutes", lambda w: {"title": "签字件", "key": KEY, "file": pdf()},
        ({"file": None}, {"file": b"<html>"}, {"file": b""}, {"file": b"%PDF-1.4"}),
        lambda w: [f"/evidence/new/?sitting={row}&kind=minutes" for row in (w.near_desk.uuid, NOWHERE, "x")] + [f"/evidence/new/?sitting={w.closed.uuid}&kind=XXX", "/evidence/new/", f"/evidence/new/?case={w.done.cases['near21'].uuid}&kind=declaration"],
        ("viewer", "county", "lead2", "township_other"), frozenset({"key", "title"}),
    ),
    Door("round opened", "county", lambda w: "/rounds/new/", new_round, (*fields("code", ROUND, "批次", "a b", ""), *fields("year", "-1", "99999", "x"), *fields("rubric_code", "XXX"), *fields("procedure", "XXX"), *fields("notice_days", "-1", "999"), *fields("deadline_zp", "x"), *fields("survey_scope", "XXX")), lambda w: [], ("township", "cadre", "viewer"), frozenset({"survey_deadline", "notice_days", "deadline_zp", "procedure"})),
    Door("settings of a round", "county", lambda w: f"/rounds/{ROUND}/settings/", settings, (*fields("notice_days", "-1", "999", "x"), *fields("deadline_zp", "x"), {"name": ""}), lambda w: ["/rounds/2015-SB/settings/"], ("township", "viewer"), frozenset({"survey_deadline", "notice_days", "deadline_zp", "year", "reference_date", "survey_scope", "rubric_code", "procedure"})),
    Door("round closed", "county", lambda w: f"/rounds/{ROUND}/close/", lambda w: {"sure": "1"}, (), lambda w: ["/rounds/2015-SB/close/"], ("township", "viewer"), frozenset({"sure"}), taken=(409,)),
]  # fmt: skip


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
    for name in good:
        lax = name in door.lax or any(name.endswith(end[1:]) for end in door.lax if end[0] == "*")
        if name != "file":
            yield f"NUL in {name}", door.login, url, good | {name: NUL}
        if not lax:
            yield f"{name} missing", door.login, url, {other: value for other, value in good.items() if other != name}
        if not lax and name not in ("clear", "file", "rest_agree", "sure"):
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
