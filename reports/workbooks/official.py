"""A table as the paper that is signed: title block, grouped header, sum row, signer, seal and copies, sheet 口径说明.

openpyxl without write_only: the tables are small and need merged cells (speed.md). Every word goes through `_text`, so that a name
that starts with "=" stays a name.
"""

from __future__ import annotations

from itertools import groupby
from math import ceil
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.sheets.writer import sheet_title, starts_like_formula, strip_control
from reports.catalog import Column
from reports.tables import Row, Table
from reports.workbooks.forms import FORMS, Form
from reports.workbooks.guide import TITLE as GUIDE_TITLE
from reports.workbooks.guide import Stamp, chinese_time, column_lines

NOT_COMPUTABLE = "不可算"
_THIN = Side(style="thin", color="5B6B75")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="E8EDF0")
_SUM_FILL = PatternFill("solid", fgColor="F3F5F6")
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center")
_RIGHT = Alignment(horizontal="right", vertical="center")
_WRAP = Alignment(horizontal="left", vertical="top", wrap_text=True)
_HEAD_ROW, _FIRST_ROW = 3, 5
_A3 = 8
_LEGIBLE = 30
"""Columns that a page of A3 holds in a size that can be read; a wider table lies on more pages side by side."""


def _font(*, size: int = 11, bold: bool = False) -> Font:
    return Font(name="宋体", size=size, bold=bold)


def write_official(target: BinaryIO, table: Table, stamp: Stamp) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(table.title)
    form = FORMS[table.level]
    width = len(table.columns) // _pages_across(table)  # title and signatures stay on the first page
    _title_block(sheet, table, form, width)
    _header(sheet, table, form)
    for offset, row in enumerate((*table.rows, table.total)):
        _line(sheet, _FIRST_ROW + offset, row, table.columns, is_sum=row is table.total)
    _foot(sheet, table, form, _FIRST_ROW + len(table.rows) + 2, width)
    _page(sheet, table)
    _guide(book, table, stamp)
    book.save(target)


def _pages_across(table: Table) -> int:
    return ceil(len(table.columns) / _LEGIBLE)


def _text(cell: Cell, text: str, *, font: Font | None = None, align: Alignment = _LEFT) -> Cell:
    """Text that no program takes for a formula."""
    cell.value = strip_control(text)
    cell.data_type = "s"
    cell.alignment = align
    if starts_like_formula(text):
        cell.quotePrefix = True
    cell.font = font or _font()
    return cell


def _title_block(sheet: Worksheet, table: Table, form: Form, width: int) -> None:
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    _text(sheet.cell(1, 1), f"{table.area_name}{form.title}", font=_font(size=18, bold=True), align=_CENTER)
    sheet.row_dimensions[1].height = 34
    facts = [
        f"填报单位：{_full_name(table)}",
        f"批次：{table.round.name}",
        f"截至：{_as_of(table)}",
        "单位：户、人、分、%",
    ]
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=width)
    _text(sheet.cell(2, 1), "    ".join(facts))
    sheet.row_dimensions[2].height = 20


def _full_name(table: Table) -> str:
    """来凤县大河镇桐子园村: every place above the table's own."""
    above = [getattr(table.area, name).name for name in ("county", "township") if hasattr(table.area, name)]
    return "".join([*above, table.area_name])


def _as_of(table: Table) -> str:
    return chinese_time(table.as_of) if table.as_of else "尚未汇总"


def _header(sheet: Worksheet, table: Table, form: Form) -> None:
    top, low = _HEAD_ROW, _HEAD_ROW + 1
    sheet.merge_cells(start_row=top, start_column=1, end_row=low, end_column=1)
    _text(sheet.cell(top, 1), form.first_column, font=_font(bold=True), align=_CENTER)
    start = 2
    for group, columns in groupby(table.columns, key=lambda column: column.group_title):
        members = list(columns)
        if len(members) > 1:
            sheet.merge_cells(start_row=top, start_column=start, end_row=top, end_column=start + len(members) - 1)
        _text(sheet.cell(top, start), group, font=_font(bold=True), align=_CENTER)
        for offset, column in enumerate(members):
            _text(sheet.cell(low, start + offset), column.short, font=_font(bold=True), align=_CENTER)
        start += len(members)
    for row in (top, low):
        for number in range(1, start):
            cell = sheet.cell(row, number)
            cell.border, cell.fill = _BOX, _HEAD_FILL
    sheet.row_dimensions[top].height, sheet.row_dimensions[low].height = 20, 60


def _line(sheet: Worksheet, number: int, row: Row, columns: tuple[Column, ...], *, is_sum: bool) -> None:
    font = _font(bold=is_sum)
    _text(sheet.cell(number, 1), row.name, font=font)
    for place, column in enumerate(columns, start=2):
        cell, value = sheet.cell(number, place), row.values[column.code]
        if value is None:
            _text(cell, NOT_COMPUTABLE, font=font, align=_RIGHT)
        else:
            cell.value, cell.font, cell.alignment = value, font, _RIGHT
            cell.number_format = _format(column)
    sheet.row_dimensions[number].height = 18
    for place in range(1, len(columns) + 2):
        sheet.cell(number, place).border = _BOX
        if is_sum:
            sheet.cell(number, place).fill = _SUM_FILL


def _format(column: Column) -> str:
    if column.percent:
        return "0.0%"
    return "0.0" if column.decimals else "#,##0"


def _foot(sheet: Worksheet, table: Table, form: Form, row: int, width: int) -> None:
    """Space to sign and seal; the 校验码 ties the paper to the cells."""
    lines = [
        f"填表人：＿＿＿＿＿＿＿＿    {form.signer}：＿＿＿＿＿＿＿＿    {form.seal}    日期：＿＿＿＿年＿＿月＿＿日",
        form.copies,
        f"校验码：{' '.join(table.digest[i : i + 4] for i in range(0, 16, 4))}（全码及各栏口径见“{GUIDE_TITLE}”）",
    ]
    if table.stale_villages:
        lines.append(f"有 {len(table.stale_villages)} 个村在汇总之后又有改动：{'、'.join(table.stale_villages)}。")
    for offset, line in enumerate(lines):
        sheet.merge_cells(start_row=row + offset, start_column=1, end_row=row + offset, end_column=width)
        _text(sheet.cell(row + offset, 1), line)
        sheet.row_dimensions[row + offset].height = 40 if offset == 0 else 18


def _page(sheet: Worksheet, table: Table) -> None:
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 2)
    sheet.column_dimensions["A"].width = 20
    for number in range(2, len(table.columns) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = 7.5
    sheet.print_title_rows = f"1:{_HEAD_ROW + 1}"
    sheet.print_title_cols = "A:A"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", _A3, _pages_across(table), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    sheet.oddFooter.right.text = f"校验码 {table.digest[:16]}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.8, 0.4


def _guide(book: Workbook, table: Table, stamp: Stamp) -> None:
    sheet = book.create_sheet(GUIDE_TITLE)
    lines = [
        ("项目", "说明", "单位", "代码"),
        *stamp.lines(table.digest, len(table.rows)),
        *column_lines(table.columns),
    ]
    for number, line in enumerate(lines, start=1):
        for place, text in enumerate(line, start=1):
            _text(sheet.cell(number, place), text, font=_font(bold=True) if number == 1 else None, align=_WRAP)
    for letter, width in zip("ABCD", (30, 76, 8, 30), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
