"""The list over the API: reads of cases, sittings, notices and objections, in the token's area, without names and texts (issue 3.8)."""

import json

import pytest
from django.test.utils import CaptureQueriesContext

from assessment.models import Case, Sitting, Verdict
from tests.reports.walked import HOME, LODGER, NEAR, PHONE, SAID, object_to, walk
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

ROUND, MINE, OTHER = "2016-SB", "422827102", "422827103"
LISTS = ("cases/", "sittings/", "notices/", "objections/")


@pytest.fixture(scope="module")
def once_walked(standing):
    return walk(standing.scope, standing.make_case)


@pytest.fixture
def walked(once_walked, db):
    return fresh(once_walked)


@pytest.fixture
def objected(scope, walked):
    """(notice on show, objection)."""
    return object_to(scope, walked)


def code_of(case: Case) -> str:
    return f"{case.household.code}@{ROUND}"


def object_paths(walked, objected) -> list[str]:
    notice, objection = objected
    return [
        f"cases/{code_of(walked.cases['late'])}/", f"sittings/{walked.sittings[0].uuid}/", f"notices/{notice.uuid}/",
        f"objections/{objection.code}/",
    ]  # fmt: skip


def test_client_reads_where_a_household_stands_and_what_each_stage_decided(api, walked):
    body = api().get(f"cases/{code_of(walked.cases['changed'])}/").json()
    assert (body["stage"], body["stage_name"], body["state"], body["pass_no"]) == ("gs", "公示", "concluded", 1)
    assert (body["score"], body["tier"], body["category"], body["persons"], body["village"]) == (
        75,
        "YIBAN",
        "DIBAO",
        4,
        HOME,
    )
    said = [(row["stage"], row["stage_name"], row["opinion"], row["category"]) for row in body["verdicts"]]
    assert said == [
        ("zp", "组评", "agree", "YIBAN"), ("cy", "村议", "agree", "YIBAN"), ("xh", "乡核", "agree", "YIBAN"),
        ("xd", "县定", "agree", "DIBAO"), ("gs", "公示", "agree", "DIBAO"),
    ]  # fmt: skip
    assert [row["votes_for"] for row in body["verdicts"]] == [5, 5, None, None, None]


def test_client_sees_that_a_return_made_earlier_decisions_void(api, walked):
    verdicts = api().get(f"cases/{code_of(walked.cases['returned'])}/").json()["verdicts"]
    assert [(row["stage"], row["opinion"], row["standing"], row["return_to"]) for row in verdicts] == [
        ("zp", "agree", False, ""), ("cy", "agree", False, ""), ("xh", "return", True, "zp"),
    ]  # fmt: skip


def test_a_seal_is_shown_short(api, walked):
    row = api().get(f"cases/{code_of(walked.cases['doudi'])}/").json()["verdicts"][0]
    leaf = Verdict.objects.filter(case=walked.cases["doudi"]).order_by("pk").first().leaf
    assert leaf.startswith(row["seal"]) and len(row["seal"]) == 16 < len(leaf)


def test_every_decision_names_its_meeting_or_its_notice(api, walked):
    caller = api()
    for row in api().get(f"cases/{code_of(walked.cases['doudi'])}/").json()["verdicts"]:
        kind, uuid = ("sittings", row["sitting"]) if row["sitting"] else ("notices", row["notice"])
        assert caller.get(f"{kind}/{uuid}/").json()["stage"] == row["stage"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"state": "concluded"}, {"dibao", "doudi", "changed", "tuopin"}),
        ({"state": "returned"}, {"returned"}),
        ({"state": "late"}, {"late"}),
        ({"state": "ended"}, {"dead"}),
        ({"stage": "zp"}, {"returned", "late"}),
        ({"stage": "cy"}, {"near21", "near22"}),
        ({"group": "none"}, {"tuopin"}),
        ({"group": f"{HOME}02"}, {"changed", "returned"}),
        ({"village": NEAR}, {"near21", "near22"}),
        ({"category": "DIBAO", "state": "concluded"}, {"dibao", "changed"}),
        ({"tier": "YIBAN"}, {"changed"}),
        ({"household": f"{HOME}0002"}, {"doudi"}),
        ({"township": OTHER}, set()),
        ({"round": "NONE"}, set()),
    ],
)
def test_client_filters_cases(api, walked, filters, names):
    """`state`, `stage` and `group` mean what they mean on the village's page."""
    found = {row["code"] for row in api().every("cases/", page_size=2, **filters)}
    assert found == {code_of(walked.cases[name]) for name in names}


def test_client_reads_a_meeting_in_numbers_and_no_names(api, walked):
    sitting = Sitting.objects.get(stage="cy")
    body = api().get(f"sittings/{sitting.uuid}/").json()
    assert (body["stage_name"], body["status"], body["panel_size"], body["panel_present"], body["village"]) == (
        "村议",
        "closed",
        5,
        5,
        HOME,
    )
    assert body["list_seal"] == sitting.list_seal and body["counts"]["reject"] == 1
    text = json.dumps(body, ensure_ascii=False)
    for name in ("向主持", "田记录", "代表1", "逐户评议", "村委会", "测试"):
        assert name not in text, name


