"""Points and tiers: boundaries through real forms, the pure tier table, and the whole roster of 大河镇."""

import json
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from assessment.answers import AnswersError, encode, match_indicator, read_answers
from assessment.rubric import load_default
from assessment.scoring import Incomplete, fast_scorer, score, subtotals
from assessment.tiers import tier_of

RUBRIC = load_default()
DATA = Path(__file__).parents[1] / "data"
complete_answers = st.tuples(*(st.sampled_from([str(o.ordinal) for o in i.options]) for i in RUBRIC.indicators)).map(
    "".join
)


def form_worth(points: int) -> str:
    """A complete form of exactly this many points: best options first, found by reaching every sum in turn."""
    reached = {0: ""}
    for item in RUBRIC.indicators:
        step = {}
        for total, text in reached.items():
            for option in item.options:
                step.setdefault(total + option.points, text + str(option.ordinal))
        reached = step
    return reached[points]


@pytest.mark.parametrize(
    ("points", "tier", "to_next"),
    [
        (0, "政策兜底户", 51),
        (50, "政策兜底户", 1),
        (51, "低保贫困户", 20),
        (70, "低保贫困户", 1),
        (71, "一般贫困户", 10),
        (80, "一般贫困户", 1),
        (81, "脱贫户", None),
        (100, "脱贫户", None),
    ],
)
def test_household_on_a_boundary_lands_in_its_tier(points, tier, to_next):
    result = score(RUBRIC, form_worth(points))
    assert (result.points, result.tier.name, result.to_next_tier) == (points, tier, to_next)


def test_every_sum_from_0_to_100_can_be_reached():
    assert [score(RUBRIC, form_worth(points)).points for points in range(101)] == list(range(101))


@pytest.mark.parametrize("cents", range(0, 10001, 100))
def test_unrounded_sum_is_classed_by_the_upper_ends(cents):
    for step in range(cents, min(cents + 100, 10001)):
        points = Decimal(step) / 100
        expected = "DOUDI" if step <= 5000 else "DIBAO" if step <= 7000 else "YIBAN" if step <= 8000 else "TUOPIN"
        assert tier_of(points, RUBRIC.tiers).code == expected


@pytest.mark.parametrize("points", [Decimal("-0.01"), Decimal("100.01"), -1, 101])
def test_sum_outside_the_tiers_is_refused(points):
    with pytest.raises(ValueError, match="outside"):
        tier_of(points, RUBRIC.tiers)


@pytest.mark.parametrize("points", [50.0, "50", True, None])
def test_float_or_text_is_never_classed(points):
    with pytest.raises(TypeError):
        tier_of(points, RUBRIC.tiers)


def test_missing_answer_is_not_zero_points_but_stops_the_score():
    text = form_worth(60)
    with pytest.raises(Incomplete) as stopped:
        score(RUBRIC, text[:3] + "-" + text[4:20] + "-")
    assert stopped.value.codes == ("A4", "F3")


@pytest.mark.parametrize("text", ["", "1" * 20, "9" * 21, "1" * 22])
def test_answers_of_another_rubric_are_refused(text):
    with pytest.raises(AnswersError):
        score(RUBRIC, text)


@settings(derandomize=True, max_examples=200)
@given(complete_answers)
def test_score_adds_up_by_look_and_by_answer(text):
    result = score(RUBRIC, text)
    assert sum(result.looks) == result.points == sum(given.points for given in result.answers)
    assert [given.code for given in result.answers] == [item.code for item in RUBRIC.indicators]
    assert all(0 <= given.points <= given.max for given in result.answers)
    assert fast_scorer(RUBRIC)(text) == (result.points, result.looks, result.tier)


@settings(derandomize=True, max_examples=200)
@given(complete_answers, st.integers(0, 20))
def test_a_better_option_never_lowers_the_points(text, place):
    item = RUBRIC.indicators[place]
    worths = [score(RUBRIC, text[:place] + str(option.ordinal) + text[place + 1 :]).points for option in item.options]
    assert all(lower <= upper for lower, upper in pairwise(worths))


@settings(derandomize=True, max_examples=100)
@given(complete_answers, st.sets(st.integers(0, 20)))
def test_draft_shows_what_each_look_has_so_far(text, gaps):
    draft = "".join("-" if place in gaps else c for place, c in enumerate(text))
    rows = subtotals(RUBRIC, draft)
    points = score(RUBRIC, text).answers
    assert sum(row.points for row in rows) == sum(p.points for place, p in enumerate(points) if place not in gaps)
    assert sum(row.answered for row in rows) == 21 - len(gaps)
    assert [row.max for row in rows] == [24, 16, 14, 12, 20, 14]


def test_empty_draft_has_no_points_and_no_answers():
    rows = subtotals(RUBRIC, encode(RUBRIC, {}))
    assert [(row.points, row.answered, row.asked) for row in rows] == [
        (0, 0, 5), (0, 0, 3), (0, 0, 3), (0, 0, 3), (0, 0, 4), (0, 0, 3),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def dahe_results():
    """{household code: (points, tier name)} of every row of the sheet 六看评估."""
    header, *rows = (
        CalamineWorkbook.from_path(DATA / "roster-dahe-township.xlsx").get_sheet_by_name("六看评估").to_python()
    )
    columns = {place: item.code for place, title in enumerate(header) if (item := match_indicator(RUBRIC, title))}
    results = {}
    for row in rows:
        text, problems = read_answers(RUBRIC, {code: row[place] for place, code in columns.items()})
        assert not problems
        result = score(RUBRIC, text)
        results[row[header.index("户编号")]] = (result.points, result.tier.name)
    return results


def test_every_form_of_dahe_scores_as_expected(dahe_results):
    expected = json.loads((DATA / "roster-dahe-township.expected.json").read_text(encoding="utf-8"))
    assert dahe_results == {code: (row[1], row[2]) for code, row in expected["households"].items()}


def test_tiers_and_points_of_dahe_add_up_to_the_township(dahe_results):
    expected = json.loads((DATA / "roster-dahe-township.expected.json").read_text(encoding="utf-8"))["total"]
    assert Counter(tier for _, tier in dahe_results.values()) == expected["by_tier"]
    assert sum(points for points, _ in dahe_results.values()) == expected["score_sum"]
