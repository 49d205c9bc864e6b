"""Fault 59: whatever a user typed, a workbook made here holds no formula; numbers are numbers, codes are text."""

import datetime
import io
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.sheets import (
    CellProblem,
    Column,
    HeaderSpec,
    OutColumn,
    OutSheet,
    error_workbook,
    inspect_upload,
    read_table,
    safe_text,
    write_table,
)
from core.sheets.writer import sheet_title

NUMBER = "522399195612021289"
ATTACKS = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "=",
    "\u3000=1",
]


def written(columns, lines, title="表"):
    stream = io.BytesIO()
    write_table(stream, [OutSheet(title, columns, lines)])
    stream.seek(0)
    return load_workbook(stream).active


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("kind", ["text", "code", "number", "date"])
def test_a_typed_formula_is_a_text_cell_with_the_text_mark(attack, kind):
    cell = written([OutColumn("姓名", kind)], [[attack]])["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_typed_formula_keeps_its_words():
    assert written([OutColumn("姓名")], [["=1+1"]])["A2"].value == "=1+1"


def test_a_formula_in_a_heading_is_text_too():
    assert written([OutColumn("=1+1")], [])["A1"].data_type == "s"


@settings(max_examples=60)
@given(st.lists(st.sampled_from("=+-@#\t\r ＝1AN/张'\x00\x1b\ud800\uffff"), max_size=8).map("".join))
def test_no_text_at_all_becomes_a_formula_or_an_error_value(text):
    cell = written([OutColumn("姓名")], [[text]])["A2"]
    assert cell.data_type in ("s", "n") and (cell.data_type == "s" or cell.value is None)


def test_an_error_value_typed_by_hand_stays_text():
    assert written([OutColumn("姓名")], [["#N/A"]])["A2"].data_type == "s"


def test_an_export_passes_our_own_gate(tmp_path):
    write_table(tmp_path / "a.xlsx", [OutSheet("表", [OutColumn("姓名")], [[attack] for attack in ATTACKS])])
    assert inspect_upload(tmp_path / "a.xlsx").sheets[0].rows == len(ATTACKS) + 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_csv_value_gets_a_mark_in_front(attack):
    assert safe_text(attack).startswith("'")


@pytest.mark.parametrize("text", ["张三", "a=b", "1-2", "#1", ""])
def test_a_harmless_csv_value_is_left_alone(text):
    assert safe_text(text) == text


def test_control_characters_are_removed():
    assert written([OutColumn("姓名")], [["张\x00\x1b[31m三"]])["A2"].value == "张[31m三"


def test_a_very_long_text_is_cut_to_what_a_cell_holds():
    assert len(written([OutColumn("备注")], [["长" * 40_000]])["A2"].value) == 32_767


def test_a_code_is_text_in_a_text_column():
    cell = written([OutColumn("证件号码", "code")], [[NUMBER]])["A2"]
    assert (cell.value, cell.data_type, cell.number_format) == (NUMBER, "s", "@")


@pytest.mark.parametrize("value", [3, 3.5, Decimal("12345.67"), 0, -2])
def test_a_number_is_a_number(value):
    cell = written([OutColumn("人数", "number")], [[value]])["A2"]
    assert cell.data_type == "n" and Decimal(str(cell.value)) == Decimal(str(value))


def test_a_share_shows_its_decimals():
    assert written([OutColumn("发生率", "number", decimals=2)], [[Decimal("10.8")]])["A2"].number_format == "0.00"


def test_a_day_is_a_day():
    cell = written([OutColumn("日期", "date")], [[datetime.date(2016, 3, 5)]])["A2"]
    assert cell.is_date and cell.value.date() == datetime.date(2016, 3, 5)


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_an_empty_cell(value):
    assert written([OutColumn("备注")], [[value]])["A2"].value is None


def test_the_heading_stays_in_view_and_is_bold():
    sheet = written([OutColumn("姓名", width=20)], [["张三"]])
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold and sheet.column_dimensions["A"].width == 20


def test_a_line_of_the_wrong_length_is_an_error_not_a_shift():
    with pytest.raises(ValueError):
        written([OutColumn("姓名"), OutColumn("人数")], [["张三"]])


def test_a_failed_export_leaves_nothing_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError):
        write_table(io.BytesIO(), [OutSheet("表", [OutColumn("姓名")], [["张三"], ["多", "余"]])])
    assert list(Path(tmp_path).iterdir()) == []


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [("a/b[1]", [], "a_b_1_"), ("长" * 40, [], "长" * 31), ("表", ["表"], "表_2"), ("", [], "Sheet"), ("'x'", [], "x")],
)
def test_a_sheet_title_is_one_that_every_program_accepts(title, taken, name):
    assert sheet_title(title, taken) == name


def test_what_was_written_is_read_back_without_a_difference(tmp_path):
    lines = [["覃𬭎", NUMBER, Decimal("3.5"), 4, datetime.date(2016, 3, 5)], ["=1", "007", None, None, None]]
    kinds = {"姓名": "text", "证件号码": "code", "月": "number", "人数": "integer", "日期": "date"}
    write_table(tmp_path / "a.xlsx", [OutSheet("表", [OutColumn(t, k) for t, k in kinds.items()], lines)])
    spec = HeaderSpec(tuple(Column(t, (t,), kind=k) for t, k in kinds.items()))
    found = read_table(tmp_path / "a.xlsx", {"表": spec})
    assert [[row.value(t) for t in kinds] for row in found.rows] == lines and not found.problems


def test_the_error_list_has_one_line_per_problem_with_place_reason_and_remedy(tmp_path):
    problems = [CellProblem("花名册", 7, "姓名", "=1+1", "不能识别", "请改正")]
    error_workbook(problems, tmp_path / "e.xlsx")
    sheet = load_workbook(tmp_path / "e.xlsx").active
    assert [cell.value for cell in sheet[2]] == ["花名册", 7, "姓名", "=1+1", "不能识别", "请改正"]
    assert sheet["D2"].data_type == "s"
