"""The progress board against a small world counted by hand (issue 3.1)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from assessment.models import Case, Round
from assessment.selectors_board import board
from core.errors import NotFound

pytestmark = pytest.mark.once

DAY = date(2016, 7, 20)
FIRST, SECOND, OTHER = "422827102200", "422827102201", "422827103200"


def move(case: Case, stage: str = "zp", state: str = "open", days: int = 0, **more) -> Case:
    since = timezone.make_aware(timezone.datetime(2016, 7, 20, 9)) - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(stage=stage, state=state, stage_since=since, **more)
    return case


@pytest.fixture
def small_world(round_, make_case, make_household):
    """桐子园村: 5 households: two at 组评 (one since 9 days), one at 村议, one concluded, one without a form. 芭蕉溪村: one rejected at
    村议. 老寨村 of 绿水镇: one held at 公示."""
    move(make_case(1), days=9)
    move(make_case(2, group=2), days=1)
    move(make_case(3), "cy", days=2)
    move(make_case(4), "gs", "concluded", category="DIBAO")
    make_household(FIRST, 5)
    move(make_case(11, village_code=SECOND), "cy", "rejected")
    move(make_case(21, village_code=OTHER), "gs", "held", days=3)
    return round_


def shown(row) -> dict[str, int]:
    return {cell.code: cell.done for cell in row.cells}


def test_the_county_sees_townships_counted_by_hand(small_world, scope):
    made = board(scope("county"), small_world, DAY)
    dahe, lvshui = made.rows
    assert (dahe.name, dahe.villages, dahe.progress.due) == ("大河镇", 2, 6)
    assert shown(dahe) == {"survey": 5, "zp": 3, "cy": 2, "xh": 2, "xd": 2, "gs": 2, "concluded": 1}
    assert shown(lvshui) == {"survey": 1, "zp": 1, "cy": 1, "xh": 1, "xd": 1, "gs": 0, "concluded": 0}


def test_the_sum_row_is_the_sum_of_the_rows(small_world, scope):
    made = board(scope("county"), small_world, DAY)
    for code, total in shown(made.total).items():
        assert total == sum(shown(row)[code] for row in made.rows)


def test_the_township_sees_its_villages_and_no_other(small_world, scope):
    made = board(scope("township"), small_world, DAY)
    assert made.by_village and [(row.name, row.progress.due) for row in made.rows] == [("桐子园村", 5), ("芭蕉溪村", 1)]


def test_a_rejected_household_does_not_hold_the_share_below_all(small_world, scope):
    rejected = board(scope("township"), small_world, DAY).rows[1]
    assert [cell.percent for cell in rejected.cells[:-1]] == [100] * 6 and rejected.cells[-1].share is None


def test_the_share_is_rounded_down_so_that_all_means_all(small_world, scope):
    row = board(scope("county"), small_world, DAY).rows[0]
    assert [(cell.percent, cell.heat) for cell in row.cells[:3]] == [(83, 4), (50, 3), (33, 2)]


def test_the_oldest_wait_is_told_in_days(small_world, scope):
    assert [row.oldest for row in board(scope("county"), small_world, DAY).rows] == [9, 3]


def test_an_overdue_stage_is_marked_and_its_households_are_counted(small_world, scope):
    Round.objects.update(stage_deadlines={"zp": "2016-07-15", "cy": "2016-07-25"})
    small_world.refresh_from_db()
    row = board(scope("township"), small_world, DAY).rows[0]
    assert [cell.code for cell in row.cells if cell.late] == ["zp"]
    assert (row.lag.head.code, row.lag.waiting, row.lag.words) == ("zp", 2, "逾期 5 天，最久已等 9 天")


def test_who_to_phone_is_of_the_level_that_is_waited_for(small_world, scope, cast):
    User.objects.filter(login="lead").update(office_phone="0718-1234567", title="村党组织书记")
    Round.objects.update(stage_deadlines={"cy": "2016-07-15"})
    small_world.refresh_from_db()
    calls = board(scope("county"), small_world, DAY).calls
    call = next(call for call in calls if call.lag.head.code == "cy")
    assert call.place == "大河镇 桐子园村"
    assert [(person.name, person.title, person.phone) for person in call.persons] == [
        ("测试lead", "村党组织书记", "0718-1234567")
    ]


def test_what_waits_at_the_township_names_its_office_once(small_world, scope, make_case):
    move(make_case(6), "xh", days=10)
    move(make_case(12, village_code=SECOND), "xh", days=12)
    call = next(call for call in board(scope("county"), small_world, DAY).calls if call.lag.head.code == "xh")
    assert (call.place, call.lag.waiting, call.lag.days) == ("大河镇（桐子园村、芭蕉溪村）", 2, 12)
    assert {person.name for person in call.persons} == {"测试township", "测试township2"}


def test_nobody_is_phoned_about_another_area(small_world, scope):
    Round.objects.update(stage_deadlines={"zp": "2016-07-01", "gs": "2016-07-01"})
    small_world.refresh_from_db()
    assert all(
        "老寨" not in call.place and "绿水" not in call.place
        for call in board(scope("township"), small_world, DAY).calls
    )


def test_the_board_of_another_township_is_not_found(small_world, scope):
    with pytest.raises(NotFound):
        board(scope("township"), small_world, DAY, "422827103")


def test_a_drilled_township_counts_only_itself(small_world, scope):
    made = board(scope("county"), small_world, DAY, "422827103")
    assert [row.name for row in made.rows] == ["老寨村"] and made.total.progress.due == 1


@pytest.mark.parametrize("url", ["/rounds/2016-SB/", "/rounds/2016-SB/?township=422827102"])
def test_the_board_asks_as_often_for_thirty_households_as_for_three(round_, login, make_case, url):
    client = login("county")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    for number in range(1, 4):
        move(make_case(number, group=1 + number % 3), ("zp", "cy", "xh")[number % 3], days=20)
    client.get(url)  # the session's activity is written once a minute
    few = cost()
    for number in range(4, 31):
        move(
            make_case(number, group=1 + number % 3, village_code=(FIRST, SECOND, OTHER)[number % 3]),
            ("zp", "cy", "xh")[number % 3],
            days=20,
        )
    assert cost() == few


def test_the_page_says_the_number_beside_every_colour(small_world, login):
    html = login("county").get("/rounds/2016-SB/").content.decode()
    assert "83%" in html and "5 户" in html and "heat-4" in html and "该给谁打电话" in html


def test_the_county_sees_every_village_of_all_townships_the_late_ones_first(small_world, scope):
    Round.objects.update(stage_deadlines={"gs": "2016-07-15", "zp": "2016-07-01"})
    Case.objects.filter(village__code=FIRST).update(state="concluded")
    small_world.refresh_from_db()
    made = board(scope("county"), small_world, DAY, all_villages=True)
    assert made.by_village and made.split and made.township is None
    assert {row.name for row in made.rows} == {"大河镇 桐子园村", "大河镇 芭蕉溪村", "绿水镇 老寨村"}
    assert [bool(row.lag and row.lag.late) for row in made.rows] == sorted((bool(row.lag and row.lag.late) for row in made.rows), reverse=True)


def test_a_cell_says_how_many_wait_there_and_for_how_long(small_world, scope):
    cells = {cell.code: cell for cell in board(scope("township"), small_world, DAY).rows[0].cells}
    assert [(cells[code].waiting, cells[code].days) for code in ("zp", "cy", "xd")] == [(2, 9), (1, 2), (0, None)]


@pytest.mark.parametrize(("since", "opened", "late"), [(5, 20, False), (6, 20, True), (1, 31, True)], ids=["in time", "the stage's days", "the whole way's days"])
def test_days_that_the_procedure_allows_run_out_without_a_deadline(round_, make_case, scope, since, opened, late):
    """防返贫: 乡级审核 5 days, 30 for the whole way (3.11)."""
    Round.objects.update(procedure="ffp")
    move(make_case(1), "xs", days=since, opened_at=timezone.make_aware(timezone.datetime(2016, 7, 20)) - timedelta(days=opened))
    round_.refresh_from_db()
    row = board(scope("township"), round_, DAY).rows[0]
    assert [cell.code for cell in row.cells if cell.late] == (["xs"] if late else [])
    assert bool(row.lag and row.lag.late) is late
