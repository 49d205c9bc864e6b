"""Charts and map classes as geometry: nothing is lost, nothing is drawn twice, 0 and unknown never look alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import bars, histogram, stack, stacks, trend
from reports.charts.histogram import spans_of
from reports.maps.classes import EVEN, QUANTILE, UNKNOWN, ZERO, classes_of
from reports.maps.sheet import COLUMNS, HEIGHT, columns_for, height_of

pytestmark = pytest.mark.once
few = settings(max_examples=60, deadline=None)
values = st.lists(st.one_of(st.none(), st.integers(0, 5000)), max_size=40)
rates = st.lists(st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 1000)), max_size=40)
TIERS = [("兜底", "doudi", 0, 50), ("低保", "dibao", 51, 70), ("一般", "yiban", 71, 80), ("脱贫", "tuopin", 81, 100)]


def _wide(text: str) -> float:
    return float(text.removesuffix("%"))


@few
@given(values)
def test_a_longer_bar_is_a_larger_number_and_no_bar_leaves_its_drawing(numbers):
    drawn = [bar for bar in bars((str(n), value, "") for n, value in enumerate(numbers)) if bar.value is not None]
    for one in drawn:
        assert 0 <= _wide(one.width) <= 100 and (_wide(one.width) > 0) == (one.value > 0)
    by_value = sorted(drawn, key=lambda bar: bar.value)
    assert [_wide(bar.width) for bar in by_value] == sorted(_wide(bar.width) for bar in drawn)


def test_what_is_not_computable_has_no_bar_and_zero_has_one_of_no_width():
    unknown, nothing = bars([("a", None, "不可算"), ("b", 0, "0")])
    assert (unknown.width, nothing.width) == ("", "0%")


@few
@given(st.lists(st.integers(0, 900), min_size=1, max_size=6))
def test_parts_of_a_stack_lie_side_by_side_and_fill_it(numbers):
    drawn = stack("x", [(str(n), "doudi", number) for n, number in enumerate(numbers)])
    assert drawn.total == sum(numbers)
    end = 0.0
    for part in drawn.segments:
        assert abs(_wide(part.x) - end) < 0.02
        end = _wide(part.x) + _wide(part.width)
    assert not drawn.segments or abs(end - 100) < 0.05


def test_a_stack_with_an_unknown_part_is_unknown_and_stands_last():
    unknown = stack("x", [("a", "doudi", None), ("b", "dibao", 3)])
    empty, heavy, light = (stack(name, [("a", "doudi", a), ("b", "tuopin", b)]) for name, a, b in (("0", 0, 0), ("h", 3, 1), ("l", 1, 3)))
    assert (unknown.total, unknown.segments) == (None, ())
    assert [row.label for row in stacks([unknown, empty, light, heavy], ["doudi"])][:2] == ["h", "l"]


@few
@given(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True), st.dictionaries(st.integers(0, 100), st.integers(1, 9), max_size=30))
def test_every_score_is_in_exactly_one_column_and_no_column_straddles_a_cut(cuts, counts):
    ends = [*sorted(cuts), 100]
    tiers = [(str(n), "doudi", start, end) for n, (start, end) in enumerate(zip([0, *[cut + 1 for cut in ends]], ends, strict=False))]
    drawn = histogram(counts, tiers)
    assert [score for one in drawn.bins for score in range(one.low, one.high + 1)] == list(range(101))
    assert drawn.total == sum(counts.values()) and sum(one.count for one in drawn.bins) == drawn.total
    whole = {(start, end) for _, _, start, end in tiers}
    assert all(5 <= one.high - one.low + 1 <= 9 or (one.low, one.high) in whole for one in drawn.bins)
    assert not any(one.low <= cut.score < one.high for one in drawn.bins for cut in drawn.cuts)


def test_columns_of_the_default_tiers_are_five_points_wide():
    assert spans_of(0, 50)[:2] == [(0, 5), (6, 10)] and spans_of(51, 70)[-1] == (66, 70)
    assert [one.tier for one in histogram({50: 1, 51: 1}, TIERS).bins if one.count] == ["兜底", "低保"]


def test_a_line_over_rounds_has_a_gap_where_a_round_is_not_computable():
    drawn = trend([("一", 1.0, "1"), ("二", None, "不可算"), ("三", 2.0, "2"), ("四", 4.0, "4")])
    assert [point.y is None for point in drawn.points] == [False, True, False, False] and len(drawn.lines) == 1


@few
@given(st.one_of(values, rates), st.sampled_from([QUANTILE, EVEN]))
def test_every_place_has_one_class_and_the_legend_counts_them_all(numbers, way):
    made = classes_of(numbers, way, whole=all(isinstance(value, int) for value in numbers if value is not None))
    keys = [made.key_of(value) for value in numbers]
    assert keys.count(ZERO) == made.zero == numbers.count(0) and keys.count(UNKNOWN) == made.unknown == numbers.count(None)
    assert [keys.count(step.key) for step in made.steps] == [step.count for step in made.steps]
    assert sum(step.count for step in made.steps) + made.zero + made.unknown == len(numbers)
    for value in filter(None, numbers):
        step = next(step for step in made.steps if step.key == made.key_of(value))
        assert step.low <= value <= step.high


@few
@given(values)
def test_a_larger_number_is_never_lighter(numbers):
    made = classes_of(numbers)
    known = sorted(value for value in numbers if value is not None)
    assert [made.key_of(value) for value in known] == sorted(made.key_of(value) for value in known)


def test_even_classes_of_counted_things_have_whole_limits():
    assert [step.high for step in classes_of([1, 2], EVEN, whole=True).steps] == [1, 2]
    assert [step.high for step in classes_of([0.03, 0.231], EVEN).steps] == [0.05, 0.1, 0.15, 0.2, 0.25]


@few
@given(st.lists(st.integers(1, 60), min_size=1, max_size=16))
def test_tiles_of_a_county_fit_the_sheet_and_are_as_large_as_they_may_be(sizes):
    count = columns_for(sizes)
    assert height_of(sizes, count) <= HEIGHT or count == COLUMNS[-1]
    larger = [one for one in COLUMNS if one < count]
    assert not larger or height_of(sizes, larger[-1]) > HEIGHT


@pytest.mark.parametrize("sizes", [[24] * 8, [25] * 16, [400], [50] * 20, [1]])
def test_a_county_of_up_to_a_thousand_villages_finds_room(sizes):
    assert height_of(sizes, columns_for(sizes)) <= HEIGHT
