"""Which column is which. Order is free, unknown headers are named and ignored, missing required ones are an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .problems import CellProblem, shown
from .text import match_key

KINDS = ("text", "code", "number", "integer", "date")


@dataclass(frozen=True)
class Column:
    """`headers`: the accepted spellings, the first one is the one shown. `required` asks for the column, `filled` for
    a value in every row. A `secret` value never appears in a problem."""

    key: str
    headers: tuple[str, ...]
    kind: str = "text"
    required: bool = True
    filled: bool = False
    secret: bool = False

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")
        if not self.headers:
            raise ValueError(f"column {self.key} has no header")

    @property
    def title(self) -> str:
        return self.headers[0]


@dataclass(frozen=True)
class HeaderSpec:
    columns: tuple[Column, ...]

    def __post_init__(self):
        if len(self.by_header) != sum(len({match_key(h) for h in c.headers}) for c in self.columns):
            raise ValueError("two columns accept the same header")

    @cached_property
    def by_header(self) -> dict[str, Column]:
        return {match_key(header): column for column in self.columns for header in column.headers}

    def find(self, cell: object) -> Column | None:
        return None if cell is None else self.by_header.get(match_key(str(cell)))

    def missing(self, cells: Sequence[object]) -> list[Column]:
        present = {column.key for cell in cells if (column := self.find(cell))}
        return [column for column in self.columns if column.required and column.key not in present]


@dataclass(frozen=True)
class HeaderMatch:
    places: dict[int, Column] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()


def match_headers(sheet: str, first_rows: Sequence[Sequence[object]], spec: HeaderSpec) -> HeaderMatch:
    """`first_rows`: the header row and the few after it, looked at only to say where a misplaced header stands."""
    cells = first_rows[0] if first_rows else []
    places: dict[int, Column] = {}
    unknown, problems, seen = [], [], {}
    for place, cell in enumerate(cells):
        column = spec.find(cell)
        if column is None:
            if cell is not None and str(cell).strip():
                unknown.append(shown(cell, secret=False))
        elif column.key in seen:
            where = f"第 {seen[column.key] + 1} 列和第 {place + 1} 列"
            problems.append(CellProblem(sheet, 1, column.title, str(cell), f"表头重复：{where}", "请只保留其中一列"))
        else:
            seen[column.key] = place
            places[place] = column
    missing = tuple(column.title for column in spec.missing(cells))
    if missing:
        problems.append(_missing_problem(sheet, missing, first_rows, spec))
    return HeaderMatch(places, tuple(unknown), missing, tuple(problems))


def _missing_problem(
    sheet: str, missing: tuple[str, ...], rows: Sequence[Sequence[object]], spec: HeaderSpec
) -> CellProblem:
    """Say what is wrong with the header: simply a column short, a title above it, or spread over two rows."""
    names = "、".join(missing)
    for number, row in enumerate(rows[1:], start=2):
        if not spec.missing(row):
            remedy = f"请删除表头上方的 {number - 1} 行，让表头成为第 1 行"
            return CellProblem(sheet, 1, names, "", f"表头不在第 1 行，而在第 {number} 行", remedy)
    for number in range(2, len(rows) + 1):
        together = [cell for row in rows[:number] for cell in row]
        if not spec.missing(together):
            remedy = "请把表头并成一行，每列一个名称"
            return CellProblem(sheet, 1, names, "", f"表头分成了多行（第 1 至 {number} 行）", remedy)
    return CellProblem(sheet, 1, names, "", f"缺少必需的列：{names}", "请补上这些列，列的先后不限")
