"""A table on paper: no type too small to read, no group of columns cut where it would fit."""

from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.workbooks.spreads import A3, A4, LEAST_SCALE, layout_of

pytestmark = pytest.mark.once
GROUPS = st.lists(st.integers(1, 40), min_size=1, max_size=12).map(lambda sizes: [f"g{n}" for n, size in enumerate(sizes) for _ in range(size)])


@settings(max_examples=80)
@given(GROUPS)
def test_every_column_lies_on_one_page_in_order_and_can_be_read(groups):
    layout = layout_of(groups)
    assert [n for spread in layout.spreads for n in range(spread.start, spread.stop)] == list(range(len(groups)))
    assert LEAST_SCALE <= layout.scale <= 100


@settings(max_examples=80)
@given(GROUPS)
def test_a_group_is_cut_only_where_it_is_wider_than_a_page(groups):
    layout = layout_of(groups)
    most = max(spread.width for spread in layout.spreads)
    sizes = {name: len(list(members)) for name, members in groupby(groups)}
    for spread in layout.spreads[1:]:
        if groups[spread.start] == groups[spread.start - 1]:
            assert sizes[groups[spread.start]] > most - 1


@pytest.mark.parametrize(("columns", "paper", "pages"), [(5, A4, 1), (15, A4, 1), (23, A3, 1), (130, A3, 7)])
def test_a_small_table_lies_on_a4_and_a_wide_one_on_several_a3(columns, paper, pages):
    layout = layout_of([f"g{n // 4}" for n in range(columns)])
    assert (layout.paper, len(layout.spreads)) == (paper, pages)
