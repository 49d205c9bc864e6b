"""One pass over one XML part of a workbook with expat: no DTD, no entities, nothing kept but counts and addresses.

What a part *is* is decided by its root element, not by its name: the reader follows relationships, so a sheet may
hide behind any name. `c` and `row` count in whatever namespace they stand, because the reader looks at local names.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_letters
from xml.parsers import expat

from .caps import Caps
from .problems import RefusedFile

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_DIGITS = "0123456789"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_TRUE = ("1", "true", "on")
_REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})")


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass
class PartScan:
    """What one part turned out to be."""

    root: str = ""
    rows: int = 0
    columns: int = 0
    cells: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    filtered: bool = False
    formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    sheets: list[tuple[str, str, str]] = field(default_factory=list)  # name, state, relationship id
    relations: list[tuple[str, str, str, str]] = field(default_factory=list)  # id, type, target, target mode
    content_types: list[tuple[str, str]] = field(default_factory=list)  # part name or extension, type
    since_1904: bool = False


class PartScanner:
    """`title`: the worksheet that the part is, for the words of a refusal. `deadline`: of this thread's processor time, so that a busy
    machine refuses nobody."""

    def __init__(self, caps: Caps, deadline: float, title: str = ""):
        self.result = PartScan()
        self._caps, self._deadline = caps, deadline
        self._where = f"工作表“{title}”" if title else "文件"
        self._letters: dict[str, int] = {}
        self._row = self._column = self._row_elements = self._hidden_to = 0
        self._handlers = self._table()
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._root
        self._parser.StartDoctypeDeclHandler = self._refuse_dtd
        self._parser.XmlDeclHandler = self._check_encoding
        self._parser.EntityDeclHandler = self._refuse_dtd
        self._parser.ExternalEntityRefHandler = self._refuse_dtd

    def run(self, chunks: Iterable[bytes]) -> PartScan:
        fed = 0
        try:
            for chunk in chunks:
                if not fed and chunk.startswith(_UTF_16):
                    raise self._odd_encoding()
                self._parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - self._parser.CurrentByteIndex > self._caps.token_bytes:
                    raise self._refuse("hostile_xml", "内容异常（单个标记过长），已拒绝")
                if time.thread_time() > self._deadline:
                    raise self._refuse("too_slow", "内容过多，检查超时。请减少行数或分成几个文件上传", "")
            self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise self._refuse("broken_file", f"{self._after()}内容不完整或已损坏") from None
        finally:
            self._parser.StartElementHandler = None  # Break the reference cycle at once.
        return self.result

    def _table(self):
        own = {"row": self._on_row, "c": self._on_cell, "f": self._on_formula, "mergeCell": self._on_merge}
        own |= {"col": self._on_column, "autoFilter": self._on_filter, "sheet": self._on_sheet, "workbookPr": self._on_workbook}
        table = {f"{space} {name}": handler for space in _MAIN for name, handler in own.items()}
        return table | {
            "http://schemas.openxmlformats.org/package/2006/relationships Relationship": self._on_relation,
            "http://schemas.openxmlformats.org/package/2006/content-types Override": self._on_type,
            "http://schemas.openxmlformats.org/package/2006/content-types Default": self._on_type,
        }

    def _refuse(self, code: str, what: str, remedy: str = "。请在表格软件中打开，重新另存为 .xlsx 后再上传") -> RefusedFile:
        return RefusedFile(code, f"{self._where}{what}{remedy}。")

    def _after(self) -> str:
        """How far it was read, for a part that ends too early."""
        return f"第 {self._row} 行之后" if self._row else ""

    def _odd_encoding(self) -> RefusedFile:
        """Workbooks are written in UTF-8. Another encoding may be read differently by the gate and by the reader."""
        return self._refuse("hostile_xml", "内部编码异常，已拒绝")

    def _check_encoding(self, version, encoding, standalone):
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise self._odd_encoding()

    def _refuse_dtd(self, *_):
        raise self._refuse("hostile_xml", "含有 DTD 或实体定义（疑似攻击文件），已拒绝")

    def _root(self, name, attributes):
        self.result.root = name.rpartition(" ")[2]
        self._parser.StartElementHandler = self._start
        self._start(name, attributes)

    def _start(self, name, attributes):
        try:
            handler = self._handlers[name]
        except KeyError:
            handler = self._judged(name)
        if handler is not None:
            handler(attributes)

    def _judged(self, name: str) -> None:
        """A name without a handler is looked at once: most elements of a sheet are values."""
        if name.rpartition(" ")[2] in ("c", "row", "sheet", "Relationship") and self._looks_readable():
            raise self._refuse("hostile_xml", "内容异常（命名空间不符），已拒绝")
        if len(self._handlers) < 1000:
            self._handlers[name] = None

    def _looks_readable(self) -> bool:
        return self.result.root in ("worksheet", "workbook", "Relationships")

    # -- worksheets ---------------------------------------------------------------------------------------------
    def _on_row(self, attributes):
        self._row_elements += 1
        before, given = self._row, attributes.get("r")
        self._row = self._number(given) if given else before + 1
        self._column = 0
        if self._row > self._caps.rows or self._row_elements > self._caps.rows:
            raise self._too_many_rows()
        if self._row <= before:  # rows are read as they come: one that goes back would overwrite what was read
            raise self._refuse("broken_file", f"第 {self._row} 行排在第 {before} 行之后，行的次序错乱")
        if attributes.get("hidden", "").lower() in _TRUE:
            self.result.hidden_rows += 1

    def _on_cell(self, attributes):
        result, before = self.result, self._column
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(_DIGITS)
            self._column = self._letters.get(letters) or self._learn(letters, reference)
            if reference[len(letters) :] != str(self._row) or self._column <= before:
                raise self._misplaced(reference, before)
        else:
            self._column = before + 1
        result.cells += 1
        result.rows = self._row
        if self._column > result.columns:
            if self._column > self._caps.columns:
                more = f"第 {self._row} 行的 {self._here()} 超出第 {self._caps.columns} 列"
                raise self._refuse("too_many_columns", more, "。请删除右侧多余的列")
            result.columns = self._column
        if result.cells > self._caps.cells:
            raise self._refuse("too_many_cells", f"的单元格超过 {self._caps.cells} 个", "，请分成几个文件上传")
        if attributes.get("t") == "e":
            self._note(result.errors, self._here())

    def _misplaced(self, reference: str, before: int) -> RefusedFile:
        """A cell that stands in another row than its own, or not after the one before it."""
        self._learn(reference.rstrip(_DIGITS), reference)
        if int(reference.lstrip(ascii_letters)) > self._caps.rows:
            return self._too_many_rows()
        what = "次序错乱或重复" if self._column <= before else "与所在的行不符"
        return self._refuse("broken_file", f"第 {self._row} 行的单元格 {reference[:16]} {what}")

    def _learn(self, letters: str, reference: str) -> int:
        if not _REFERENCE.fullmatch(reference):
            raise self._bad_address()
        number = column_number(letters)
        if len(self._letters) < 1000:
            self._letters[letters] = number
        return number

    def _number(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text)):
            raise self._bad_address()
        return int(text)

    def _bad_address(self) -> RefusedFile:
        return self._refuse("hostile_xml", f"{self._after()}有无法识别的行号或单元格地址，已拒绝")

    def _too_many_rows(self) -> RefusedFile:
        more = f"（含只有格式的空行）超出第 {self._caps.rows} 行"
        return self._refuse("too_many_rows", more, "。请删除下方的空行，或分成几个文件上传")

    def _here(self) -> str:
        letters, number = "", self._column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self._row}"

    def _note(self, places: list[str], place: str) -> None:
        if len(places) <= self._caps.listed:  # One more than is shown, so that "and more" can be said.
            places.append(place)

    def _on_formula(self, attributes):
        if self.result.cells:
            self._note(self.result.formulas, self._here())

    def _on_merge(self, attributes):
        self._note(self.result.merged, attributes.get("ref", "?")[:40])

    def _on_column(self, attributes):
        if attributes.get("hidden", "").lower() in _TRUE:
            first, last = self._number(attributes.get("min", "1")), self._number(attributes.get("max", "1"))
            first = max(first, self._hidden_to + 1)  # Overlapping ranges count once.
            self.result.hidden_columns += max(0, min(last, self._caps.columns) - first + 1)
            self._hidden_to = max(self._hidden_to, last)

    def _on_filter(self, attributes):
        self.result.filtered = True

    def _on_workbook(self, attributes):
        self.result.since_1904 = attributes.get("date1904", "").lower() in _TRUE

    # -- workbook, relationships, content types -----------------------------------------------------------------
    def _on_sheet(self, attributes):
        if self.result.root != "workbook":
            return
        relation = next((value for name, value in attributes.items() if name.endswith(" id")), "")
        self.result.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        if len(self.result.sheets) > self._caps.sheets:
            raise RefusedFile("too_many_sheets", f"工作表超过 {self._caps.sheets} 张，请只保留需要上传的工作表。")

    def _on_relation(self, attributes):
        row = tuple(attributes.get(name, "") for name in ("Id", "Type", "Target", "TargetMode"))
        # Hyperlinks are not read and may be many; every other link is kept and judged.
        if not row[1].endswith("/hyperlink"):
            self.result.relations.append(row)
        if len(self.result.relations) > 5000:
            raise self._refuse("hostile_xml", "内的关系过多，已拒绝")

    def _on_type(self, attributes):
        place = attributes.get("PartName") or attributes.get("Extension", "")
        self.result.content_types.append((place.lower(), attributes.get("ContentType", "").lower()))
        if len(self.result.content_types) > 5000:
            raise self._refuse("hostile_xml", "内的部件类型过多，已拒绝")
