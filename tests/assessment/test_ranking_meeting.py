"""逐户排队 at a meeting: sheets, ties and line through the actions, what closing asks, what the seal holds, the pages (A9-02, A9-03)."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessment.actions.ranking import break_tie, choose_way, clear_sheet
from assessment.actions.ranking_fill import fill_ballots
from assessment.actions.sittings import drop_sitting
from assessment.models import Ballot, Case, Ranking, RankingSheet, Sitting, TieBreak
from assessment.ranking_entry import TieEntry
from assessment.sealing import list_document
from assessment.verification import verify_list
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from tests.assessment.list_ground import tamper
from tests.assessment.meetings import persons
from tests.assessment.queues import found, line, sheet
from tests.assessment.ranked_ground import as_one, browser, cadre, close_plain, laid, meeting, ranked  # noqa: F401
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

VILLAGE = "422827102200"


# --- sheets


def test_a_recorder_keeps_half_a_sheet_and_goes_on_with_it(meeting, cadre):
    sheet(cadre, meeting.sitting, "代表1", (2, None, 1))
    lacks = dict(found(meeting.sitting).queue.missing)["代表1"]
    assert lacks == (str(meeting.cases[1].uuid), str(meeting.cases[3].uuid))
    sheet(cadre, meeting.sitting, "代表1", (2, 3, 1, 4))
    assert "代表1" in found(meeting.sitting).queue.counted and RankingSheet.objects.count() == 1


def test_of_two_recorders_of_one_sheet_the_second_is_told(meeting, cadre, standing):
    sheet(cadre, meeting.sitting, "代表1", (1, 2, 3, 4), version=0)
    with pytest.raises(StaleVersion):
        sheet(standing.scope("lead"), meeting.sitting, "代表1", (4, 3, 2, 1), version=0)
    assert RankingSheet.objects.get().places[str(meeting.cases[0].uuid)] == 1


def test_two_recorders_of_two_sheets_do_not_meet(meeting, cadre, standing):
    sheet(cadre, meeting.sitting, "代表1", (1, 2, 3, 4))
    sheet(standing.scope("lead"), meeting.sitting, "代表2", (1, 2, 3, 4))
    assert RankingSheet.objects.count() == 2


def test_a_double_click_saves_one_sheet(meeting, cadre):
    for _ in range(2):
        sheet(cadre, meeting.sitting, "代表1", (1, 2, 3, 4), version=0, key="k1")
    assert AuditRow.objects.filter(action="ranking.sheet", result="ok").count() == 1


@pytest.mark.parametrize(("who", "error"), [("cadre2", NotFound), ("township", Denied), ("viewer", Denied)])
def test_whoever_may_not_fill_ballots_there_ranks_nobody(meeting, standing, who, error):
    with pytest.raises(error):
        sheet(standing.scope(who), meeting.sitting, "代表1", (1, 2, 3, 4))
    assert not RankingSheet.objects.exists()


def test_only_those_who_are_there_are_scorers(meeting, cadre):
    with pytest.raises(WrongState, match="不在到会的评议小组成员里"):
        sheet(cadre, meeting.sitting, "路人", (1, 2, 3, 4))


def test_a_scorer_who_left_does_not_count_any_more(meeting, cadre):
    sheet(cadre, meeting.sitting, "代表5", (4, 3, 2, 1))
    meeting.hall.head(meeting.sitting, panel=persons(4))
    queue = found(meeting.sitting).queue
    assert "代表5" not in queue.scorers and queue.counted == ()


def test_a_place_that_is_no_place_is_refused_by_household(meeting, cadre):
    with pytest.raises(BadInput) as error:
        sheet(cadre, meeting.sitting, "代表1", (1, 2, 3, 5))
    assert list(error.value.fields) == [str(meeting.cases[3].uuid)] and not RankingSheet.objects.exists()


def test_a_scorer_steps_back_from_the_own_household_or_says_it_is_a_namesake(meeting, cadre):
    own = str(meeting.cases[1].uuid)
    meeting.hall.head(meeting.sitting, panel=[*persons(4), {"name": "张2", "post": "", "present": True}])
    with pytest.raises(BadInput, match="没有保存") as error:
        sheet(cadre, meeting.sitting, "张2", (1, 2, 3, 4))
    assert list(error.value.fields) == [own]
    sheet(cadre, meeting.sitting, "张2", (1, None, 2, 3), stepped_back=[own])
    assert "张2" in found(meeting.sitting).queue.counted
    sheet(cadre, meeting.sitting, "张2", (1, 2, 3, 4), namesakes=[own])
    assert RankingSheet.objects.get().namesakes == [own]


def test_nobody_steps_back_from_a_household_that_is_not_the_own(meeting, cadre):
    with pytest.raises(BadInput, match="没有保存"):
        sheet(cadre, meeting.sitting, "代表1", (None, 2, 3, 4), stepped_back=[str(meeting.cases[0].uuid)])


def test_the_way_is_chosen_once(meeting, as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    with pytest.raises(WrongState, match="不能再换排法"):
        choose_way(scope=cadre, sitting=str(sitting.uuid), way="each")
    clear_sheet(scope=cadre, sitting=str(sitting.uuid), scorer="", version=RankingSheet.objects.get().version)
    assert choose_way(scope=cadre, sitting=str(sitting.uuid), way="each").way == "each"


# --- the line


def test_a_line_through_equals_waits_for_the_panels_decision(meeting, as_one, cadre):
    sitting, cases = as_one(1, 2, 2, 4), [str(case.uuid) for case in meeting.cases]
    with pytest.raises(WrongState, match="张2、张3合计位次相同"):
        line(cadre, sitting, 2)
    mark = found(sitting).queue.mark
    break_tie(scope=cadre, sitting=str(sitting.uuid), mark=mark, entry=TieEntry([cases[2], cases[1]], reason="张2家有两个在读大学生"))
    line(cadre, sitting, 2)
    ranks = found(sitting).ranks()
    assert [ranks[case].below for case in cases] == [False, True, False, True]
    assert "大学生" not in str(list(AuditRow.objects.values_list("detail", flat=True))), "grounds stay sealed"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"reason": ""}, "reason"), ({"reason": "电话13800001234，家里更难"}, "reason"), ({"votes_for": 2, "votes_against": 2}, "votes"),
        ({"votes_for": 6, "votes_against": 0}, "votes"), ({"order": (1,), "reason": "大家议定"}, "order"), ({"order": (1, 3), "reason": "大家议定"}, "order"),
        ({"order": (1, 1), "reason": "大家议定"}, "order"),
    ],
)  # fmt: skip
def test_a_decision_between_equals_names_all_of_them_and_what_it_rests_on(meeting, as_one, cadre, entry, field):
    sitting = as_one(1, 2, 2, 4)
    order = [str(meeting.cases[number].uuid) for number in entry.pop("order", (1, 2))]
    with pytest.raises(BadInput) as error:
        break_tie(scope=cadre, sitting=str(sitting.uuid), mark=found(sitting).queue.mark, entry=TieEntry(order, **entry))
    assert list(error.value.fields) == [field] and not TieBreak.objects.exists()


def test_a_line_over_a_queue_that_changed_meanwhile_is_refused(as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    mark = found(sitting).queue.mark
    sheet(cadre, sitting, "", (4, 3, 2, 1))
    with pytest.raises(StaleVersion):
        line(cadre, sitting, 1, mark=mark)


def test_a_line_does_not_outlive_the_order_it_was_drawn_through(as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    line(cadre, sitting, 1)
    sheet(cadre, sitting, "", (4, 3, 2, 1))
    assert found(sitting).outdated and found(sitting).taken is None


@pytest.mark.parametrize("taken", [0, 4])
def test_nobody_or_everybody_may_be_taken(as_one, cadre, taken):
    sitting = as_one(1, 1, 1, 1)
    line(cadre, sitting, taken)
    assert sum(rank.below for rank in found(sitting).ranks().values()) == taken


# --- the list changes under the queue


def test_a_household_that_joins_is_missing_from_every_sheet(as_one, standing):
    sitting = as_one(1, 2, 3, 4)
    late = standing.make_case(5, 45)
    assert found(sitting).queue.missing == (("", (str(late.uuid),)),)


def test_a_household_that_leaves_leaves_the_queue_and_the_line_is_drawn_anew(meeting, as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    line(cadre, sitting, 1)
    Case.objects.filter(pk=meeting.cases[0].pk).update(state="ended")
    assert len(found(sitting).queue.rows) == 3 and found(sitting).outdated


def test_a_household_that_came_back_to_the_stage_is_ranked_anew(meeting, as_one):
    sitting, case = as_one(1, 2, 3, 4), meeting.cases[2]
    Case.objects.filter(pk=case.pk).update(stage_since=timezone.now() + timezone.timedelta(seconds=1))
    assert found(sitting).queue.missing == (("", (str(case.uuid),)),)


# --- closing


def test_where_the_procedure_asks_for_a_queue_the_list_is_not_locked_without(ranked, cadre, as_one):
    assert any("代表1还没有排" in reason for reason in refused_plain(cadre, ranked.sitting))
    as_one(1, 2, 3)
    assert refused_plain(cadre, ranked.sitting) == ["逐户排队：小组的排队表还缺 1 户：张4。"]
    sheet(cadre, ranked.sitting, "", (1, 2, 3, 4))
    assert refused_plain(cadre, ranked.sitting) == ["逐户排队：还没有划线，请定从队尾取多少户。"]
    line(cadre, ranked.sitting, 3)
    assert close_plain(cadre, ranked.sitting).status == "closed"


def refused_plain(scope, sitting) -> list[str]:
    with pytest.raises(BadInput) as error:
        close_plain(scope, sitting)
    assert list(error.value.fields) == ["ranking"]
    return error.value.fields["ranking"]


def test_where_it_does_not_ask_a_meeting_closes_without_or_with_half_a_queue(meeting, as_one, cadre):
    as_one(1, 2)
    assert close_plain(cadre, meeting.sitting).counts["agree"] == 4


def test_score_against_queue_is_never_decided_among_the_rest(meeting, as_one, cadre):
    sitting = as_one(4, 2, 3, 1)  # 张1, 脱贫户 by score, last; 张4 first
    line(cadre, sitting, 3)
    with pytest.raises(WrongState) as error:
        close_plain(cadre, sitting)
    assert [reason.split("，请")[0] for reason in error.value.reasons] == ["张1：得分是脱贫户，排队在线下", "张4：得分是政策兜底户，排队在线上"]
    with pytest.raises(BadInput):
        meeting.hall.ballot(sitting, meeting.cases[0], category="DIBAO", note="")
    meeting.hall.ballot(sitting, meeting.cases[0], category="DIBAO", note="小组都认为更困难")
    meeting.hall.ballot(sitting, meeting.cases[3], "reject", note="有楼房出租")
    assert close_plain(cadre, sitting).counts == {"agree": 3, "return": 0, "reject": 1, "blocked": 0, "left": 0}


def test_a_closed_meeting_is_ranked_no_more_by_action_or_by_hand(meeting, as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    line(cadre, sitting, 3)
    close_plain(cadre, sitting)
    with pytest.raises(WrongState, match="不能再改"):
        sheet(cadre, sitting, "", (4, 3, 2, 1))
    for model in (Ranking, RankingSheet):
        for change in (lambda rows: rows.update(version=99), lambda rows: rows.delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change(model.objects.all())


def test_a_closed_queue_still_says_where_it_parted_from_the_score(meeting, as_one, cadre, cast):
    sitting = as_one(1, 2, 4, 3)
    line(cadre, sitting, 2)
    meeting.hall.ballot(sitting, meeting.cases[1], category="TUOPIN", note="小组议定")
    close_plain(cadre, sitting)
    page = browser(cast, "county").get(f"/sittings/{sitting.uuid}/ranking/").content.decode()
    assert page.count("得分是低保贫困户，排队在线上") == 1 and "其中 1 户已改类别" in page


def test_a_cancelled_meeting_leaves_no_queue(meeting, as_one, cadre):
    drop_sitting(scope=cadre, sitting=str(as_one(1, 2, 3, 4).uuid))
    assert not Ranking.objects.exists() and not RankingSheet.objects.exists()


def test_both_lists_come_from_the_one_queue(meeting, as_one, cadre, cast):
    """A9-03: below the line 贫困户; above it 脱贫户, all four being on the register."""
    sitting = as_one(1, 2, 3, 4)
    line(cadre, sitting, 3)
    page = browser(cast, "viewer").get(f"/sittings/{sitting.uuid}/ranking/").content.decode()
    assert re.findall(r"<dt>(\S+?)</dt><dd><b>(\d+)</b> 户", page) == [("贫困户备选", "3"), ("脱贫户备选", "1")]


# --- ballots from the queue


def test_filling_from_the_queue_says_of_every_household_what_became_of_it(meeting, as_one, cadre):
    sitting = as_one(2, 1, 3, 4)
    line(cadre, sitting, 2)
    meeting.hall.ballot(sitting, meeting.cases[3])
    results = fill_ballots(scope=cadre, sitting=str(sitting.uuid), mark=found(sitting).queue.mark)
    assert {result.case.household.head_name: result.reason for result in results} == {
        "张1": "", "张2": "得分是低保贫困户，排队在线上，请逐户填，写明理由。", "张3": "", "张4": "已有意见：同意列入。",
    }  # fmt: skip
    assert set(Ballot.objects.values_list("case__household__head_name", flat=True)) == {"张1", "张3", "张4"}
    again = fill_ballots(scope=cadre, sitting=str(sitting.uuid), mark=found(sitting).queue.mark)
    assert all(result.reason for result in again) and Ballot.objects.count() == 3


def test_without_a_line_nothing_is_filled_in(as_one, cadre):
    sitting = as_one(1, 2, 3, 4)
    with pytest.raises(WrongState, match="划线"):
        fill_ballots(scope=cadre, sitting=str(sitting.uuid), mark=found(sitting).queue.mark)


# --- what is sealed


@pytest.fixture
def sealed(meeting, as_one, cadre, round_, places):
    """Closed with a queue, two equals put in order; `sealed()` → what 核验 finds."""
    sitting, cases = as_one(1, 2, 2, 4), [str(case.uuid) for case in meeting.cases]
    break_tie(scope=cadre, sitting=str(sitting.uuid), mark=found(sitting).queue.mark, entry=TieEntry(cases[1:3], votes_for=4, votes_against=1))
    line(cadre, sitting, 3)
    close_plain(cadre, sitting)
    return lambda: {finding.what for finding in verify_list(round_, places.villages[VILLAGE])}


CHANGED = "排队表、先后或划的线与锁定时不符"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE assessment_ranking SET taken = 1", CHANGED),
        ("UPDATE assessment_ranking SET listed = '[]'", CHANGED),
        ("UPDATE assessment_rankingsheet SET places = '{}'", CHANGED),
        ("UPDATE assessment_tiebreak SET votes_for = 5", CHANGED),
        ("DELETE FROM assessment_tiebreak", CHANGED),
        ("DELETE FROM assessment_ranking", "锁定时的排队现已不在"),
    ],
)
def test_a_queue_touched_after_the_close_is_named(sealed, statement, what):
    assert sealed() == set()
    tamper(statement)
    assert sealed() == {what, "会议情况、记录或名单与锁定时不符"}, "the trail's copy and the list's own seal both tell"


def test_a_list_without_a_queue_is_sealed_as_lists_before_queues_were(meeting, cadre):
    close_plain(cadre, meeting.sitting)
    sitting = Sitting.objects.select_related("round", "village", "group").get(pk=meeting.sitting.pk)
    assert set(list_document(sitting, "", [])) == {"format", "sitting", "leaves"}
    assert "ranking" not in AuditRow.objects.get(action="sitting.close").detail


def test_a_queue_put_in_after_the_close_is_named(meeting, cadre, round_, places):
    close_plain(cadre, meeting.sitting)
    Ranking.objects.create(sitting=meeting.sitting, taken=1)
    assert "审计记录里没有这份排队" in {finding.what for finding in verify_list(round_, places.villages[VILLAGE])}
