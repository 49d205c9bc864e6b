"""A declared list as a workbook: the rows as they come, then 口径说明 with count and digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from core.sheets.writer import OutSheet, write_table
from reports.workbooks.guide import Stamp, guide_sheet
from reports.workbooks.model import Ask, Progress, Report


def write_list(target: BinaryIO, report: Report, ask: Ask, stamp: Stamp, progress: Progress) -> tuple[int, str]:
    """Stream the list and its 口径说明; answers the number of rows and the digest of the cells."""
    count, digest = 0, hashlib.sha256()
    cells = [column.cell() for column in report.columns]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode

    def rows() -> Iterator[list[object]]:
        nonlocal count
        for line in report.lines(ask, progress):
            row = [cell(line) for cell in cells]
            count += 1
            digest.update(encode(row).encode() + b"\n")
            yield row

    def sheets() -> Iterator[OutSheet]:
        yield OutSheet(report.sheet, report.out_columns, rows(), stamp.foot)
        # Asked for only after the list is written, when count and digest are known.
        yield guide_sheet([*stamp.lines(digest.hexdigest(), count), *report.meanings], stamp.foot)

    write_table(target, sheets())
    return count, digest.hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
