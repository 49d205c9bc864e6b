"""Cells of the 编辑用名册: a value goes out and comes back as it was, and three cells are told apart (trust 58)."""

import string
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sheets import inspect_upload
from core.sheets.rich import rich_book
from core.sheets.rows import read_rows
from households.fields import Field, Kind, codes_in
from households.fields.words import AS_TEXT
from households.forms_roundtrip import NEVER_NULL, value_of
from households.roundtrip.cells import Verdict, compare, is_masked, same, shown_cell
from households.roundtrip.layout import LAYOUTS

pytestmark = pytest.mark.once
FIELDS = [one for layout in LAYOUTS for one in layout.fields]
WORDS = st.text(st.sampled_from("种茶养牛，。=+-@'\"<&\n\t \u3000１a0._x\u200b𠮷·"), max_size=30)


def stored(one: Field) -> st.SearchStrategy:
    """Anything that such a column may hold, also what no page would take today."""
    if one.kind == Kind.YES_NO:
        return st.sampled_from([None, True, False])
    if one.kind == Kind.CHOICE:
        return st.sampled_from(["", "没有的代码", *one.codes.items])
    if one.kind == Kind.CHOICES:
        chosen = st.lists(st.sampled_from(list(one.codes.items)), unique=True, max_size=one.longest or 9)
        return chosen.map(",".join) if one.name in AS_TEXT else st.none() | chosen
    if one.kind in (Kind.NUMBER, Kind.YEAR):
        return st.none() | st.integers(one.lowest, one.highest)
    if one.kind in (Kind.DECIMAL, Kind.YUAN):
        amounts = st.decimals(one.lowest, one.highest, places=2)
        return st.just("") | amounts.map(str) if one.sealed else st.none() | amounts
    if one.kind == Kind.DATE:
        return st.none() | st.dates(date(1950, 1, 1), date(2099, 12, 31))
    if one.kind in (Kind.PHONE, Kind.CARD):
        return st.text(string.digits, max_size=19)
    return WORDS


ROW = st.tuples(*map(stored, FIELDS))


@settings(max_examples=4, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=8))
def test_a_household_exported_and_read_again_differs_in_no_cell(rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "out.xlsx"
    shown = [[shown_cell(one, value) for one, value in zip(FIELDS, row, strict=True)] for row in rows]
    with path.open("wb") as target, rich_book(target) as book:
        with book.sheet("户") as sheet:
            sheet.row(["x"] * len(FIELDS))  # a row of blanks at the end would not be there at all
            for row in shown:
                sheet.row([*row, "尾"])
        book.finish()
    read = list(read_rows(path, "户", facts=inspect_upload(path)))[1:]
    for cells, values in zip(read, shown, strict=True):
        assert [compare(value, cell, value) for cell, value in zip(cells, values, strict=False)] == [
            Verdict.UNTOUCHED
        ] * len(FIELDS)


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    one=st.sampled_from([one for one in FIELDS if one.kind not in (Kind.TEXT, Kind.LONG, Kind.PHONE, Kind.CARD)]),
)
def test_a_cell_that_is_written_stores_what_it_shows(data, one):
    value = data.draw(
        stored(one).filter(lambda found: found != "没有的代码" and not (found is None and one.name in NEVER_NULL))
    )
    if one.name == "health" and "01" in str(value):
        value = "01"
    try:
        taken = value_of(one, shown_cell(one, value))
    except ValidationError as fault:  # a day to come is refused, as on the page
        assert one.kind == Kind.DATE and "今天" in str(fault)
        return
    if one.kind == Kind.CHOICES:  # stored in the list's order
        assert sorted(codes_in(taken)) == sorted(codes_in(value))
    assert same(shown_cell(one, taken), shown_cell(one, value)) or one.kind == Kind.CHOICES


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "verdict"),
    [
        ("茶", "茶", "茶", Verdict.UNTOUCHED), ("茶", " 茶 ", "牛", Verdict.UNTOUCHED), ("茶", "牛", "茶", Verdict.MINE),
        ("茶", "牛", "牛", Verdict.AGREED), ("茶", "牛", "羊", Verdict.CONFLICT), ("茶", None, "茶", Verdict.MINE),
        (None, "", None, Verdict.UNTOUCHED), ("茶", None, "牛", Verdict.CONFLICT), (Decimal("60.00"), 60.0, 60, Verdict.UNTOUCHED),
        ("19000000001", 19000000001.0, "19000000001", Verdict.UNTOUCHED), (date(2016, 3, 5), "2016-03-05", None, Verdict.UNTOUCHED),
        ("是", True, "否", Verdict.UNTOUCHED), ("0012", 12, "0012", Verdict.MINE),
    ],
)  # fmt: skip
def test_base_mine_and_theirs_are_told_apart(base, mine, theirs, verdict):
    assert compare(base, mine, theirs) == verdict


def test_without_a_base_every_difference_is_a_conflict():
    assert compare(None, "茶", "牛", knows_base=False) == Verdict.CONFLICT
    assert compare(None, "茶", "茶", knows_base=False) == Verdict.AGREED


@pytest.mark.parametrize(
    ("raw", "masked"),
    [
        ("*********01", True),
        ("＊＊＊", True),
        ("***", True),
        ("*", False),
        ("种茶*2", False),
        (None, False),
        (12, False),
    ],
)
def test_stars_are_known_for_what_they_are(raw, masked):
    assert is_masked(raw) == masked
