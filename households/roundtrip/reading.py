"""The edited workbook as rows: which sheets and columns are there, which row is which, and the faults that need no database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from core.sheets import FileFacts, match_key
from core.sheets.gate import SheetFacts
from core.sheets.rows import read_rows
from households.importing.layout import SHEET as ROSTER_SHEET
from households.importing.model import Faults
from households.roundtrip.layout import LAYOUTS, NORMAL_WAY, TOKEN, VERSION, Layout
from households.roundtrip.tokens import read_token

LONGEST = 2000
MOVED = "行标识与编号、版本不符：标识被改过，或移到了别的行"
EXPORT_AGAIN = "请重新导出编辑用名册，在新文件里改"


@dataclass(frozen=True)
class EditRow:
    """A row that was exported: its member's or household's uuid, the version it shows, and the cells of the columns present."""

    number: int
    code: str
    name: str
    uuid: UUID
    version: int
    cells: dict[str, object]


def edited_sheets(path: Path, facts: FileFacts) -> list[tuple[SheetFacts, Layout]]:
    """The sheets of an edited export; [] for any other file. By title; a renamed or saved-as-csv one by its token column."""
    by_title = {match_key(layout.title): layout for layout in LAYOUTS}
    found = [(sheet, by_title[match_key(sheet.name)]) for sheet in facts.sheets if match_key(sheet.name) in by_title]
    if found or any(match_key(sheet.name) == match_key(ROSTER_SHEET) for sheet in facts.sheets):
        return found
    visible = next((sheet for sheet in facts.sheets if not sheet.hidden), None)
    layout = _layout_of(_heading(path, facts, visible)) if visible else None
    return [(visible, layout)] if layout else []


def _heading(path: Path, facts: FileFacts, sheet: SheetFacts) -> list[object]:
    with closing(read_rows(path, sheet, facts=facts)) as rows:
        return next(iter(islice(rows, 1)), [])


def _layout_of(heading: list[object]) -> Layout | None:
    """Member rows also name the household, so the longer layout is asked first."""
    found = [layout for layout in reversed(LAYOUTS) if {TOKEN, layout.code} <= set(layout.columns(heading))]
    return found[0] if found else None


def read_edits(
    path: Path, facts: FileFacts, sheet: SheetFacts, layout: Layout, county_id: int, faults: Faults
) -> Iterator[EditRow]:
    """Rows whose token holds. A heading without the columns that say which row is which yields none."""
    with closing(read_rows(path, sheet, facts=facts)) as rows:
        heading = next(rows, [])
        columns = layout.columns(heading)
        if not _heading_holds(layout, columns, faults):
            return
        for said in layout.unknown(heading):
            faults.warn(1, said[:60], "", "不认识的列，没有读取", "不需要处理")
        reader = _Reader(
            layout, {name: places[0] for name, places in columns.items()}, _names(layout, heading), county_id, faults
        )
        for number, cells in enumerate(rows, start=2):
            if any(cell is not None and str(cell).strip() for cell in cells):
                row = reader.read(number, cells)
                if row is not None:
                    yield row


def _heading_holds(layout: Layout, columns: dict[str, list[int]], faults: Faults) -> bool:
    missing = [name for name in (TOKEN, VERSION, layout.code) if name not in columns]
    if missing:
        faults.error(
            1, "、".join(missing), "", "缺少用来认行的列：" + "、".join(missing), f"{EXPORT_AGAIN}；{NORMAL_WAY}"
        )
    doubled = [name for name, places in columns.items() if len(places) > 1]
    for name in doubled:
        title = layout.place_of(name) if name not in (TOKEN, VERSION, layout.code) else name
        faults.error(1, title, "", "表头重复，不知道以哪一列为准", "请只保留其中一列")
    return not missing and not doubled


def _names(layout: Layout, heading: list[object]) -> int | None:
    wanted = "姓名" if "姓名" in layout.shown else "户主姓名"
    return next(
        (place for place, cell in enumerate(heading) if cell is not None and match_key(str(cell)) == match_key(wanted)),
        None,
    )


class _Reader:
    def __init__(
        self, layout: Layout, places: dict[str, int], name_at: int | None, county_id: int, faults: Faults
    ) -> None:
        self.layout, self.places, self.name_at, self.county_id, self.faults = layout, places, name_at, county_id, faults
        self._seen: dict[UUID, int] = {}

    def read(self, number: int, cells: list[object]) -> EditRow | None:
        def at(place: int | None) -> object:
            return cells[place] if place is not None and place < len(cells) else None

        values = {name: at(place) for name, place in self.places.items()}
        token, version, code = (values.pop(name) for name in (TOKEN, VERSION, self.layout.code))
        code, who = str(code or "").strip(), str(at(self.name_at) or "").strip()
        label = f"{who} {code}".strip()
        if token is None or not str(token).strip():
            self.faults.error(number, self.layout.code, label, "这一行没有行标识", f"{NORMAL_WAY}；不需要的行请删去")
            return None
        seen = _whole(version)
        uuid = None if seen is None else read_token(str(token), self.layout.kind, code, self.county_id, seen)
        if uuid is None:
            self.faults.error(number, self.layout.code, label, MOVED, EXPORT_AGAIN)
            return None
        if uuid in self._seen:
            self.faults.error(number, self.layout.code, label, f"与第{self._seen[uuid]}行是同一行", "请只保留其中一行")
            return None
        self._seen[uuid] = number
        return EditRow(number, code, who, uuid, seen, values)


def _whole(value: object) -> int | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return int(number) if number.is_integer() and 0 < number < 2**31 else None
