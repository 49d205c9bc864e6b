"""Home pages from real work: each role sees what waits for it, how old, what is due, and nothing of other areas (issue 3.7)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.context import MOST_TABS
from assessment.models import Case, EndReason, Notice, NoticeSheet, Objection, Round
from tests.assessment.meetings import Hall

pytestmark = pytest.mark.once

FIRST, SECOND, OTHER = "422827102200", "422827102201", "422827103200"


def put(case: Case, stage: str, days: int = 0, **more) -> Case:
    Case.objects.filter(pk=case.pk).update(stage=stage, stage_since=timezone.now() - timedelta(days=days), **more)
    return case


def notice_of(round_, village, cast, **more) -> Notice:
    place = {"round": round_, "county": village.county, "township": village.township, "village": village}
    values = {
        "stage": "gs",
        "days": 7,
        "title": "公示",
        "started_by": cast.township,
        "started_at": timezone.now(),
    } | more
    return Notice.objects.create(**place, **values)


def objection_of(round_, village, code: str, **more) -> Objection:
    place = {"round": round_, "county": village.county, "township": village.township, "village": village}
    return Objection.objects.create(
        code=code, kind="wrong", channel="village", lodged_at=timezone.now(), text_enc="x", **place, **more
    )


@pytest.fixture
def home(login):
    """`home("cadre")` → the page's context."""
    return lambda who: login(who).get("/").context


def rows(context) -> list[tuple[str, str, str]]:
    return [(row.label, row.who, row.action) for row in context["rows"]]


def whats(context) -> str:
    return "".join(row.what + row.who for row in context["rows"])


# --- village --------------------------------------------------------------------------------------------------


def test_the_cadre_gets_returned_households_before_group_meetings(round_, make_case, home):
    put(make_case(1), "zp", 2)
    put(make_case(2, group=2), "zp", 5, pass_no=2)
    found = rows(home("cadre"))
    assert found[0] == ("退回待改", "张2", "去改")
    assert ("组评", "桐子园村 1组", "去办") in found


def test_the_cadre_is_not_given_the_village_meeting_but_told_who_holds_it(round_, make_case, home):
    put(make_case(1), "cy")
    context = home("cadre")
    assert context["rows"] == [] and context["waiting"][0].why == "村议由村党组织书记办理。"


def test_the_lead_gets_the_village_meeting_with_the_groups_that_are_missing(round_, make_case, home):
    put(make_case(1), "cy", 4)
    put(make_case(2, group=3), "zp")
    meeting = next(row for row in home("lead")["rows"] if row.label == "村议")
    assert "3组还有 1 户没到村议" in meeting.what and meeting.age == 4


def test_the_lead_is_reminded_of_a_waiver_without_its_signed_paper(round_, make_case, home):
    Case.objects.filter(pk=make_case(1).pk).update(
        state="ended", end_reason=EndReason.GIVEN_UP, concluded_at=timezone.now()
    )
    assert ("放弃声明", "张1", "去传") in rows(home("lead"))


def test_the_village_is_told_to_post_the_sheets(round_, make_case, home, places, cast):
    notice = notice_of(round_, places.villages[FIRST], cast)
    (
        NoticeSheet.objects.create(notice=notice, group_name="1组"),
        NoticeSheet.objects.create(notice=notice, group_name="2组"),
    )
    row = next(row for row in home("cadre")["rows"] if row.label == "待张贴")
    assert row.what == "张贴公示 2 个组" and row.action == "去张贴"


def test_an_overdue_meeting_stands_first_and_says_so(round_, make_case, login):
    Round.objects.update(stage_deadlines={"zp": "2016-07-15"})
    put(make_case(1), "zp")
    response = login("cadre").get("/")
    assert response.context["rows"][0].late and "已过期 2016年7月15日" in response.content.decode()


def test_a_village_sees_nothing_of_the_next_one(round_, make_case, make_household, home):
    put(make_case(1), "zp")
    put(make_case(2), "zp", pass_no=2)
    context = home("cadre2")
    assert rows(context) == [] and [number.value for number in context["numbers"]] == [0, 0, 0]


def test_the_villages_progress_counts_each_stage(round_, make_case, make_household, home):
    put(make_case(1), "cy")
    make_household(FIRST, 2)
    track = home("cadre")["tracks"][0]
    assert [(stop.passed, stop.due) for stop in track["stops"][:3]] == [(1, 2), (1, 1), (0, 1)]
    assert [(row.name, row.households, row.surveyed, row.met) for row in home("cadre")["groups"]] == [
        ("1组", 2, 1, 1), ("2组", 0, 0, 0), ("3组", 0, 0, 0),
    ]  # fmt: skip


# --- township -------------------------------------------------------------------------------------------------


def test_the_township_gets_the_oldest_list_first_and_its_day(round_, make_case, home):
    Round.objects.update(stage_deadlines={"xh": "2999-01-01"})
    put(make_case(1), "xh", 3)
    put(make_case(11, village_code=SECOND), "xh", 8)
    context = home("township")
    assert [(row.who, row.age, row.due.year) for row in context["rows"]] == [
        ("芭蕉溪村", 8, 2999),
        ("桐子园村", 3, 2999),
    ]
    assert (context["numbers"][0].value, context["numbers"][0].detail) == (2, "2 个村，最久已等 8 天")


