"""Faults 39, 41, 47, 50, 53 and E5: headers in any order, values by kind, nothing repaired, and a child that may die."""

import datetime
import os
import sys
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core.sheets import (
    DEFAULT_CAPS,
    Column,
    HeaderSpec,
    RefusedFile,
    clean_code,
    clean_text,
    inspect_upload,
    match_key,
    read_rows,
    read_table,
    read_tables,
    rows,
    stream_table,
)

NUMBER = "522399195612021289"
SPEC = HeaderSpec(
    (
        Column("name", ("姓名", "户主姓名"), filled=True),
        Column("id", ("证件号码", "身份证号"), kind="code", secret=True),
        Column("months", ("务工时间（月）",), kind="number", required=False),
        Column("size", ("人数",), kind="integer", required=False),
        Column("day", ("调查日期",), kind="date", required=False),
    )
)


def workbook(path, lines, title="花名册", epoch=None):
    book = Workbook()
    if epoch:
        book.epoch = epoch
    book.active.title = title
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


def table(tmp_path, lines, spec=SPEC):
    return read_table(workbook(tmp_path / "a.xlsx", lines), {"花名册": spec})


def one(tmp_path, key, value):
    """The value of one cell, or its problem."""
    title = next(column.title for column in SPEC.columns if column.key == key)
    line = {"姓名": "张三", "证件号码": NUMBER} | {title: value}
    found = table(tmp_path, [list(line), list(line.values())])
    return found.problems[0] if found.problems else found.rows[0].value(key)


# -- headers ----------------------------------------------------------------------------------------------------
def test_columns_may_stand_in_any_order(tmp_path):
    found = table(tmp_path, [["人数", "证件号码", "姓名"], [3, NUMBER, "张三"]])
    assert [found.rows[0].value(key) for key in ("name", "id", "size")] == ["张三", NUMBER, 3]


@pytest.mark.parametrize("header", ["身份证号", " 证件 号码 ", "*证件号码", "证件\n号码", "证件号码\u200b"])
def test_listed_synonyms_and_stray_spaces_are_accepted(tmp_path, header):
    assert table(tmp_path, [["姓名", header], ["张三", NUMBER]]).rows[0].value("id") == NUMBER


@pytest.mark.parametrize("header", ["务工时间(月)", "务工时间【月】", "务工时间 （月）"])
def test_brackets_of_any_kind_are_one(tmp_path, header):
    assert table(tmp_path, [["姓名", "证件号码", header], ["张三", NUMBER, 6]]).rows[0].value("months") == 6


def test_unknown_columns_are_named_and_ignored(tmp_path):
    found = table(tmp_path, [["姓名", "星座", "证件号码", None], ["张三", "白羊", NUMBER, None]])
    assert found.unknown_headers == ("星座",) and not found.problems
    assert set(found.rows[0].cells) == {"name", "id"}


def test_a_missing_required_column_is_an_error_and_no_row_is_read(tmp_path):
    found = table(tmp_path, [["姓名"], ["张三"]])
    assert found.missing == ("证件号码",) and found.rows == ()
    assert "证件号码" in found.problems[0].reason


def test_a_duplicate_column_is_named_even_by_two_synonyms(tmp_path):
    found = table(tmp_path, [["姓名", "证件号码", "身份证号"], ["张三", NUMBER, NUMBER]])
    assert "第 2 列和第 3 列" in found.problems[0].reason and found.rows == ()


def test_a_header_below_a_title_is_named(tmp_path):
    found = table(tmp_path, [["大河镇花名册"], [], ["姓名", "证件号码"], ["张三", NUMBER]])
    assert "第 3 行" in found.problems[0].reason


def test_a_header_in_two_rows_is_named(tmp_path):
    found = table(tmp_path, [["姓名", "证件"], [None, "证件号码"], ["张三", NUMBER]])
    assert "分成了多行" in found.problems[0].reason


def test_an_empty_sheet_lacks_its_columns(tmp_path):
    assert table(tmp_path, []).missing == ("姓名", "证件号码")


def test_two_columns_may_not_accept_one_header():
    with pytest.raises(ValueError):
        HeaderSpec((Column("a", ("姓名",)), Column("b", ("姓 名",))))


