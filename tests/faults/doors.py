"""Every form of the list as a table: who posts it, where, with what, and how it may be forged (trust 71-75, 79)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessment import clock
from assessment.models import Panel
from assessment.views_notices import prefix_of
from tests.core.scan_files import pdf
from tests.reports.walked import HOME, NEAR

ROUND, NOWHERE, KEY = "2016-SB", "00000000-0000-4000-8000-00000000ffff", "key-of-the-page"


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
        "code": "2017-SB", "name": "2017年识别", "year": "2017", "reference_date": "2017-06-30", "survey_scope": "listed", "rubric_code": "LKF-DEFAULT-1",
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


OLD = fields("version", "99", "-1", "x", "9" * 30, "１")
VERSIONS = (*OLD, {"version": ""})
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
        (*OLD, *VOTES, *fields("opinion", "concluded", "AGREE", "run_out", "", "reject"), *fields("category", "XXX", "doudi"),
         {"opinion": "return", "return_to": "xh"}, {"opinion": "return", "return_to": "zp"}, {"reasons-agree": ["XXX"]}, {"checks_failed": ["policy"]},
         {"case": "near"}, {"case": "office"}, {"case": NOWHERE}, {"case": "1"}, {"votes_for": "1", "votes_against": "4"}, {"votes_for": "9"}),
        meetings("ballots"), ("township", "county", "viewer", "lead2"), frozenset({"note", "category", "votes_for", "votes_against", "show", "version"}),
    ),
    Door(
        "answer of the township", "township", sittings("ballots", "office"), back,
        (*OLD, *fields("return_to", "xh", "xd", "gs", "zz", ""), *fields("reasons-return", ["XXX"], ["objected", "XXX"]),
         {"reasons-return": [], "note": ""}, {"opinion": "concluded"}, {"opinion": "agree", "category": "XXX"}, {"opinion": "agree", "checks_failed": ["XXX"]}, {"case": "near"}, {"case": "home"}),
        lambda w: [f"/sittings/{row}/ballots/" for row in (w.near_desk.uuid, w.closed.uuid, NOWHERE)], ("cadre", "lead", "county", "township_other"),
        frozenset({"note", "version", "reasons-return"}),
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
