"""Rows kept in little room come out as they went in."""

import pytest

from households.importing.packed import BATCH, Grouped, Packed

pytestmark = pytest.mark.once


@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1])
def test_what_was_packed_comes_out_in_its_order(count):
    packed = Packed(range(count))
    assert list(packed) == list(range(count)) and len(packed) == count and list(packed) == list(range(count))


def test_rows_of_one_household_that_stand_apart_come_together_where_the_first_stood():
    grouped = Grouped()
    for key, row in [("b", 1), ("a", 2), ("b", 3), ("b", 4), ("a", 5)]:
        grouped.add(key, row)
    assert list(grouped) == [("b", [1, 3, 4]), ("a", [2, 5])]
