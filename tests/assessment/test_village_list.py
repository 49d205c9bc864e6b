"""A village's list: lines, filters, the line of stages, the next step for this caller (issue 3.1)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.models import Case, Sitting, Verdict
from assessment.selectors_list import case_lines, cases_of, village_list
from tests.assessment.test_progress_board import FIRST, SECOND, move

pytestmark = pytest.mark.once

DAY = date(2016, 7, 20)
URL = f"/rounds/2016-SB/villages/{FIRST}/"


@pytest.fixture
def listed(round_, make_case, make_household, places):
    """组评 waits in 1组 (1 household) and 2组 (2, one in its second pass); 村议 waits for one of 3组; one has no form."""
    move(make_case(1, points=45))
    move(make_case(2, group=2), pass_no=2)
    move(make_case(3, group=2), supplementary=True)
    move(make_case(4, group=3), "cy", category="DIBAO", blocked_stage="cy")
    make_household(FIRST, 5)
    return places.villages[FIRST]


def shown(scope, round_, village, who="lead"):
    return village_list(scope(who), round_, village, DAY)


def lines(scope, round_, village):
    return {
        line.case.household.code[-1]: line for line in case_lines(round_, cases_of(scope("lead"), round_, village), DAY)
    }


def test_each_line_tells_score_tier_stage_and_state(listed, scope, round_):
    line = lines(scope, round_, listed)["1"]
    assert (line.points, line.tier_name, line.stage, line.state) == (45, "政策兜底户", "组评", "办理中")


def test_marks_tell_returned_late_and_blocked_households(listed, scope, round_):
    found = lines(scope, round_, listed)
    assert [found[number].marks for number in "234"] == [("退回第 2 轮",), ("补充评议",), ("须由他人决定",)]


def test_the_votes_of_the_last_standing_verdict_are_shown(listed, scope, round_, cast):
    case = Case.objects.get(household__code=f"{FIRST}0004")
    sitting = Sitting.objects.create(
        round=round_, stage="zp", county=case.county, township=case.township, village=case.village, group=case.group,
        opened_at=timezone.now(), opened_by=cast.cadre, status="closed",
    )  # fmt: skip
    Verdict.objects.create(
        case=case, sitting=sitting, stage="zp", pass_no=1, opinion="agree", category="DIBAO", votes_for=5, votes_against=1,
        household_version=1, at=timezone.now(), body_enc="x", leaf="x",
    )  # fmt: skip
    assert lines(scope, round_, listed)["4"].votes == "5/1"


def test_the_line_of_stages_counts_waiting_and_passed(listed, scope, round_):
    track = {
        stop.head.code: (stop.waiting, stop.passed, stop.due, stop.look) for stop in shown(scope, round_, listed).track
    }
    assert (track["survey"], track["zp"], track["cy"], track["xh"]) == (
        (1, 4, 5, "now"),
        (3, 1, 4, "now"),
        (1, 0, 4, "now"),
        (0, 0, 4, "ahead"),
    )


def test_each_group_says_what_is_missing(listed, scope, round_):
    groups = {line.name: [stop.waiting for stop in line.stops[:3]] for line in shown(scope, round_, listed).groups}
    assert groups == {"1组": [1, 1, 0], "2组": [0, 2, 0], "3组": [0, 0, 1]}


def test_the_cadre_is_offered_the_meeting_of_each_group_but_not_the_villages(listed, scope, round_):
    made = shown(scope, round_, listed, "cadre")
    assert [step.words for step in made.possible] == ["开组评 1组 1 户", "开组评 2组 2 户"]
    assert [(step.words, step.why) for step in made.others] == [("开村议 1 户", "村议由村党组织书记办理。")]


def test_the_lead_may_hold_the_village_meeting_and_is_told_which_groups_are_missing(listed, scope, round_):
    step = shown(scope, round_, listed).possible[-1]
    assert step.stage.code == "cy" and step.note.startswith("1组、2组还有 3 户没到村议")


def test_the_level_above_may_decide_what_separation_blocked(listed, scope, round_):
    assert [step.words for step in shown(scope, round_, listed, "township").possible] == ["开村议 1 户"]


def test_an_open_meeting_is_continued(listed, scope, round_, places, cast):
    Sitting.objects.create(
        round=round_, stage="zp", county=listed.county, township=listed.township, village=listed, group=places.groups[f"{FIRST}01"],
        opened_at=timezone.now(), opened_by=cast.cadre,
    )  # fmt: skip
    assert shown(scope, round_, listed, "cadre").possible[0].words == "继续组评 1组 1 户"


def test_the_township_is_offered_the_notice_and_the_lead_is_told_who_starts_it(round_, make_case, scope, places):
    move(make_case(1), "gs")
    village = places.villages[FIRST]
    assert [step.words for step in shown(scope, round_, village, "township").possible] == ["发起公示 1 户"]
    assert shown(scope, round_, village).others[0].why == "公示由乡镇扶贫办办理。"


def test_a_closed_round_offers_nothing(listed, scope, round_):
    round_.status = "closed"
    made = shown(scope, round_, listed)
    assert made.possible == [] and made.others[0].why == "2016年贫困户识别已经结束。"


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?group=42282710220002", "23"), ("?stage=cy", "4"), ("?state=returned", "2"), ("?state=blocked", "4"), ("?state=late", "3"),
        ("?state=open&stage=zp", "123"), ("?group=none", ""),
    ],
)  # fmt: skip
def test_the_filters_stand_in_the_address(listed, login, query, codes):
    response = login("lead").get(URL + query)
    assert "".join(line.case.household.code[-1] for line in response.context["lines"]) == codes


def test_the_list_of_another_village_is_not_found(listed, login):
    assert login("cadre2").get(URL).status_code == 404


def test_the_page_links_to_the_households_without_a_form(listed, login):
    html = login("lead").get(URL).content.decode()
    assert f"/households/?village={FIRST}&amp;surveyed=no" in html and "未评估" in html


def test_an_empty_list_says_how_a_household_gets_on_it(round_, login):
    assert "提交评估表之后" in login("lead").get(URL).content.decode()


def test_the_list_asks_as_often_for_thirty_households_as_for_three(round_, login, make_case):
    client = login("lead")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(URL).status_code == 200
        return len(asked)

    for number in range(1, 4):
        move(make_case(number, group=number), "zp", days=number)
    client.get(URL)  # the session's activity is written once a minute
    few = cost()
    for number in range(4, 31):
        move(make_case(number, group=1 + number % 3), ("zp", "cy", "xh")[number % 3])
    assert cost() == few


def test_cases_of_a_neighbour_village_are_not_counted(listed, scope, round_, make_case):
    make_case(1, village_code=SECOND)
    assert shown(scope, round_, listed, "township").progress.cases == 4


def test_a_list_longer_than_a_page_shows_every_household_once_by_group_those_without_one_last(login, round_, make_case, monkeypatch):
    monkeypatch.setattr("assessment.selectors_list.ROWS_A_PAGE", 2)
    for number, group in enumerate((2, 1, 3, 1, 2), start=1):
        make_case(number=number, group=group)
    loose = Case.objects.get(household__code__endswith="0003")
    Case.objects.filter(pk=loose.pk).update(group=None)
    client, seen, address = login("lead"), [], ""
    while address is not None:
        page = client.get(f"/rounds/2016-SB/villages/422827102200/{address}")
        seen += [line.case.household.code[-1] for line in page.context["lines"]]
        address = page.context["next"] or None
    assert seen == ["2", "4", "1", "5", "3"]
