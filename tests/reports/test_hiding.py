"""What a public sheet leaves out: small numbers, and what would give them away. Pure."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.maps.hiding import LEAST_PUBLIC, Sum, hidden_cells

pytestmark = pytest.mark.once
LINES = [
    ("nothing small", (3, 0, 9), ""),
    ("one small: the smallest other goes with it", (2, 9, 5, 0), "ac"),
    ("equal others: the first", (1, 4, 4), "ab"),
    ("two small of which the sum says nothing", (1, 2, 7), "ab"),
    ("only ones, whose sum would tell it", (1, 1, 7), "abc"),
    ("nothing to go with it: the sum", (2, 0, 0), "as"),
    ("only ones, alone: the sum", (1, 1, 1), "abcs"),
    ("unknown part: no sum", (1, None, 7), "a"),
    ("none at all", (0, 0), ""),
]


@pytest.mark.parametrize(("parts", "out"), [row[1:] for row in LINES], ids=[row[0] for row in LINES])
def test_a_line_hides(parts, out):
    values = dict(zip("abcd", parts, strict=False)) | {"s": None if None in parts else sum(parts)}
    assert "".join(sorted(hidden_cells(values, [Sum("s", tuple("abcd"[: len(parts)]))]))) == out


NUMBERS = st.lists(st.integers(0, 4), min_size=1, max_size=3)


@settings(max_examples=300, deadline=None)
@given(NUMBERS, NUMBERS)
def test_no_small_number_follows_from_what_is_said(first, second):
    """Every way of filling what is left out that fits the sums: no small number is the same in all of them."""
    sums, values = [], {}
    for name, numbers in (("a", first), ("b", second)):
        parts = {f"{name}{place}": number for place, number in enumerate(numbers)}
        values |= parts | {name: sum(numbers)}
        sums.append(Sum(name, tuple(parts)))
    values["s"] = values["a"] + values["b"]
    sums.append(Sum("s", ("a", "b")))
    hidden = hidden_cells(values, sums)
    assert {cell for cell, value in values.items() if 0 < value < LEAST_PUBLIC} <= hidden
    said = {cell: value for cell, value in values.items() if cell not in hidden}
    leaves = [cell for cell in values if cell[1:] and cell in hidden]
    seen = {cell: set() for cell in hidden}
    for guess in product(range(1, 7), repeat=len(leaves)):
        filled = values | dict(zip(leaves, guess, strict=True))
        for row in sums:
            filled[row.total] = sum(filled[part] for part in row.parts)
        if all(filled[cell] == value for cell, value in said.items()) and all(filled[cell] for cell in hidden):
            for cell in hidden:
                seen[cell].add(filled[cell])
    assert not [cell for cell, ways in seen.items() if values[cell] < LEAST_PUBLIC and len(ways) < 2]


def test_a_sum_stays_where_its_hidden_parts_are_themselves_made_of_hidden_ones():
    values = {"dibao": 4, "yiban": 1, "surveyed": 5, "dibao in a village": 4, "yiban in a village": 1}
    sums = [Sum("surveyed", ("dibao", "yiban")), Sum("dibao", ("dibao in a village",)), Sum("yiban", ("yiban in a village",))]
    assert hidden_cells(values, sums) == set(values) - {"surveyed"}