def test_a_missing_sheet_is_named_with_those_there_are(tmp_path):
    with pytest.raises(RefusedFile) as caught:
        read_table(workbook(tmp_path / "a.xlsx", [["姓名"]], title="人口"), {"花名册": SPEC})
    assert (caught.value.code, caught.value.places) == ("sheet_missing", ("人口",))


def test_two_sheets_of_one_file_are_read_by_title(tmp_path):
    book = Workbook()
    book.active.title = "说明"
    for title, name in (("花名册", "张三"), ("六看评估", "李四")):
        sheet = book.create_sheet(title)
        sheet.append(["姓名", "证件号码"])
        sheet.append([name, NUMBER])
    book.save(tmp_path / "a.xlsx")
    found = read_tables(tmp_path / "a.xlsx", {"六看评估": SPEC, "花名册": SPEC})
    assert {title: t.rows[0].value("name") for title, t in found.items()} == {"花名册": "张三", "六看评估": "李四"}


# -- codes ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", [522399195612021289, 4228271020010001, 422827, 3.5, True, datetime.date(2016, 3, 5)])
def test_a_code_that_is_not_text_is_refused_never_repaired(tmp_path, value):
    problem = one(tmp_path, "id", value)
    assert (problem.row, problem.column) == (2, "证件号码") and "末尾" in problem.reason


def test_a_code_in_scientific_notation_is_refused(tmp_path):
    assert "科学计数法" in one(tmp_path, "id", "5.22399E+17").reason


def test_a_secret_value_is_not_quoted_in_its_problem(tmp_path):
    problem = one(tmp_path, "id", "5.22399E+17")
    assert "5.22399" not in problem.value and "11" in problem.value


@pytest.mark.parametrize(
    "text", ["'" + NUMBER, "５２２３９９１９５６１２０２１２８９", "522399 19561202 1289", NUMBER + "\u200b\u00a0"]
)
def test_a_code_loses_only_what_is_no_part_of_it(tmp_path, text):
    assert one(tmp_path, "id", text) == NUMBER


def test_a_small_or_wide_x_becomes_a_plain_one():
    assert clean_code("52239919880101123ｘ") == "52239919880101123X"


def test_leading_zeros_of_a_code_stay(tmp_path):
    assert one(tmp_path, "id", "007") == "007"


# -- text -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["覃𬭎", "买买提·艾力", "阿依•古丽", "\uf90a", "张﨑", "通电，泥土路", "甲（乙）"])
def test_rare_characters_dots_and_chinese_punctuation_are_kept(name):
    assert clean_text(f" \ufeff{name}\u3000") == name


@pytest.mark.parametrize(("raw", "kept"), [("１组", "1组"), ("'01", "01"), ("a\u200bb\x07", "ab"), ("a\u00a0b", "a b")])
def test_invisible_signs_and_wide_digits_become_plain(raw, kept):
    assert clean_text(raw) == kept


@given(st.text())
def test_cleaning_a_clean_code_changes_nothing(text):
    once = clean_code(text.replace("'", ""))
    assert clean_code(once) == once


def test_a_whole_number_in_a_text_column_is_its_digits(tmp_path):
    assert one(tmp_path, "name", 12) == "12"


@pytest.mark.parametrize("value", [13900000000000000, True, datetime.date(2016, 1, 2)])
def test_a_text_that_the_program_changed_is_refused(tmp_path, value):
    assert one(tmp_path, "name", value).remedy


def test_an_empty_cell_that_must_be_filled_is_an_error(tmp_path):
    assert one(tmp_path, "name", "\u3000").reason == "不能为空"


def test_labels_compare_without_width_and_spaces():
    assert match_key("通电， 泥土路") == match_key("通电,泥土路")


# -- numbers ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("value", "number"), [(3, 3), ("３", 3), (3.0, 3), ("-2", -2), (None, None), (" ", None)])
def test_integers_are_read(tmp_path, value, number):
    assert one(tmp_path, "size", value) == number


@pytest.mark.parametrize("value", [2.5, "2.0", "3人", True, "²", "٣", "1e3", datetime.date(2016, 1, 2)])
def test_what_is_no_integer_is_refused(tmp_path, value):
    assert one(tmp_path, "size", value).column == "人数"


