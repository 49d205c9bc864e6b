"""Workbooks with marks, and what they share with plain lists: the package is one that programs open without a repair."""

import io
import re
from zipfile import BadZipFile, ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from core.sheets import OutColumn, OutSheet, write_table
from core.sheets.rich import HEAD, RED, Choices, SheetLook, letters, rich_book

pytestmark = pytest.mark.once
ORDER = [
    "sheetPr", "sheetViews", "sheetFormatPr", "cols", "sheetData", "dataValidations", "hyperlinks", "pageMargins", "pageSetup", "headerFooter",
    "legacyDrawing",
]  # fmt: skip
"""As the standard has them (18.3.1.99); Excel repairs a sheet with another one."""


@pytest.fixture
def marked():
    target = io.BytesIO()
    with rich_book(target) as book:
        look = SheetLook(widths=[4, 10], hidden_columns=(0,), choices=[Choices(1, "选项", 0, 1, 2)])
        with book.sheet("户'1", look) as sheet:
            sheet.row(["标识", "民族"], every=HEAD)
            sheet.row(["k", "\x00"], {1: RED})
            sheet.note(2, 1, "请改正")
            sheet.link(2, 0, "选项", "A1")
        with book.sheet("选项", SheetLook(hidden=True, frozen=False)) as sheet:
            sheet.row(["汉族"])
        book.finish()
    return target


def test_the_parts_of_a_sheet_stand_in_the_standards_order(marked):
    xml = ZipFile(marked).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(f"<({'|'.join(ORDER)})\\b", xml) == ORDER


def test_every_part_that_a_relation_names_is_there_with_its_type(marked):
    archive = ZipFile(marked)
    types = archive.read("[Content_Types].xml").decode()
    for name in {*archive.namelist()} - {"[Content_Types].xml"}:
        assert f'PartName="/{name}"' in types or name.endswith((".rels", ".vml"))
    for name in re.findall(r'PartName="/([^"]+)"', types):
        assert name in archive.namelist()


def test_a_printed_heading_is_on_every_page_of_the_sheets_that_have_one(marked):
    stream = io.BytesIO()
    write_table(stream, [OutSheet("一", [OutColumn("x")], []), OutSheet("二'三", [OutColumn("x")], [])])
    assert [sheet.print_title_rows for sheet in load_workbook(stream)] == ["$1:$1", "$1:$1"]
    assert [sheet.print_title_rows for sheet in load_workbook(marked)] == ["$1:$1", None]


def test_a_cell_of_control_characters_alone_keeps_its_colour(marked):
    cell = load_workbook(marked)["户'1"]["B2"]
    assert (cell.value, cell.fill.fgColor.rgb, cell.comment.text) == (None, "FFFFC7CE", "请改正")


def test_a_column_has_the_letters_that_programs_give_it():
    assert all(letters(place) == get_column_letter(place + 1) for place in (*range(800), 16_383))


def test_a_book_left_unfinished_is_no_workbook():
    target = io.BytesIO()
    with rich_book(target) as book, book.sheet("表") as sheet:
        sheet.row(["x"])
    del book, sheet  # a zip that nobody holds any more closes itself
    with pytest.raises(BadZipFile):
        ZipFile(target)
