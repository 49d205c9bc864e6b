"""Distance to the next tier and the single answers that change it: held against the one scorer, answer by answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.distance import distance
from assessment.rubric import load_default
from assessment.scoring import Incomplete, score

RUBRIC = load_default()
forms = st.tuples(*(st.sampled_from([str(o.ordinal) for o in i.options]) for i in RUBRIC.indicators)).map("".join)


def _all_single_changes(answers: str) -> dict[tuple[str, str], tuple[int, str]]:
    """{(indicator, option instead): (points more, tier then)} of every change of tier, by scoring each changed form whole."""
    before, found = score(RUBRIC, answers), {}
    for place, item in enumerate(RUBRIC.indicators):
        for option in item.options:
            after = score(RUBRIC, answers[:place] + str(option.ordinal) + answers[place + 1 :])
            if after.tier != before.tier:
                found[item.code, option.label] = after.points - before.points, after.tier.code
    return found


@settings(max_examples=150, deadline=None)
@given(forms)
def test_every_single_answer_that_changes_the_tier_is_named_and_no_other(answers):
    found = distance(RUBRIC, answers)
    assert {(turn.code, turn.after): (turn.points, turn.tier.code) for turn in found.turns} == _all_single_changes(answers)
    assert [abs(turn.points) for turn in found.turns] == sorted(abs(turn.points) for turn in found.turns)


@settings(max_examples=150, deadline=None)
@given(forms)
def test_the_points_named_are_the_fewest_that_cross_a_line(answers):
    found, got = distance(RUBRIC, answers), score(RUBRIC, answers)
    assert found.up == got.to_next_tier
    for step, tier, inside in ((found.up, found.above, 1), (found.down and -found.down, found.below, -1)):
        if tier is None:
            assert step is None
            continue
        assert tier.min <= got.points + step <= tier.max
        assert got.tier.min <= got.points + step - inside <= got.tier.max


def test_the_best_form_has_no_tier_above_and_the_worst_none_below():
    best = "".join(str(max(item.options, key=lambda option: option.points).ordinal) for item in RUBRIC.indicators)
    worst = "".join(str(min(item.options, key=lambda option: option.points).ordinal) for item in RUBRIC.indicators)
    assert (distance(RUBRIC, best).above, distance(RUBRIC, best).down) == (None, 20)
    assert (distance(RUBRIC, worst).below, distance(RUBRIC, worst).up) == (None, 51)


def test_a_form_with_a_gap_has_no_distance():
    with pytest.raises(Incomplete):
        distance(RUBRIC, "-" * len(RUBRIC.indicators))
