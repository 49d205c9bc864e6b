"""The user's own workbook back: every faulty cell coloured, with reason and remedy as its comment, and a list that leads to each (trust 56).

Values are as typed, in the user's columns and rows; the look of the file is not kept, because it is read and written as a stream. The
list is the last sheet, so that the mended file is uploaded as it is.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from assessment.importing.staging import MAX_LISTED, listed_first
from core.sheets import FileFacts, HeaderSpec, match_key
from core.sheets.gate import SheetFacts
from core.sheets.rich import HEAD, LINK, RED, YELLOW, RichBook, RichSheet, SheetLook, letters, rich_book
from core.sheets.rows import read_rows
from core.sheets.writer import sheet_title
from households.importing.layout import SHEET
from households.importing.model import ERROR, Fault
from households.roundtrip.layout import TOKEN, VERSION

LIST = "错误清单"
LIST_COLUMNS = (("工作表", 14), ("行", 8), ("列", 20), ("填写的内容", 26), ("问题", 44), ("怎样改正", 50))
STEP, LOOKED_AT = 500, 20
Progress = Callable[[int, int, str], None]
Alias = Callable[[str], str]


@dataclass
class _Marks:
    """Faults of one sheet by row; `shown_as` is its title in the marked book."""

    shown_as: str
    rows: dict[int, list[Fault]] = field(default_factory=lambda: defaultdict(list))


def mark_upload(
    path: str | Path,
    facts: FileFacts,
    target: Path,
    faults: Sequence[Fault],
    specs: Sequence[HeaderSpec],
    progress: Progress,
    alias: Alias = str,
) -> None:
    """Write the marked workbook. `facts`: the file's, from the gate; `specs` say which headings are the same column; `alias` turns a fault's
    sheet title into the file's own."""
    listed = listed_first(faults)
    with rich_book(target) as book:
        marks = _by_sheet(facts, listed, alias)
        total, done = sum(sheet.rows for sheet in facts.sheets), 0
        places: dict[int, tuple[str, str]] = {}
        for sheet in facts.sheets:
            if match_key(sheet.name) == match_key(LIST):
                continue  # the list of an earlier check
            rows = read_rows(path, sheet, facts=facts)
            told = _Told(progress, done, total)
            _copy(book, sheet, rows, marks[sheet.index], specs, places, told)
            done += sheet.rows
        _write_list(book, listed, places, len(faults) - len(listed))
        book.finish(opens_at=len(book.titles) - 1)


@dataclass
class _Told:
    progress: Progress
    before: int
    total: int

    def __call__(self, number: int) -> None:
        if number % STEP == 1:
            self.progress(self.before + number, max(self.total, 1), "标出错误")


def _by_sheet(facts: FileFacts, faults: Sequence[Fault], alias: Alias) -> dict[int, _Marks]:
    """{index of the sheet: its marks}. Faults of the file as a whole have no place."""
    taken: list[str] = [LIST]
    marks, by_name = {}, {}
    for sheet in facts.sheets:
        title = sheet_title(
            sheet.name or next((one.sheet for one in faults if one.sheet), SHEET), taken
        )  # a csv has no title
        taken.append(title)
        marks[sheet.index] = _Marks(title)
        by_name.setdefault(match_key(sheet.name), sheet.index)
    alone = facts.sheets[0].index if facts.kind == "csv" else None
    for fault in faults:
        index = by_name.get(match_key(alias(fault.sheet))) if alone is None else alone
        if index is not None and fault.row:
            marks[index].rows[fault.row].append(fault)
    return marks


def _copy(
    book: RichBook, sheet: SheetFacts, rows: Iterator[list], marks: _Marks, specs: Sequence[HeaderSpec],
    places: dict[int, tuple[str, str]], told: _Told,
) -> None:  # fmt: skip
    """One sheet again, row for row. `places` learns where each fault stands: {id of the fault: (sheet, cell)}."""
    head = list(islice(rows, LOOKED_AT))
    heading = head[0] if head else []
    columns = _columns(heading, specs)
    tokens = [place for place, cell in enumerate(heading) if cell in (TOKEN, VERSION)]
    with book.sheet(marks.shown_as, SheetLook(widths=_widths(head), hidden=sheet.hidden, hidden_columns=tokens)) as out:
        for number, values in enumerate(chain(head, rows), start=1):
            told(number)
            found = marks.rows.get(number)
            if found is None:
                out.row(values, every=HEAD if number == 1 else "")
                continue
            spots = [(columns.get(match_key(fault.column), 0), fault) for fault in found]
            out.row(values, _fills(spots), every=HEAD if number == 1 else "")
            _note(out, number, spots)
            for place, fault in spots:
                places[id(fault)] = (marks.shown_as, f"{letters(place)}{number}")


def _columns(heading: Sequence[object], specs: Sequence[HeaderSpec]) -> dict[str, int]:
    """{column as a fault names it: place}: the heading as typed, and the title of the column that it is an accepted spelling of."""
    found: dict[str, int] = {}
    for place, cell in enumerate(heading):
        if cell is None:
            continue
        known = (spec.find(cell) for spec in specs)
        for title in (str(cell), *(column.title for column in known if column)):
            found.setdefault(match_key(title), place)
    return found


def _fills(spots: Sequence[tuple[int, Fault]]) -> dict[int, str]:
    errors = {place for place, fault in spots if fault.severity == ERROR}
    return {place: RED if place in errors else YELLOW for place, _ in spots}


def _note(out: RichSheet, row: int, spots: Sequence[tuple[int, Fault]]) -> None:
    said: dict[int, list[str]] = defaultdict(list)
    for place, fault in spots:
        word = "错误" if fault.severity == ERROR else "提示"
        of = f"（{fault.column}）" if fault.column and place == 0 else ""
        said[place].append(f"{word}{of}：{fault.reason}" + (f"\n改正：{fault.remedy}" if fault.remedy else ""))
    for place, lines in said.items():
        out.note(row, place, "\n".join(dict.fromkeys(lines)))


def _widths(rows: Sequence[Sequence[object]]) -> list[float]:
    """What the first rows need; Chinese characters are two wide."""
    widths = [0.0] * max((len(row) for row in rows), default=0)
    for row in rows:
        for place, value in enumerate(row):
            text = "" if value is None else str(value)[:40]
            widths[place] = max(widths[place], sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))
    return [min(42.0, max(8.0, width + 3)) for width in widths]


def _write_list(book: RichBook, faults: Sequence[Fault], places: dict[int, tuple[str, str]], left_out: int) -> None:
    look = SheetLook(widths=[width for _, width in LIST_COLUMNS])
    with book.sheet(LIST, look) as out:
        out.row([title for title, _ in LIST_COLUMNS], every=HEAD)
        for fault in faults:
            spot = places.get(id(fault))
            reason = fault.reason if fault.severity == ERROR else f"提示：{fault.reason}"
            values = [spot[0] if spot else fault.sheet, fault.row, fault.column, fault.value, reason, fault.remedy]
            row = out.row(values, {0: LINK, 1: LINK} if spot else None)
            if spot:
                out.link(row, 0, *spot)
                out.link(row, 1, *spot)
        if left_out:
            out.row(
                [
                    "",
                    None,
                    "",
                    "",
                    f"问题太多，只列出前 {MAX_LISTED} 处，还有 {left_out} 处没有列出",
                    "请先改正已列出的，再上传核对",
                ]
            )