def test_client_filters_meetings(api, walked):
    caller = api()
    assert len(caller.every("sittings/", stage="zp", village=HOME)) == 3
    assert [row["document_no"] for row in caller.every("sittings/", stage="xd", status="closed")] == [
        "来扶办〔2016〕8号"
    ]
    assert caller.every("sittings/", status="open") == [] and caller.get("sittings/", status="x").status_code == 400


def test_client_reads_a_notice_with_masked_names_only(api, walked):
    body = api().get(f"notices/{walked.notice.uuid}/").json()
    assert (body["status"], body["on_show"], body["line_count"], body["days"]) == ("ended", False, 4, 7)
    assert body["check_code"] == walked.notice.check_code
    assert [sheet["group_name"] for sheet in body["sheets"]] == ["1组", "2组", "未分组"]
    assert {line["head_name"] for line in body["lines"]} == {"张*"}
    assert {line["case"] for line in body["lines"]} == {
        code_of(walked.cases[name]) for name in ("dibao", "doudi", "changed", "tuopin")
    }
    text = json.dumps(body, ensure_ascii=False)
    for secret in ("覃晓燕", "村委会公示栏", walked.notice.token, "张1"):
        assert secret not in text, secret


def test_a_notice_is_off_show_the_moment_its_days_are_over(api, objected):
    """Ruling 13: asked when read, not when the job has run."""
    from datetime import timedelta

    from assessment.clock import stepped_to

    notice, _ = objected
    caller, path = api(), f"notices/{notice.uuid}/"
    assert caller.get(path).json()["on_show"] is True
    with stepped_to(notice.ends_at - timedelta(seconds=1)):
        assert caller.get(path).json()["on_show"] is True
    with stepped_to(notice.ends_at):
        after = caller.get(path).json()
    assert (after["on_show"], after["status"]) == (False, "open")


def test_client_reads_an_objection_without_who_and_what(api, walked, objected):
    """Trust N5: the one who objects stays in the office."""
    notice, objection = objected
    body = api().get(f"objections/{objection.code}/").json()
    assert (body["kind"], body["channel"], body["status"], body["outcome"]) == ("wrong", "village", "lodged", "")
    assert (body["case"], body["notice"]) == (code_of(walked.cases["late"]), str(notice.uuid))
    assert api().get(f"cases/{body['case']}/").json()["state"] == "held"


def test_no_name_phone_or_text_of_the_list_reaches_a_client(api, walked, objected):
    """Canaries of every sealed text and of every person who has a hand in the list (trust A2, P9)."""
    caller = api()
    seen = "".join(caller.get(path).content.decode() for path in (*LISTS, *object_paths(walked, objected), "changes/"))
    for secret in (
        LODGER,
        PHONE,
        SAID[:6],
        "尿毒症",
        "户主去世",
        "按会议意见",
        "逐户评议",
        "向主持",
        "田记录",
        "代表1",
        "覃晓燕",
        "测试cadre",
        "测试lead",
        "_enc",
    ):
        assert secret not in seen, secret
    for name in (
        "note",
        "reasons",
        "minutes",
        "panel",
        "chair",
        "recorder",
        "by",
        "closed_by",
        "lodger",
        "phone",
        "text",
        "answer",
        "handler",
        "token",
    ):
        assert f'"{name}":' not in seen, name


@pytest.mark.parametrize("path", LISTS)
def test_client_of_another_township_reads_nothing_of_the_list(api, objected, path):
    assert api(OTHER).every(path) == [] and api(MINE).every(path)


@pytest.mark.parametrize("path", ["cases/", "sittings/"])
def test_client_of_a_village_reads_its_own_list_only(api, walked, path):
    assert {row["village"] for row in api(NEAR).every(path)} == {NEAR}


def test_object_of_another_area_answers_like_a_missing_one(api, walked, objected):
    """Trust A6."""
    caller, ghost = api(OTHER), "00000000-0000-4000-8000-000000000000"
    missing = [f"cases/{HOME}9999@{ROUND}/", f"sittings/{ghost}/", f"notices/{ghost}/", "objections/YY-0000/"]
    for path, gone in zip(object_paths(walked, objected), missing, strict=True):
        hidden, none = caller.get(path), caller.get(gone)
        assert hidden.status_code == none.status_code == 404 and hidden.content == none.content, path
        assert api(MINE).get(path).status_code == 200


def test_list_row_and_object_say_the_same(api, walked, objected):
    caller = api()
    for path in object_paths(walked, objected):
        body = caller.get(path).json()
        key = "code" if "code" in body else "id"
        row = next(row for row in caller.every(f"{path.partition('/')[0]}/") if row[key] == body[key])
        assert row.items() <= body.items(), path


