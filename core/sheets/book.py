"""The package of a workbook: sheets go one after the other straight into the zip, the parts that name them come last. No cell is an object
and nothing is kept, so that a county's roster costs the memory of a few hundred rows (speed target 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import BinaryIO, ClassVar, Self
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from .cells import in_formula
from .page import Page
from .styles import Styles

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Write = Callable[[str], object]


@dataclass
class SheetPart:
    """A sheet that is open. Until it is closed, `marks` and `drawing` may be set (see `Page.closing`)."""

    number: int
    write: Write
    marks: str = ""
    drawing: str = ""


class Book:
    """A workbook in the making, to be used in a `with`; what is left without `finish` is no workbook."""

    level: ClassVar[int] = 6
    """Deflate. Below 6 a roster is a quarter larger and written a fifth faster, and reading the rows takes longer than either."""

    def __init__(self, target: str | PathLike | BinaryIO) -> None:
        self._own = open(target, "wb") if isinstance(target, str | PathLike) else None
        self._zip = ZipFile(self._own or target, "w", ZIP_DEFLATED, compresslevel=self.level)
        self._sheets: list[tuple[str, Page]] = []
        self._types: dict[str, str] = {}
        self.styles = Styles()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.abandon()

    @property
    def titles(self) -> list[str]:
        return [title for title, _ in self._sheets]

    @contextmanager
    def part(self, name: str, kind: str = "") -> Iterator[Write]:
        """`kind`: what sort of spreadsheet part it is, where its ending does not say so."""
        if kind:
            self._types[name] = f"{_SHEET_TYPE}.{kind}+xml"
        with self._zip.open(name, "w") as part:
            yield lambda text: part.write(text.encode())

    @contextmanager
    def sheet_part(self, title: str, page: Page, typed: Sequence[int] = (), style: int = 0) -> Iterator[SheetPart]:
        """`title` must be one that `writer.sheet_title` gave; `typed` and `style` as in `Page.opening`."""
        number = len(self._sheets) + 1
        with self.part(f"xl/worksheets/sheet{number}.xml", "worksheet") as write:
            write(f'{DECLARED}<worksheet xmlns="{MAIN}" xmlns:r="{_OFFICE}">{page.opening(typed, style)}')
            sheet = SheetPart(number, write)
            yield sheet
            write(f"{page.closing(sheet.marks, sheet.drawing)}</worksheet>")
        self._sheets.append((title, page))

    def finish(self, opens_at: int = 0) -> None:
        """`opens_at`: the sheet that is shown first."""
        sheets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(self._sheets) + 1)]
        self._add("xl/workbook.xml", self._workbook(opens_at), "sheet.main")
        self._add("xl/styles.xml", f'<styleSheet xmlns="{MAIN}">{self.styles.inside()}</styleSheet>', "styles")
        self.relate("xl/workbook.xml", [*sheets, ("styles", "styles.xml")])
        self.relate("", [("officeDocument", "xl/workbook.xml")])
        self._add("[Content_Types].xml", self._content_types())
        self._zip.close()
        if self._own:
            self._own.close()

    def abandon(self) -> None:
        """Close without a directory: what was written so far is no workbook, and the caller removes the file. No harm after `finish`."""
        self._zip.fp = None
        if self._own:
            self._own.close()  # an open file cannot be removed on Windows

    def relate(self, name: str, targets: Iterable[tuple[str, str]]) -> None:
        """Say what the part needs: rId1, rId2 … are the targets in their order, [(kind, path from the part's folder)]. "" is the package."""
        folder, _, base = name.rpartition("/")
        rows = "".join(
            f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{to}"/>'
            for n, (kind, to) in enumerate(targets, start=1)
        )
        self._add(
            f"{folder}/_rels/{base}.rels".lstrip("/"),
            f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>',
        )

    def _add(self, name: str, text: str, kind: str = "") -> None:
        with self.part(name, kind) as write:
            write(DECLARED + text)

    def _workbook(self, opens_at: int) -> str:
        listed = "".join(
            f'<sheet name={quoteattr(title)} sheetId="{n}"{_HIDDEN * page.hidden} r:id="rId{n}"/>'
            for n, (title, page) in enumerate(self._sheets, start=1)
        )
        repeated = "".join(
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{escape(in_formula(title))}!$1:$1</definedName>'
            for n, (title, page) in enumerate(self._sheets)
            if page.frozen
        )
        names = f"<definedNames>{repeated}</definedNames>" if repeated else ""
        views = f'<bookViews><workbookView activeTab="{opens_at}"/></bookViews>'
        return f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{views}<sheets>{listed}</sheets>{names}</workbook>'

    def _content_types(self) -> str:
        known = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in _ENDINGS.items())
        named = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self._types.items())
        return f'<Types xmlns="{_PACKAGE}/content-types">{known}{named}</Types>'


_HIDDEN = ' state="hidden"'
_ENDINGS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "vml": "application/vnd.openxmlformats-officedocument.vmlDrawing",
}
