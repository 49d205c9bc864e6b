"""逐户排队、顺排倒取 as rules: sheets to a queue, the line, what is read from a column (A9-02, A9-03)."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ranked_list import Fill, Rank, why_not_filled
from assessment.ranking import (
    Sheet,
    averaged,
    cut_tie,
    disagreement,
    form_queue,
    line_fault,
    missing_sentences,
    shown,
    stretched,
)
from assessment.ranking_entry import cell, column, from_order

pytestmark = pytest.mark.once
CASES = ("a", "b", "c", "d")
NAMES = {"a": "甲", "b": "乙", "c": "丙", "d": "丁"}


def sheets(*rows: tuple[int, ...], cases=CASES) -> list[Sheet]:
    return [Sheet(f"评{number}", dict(zip(cases, row, strict=True))) for number, row in enumerate(rows, 1)]


def queue(*rows: tuple[int, ...], ties=(), cases=CASES):
    made = sheets(*rows, cases=cases)
    return form_queue(cases, [sheet.scorer for sheet in made], made, ties)


# --- one sheet


@pytest.mark.parametrize(
    ("typed", "places"),
    [((1, 2, 3, 4), "1 2 3 4"), ((1, 2, 2, 4), "1 2.5 2.5 4"), ((1, 2, 2, 3), "1 2.5 2.5 4"), ((4, 4, 4, 4), "2.5 2.5 2.5 2.5"), ((4, 1, 1, 1), "4 2 2 2")],
)
def test_who_shares_a_place_shares_what_it_takes_up(typed, places):
    own = averaged(dict(zip(CASES, typed, strict=True)))
    assert " ".join(shown(own[case]) for case in CASES) == places


def test_whoever_steps_back_from_a_household_lays_the_others_over_the_whole_queue():
    assert [shown(place) for place in stretched({"a": 1, "b": 2, "c": 3}, 4).values()] == ["1.17", "2.5", "3.83"]


def test_a_household_from_which_a_scorer_stepped_back_is_ranked_by_the_others():
    made = [Sheet("一", {"a": 1, "b": 2, "c": 3}), Sheet("二", {"a": 1, "c": 2}, frozenset({"b"}))]
    found = form_queue(("a", "b", "c"), ["一", "二"], made)
    assert found.complete and [row.case for row in found.rows] == ["a", "b", "c"]
    assert found.rows[1].total == 4 and found.rows[1].places == (2, None)


def test_a_household_that_everybody_steps_back_from_has_no_place():
    found = form_queue(("a", "b"), ["一"], [Sheet("一", {"a": 1}, frozenset({"b"}))])
    assert not found.complete and found.rows == () and "乙所有成员都回避" in missing_sentences(found, NAMES)[0]


# --- the queue


def test_the_queue_goes_by_the_sum_and_equal_sums_are_equal_ranks():
    found = queue((1, 2, 3, 4), (2, 1, 3, 4))
    assert [(row.case, row.rank, row.tied, row.total) for row in found.rows] == [("a", 1, 2, 3), ("b", 1, 2, 3), ("c", 3, 1, 6), ("d", 4, 1, 8)]


def test_the_spread_of_a_household_is_what_lies_between_its_scorers():
    found = queue((1, 2, 3, 4), (4, 2, 3, 1))
    assert {row.case: row.spread for row in found.rows} == {"a": 3, "b": 0, "c": 0, "d": 3} and found.apart == Fraction(3, 2)
    assert [row.case for row in found.rows if found.is_split(row)] == ["a", "d"]


def test_sheets_of_others_and_places_of_other_households_do_not_count():
    made = [Sheet("在", dict.fromkeys(CASES, 1) | {"gone": 9}), Sheet("不在", {"a": 4, "b": 3, "c": 2, "d": 1})]
    found = form_queue(CASES, ["在"], made)
    assert found.counted == ("在",) and {row.total for row in found.rows} == {Fraction(5, 2)}


def test_what_is_missing_is_named_by_scorer_and_household():
    made = [Sheet("张三", {"a": 1, "b": 2, "c": 3, "d": 4}), Sheet("李四", {"a": 1})]
    found = form_queue(CASES, ["张三", "李四", "王五"], made)
    assert not found.complete and found.counted == ("张三",)
    assert missing_sentences(found, NAMES) == ["李四还缺 3 户：乙、丙、丁。", "王五还没有排。"]


def test_without_anybody_there_is_nothing_to_rank_from():
    assert "请先填会议情况" in missing_sentences(form_queue(CASES, [], []), NAMES)[0]


# --- the line


@pytest.mark.parametrize(("taken", "below"), [(0, ""), (1, "d"), (2, "cd"), (4, "abcd")])
def test_the_line_takes_from_the_bottom(taken, below):
    found = queue((1, 2, 3, 4))
    assert line_fault(found, taken, NAMES) == "" and found.below(taken) == frozenset(below)


@pytest.mark.parametrize(
    ("rows", "taken", "said"),
    [
        (((1, 2, 2, 4),), 2, "乙、丙合计位次相同"),
        (((1, 1, 1, 1),), 1, "甲、乙、丙、丁合计位次相同"),
        (((1, 2, 2, 4),), 3, ""),
        (((1, 2, 2, 4),), 1, ""),
        (((1, 1, 1, 1),), 0, ""),
        (((1, 1, 1, 1),), 4, ""),
        (((1, 2, 3, 4),), 5, "须在 0 至 4 之间"),
        (((1, 2, 3, 4),), -1, "须在 0 至 4 之间"),
    ],
)
def test_a_line_goes_through_no_tie_and_not_past_the_list(rows, taken, said):
    fault = line_fault(queue(*rows), taken, NAMES)
    assert (said in fault) if said else fault == ""


def test_a_decided_tie_lets_the_line_through_in_the_order_decided():
    found = queue((1, 2, 2, 4), ties=[("c", "b")])
    assert [(row.case, row.rank, row.order) for row in found.rows] == [("a", 1, 1), ("c", 2, 2), ("b", 2, 3), ("d", 4, 4)]
    assert line_fault(found, 2, NAMES) == "" and found.below(2) == {"b", "d"}


def test_a_decision_over_other_households_decides_nothing():
    assert cut_tie(queue((1, 2, 2, 2), ties=[("c", "b")]), 2) == ("b", "c", "d")


def test_no_line_is_drawn_through_a_queue_that_is_not_complete():
    found = form_queue(CASES, ["张三"], [Sheet("张三", {"a": 1})])
    assert line_fault(found, 1, NAMES).startswith("还没有排完")


def test_a_changed_order_has_another_mark_and_the_same_order_the_same():
    assert queue((1, 2, 3, 4)).mark == queue((1, 2, 3, 4)).mark != queue((1, 2, 4, 3)).mark
    assert queue((1, 2, 2, 4)).mark != queue((1, 2, 2, 4), ties=[("c", "b")]).mark


@pytest.mark.parametrize(("tier", "below", "parts"), [("TUOPIN", True, True), ("TUOPIN", False, False), ("DIBAO", True, False), ("DIBAO", False, True), ("", True, False)])
def test_score_and_queue_part_where_each_says_another_list(tier, below, parts):
    assert bool(disagreement("某档", tier, below=below)) is parts


# --- properties


ROWS = st.integers(2, 7).flatmap(lambda n: st.lists(st.lists(st.integers(1, n), min_size=n, max_size=n).map(tuple), min_size=1, max_size=5))


def of(rows):
    return queue(*rows, cases=tuple("abcdefg"[: len(rows[0])]))


@settings(max_examples=150, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_scorers_changes_nothing(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    assert [(row.case, row.rank, row.total) for row in of(rows).rows] == [(row.case, row.rank, row.total) for row in of(mixed).rows]


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_every_scorer_gives_the_same_sum_of_places_however_many_ties(rows):
    whole = len(rows[0])
    assert sum(row.total for row in of(rows).rows) == len(rows) * Fraction(whole * (whole + 1), 2)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.data())
def test_whoever_is_put_last_by_one_scorer_does_not_come_out_better(rows, data):
    who = data.draw(st.integers(0, len(rows[0]) - 1))
    case, before = "abcdefg"[who], of(rows)
    worse = [tuple(10 if place == who else typed for place, typed in enumerate(rows[0])), *rows[1:]]
    rank = {row.case: row.rank for row in before.rows}[case]
    assert {row.case: row.rank for row in of(worse).rows}[case] >= rank


@settings(max_examples=150, deadline=None)
@given(ROWS, st.integers(0, 7))
def test_a_line_that_is_drawn_parts_no_equals_and_takes_as_many_as_said(rows, taken):
    found = of(rows)
    if taken > len(found.rows) or line_fault(found, taken, dict.fromkeys(found.cases, "户")):
        return
    below = found.below(taken)
    assert len(below) == taken
    assert {row.total for row in found.rows if row.case in below}.isdisjoint({row.total for row in found.rows if row.case not in below})


# --- what is typed


@pytest.mark.parametrize(
    ("text", "value", "fault"),
    [("3", 3, ""), (" ３ ", 3, ""), ("", None, ""), ("-", None, ""), ("回", "回", ""), ("0", None, "不在 1 至 9"), ("10", None, "不在 1 至 9"), ("三", None, "不是数"), ("99999", None, "不是数")],
)
def test_a_box_holds_a_place_or_nothing_or_steps_back(text, value, fault):
    found, said = cell(text, 9)
    assert found == value and (fault in said if fault else said == "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("3 1 2", ["3", "1", "2"]), ("3，1、2", ["3", "1", "2"]), ("3\n1\n2\n", ["3", "1", "2"]), ("3\n\n2", ["3", "", "2"]), ("3 1\n2", ["3", "1", "2"]),
        ("3 1", []), ("3 1 2 4", []), ("", []),
    ],
)  # fmt: skip
def test_a_column_is_read_when_it_has_one_place_a_household(text, read):
    found, fault = column(text, 3)
    assert found == read and bool(fault) is not bool(read)


@pytest.mark.parametrize(
    ("text", "read", "fault"),
    [
        ("3 1 2", ["2", "3", "1"], ""), ("3=1 2", ["1", "3", "1"], ""), ("2", ["", "1", ""], ""), ("3 ＝ 2", ["", "1", "1"], ""),
        ("4", [], "不是名单上的序号"), ("1 1", [], "写了两次"), ("甲", [], "不是名单上的序号"), ("", [], "还没有写序号"),
    ],
)  # fmt: skip
def test_numbers_of_the_list_in_the_order_of_the_queue_become_places(text, read, fault):
    found, said = from_order(text, 3)
    assert found == read and (fault in said if fault else said == "")


# --- 按排队结果填意见

GOOD = {"category": "DIBAO", "rank": Rank(3, 3, 1, 4, below=True)}


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({}, ""),
        ({"rank": None}, "还没有排完"),
        ({"rank": Rank(3, 3, 1, 4)}, "还没有排完"),
        ({"word": "同意列入"}, "已有意见"),
        ({"word": "同意列入", "stale": True}, "重新回到"),
        ({"refused": ("您在本批次录入过",)}, "您在本批次录入过"),
        ({"category": ""}, "还没有评估表"),
        ({"rank": Rank(3, 3, 1, 4, below=False, conflict="得分是低保贫困户，排队在线上")}, "逐户填，写明理由"),
        ({"kin": ("张三",)}, "写明回避"),
        ({"lacking": ("申请书",)}, "还没有本户签字的申请书"),
        ({"excluded": ("有车",)}, "有排除情形：有车"),
    ],
)
def test_only_where_queue_and_score_agree_an_answer_is_filled_in(over, said):
    reason = why_not_filled(Fill(**(GOOD | over)))
    assert (said in reason) if said else reason == ""