def test_unchanged_object_is_304_and_a_changed_one_412(api, walked, objected):
    caller = api()
    for path in object_paths(walked, objected):
        etag = caller.get(path).headers["ETag"]
        assert caller.get(path, headers={"if-none-match": etag}).status_code == 304, path
        assert etag.rstrip('"').endswith(".m")  # no field class (ruling 29)
    case = walked.cases["late"]
    path = f"cases/{code_of(case)}/"
    etag = caller.get(path).headers["ETag"]
    Case.objects.filter(pk=case.pk).update(version=99)
    assert caller.get(path, headers={"if-match": etag}).status_code == 412


def test_etag_of_a_case_moves_with_what_stands_beside_it(api, walked):
    """A corrected name leaves the version of the case as it was."""
    household, path = walked.cases["late"].household, f"cases/{code_of(walked.cases['late'])}/"
    etag = api().get(path).headers["ETag"]
    type(household).objects.filter(pk=household.pk).update(head_name="张改")
    assert api().get(path, headers={"if-none-match": etag}).status_code == 200


def test_client_without_a_token_reads_nothing(api, walked, objected):
    for path in (*LISTS, *object_paths(walked, objected)):
        assert api(None).get(path).status_code == 401, path


def test_client_writes_nothing(api, walked, objected):
    for path in (*LISTS, *object_paths(walked, objected)):
        assert api().post(path, {}).status_code == 405, path


def test_client_reads_the_stages_of_a_round_with_their_deadlines(api, round_):
    round_.stage_deadlines = {"cy": "2016-08-15"}
    round_.save()
    row = api().every("rounds/")[0]
    assert (row["procedure"], row["procedure_name"]) == ("qxn", "黔西南州程序")
    assert [(stage["code"], stage["name"], stage["level"], stage["mode"], stage["deadline"]) for stage in row["stages"]] == [
        ("zp", "组评", "group", "sitting", None), ("cy", "村议", "village", "sitting", "2016-08-15"),
        ("xh", "乡核", "township", "sitting", None), ("xd", "县定", "county", "sitting", None),
        ("gs", "公示", "township", "notice", None),
    ]  # fmt: skip


def test_a_review_that_waits_for_the_county_is_not_served(api, walked):
    from assessment.models import Survey

    form = walked.cases["dibao"].survey
    Survey.objects.create(
        round=form.round, household=form.household, county=form.county, township=form.township, village=form.village,
        group=form.group, revision=2, status="review", purpose="review", answers=form.answers, saved_at=form.saved_at,
    )  # fmt: skip
    assert len(api().every("surveys/", household=form.household.code)) == 1


def test_every_code_of_the_feed_can_be_read(api, walked, objected):
    """Issue 3.8: what the feed names is there at the address of its kind, for the client that read the feed."""
    caller, kinds = api(MINE), set()
    for change in caller.get("changes/", limit=1000).json()["changes"]:
        kinds.add(change["kind"])
        if change["kind"] in ("case", "sitting", "notice", "objection"):
            address = f"{change['kind']}s/{change['code']}/"
            assert caller.get(address).status_code == 200, address
    assert {"case", "sitting", "notice", "objection"} <= kinds


def test_client_of_another_township_is_told_nothing_by_the_feed(api, walked, objected):
    assert api(OTHER).get("changes/").json()["changes"] == []


def test_table_and_cell_give_the_list_to_a_client(api, walked, rolled_up):
    rolled_up()
    caller = api()
    body = caller.get("tables/township/", round=ROUND, area=MINE).json()
    assert (body["total"]["stage.zp"], body["total"]["concluded"], body["total"]["decided.DIBAO"]) == (8, 4, 2)
    rows = caller.every("tables/cell/", level="township", round=ROUND, area=HOME, column="decided_persons.DIBAO")
    assert [row["code"] for row in rows] == [walked.cases[name].household.code for name in ("dibao", "changed")]


@pytest.mark.parametrize("path", ["cases/", "sittings/", "notices/", "objections/", "rounds/"])
def test_list_costs_the_same_however_long(api, walked, objected, make_case, path):
    from django.db import connection

    caller = api()

    def queries(**size) -> int:
        caller.get(path)
        with CaptureQueriesContext(connection) as found:
            assert caller.get(path, **size).status_code == 200
        return len(found)

    assert queries(page_size=1) == queries(page_size=500)


def test_notice_costs_the_same_however_many_lines(api, walked, objected):
    from django.db import connection

    caller, counts = api(), []
    caller.get("notices/")  # the token's last use
    for notice in (walked.notice, objected[0]):
        with CaptureQueriesContext(connection) as found:
            assert len(caller.get(f"notices/{notice.uuid}/").json()["lines"]) in (2, 4)
        counts.append(len(found))
    assert counts[0] == counts[1]