@pytest.mark.parametrize(
    ("value", "number"), [(0.1 + 0.2, "0.3"), (2.675, "2.675"), ("6.50", "6.50"), (1234567.89, "1234567.89")]
)
def test_numbers_are_decimals_as_the_program_shows_them(tmp_path, value, number):
    found = one(tmp_path, "months", value)
    assert isinstance(found, Decimal) and found == Decimal(number)


@pytest.mark.parametrize("value", ["1,000", "6个月", "nan", "inf", 1e300])
def test_what_is_no_number_is_refused(tmp_path, value):
    assert one(tmp_path, "months", value).reason


# -- dates ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "value",
    [
        "2016-03-05",
        "2016/3/5",
        "2016年3月5日",
        "２０１６-０３-０５",
        datetime.date(2016, 3, 5),
        datetime.datetime(2016, 3, 5),
    ],
)
def test_listed_ways_to_write_a_day_are_read(tmp_path, value):
    assert one(tmp_path, "day", value) == datetime.date(2016, 3, 5)


@pytest.mark.parametrize(
    "value",
    ["2016.3.5", "2016-3-5", "20160305", 42434, "105年3月5日", "2016-02-30", "1016-03-05", "16/3/5"]
    + [datetime.datetime(2016, 3, 5, 8, 1), datetime.time(8, 1), True],
)
def test_any_other_date_is_refused(tmp_path, value):
    assert one(tmp_path, "day", value).column == "调查日期"


def test_a_day_of_the_1904_system_is_the_same_day(tmp_path):
    lines = [["姓名", "证件号码", "调查日期"], ["张三", NUMBER, datetime.date(2016, 3, 5)]]
    path = workbook(tmp_path / "a.xlsx", lines, epoch=CALENDAR_MAC_1904)
    assert read_table(path, {"花名册": SPEC}).rows[0].value("day") == datetime.date(2016, 3, 5)


# -- rows -------------------------------------------------------------------------------------------------------
def test_empty_rows_are_left_out_and_row_numbers_stay_true(tmp_path):
    found = table(tmp_path, [["姓名", "证件号码"], [], ["张三", NUMBER], [None, " "], ["李四", NUMBER]])
    assert [row.number for row in found.rows] == [3, 5]


def test_a_sheet_that_begins_in_the_third_column_keeps_its_places(tmp_path):
    lines = [[None, None, "姓名", "证件号码"], [None, None, "张三", NUMBER]]
    assert list(read_rows(workbook(tmp_path / "a.xlsx", lines)))[1] == [None, None, "张三", NUMBER]


def test_every_bad_cell_is_listed_with_its_place(tmp_path):
    found = table(tmp_path, [["姓名", "证件号码", "人数"], ["张三", 1, "x"], ["李四", NUMBER, 1]])
    assert [(p.sheet, p.row, p.column) for p in found.problems] == [("花名册", 2, "证件号码"), ("花名册", 2, "人数")]
    assert found.rows[1].problems == ()


def test_a_csv_is_read_by_the_same_rules(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"人数;身份证号;姓名\r\n3;{NUMBER};覃𬭎\r\n;5.2E+17;李四\r\n".encode("gb18030"))
    found = read_table(path, {"花名册": SPEC})
    assert [found.rows[0].value(key) for key in ("name", "id", "size")] == ["覃𬭎", NUMBER, 3]
    assert found.problems[0].row == 3


def test_a_text_that_looks_like_a_date_stays_text(tmp_path):
    assert list(read_rows(workbook(tmp_path / "a.xlsx", [["2016-03-05", '{"date": "x"}']]))) == [
        ["2016-03-05", '{"date": "x"}']
    ]


def test_a_township_of_five_thousand_rows_is_streamed(tmp_path):
    lines = [["姓名", "证件号码"], *(["张三", NUMBER] for _ in range(5000))]
    stream = stream_table(workbook(tmp_path / "a.xlsx", lines), "花名册", SPEC)
    assert sum(1 for _ in stream.rows) == 5000