def test_the_township_gets_notices_to_start_notices_ending_and_objections(round_, make_case, home, places, cast):
    put(make_case(1), "gs")
    now = timezone.now()
    notice_of(
        round_,
        places.villages[SECOND],
        cast,
        status="open",
        opened_at=now - timedelta(days=6),
        ends_at=now + timedelta(days=1),
    )
    objection_of(round_, places.villages[SECOND], "YY-1")
    assert {row[0] for row in rows(home("township"))} == {"公示", "公示将满", "异议待受理"}


def test_a_household_that_hangs_on_a_notice_needs_no_second_one(round_, make_case, home, places, cast):
    case = put(make_case(1), "gs")
    notice = notice_of(round_, places.villages[FIRST], cast)
    sheet = NoticeSheet.objects.create(notice=notice, group_name="1组")
    notice.lines.create(
        sheet=sheet,
        case=case,
        household=case.household,
        pass_no=1,
        position=1,
        head_name="张1",
        masked_name="张*",
        persons=2,
        result="x",
    )
    assert home("township")["numbers"][1].value == 0


def test_the_township_sees_the_village_that_lags_most_first(round_, make_case, make_household, home):
    put(make_case(1), "cy")
    make_household(SECOND, 30)
    assert [row.name for row in home("township")["board_rows"]] == ["芭蕉溪村", "桐子园村"]


def test_a_township_sees_nothing_of_the_next_one(round_, make_case, home, places):
    put(make_case(21, village_code=OTHER), "xh", 3)
    objection_of(round_, places.villages[OTHER], "YY-2")
    context = home("township")
    assert context["rows"] == [] and [number.value for number in context["numbers"]] == [0, 0, 0]
    assert context["numbers"][2].detail == "未办结共 0 件" and context["board"].total.progress.cases == 0
    assert "老寨村" in whats(home("township_other"))


# --- county ---------------------------------------------------------------------------------------------------


def test_who_decided_the_household_is_told_that_another_must_take_its_objection(round_, make_case, home, places, scope):
    """Ruling 19: the handler is independent; the one who cannot be is not sent to a page that says no."""
    case = make_case(1)
    Hall(scope).up_to("xd")
    objection_of(round_, places.villages[FIRST], "YY-4", case=case, household=case.household)
    told = {
        who: [(row.what, row.action) for row in home(who)["rows"] if row.label == "异议待受理"]
        for who in ("township", "township2")
    }
    assert told["township"] == [("您录入、决定过这一户或登记了这件异议，须由另一人受理", "查看")]
    assert [action for _, action in told["township2"]] == ["去受理"]


def test_the_county_gets_lists_to_decide_and_objections_to_confirm(round_, make_case, home, places):
    put(make_case(1), "xd", 2)
    put(make_case(2), "gs", 1, state="concluded")
    objection_of(round_, places.villages[FIRST], "YY-3", status="proposed", proposal="keep", proposed_at=timezone.now())
    context = home("county")
    assert {row[0] for row in rows(context)} == {"县定", "异议定案"}
    assert [number.value for number in context["numbers"]] == [1, 1, 1]


def test_the_viewer_sees_the_board_and_is_given_no_work(round_, make_case, login):
    put(make_case(1), "xd", 2)
    html = login("viewer").get("/").content.decode()
    assert "各乡镇进度" in html and "等我办的事" not in html and "六看分类" in html


@pytest.mark.parametrize("who", ["cadre", "lead", "township", "county", "viewer"])
def test_there_are_at_most_three_numbers_on_top(round_, make_case, home, who):
    make_case(1)
    assert len(home(who)["numbers"]) == 3


@pytest.mark.parametrize("who", ["cadre", "lead", "township", "county", "viewer"])
def test_a_home_asks_as_often_for_thirty_households_as_for_three(round_, make_case, login, who):
    client = login(who)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    stages = ("zp", "cy", "xh", "xd", "gs")
    for number in range(1, 6):
        put(make_case(number, group=1 + number % 3), stages[number % 5], 20, pass_no=2)
    client.get("/")
    few = cost()
    for number in range(6, 31):
        put(
            make_case(number, group=1 + number % 3, village_code=(FIRST, SECOND, OTHER)[number % 3]),
            stages[number % 5],
            20,
            pass_no=1 + number % 2,
        )
    assert cost() == few


# --- menu -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("cadre", "工作台 农户 评议 公示 报表"), ("township", "工作台 农户 评议 公示 报表"), ("county", "工作台 农户 评议 公示 报表 管理"),
        ("viewer", "工作台 农户 评议 公示 报表"), ("auditor", "工作台 审计"),
    ],
)  # fmt: skip
def test_the_menu_has_six_sections_by_role(round_, home, who, titles):
    assert " ".join(item["title"] for item in home(who)["menu"]) == titles


def test_a_phone_gets_five_tabs_and_the_rest_behind_more(round_, home):
    context = home("county")
    assert len(context["tabs"]) == MOST_TABS and [item["title"] for item in context["more"]] == ["管理"]


def test_the_open_section_shows_its_pages(round_, login):
    context = login("township").get("/rounds/").context
    assert [item["title"] for item in context["submenu"]] == ["会议", "名单和进度", "评议小组", "委托代办"]
    assert [item["title"] for item in context["submenu"] if item["current"]] == ["名单和进度"]
