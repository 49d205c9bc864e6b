"""Two 定稿 of one table held against each other, as a workbook: sums, cells, households that came and went, 口径说明."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from core.sheets.writer import OutColumn, OutSheet, write_table
from households.models import Household
from reports.catalog import Column
from reports.comparing import Changed, Difference
from reports.workbooks.guide import Line, Stamp, chinese_time, column_lines, frozen_lines, guide_sheet
from reports.workbooks.official import NOT_COMPUTABLE

MOST_HOUSEHOLDS = 300
"""Of one column and one direction, as on the page: whoever needs more opens the column there."""
_FIGURES = (OutColumn("单位", width=8), OutColumn("前", "number", 12), OutColumn("后", "number", 12), OutColumn("增减", "number", 12))
_SUMS = (OutColumn("栏", width=36), *_FIGURES, OutColumn("进入（户）", "integer", 12), OutColumn("退出（户）", "integer", 12))
_CELLS = (OutColumn("行", width=20), OutColumn("栏", width=36), *_FIGURES)
_HOMES = (
    OutColumn("栏", width=36), OutColumn("进出", width=8), OutColumn("户主", width=12), OutColumn("户编号", "code", 20),
    OutColumn("村", width=20), OutColumn("组", width=14),
)  # fmt: skip


def write_difference(target: BinaryIO, found: Difference, homes: Mapping[int, Household], stamp: Stamp) -> None:
    """`homes`: the households that moved, as far as the caller may open them."""
    sheets = [
        OutSheet("合计增减", _SUMS, _sums(found), stamp.foot),
        OutSheet("各行增减", _CELLS, ((cell.name, cell.column.title, *_figures(cell)) for cell in found.cells), stamp.foot),
        OutSheet("进出的户", _HOMES, _homes(found, homes), stamp.foot),
        guide_sheet(_said(found, stamp), stamp.foot),
    ]
    write_table(target, sheets)


def _sums(found: Difference) -> Iterator[tuple[object, ...]]:
    cells = {cell.column.code: cell for cell in found.total}
    for column in found.columns:
        cell, moved = cells.get(column.code), found.moved.get(column.code)
        figures = _figures(cell) if cell else (column.unit, None, None, 0)
        yield (column.title, *figures, *((len(moved.entered), len(moved.left)) if moved else (None, None)))


def _figures(cell: Changed) -> tuple[object, ...]:
    values = (cell.before, cell.after, cell.change)
    return (cell.column.unit, *(NOT_COMPUTABLE if value is None else _scaled(cell.column, value) for value in values))


def _scaled(column: Column, value: float) -> float:
    """A share as the page has it: 10.8 with the unit %."""
    return round(value * 100, 1) if column.percent else value


def _homes(found: Difference, homes: Mapping[int, Household]) -> Iterator[tuple[object, ...]]:
    for column in found.columns:
        moved = found.moved.get(column.code)
        for way, ids in (("进入", moved.entered), ("退出", moved.left)) if moved else ():
            for home in sorted((homes[pk] for pk in ids if pk in homes), key=lambda home: home.code)[:MOST_HOUSEHOLDS]:
                group = home.group.name if home.group_id else "未分组"
                yield column.title, way, home.head_name, home.code, home.village.short_name, group


def _said(found: Difference, stamp: Stamp) -> Iterator[Line]:
    yield "地区", f"{found.new.area_name}（{found.new.area_code}）", "", ""
    yield from frozen_lines(found.old, "前一份")
    yield from frozen_lines(found.new, "后一份")
    yield "导出时间", chinese_time(stamp.made_at), "", ""
    yield "导出人", stamp.made_by, "", ""
    yield "文件序号", f"{stamp.serial}（印在每页页脚，审计可按它查到本文件）", "", ""
    yield "进出的户", f"每栏每个方向最多列 {MOST_HOUSEHOLDS} 户；现在不在导出人负责地区的户只计数，不列出。", "", ""
    yield from column_lines(found.columns)
