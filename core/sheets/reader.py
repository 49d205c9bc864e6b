"""Tables out of uploads: the gate first, then the rows from a limited child process, then values by column kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from os import PathLike
from typing import NamedTuple

from .caps import DEFAULT_CAPS, Caps
from .gate import FileFacts, inspect_upload
from .headers import Column, HeaderSpec, match_headers
from .problems import CellProblem, shown
from .rows import RawCell, find_sheet, read_rows
from .values import BadCell, Cell, convert

_REMEMBERED, _SHORT = 1000, 64
_HEADER_LOOK = 5  # Rows looked at for a misplaced header.


class Row(NamedTuple):
    """`number` is the row in the sheet. A cell with a problem is absent from `cells`."""

    number: int
    cells: dict[str, Cell]
    problems: tuple[CellProblem, ...] = ()

    def value(self, key: str):
        cell = self.cells.get(key)
        return cell.value if cell else None


@dataclass
class TableStream:
    """A table whose rows are still to be read, once. With `problems` in the header there are no rows."""

    sheet: str
    columns: tuple[Column, ...]
    unknown_headers: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[CellProblem, ...]
    rows: Iterator[Row] = field(repr=False)


@dataclass(frozen=True)
class Table:
    """`problems` holds those of the header and of every row."""

    sheet: str
    columns: tuple[Column, ...]
    unknown_headers: tuple[str, ...]
    missing: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    problems: tuple[CellProblem, ...] = field(repr=False)


def stream_table(
    path: str | PathLike, title: str | None, spec: HeaderSpec, caps: Caps = DEFAULT_CAPS, facts: FileFacts | None = None
) -> TableStream:
    """The header is read and judged now, the rows while the caller iterates (memory stays flat)."""
    facts = facts or inspect_upload(path, caps)
    sheet = find_sheet(facts, title).name or title or ""
    raw = read_rows(path, title, caps, facts)
    first = list(islice(raw, _HEADER_LOOK))
    match = match_headers(sheet, first, spec)
    if match.problems:
        raw.close()
        rows = iter(())
    else:
        rows = table_rows(sheet, chain(first[1:], raw), match.places)
    columns = tuple(match.places.values())
    return TableStream(sheet, columns, match.unknown, match.missing, match.problems, rows)


def read_table(
    path: str | PathLike,
    sheets: Mapping[str, HeaderSpec],
    caps: Caps = DEFAULT_CAPS,
    facts: FileFacts | None = None,
) -> Table:
    """The one sheet of `sheets`, whole."""
    ((title, spec),) = sheets.items()
    stream = stream_table(path, title, spec, caps, facts)
    rows = tuple(stream.rows)
    problems = stream.problems + tuple(problem for row in rows for problem in row.problems)
    return Table(stream.sheet, stream.columns, stream.unknown_headers, stream.missing, rows, problems)


def read_tables(
    path: str | PathLike,
    sheets: Mapping[str, HeaderSpec],
    caps: Caps = DEFAULT_CAPS,
    facts: FileFacts | None = None,
) -> dict[str, Table]:
    """Several sheets of one file, by the titles asked for."""
    facts = facts or inspect_upload(path, caps)
    return {title: read_table(path, {title: spec}, caps, facts) for title, spec in sheets.items()}


def table_rows(sheet: str, raw_rows: Iterable[list[RawCell]], places: Mapping[int, Column]) -> Iterator[Row]:
    """Raw rows below the header, with the values of the columns that were found at `places`."""
    known = {place: _Cells(column) for place, column in places.items()}
    for number, raw_row in enumerate(raw_rows, start=2):
        if any(raw is not None and not (isinstance(raw, str) and not raw.strip()) for raw in raw_row):
            yield _row(sheet, number, raw_row, known)


class _Cells(dict):
    """Text of one column → its value. Remembers the first thousand short ones: most columns hold few different words."""

    def __init__(self, column: Column) -> None:
        self.column = column

    def __missing__(self, raw: str) -> Cell:
        made = convert(raw, self.column)
        if len(self) < _REMEMBERED and len(raw) <= _SHORT:
            self[raw] = made
        return made


def _row(sheet: str, number: int, raw_row: list[RawCell], places: Mapping[int, _Cells]) -> Row:
    cells, problems = {}, []
    for place, known in places.items():
        column, raw = known.column, raw_row[place] if place < len(raw_row) else None
        try:
            cells[column.key] = known[raw] if raw.__class__ is str else convert(raw, column)
        except BadCell as bad:
            value = shown(raw, secret=column.secret)
            problems.append(CellProblem(sheet, number, column.title, value, bad.reason, bad.remedy))
    return Row(number, cells, tuple(problems))
