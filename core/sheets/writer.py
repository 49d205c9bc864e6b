"""Plain workbooks out: numbers stay numbers, codes stay text, and nothing that a user typed can become a formula
(fault 59). Official tables with merged heads are laid out by their own app."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from os import PathLike
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from .problems import CellProblem

LONGEST_CELL = 32_767  # Excel's own limit; a longer text makes the file unreadable.
_FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SHEET_TITLE = re.compile(r"[\\/*?:\[\]]")
_HEADER_FILL = PatternFill("solid", fgColor="DDE7F0")
_LINE = Border(bottom=Side(style="thin", color="8A9BA8"))
_WRAP = Alignment(wrap_text=True, vertical="center", horizontal="center")


@dataclass(frozen=True)
class OutColumn:
    """`kind`: text, code, number, integer or date. `width` in characters."""

    title: str
    kind: str = "text"
    width: float = 14
    decimals: int | None = None


@dataclass(frozen=True)
class OutSheet:
    title: str
    columns: Sequence[OutColumn]
    rows: Iterable[Sequence[object]] = field(repr=False)


def strip_control(text: str) -> str:
    return _CONTROL.sub("", text)[:LONGEST_CELL]


def starts_like_formula(text: str) -> bool:
    """Judged after leading blanks: programs trim them before they look."""
    return text.startswith(("\t", "\r", "\n")) or text.lstrip(" \u00a0\u3000\t\r\n")[:1] in tuple(_FORMULA_STARTS)


def safe_text(value: object) -> str:
    """For CSV and other plain text: a dangerous start gets a `'` in front. Workbooks use `text_cell` instead."""
    text = strip_control("" if value is None else str(value))
    return "'" + text if starts_like_formula(text) else text


def text_cell(sheet, value: object, *, code: bool = False) -> WriteOnlyCell:
    """A cell that is text whatever it holds: openpyxl would make a formula of "=…" unless the type is forced."""
    text = strip_control("" if value is None else str(value))
    cell = WriteOnlyCell(sheet, value=None)
    cell._value = text  # The setter would guess a type from the content.
    cell.data_type = "s"
    if code:
        cell.number_format = "@"
    if starts_like_formula(text):
        cell.quotePrefix = True
    return cell


def _number_format(column: OutColumn, value: object) -> str:
    if column.decimals is not None:
        return "0" if column.decimals == 0 else "0." + "0" * column.decimals
    return "0" if column.kind == "integer" or isinstance(value, int) else "General"


def value_cell(sheet, value: object, column: OutColumn):
    if isinstance(value, str):
        value = strip_control(value)
    if value is None or value == "":
        return None
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if column.kind in ("number", "integer") and number:
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = _number_format(column, value)
        return cell
    if column.kind == "date" and isinstance(value, datetime.date):
        day = value.date() if isinstance(value, datetime.datetime) else value
        cell = WriteOnlyCell(sheet, value=day)
        cell.number_format = "yyyy-mm-dd"
        return cell
    if (
        column.kind == "text"
        and isinstance(value, str)
        and not value.startswith("#")
        and not starts_like_formula(value)
    ):
        return value  # The fast way for most cells; "#N/A" and "=…" would change their type here.
    return text_cell(sheet, value, code=column.kind == "code")


def _header(sheet, column: OutColumn) -> WriteOnlyCell:
    cell = text_cell(sheet, column.title)
    cell.font, cell.fill, cell.border, cell.alignment = Font(bold=True), _HEADER_FILL, _LINE, _WRAP
    return cell


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """A title that every program accepts: no reserved signs, 31 characters, different from the others."""
    base = _SHEET_TITLE.sub("_", strip_control(title)).strip("' ")[:31] or "Sheet"
    name, number, used = base, 2, {other.casefold() for other in taken}
    while name.casefold() in used:
        name, number = f"{base[:27]}_{number}", number + 1
    return name


def write_table(target: str | PathLike | BinaryIO, sheets: Iterable[OutSheet]) -> None:
    """Rows are taken one by one and streamed to a temporary part, so a county's roster does not sit in memory."""
    book = Workbook(write_only=True)
    try:
        for spec in sheets:
            _write_sheet(book.create_sheet(sheet_title(spec.title, book.sheetnames)), spec)
        if not book.sheetnames:
            raise ValueError("a workbook needs a sheet")
        book.save(target)
    except BaseException:
        _drop_parts(book)
        raise


def _write_sheet(sheet, spec: OutSheet) -> None:
    sheet.freeze_panes = "A2"
    for number, column in enumerate(spec.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.append([_header(sheet, column) for column in spec.columns])
    for row in spec.rows:
        sheet.append([value_cell(sheet, value, column) for value, column in zip(row, spec.columns, strict=True)])


def _drop_parts(book: Workbook) -> None:
    """A failed export leaves no half-written personal data in the temporary folder: openpyxl would at exit only."""
    for sheet in book.worksheets:
        if sheet._writer is None:
            continue
        with suppress(Exception):  # Its own writer may be what failed; the first error is the one to tell.
            sheet.close()
        if os.path.exists(sheet._writer.out):
            sheet._writer.cleanup()


_ERROR_COLUMNS = (
    OutColumn("工作表", width=12),
    OutColumn("行", "integer", width=8),
    OutColumn("列", width=18),
    OutColumn("填写的内容", width=24),
    OutColumn("问题", width=36),
    OutColumn("怎样改正", width=40),
)


def error_workbook(problems: Iterable[CellProblem], path: str | PathLike | BinaryIO) -> None:
    """The list a user works through: one line per problem, with the place, the reason and the remedy (fault 56)."""
    rows = ((p.sheet, p.row, p.column, p.value, p.reason, p.remedy) for p in problems)
    write_table(path, [OutSheet("错误清单", _ERROR_COLUMNS, rows)])
