"""随机抽查 as a rule: the same households on any machine, no tier left out, errors counted; 算账 and score against decision (D6-09, A9-04)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.differing import Differing, count, way_of
from assessment.income_checks import Gap
from assessment.rechecks import change_faults, corrected, errors_of, scored_again
from assessment.rubric import load_default
from assessment.sampling import digest_of, draw, frame_rows, size_of
from tests.ground import _answers_worth

pytestmark = pytest.mark.once

SEED = "5eed" * 8
TIERS = ("DOUDI", "DIBAO", "YIBAN", "TUOPIN")
FRAME = {f"4228271022000{number:03d}": TIERS[number % 4] for number in range(1, 21)}
GOLDEN = tuple(f"4228271022000{number:03d}" for number in (1, 7, 4, 18, 17, 13))
frames = st.lists(st.sampled_from([*TIERS, ""]), min_size=1, max_size=40).map(lambda tiers: {f"{number:016d}": tier for number, tier in enumerate(tiers)})
seeds = st.binary(min_size=4, max_size=4).map(bytes.hex)


@pytest.mark.parametrize(("households", "size"), [(0, 0), (3, 3), (5, 5), (40, 5), (60, 6), (61, 7), (300, 30)])
def test_the_least_size_is_a_tenth_never_under_five_or_the_whole_list(households, size):
    assert size_of(households) == size


def test_a_seed_draws_what_it_always_drew():
    """Worked out with sha256sum: a later version of Python, or of this code, must draw the same."""
    assert draw(FRAME, SEED, 6) == GOLDEN


def test_the_order_in_which_the_list_was_read_does_not_matter():
    assert draw(dict(reversed(FRAME.items())), SEED, 9) == draw(FRAME, SEED, 9)


@settings(max_examples=60)
@given(frames, seeds, st.integers(1, 70))
def test_a_draw_has_its_size_and_every_tier_that_it_has_room_for(frame, seed, number):
    found = draw(frame, seed, number)
    assert len(set(found)) == len(found) == min(number, len(frame)) and set(found) <= set(frame)
    assert found == draw(dict(sorted(frame.items())), seed, number)
    there = set(frame.values())
    assert len({frame[code] for code in found}) == min(len(there), len(found))


@settings(max_examples=30)
@given(frames, seeds)
def test_a_larger_sample_holds_the_smaller_one(frame, seed):
    """Nobody gets rid of a household by asking for more."""
    for number in range(1, len(frame)):
        assert set(draw(frame, seed, number)) <= set(draw(frame, seed, number + 1))


def test_the_digest_of_a_list_moves_with_a_tier():
    other = FRAME | {next(iter(FRAME)): "DOUDI"}
    assert digest_of(frame_rows(FRAME)) != digest_of(frame_rows(other))


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([("", False)] * 3, "抽查 3 户，3 户还没有复核结果。"),
        ([("same", False)] * 6 + [("differs", True), ("differs", False)], "抽查 8 户，2 户有出入，错误率 25 %，1 户档次会变。"),
        ([("same", False), ("missed", False)], "抽查 2 户，没有出入，错误率 0 %，1 户没有见到人。"),
        ([("differs", False), ("same", False), ("same", False)], "抽查 3 户，1 户有出入，错误率 33 %。"),
        ([("differs", False), ("", False)], "抽查 2 户，1 户还没有复核结果，1 户有出入。"),
        ([("missed", False)], "抽查 1 户，1 户没有见到人。"),
    ],
)
def test_errors_are_counted_over_those_who_were_met(outcomes, said):
    assert errors_of(outcomes).say == said


def test_answers_put_right_are_scored_by_the_one_scorer():
    rubric = load_default()
    answers = _answers_worth(rubric, 58)
    item = next(one for one in rubric.indicators if one.option(_now(rubric, answers, one.code)).points < max(o.points for o in one.options))
    best = max(item.options, key=lambda option: option.points)
    gain = best.points - item.option(_now(rubric, answers, item.code)).points
    assert scored_again(rubric, answers, {item.code: best.code}).points == 58 + gain
    assert scored_again(rubric, answers, {}).points == 58
    assert corrected(rubric, answers, {}) == answers


def _now(rubric, answers, code):
    return int(answers[[item.code for item in rubric.indicators].index(code)])


def test_an_answer_that_is_already_so_is_no_change():
    rubric = load_default()
    answers = _answers_worth(rubric, 58)
    now = rubric.indicators[0].option(int(answers[0]))
    assert change_faults(rubric, answers, {"A1": now.code})["A1"].startswith("与评估表的答案相同")
    assert change_faults(rubric, answers, {"A1": "A1-9", "Z9": "Z9-1"}).keys() == {"A1", "Z9"}


@pytest.mark.parametrize(
    ("reckoned", "reported", "line", "remark"),
    [
        (3000, 3000, 2952, ""),
        (3300, 3000, 2952, ""),
        (3301, 3000, 2952, "比户里报的多 301 元，相差 10 %，超过 10 %"),
        (2900, 3000, 2952, "户里报的不低于扶贫标准，清查组算的低于"),
        (2000, 3000, 2952, "比户里报的少 1,000 元，相差 33 %，超过 10 %；户里报的不低于扶贫标准，清查组算的低于"),
        (2952, 2951, 2952, "户里报的低于扶贫标准，清查组算的不低于"),
        (500, 0, None, "比户里报的多 500 元"),
        (3000, None, 2952, ""),
    ],
)
def test_a_departure_from_the_reported_income_is_said(reckoned, reported, line, remark):
    assert Gap(reckoned, reported, line).remark == remark


@pytest.mark.parametrize(
    ("tier", "category", "way"),
    [("DIBAO", "DIBAO", ""), ("YIBAN", "DIBAO", "poorer"), ("DIBAO", "TUOPIN", "better"), ("", "DIBAO", ""), ("DIBAO", "", "")],
)
def test_a_decision_departs_from_the_score_one_way_or_the_other(tier, category, way):
    assert way_of(TIERS, tier, category) == way


def test_departures_are_added_up_by_way():
    found = count(TIERS, {("YIBAN", "DIBAO"): 3, ("DIBAO", "DOUDI"): 1, ("DIBAO", "TUOPIN"): 2, ("DIBAO", "DIBAO"): 9})
    assert (found, found.say) == (Differing(4, 2), "6 户定的类别与得分档次不同：4 户定得比得分更困难，2 户定得比得分更宽裕。")
