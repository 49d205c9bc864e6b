"""What the page of a meeting is given: the same cost for 3 households and for 300, everything said per line."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.sittings import drop_sitting
from assessment.docket import docket
from assessment.models import Case
from core.errors import NotFound
from tests.assessment.meetings import WHO, Hall, persons

pytestmark = pytest.mark.once


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def read(scope):
    return lambda sitting, login="": docket(scope(login or WHO[sitting.stage]), str(sitting.uuid))


@pytest.fixture
def three(make_case):
    return [make_case(number=number, points=points) for number, points in ((1, 58), (2, 45), (3, 85))]


def test_the_list_is_sorted_by_score_and_says_what_it_is(hall, three, read):
    found = read(hall.ready("zp"))
    assert [(line.code[-4:], line.points, line.tier) for line in found.lines] == [
        ("0002", 45, "DOUDI"), ("0001", 58, "DIBAO"), ("0003", 85, "TUOPIN"),
    ]  # fmt: skip
    first = found.lines[0]
    assert (first.head_name, first.group_name, first.persons, first.tier_name) == ("张2", "1组", 2, "政策兜底户")
    assert (len(first.looks), sum(int(points) for _, points, _ in first.looks)) == (6, 45)
    assert (found.area, found.count, found.following) == ("桐子园村 1组", 3, "村议")


def test_a_household_without_a_form_stands_last_and_is_named_as_wanting(hall, three, read):
    Case.objects.filter(pk=three[1].pk).update(survey=None)
    found = read(hall.ready("zp"))
    assert (found.lines[-1].head_name, found.lines[-1].points) == ("张2", None)
    assert "张2还没有评估表" in found.wanting[0]


def test_the_tally_counts_answers(hall, three, read):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], "reject", reasons=["vehicle"])
    hall.ballot(sitting, three[1])
    found = read(sitting)
    assert (found.tally.agree, found.tally.reject, found.tally.blank, found.tally.total) == (1, 1, 1, 3)
    assert found.outcome == "锁定后：2 户同意列入，送村议；1 户不同意列入。"


def test_what_was_entered_is_shown_with_its_note(hall, three, read):
    sitting = hall.ready("zp")
    saved = hall.ballot(sitting, three[0], category="YIBAN", note="村民反映有面包车")
    line = next(line for line in read(sitting).lines if line.code == three[0].household.code)
    assert (line.opinion, line.word, line.note, line.version) == (
        "agree",
        "同意列入",
        "村民反映有面包车",
        saved.version,
    )
    assert (line.category, line.category_name, line.changed) == ("YIBAN", "一般贫困户", True)


def test_a_viewer_reads_no_note_and_no_minutes(hall, three, read):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], note="户主有重病")
    found = read(sitting, "viewer")
    assert {line.note for line in found.lines} == {""}
    assert (found.minutes, found.may_decide, found.tally.blocked) == ("", False, 0)


def test_earlier_stages_are_told_with_votes(hall, three, read):
    hall.up_to("xh")
    line = read(hall.ready("xh")).lines[0]
    assert [(past.stage, past.word, past.votes, past.standing) for past in line.past] == [
        ("组评", "同意列入", "5 : 0", True), ("村议", "同意列入", "5 : 0", True),
    ]  # fmt: skip


def test_a_returned_household_says_why_it_came_back(hall, three, read):
    hall.up_to("xh")
    sitting = hall.ready("xh")
    hall.ballot(sitting, three[0], "return", return_to="zp", reasons=["no_proof"], note="缺房屋鉴定书")
    hall.close(sitting)
    line = read(hall.ready("zp")).lines[0]
    assert (line.returned, line.back.stage, line.back.word) == (True, "乡核", "退回复核")
    assert (line.back.reasons, line.back.note) == (("缺证明材料",), "缺房屋鉴定书")
    assert [past.standing for past in line.past] == [False, False, True]


def test_open_doubts_are_counted(hall, three, read, make_doubt):
    for rule, state in (("LK-A1", "open"), ("Q-04-01", "open"), ("Q-02-01", "kept"), ("Q-02-02", "mended")):
        make_doubt(three[0].household, rule, state=state)
    assert {line.code[-4:]: line.doubts for line in read(hall.open("zp")).lines} == {"0001": 2, "0002": 0, "0003": 0}


def test_a_blocked_line_says_why_and_who_may(hall, make_case, cast, read):
    make_case(number=1, surveyor=cast.township)
    make_case(number=2)
    hall.up_to("xh")
    sitting = hall.ready("xh")
    found = read(sitting)
    blocked = [line for line in found.lines if line.blocked]
    assert [(line.code[-4:], line.who) for line in blocked] == [("0001", "乡镇一级没有经手这一户的账号，或县一级的账号")]
    assert "录入或修改过" in blocked[0].refused[0]
    assert found.outcome.endswith("1 户须由乡镇一级没有经手这一户的账号，或县一级的账号决定，留在乡核。")
    assert not any(line.blocked for line in read(sitting, "township2").lines)


def test_all_blocked_says_to_hand_the_list_over(hall, make_case, cast, read, scope):
    make_case(surveyor=cast.township)
    hall.up_to("xh")
    sitting = hall.open("xh")
    assert "请取消这次会议，由乡镇一级没有经手这一户的账号" in read(sitting).outcome
    drop_sitting(scope=scope("township"), sitting=str(sitting.uuid))
    taken = read(hall.open("xh", by="county"), "county")
    assert (taken.may_decide, taken.takes_over, taken.lines[0].blocked) == (True, True, False)


def test_the_county_that_takes_over_sees_the_others_as_not_its_own(hall, make_case, cast, read):
    make_case(number=1, surveyor=cast.township)
    other = make_case(number=2)
    hall.up_to("xh")
    hall.decide("xh")
    Case.objects.filter(pk=other.pk).update(stage="xh")
    found = read(hall.open("xh", by="county"), "county")
    assert {line.code[-4:]: line.elsewhere for line in found.lines} == {"0001": False, "0002": True}
    assert "1 户由乡核的承办人办理，不动" in found.outcome


def test_an_answer_from_before_a_return_is_shown_as_none(hall, three, read):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], "reject")
    Case.objects.filter(pk=three[0].pk).update(stage_since=timezone.now() + timedelta(seconds=1))
    found = read(sitting)
    line = next(line for line in found.lines if line.code == three[0].household.code)
    assert (line.stale, line.opinion, line.note) == (True, "", "按会议意见")
    assert found.wanting == ("张1重新回到组评，请重新填意见。",)


def test_the_page_is_told_what_is_still_missing(hall, three, read):
    found = read(hall.head(hall.open("zp"), chair="", panel=persons(3)))
    assert sorted(found.faults) == ["chair", "panel"]
    assert found.wanting == ("请填主持人。", "评议小组至少 4 人，现有 3 人。")
    assert read(hall.head(found.sitting)).wanting == ()


def test_missing_groups_are_named_at_the_village(hall, three, make_case, read):
    make_case(number=4, group=2)
    make_case(number=5, group=None)
    hall.decide("zp")
    found = read(hall.open("cy", missing_reason="另行评议"))
    assert set(found.missing.names) == {"2组", "未分组农户"}


def test_a_closed_meeting_shows_what_it_decided(hall, three, read):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], "reject", reasons=["vehicle"], note="有一辆货车")
    hall.close(sitting)
    hall.decide("cy")
    found = read(sitting)
    assert [(line.code[-4:], line.word, line.past) for line in found.lines] == [
        ("0002", "同意列入", ()), ("0001", "不同意列入", ()), ("0003", "同意列入", ()),
    ]  # fmt: skip
    assert (found.open, found.may_decide, found.wanting, found.mark) == (False, False, (), "")
    assert found.lines[1].note == "有一辆货车"


def test_another_area_finds_nothing(hall, three, read):
    sitting = hall.open("zp")
    for login in ("cadre2", "township_other", "auditor"):
        with pytest.raises(NotFound):
            read(sitting, login)


def test_the_mark_of_a_list_changes_with_a_household(hall, three, read):
    sitting = hall.ready("zp")
    before = read(sitting).mark
    Case.objects.filter(pk=three[0].pk).update(version=7)
    assert before != read(sitting).mark


@pytest.mark.parametrize("stage", ["zp", "cy", "xh"])
def test_the_docket_costs_the_same_for_few_households_and_for_many(hall, make_case, read, stage):
    def queries(sitting) -> int:
        with CaptureQueriesContext(connection) as seen:
            found = read(sitting)
            assert [(line.head_name, line.group_name, line.persons, line.tier_name, line.past) for line in found.lines]
        return len(seen)

    for number in range(1, 4):
        make_case(number=number)
    hall.up_to(stage)
    few = queries(hall.open(stage))
    for case in [make_case(number=number) for number in range(4, 44)]:
        Case.objects.filter(pk=case.pk).update(stage=stage)
    assert queries(hall.open(stage)) == few
    assert few <= 20
