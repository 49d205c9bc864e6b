"""A table as the paper that is signed: title block, grouped header, sum row, signer, seal and copies, sheet 口径说明.

openpyxl without write_only: the tables are small and need merged cells (speed.md). Every word goes through `_text`, so that a name
that starts with "=" stays a name.
"""

from __future__ import annotations

from itertools import groupby
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from core.sheets.writer import sheet_title, starts_like_formula, strip_control
from reports.catalog import Column
from reports.tables import Row, Table
from reports.workbooks.forms import FORMS, Form
from reports.workbooks.guide import TITLE as GUIDE_TITLE
from reports.workbooks.guide import Stamp, chinese_time, column_lines
from reports.workbooks.spreads import FIGURE_WIDTH, NAME_WIDTH, Layout, Spread, layout_of

NOT_COMPUTABLE = "不可算"
_THIN = Side(style="thin", color="5B6B75")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="E8EDF0")
_SUM_FILL = PatternFill("solid", fgColor="F3F5F6")
_CENTER = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center")
_RIGHT = Alignment(horizontal="right", vertical="center")
_WRAP = Alignment(horizontal="left", vertical="top", wrap_text=True)
_WRAP_MIDDLE = Alignment(horizontal="left", vertical="center", wrap_text=True)
_HEAD_ROW, _FIRST_ROW = 3, 5
_NARROW = 8
"""Columns that a line of facts needs beside each other; a table with fewer puts it on two lines."""


def _font(*, size: int = 11, bold: bool = False) -> Font:
    return Font(name="宋体", size=size, bold=bold)


def write_official(target: BinaryIO, table: Table, stamp: Stamp) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(table.title)
    form, layout = FORMS[table.level], layout_of([column.group_title for column in table.columns])
    for number, spread in enumerate(layout.spreads, start=1):
        _title_block(sheet, table, form, spread, number, len(layout.spreads))
    _header(sheet, table, form, layout)
    for offset, row in enumerate((*table.rows, table.total)):
        _line(sheet, _FIRST_ROW + offset, row, table.columns, is_sum=row is table.total)
    last = _foot(sheet, table, form, _FIRST_ROW + len(table.rows) + 2, layout.spreads[0])
    _page(sheet, table, layout, stamp, last)
    _guide(book, table, stamp)
    book.save(target)


def _text(cell: Cell, text: str, *, font: Font | None = None, align: Alignment = _LEFT) -> Cell:
    """Text that no program takes for a formula."""
    cell.value = strip_control(text)
    cell.data_type = "s"
    cell.alignment = align
    if starts_like_formula(text):
        cell.quotePrefix = True
    cell.font = font or _font()
    return cell


def _title_block(sheet: Worksheet, table: Table, form: Form, spread: Spread, number: int, pages: int) -> None:
    """Over the columns of each page side by side, so that no page lies there without its name. Never in column A, which is on all of them."""
    first, last = spread.start + 2, spread.stop + 1
    more = "" if pages == 1 else f"（{number}/{pages}）"
    facts = [f"填报单位：{_full_name(table)}", f"批次：{table.round.name}", f"截至：{_as_of(table)}", "单位：户、人、分、%"]
    facts += [f"定稿编号：{table.frozen.serial}"] if table.frozen else []
    for row, text, font, align in ((1, f"{table.area_name}{form.title}{more}", _font(size=18, bold=True), _CENTER), (2, "    ".join(facts), None, _LEFT)):
        _merge(sheet, row, first, last)
        _text(sheet.cell(row, first), text, font=font, align=align)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 34, 20


def _merge(sheet: Worksheet, row: int, first: int, last: int, *, to_row: int = 0) -> None:
    if last > first or to_row > row:
        sheet.merge_cells(start_row=row, start_column=first, end_row=to_row or row, end_column=last)


def _full_name(table: Table) -> str:
    """来凤县大河镇桐子园村: every place above the table's own."""
    above = [getattr(table.area, name).name for name in ("county", "township") if hasattr(table.area, name)]
    return "".join([*above, table.area_name])