# -- the child --------------------------------------------------------------------------------------------------
ROWS = 2_000


def amplified(path, texts=f"<si><t>{'a' * 32_000}</t></si>"):
    """One long shared string used by every cell: 100 kB of XML that a reader may blow up to gigabytes."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, ROWS + 1))
    source = workbook(path.with_name("plain.xlsx"), [["姓名"]])
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'
            if name != "xl/sharedStrings.xml":
                new.writestr(name, data)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')
    return path


def test_one_long_text_behind_many_cells_is_read_in_flat_memory_and_cut_where_a_cell_is_too_long(tmp_path):
    path = amplified(tmp_path / "a.xlsx")
    assert inspect_upload(path).sheets[0].rows == ROWS
    assert {len(row[0]) for row in read_rows(path)} == {2001}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory limits are enforced on Linux only")
def test_a_reader_that_wants_too_much_memory_dies_alone(tmp_path):
    texts = "".join(f"<si><t>{n}</t></si>" for n in range(150_000))
    path = amplified(tmp_path / "a.xlsx", texts)
    with pytest.raises(RefusedFile) as caught:
        list(read_rows(path, caps=replace(DEFAULT_CAPS, child_memory_bytes=20 << 20)))
    assert caught.value.code == "too_much_memory"


def child_script(tmp_path, monkeypatch, body):
    script = tmp_path / "child.py"
    script.write_text(body, encoding="utf-8")
    monkeypatch.setattr(rows, "CHILD", script)
    return workbook(tmp_path / "a.xlsx", [["姓名"]])


def test_a_reader_that_hangs_is_ended_after_its_time(tmp_path, monkeypatch):
    path = child_script(tmp_path, monkeypatch, "import time; time.sleep(60)")
    start = time.monotonic()
    with pytest.raises(RefusedFile) as caught:
        list(read_rows(path, caps=replace(DEFAULT_CAPS, child_seconds=0.5)))
    assert caught.value.code == "too_slow" and time.monotonic() - start < 10


def test_rows_that_end_without_the_end_mark_are_refused(tmp_path, monkeypatch):
    path = child_script(tmp_path, monkeypatch, "print('[1]')")
    with pytest.raises(RefusedFile) as caught:
        list(read_rows(path))
    assert caught.value.code == "broken_file"


def test_a_crash_of_the_reader_is_a_refusal_not_a_crash(tmp_path, monkeypatch):
    path = child_script(tmp_path, monkeypatch, "import os; os.abort()")
    with pytest.raises(RefusedFile) as caught:
        list(read_rows(path))
    assert caught.value.code == "too_much_memory"


def test_the_reader_gets_no_key_of_the_project(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELD_KEY", "canary")
    body = "import json, os; print(json.dumps(sorted(os.environ))); print(json.dumps({'rows': 1}))"
    path = child_script(tmp_path, monkeypatch, body)
    assert "FIELD_KEY" not in list(read_rows(path))[0]


def test_leaving_a_table_half_read_ends_the_reader(tmp_path, monkeypatch):
    body = "import os, time; print([os.getpid()], flush=True); time.sleep(60)"
    reading = read_rows(child_script(tmp_path, monkeypatch, body))
    (pid,) = next(reading)
    reading.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_facts_seen_before_are_not_made_again(tmp_path, monkeypatch):
    path = workbook(tmp_path / "a.xlsx", [["姓名", "证件号码"], ["张三", NUMBER]])
    facts = inspect_upload(path)
    monkeypatch.setattr("core.sheets.reader.inspect_upload", None)
    monkeypatch.setattr("core.sheets.rows.inspect_upload", None)
    assert len(read_table(path, {"花名册": SPEC}, facts=facts).rows) == 1


# -- the real layout --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("title", "count"), [("花名册", 3023), ("六看评估", 1347)])
def test_the_roster_of_dahe_township_is_read_whole_and_without_a_problem(title, count):
    path = Path(__file__).parents[1] / "data" / "roster-dahe-township.xlsx"
    spec = HeaderSpec((Column("household", ("户编号",), kind="code", filled=True),))
    found = read_table(path, {title: spec})
    assert (len(found.rows), found.problems) == (count, ())
