"""Plain workbooks out: numbers stay numbers, codes stay text, and nothing that a user typed can become a formula
(fault 59). How a cell becomes XML is `cells`. Official tables with merged heads are laid out by their own app."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from .book import Book
from .cells import starts_like_formula, strip_control
from .problems import CellProblem
from .stream import OutColumn, OutSheet, write_sheet

_SHEET_TITLE = re.compile(r"[\\/*?:\[\]]")


def safe_text(value: object) -> str:
    """For CSV and other plain text: a dangerous start gets a `'` in front. Workbooks hold typed cells instead."""
    text = strip_control("" if value is None else str(value))
    return "'" + text if starts_like_formula(text) else text


def sheet_title(title: str, taken: Iterable[str] = ()) -> str:
    """A title that every program accepts: no reserved signs, 31 characters, different from the others."""
    base = _SHEET_TITLE.sub("_", strip_control(title)).strip("' ")[:31] or "Sheet"
    name, number, used = base, 2, {other.casefold() for other in taken}
    while name.casefold() in used:
        name, number = f"{base[:27]}_{number}", number + 1
    return name


def write_table(target: str | PathLike | BinaryIO, sheets: Iterable[OutSheet]) -> None:
    """Rows are taken one by one and go straight into the file, so a county's roster does not sit in memory and nothing lies in a temporary
    folder. When a row fails, a file named by its path is removed again; of an open one the caller takes care."""
    if not isinstance(target, str | PathLike):
        _write(target, sheets)
        return
    try:
        with Path(target).open("wb") as file:
            _write(file, sheets)
    except BaseException:
        with suppress(OSError):
            Path(target).unlink(missing_ok=True)
        raise


def _write(target: BinaryIO, sheets: Iterable[OutSheet]) -> None:
    with Book(target) as book:
        for spec in sheets:
            write_sheet(book, sheet_title(spec.title, book.titles), spec)
        if not book.titles:
            raise ValueError("a workbook needs a sheet")
        book.finish()


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