def _as_of(table: Table) -> str:
    return chinese_time(table.as_of) if table.as_of else "尚未汇总"


def _header(sheet: Worksheet, table: Table, form: Form, layout: Layout) -> None:
    top, low, bold = _HEAD_ROW, _HEAD_ROW + 1, _font(bold=True)
    _merge(sheet, top, 1, 1, to_row=low)
    _text(sheet.cell(top, 1), form.first_column, font=bold, align=_CENTER)
    for spread in layout.spreads:
        start = spread.start + 2
        for group, members in groupby(table.columns[spread.start : spread.stop], key=lambda column: column.group_title):
            columns = list(members)
            _merge(sheet, top, start, start + len(columns) - 1)
            _text(sheet.cell(top, start), group, font=bold, align=_CENTER)
            for offset, column in enumerate(columns):
                _text(sheet.cell(low, start + offset), column.short, font=bold, align=_CENTER)
            start += len(columns)
    for row in (top, low):
        for number in range(1, len(table.columns) + 2):
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


def _foot(sheet: Worksheet, table: Table, form: Form, row: int, spread: Spread) -> int:
    """Who filled in, who answers for it, room for the seal, copies; the 校验码 ties the paper to the cells. Answers the last row."""
    last = spread.stop + 1
    sheet.row_dimensions[row].height = 64
    signed = f"填报人：＿＿＿＿＿＿＿＿    {form.signer}：＿＿＿＿＿＿＿＿    日期：＿＿＿＿年＿＿月＿＿日"
    seal = max(3, last - _NARROW // 2 + 1)
    _merge(sheet, row, 2, seal - 1)
    _text(sheet.cell(row, 2), signed, align=_WRAP_MIDDLE)
    _merge(sheet, row, seal, last)
    _text(sheet.cell(row, seal), f"{form.seal}盖章处", align=_CENTER)
    for number in range(seal, last + 1):
        sheet.cell(row, number).border = _BOX
    lines = [form.copies, f"校验码：{' '.join(table.digest[i : i + 4] for i in range(0, 16, 4))}（全码及各栏口径见“{GUIDE_TITLE}”）"]
    if table.stale_villages:
        lines.append(f"有 {len(table.stale_villages)} 个村在汇总之后又有改动：{'、'.join(table.stale_villages)}。")
    for offset, line in enumerate(lines, start=1):
        _merge(sheet, row + offset, 2, last)
        _text(sheet.cell(row + offset, 2), line, align=_WRAP_MIDDLE)
        sheet.row_dimensions[row + offset].height = 18 if last > _NARROW else 36
    return row + len(lines)


def _page(sheet: Worksheet, table: Table, layout: Layout, stamp: Stamp, last_row: int) -> None:
    """Pages are cut by hand between groups: 适合页宽 would cut where the paper happens to end."""
    last_column = get_column_letter(len(table.columns) + 1)
    sheet.freeze_panes = sheet.cell(_FIRST_ROW, 2)
    sheet.column_dimensions["A"].width = NAME_WIDTH
    for number in range(2, len(table.columns) + 2):
        sheet.column_dimensions[get_column_letter(number)].width = FIGURE_WIDTH
    for spread in layout.spreads[:-1]:
        sheet.col_breaks.append(Break(id=spread.stop + 1))
    sheet.print_title_rows, sheet.print_title_cols = f"1:{_HEAD_ROW + 1}", "A:A"
    sheet.print_area = f"A1:{last_column}{last_row}"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.scale = "landscape", layout.paper, layout.scale
    _margins(sheet, stamp, f"校验码 {table.digest[:16]}")


def _margins(sheet: Worksheet, stamp: Stamp, right: str = "") -> None:
    """The watermark stands at the foot of every page: who, when, which file."""
    foot = sheet.oddFooter
    foot.left.text, foot.left.size = stamp.foot.replace("&", "&&"), 8
    foot.center.text = "第 &P 页，共 &N 页"
    foot.right.text, foot.right.size = right, 8
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.8, 0.4


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
    _margins(sheet, stamp)
