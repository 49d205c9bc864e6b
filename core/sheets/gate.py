"""The gate: everything an upload has to pass before its cells are read (ruling 11, faults 39 to 44 and 51, 52).

The kind is decided by content, never by the file name. Order: size, magic, zip directory, then one streamed pass over
every XML part. Only a file that passed is handed to the reader, and that runs in a child process of its own.
"""

from __future__ import annotations

import posixpath
import time
import zipfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from .caps import DEFAULT_CAPS, Caps
from .container import open_container, stream_entry
from .csvfile import inspect_csv
from .problems import RefusedFile
from .scan import PartScan, PartScanner

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WORKBOOK, _LINKS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_MACRO_PARTS = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/")
_LINK_PARTS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_EMBEDDED_PARTS = ("xl/embeddings/", "xl/activex/", "xl/ctrlprops/")


@dataclass(frozen=True)
class SheetFacts:
    """`index` is the place among all sheets of the workbook, `part` what the zip calls it."""

    name: str
    index: int
    hidden: bool
    rows: int
    cols: int
    hidden_rows: int = 0
    hidden_cols: int = 0
    filtered: bool = False
    part: str = ""


@dataclass(frozen=True)
class FileFacts:
    """What the user is shown before anything is imported: hidden parts count, they do not go in unseen (fault 51)."""

    kind: str  # "xlsx" or "csv"
    sheets: tuple[SheetFacts, ...]
    encoding: str = ""
    delimiter: str = ""
    strings: str = ""  # the parts that the reader needs besides the sheet
    styles: str = ""
    since_1904: bool = False

    @property
    def hidden_sheets(self) -> int:
        return sum(sheet.hidden for sheet in self.sheets)

    @property
    def hidden_rows(self) -> int:
        return sum(sheet.hidden_rows for sheet in self.sheets)

    @property
    def hidden_cols(self) -> int:
        return sum(sheet.hidden_cols for sheet in self.sheets)


def inspect_upload(path: str | PathLike, caps: Caps = DEFAULT_CAPS) -> FileFacts:
    """The facts of a file that may be read, or `RefusedFile`."""
    path = Path(path)
    size = path.stat().st_size
    if not size:
        raise RefusedFile("empty", "文件是空的。请核对后重新选择文件。")
    if size > caps.file_bytes:
        raise RefusedFile("too_large", f"文件超过 {caps.file_bytes // 1024 // 1024} MB，请分成几个文件上传。")
    with path.open("rb") as file:
        magic = file.read(8)
    if magic == _OLE:
        raise _refuse_ole(path)
    if magic.startswith(_ZIP):
        return _inspect_xlsx(path, caps)
    found = inspect_csv(path, caps)
    sheet = SheetFacts(name="", index=0, hidden=False, rows=found.rows, cols=found.columns)
    return FileFacts("csv", (sheet,), found.encoding, found.delimiter)


def _refuse_ole(path: Path) -> RefusedFile:
    if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():  # Bounded by caps.file_bytes.
        return RefusedFile("encrypted", "文件设有打开密码，请取消密码后再上传。")
    return RefusedFile("old_format", "这是旧版 .xls 格式，请另存为 .xlsx 后再上传。")


def _inspect_xlsx(path: Path, caps: Caps) -> FileFacts:
    deadline = time.thread_time() + caps.gate_seconds
    with path.open("rb") as file, open_container(file, caps) as archive:
        names = {entry.filename for entry in archive.infolist()}
        _refuse_parts({name.lower() for name in names})
        if _TYPES not in names or _WORKBOOK not in names:
            raise RefusedFile("not_a_workbook", "压缩包内不是表格。请上传 .xlsx 或 .csv 文件。")
        scans: dict[str, PartScan] = {}
        for name in (_TYPES, _WORKBOOK, _LINKS):  # First what says which part is which sheet, so that a refusal can name it.
            if name in names:
                _scan(archive, archive.getinfo(name), scans, caps, deadline)
        _check_types(scans[_TYPES])
        titles = {part: name for name, _, part in _sheet_parts(scans)}
        for entry in archive.infolist():
            if entry.filename not in scans and not entry.is_dir():
                _scan(archive, entry, scans, caps, deadline, titles.get(entry.filename, ""))
    for scan in scans.values():
        _check_links(scan)
    strings, styles = _single(scans, "sharedStrings", "sst"), _single(scans, "styles", "styleSheet")
    sheets = _sheet_facts(scans, caps)
    return FileFacts("xlsx", sheets, strings=strings, styles=styles, since_1904=scans[_WORKBOOK].since_1904)


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, scans: dict, caps: Caps, deadline: float, title: str = "") -> None:
    chunks = stream_entry(archive, entry)
    if entry.filename.lower().endswith((".xml", ".rels")):
        scans[entry.filename] = PartScanner(caps, deadline, title).run(chunks)
        return
    for _ in chunks:  # Pictures and the like: inflated once to see that sizes and check sums are true.
        if time.thread_time() > deadline:
            raise RefusedFile("too_slow", "文件内容过多，检查超时，请减少内容或分成几个文件上传。")


def _links(scans: dict[str, PartScan]) -> list[tuple[str, str, str]]:
    """(id, kind, part) of the workbook's relationships."""
    rows = scans.get(_LINKS, PartScan()).relations
    return [(link, kind, posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")) for link, kind, target, _ in rows]


def _sheet_parts(scans: dict[str, PartScan]) -> list[tuple[str, str, str]]:
    """(name, state, part) of each sheet, in the workbook's order; an unknown part is ''."""
    parts = {link: part for link, _, part in _links(scans)}
    return [(name, state, parts.get(link, "")) for name, state, link in scans[_WORKBOOK].sheets]


def _single(scans: dict[str, PartScan], kind: str, root: str) -> str:
    """The one part of its kind, by relationship or else by its usual name; '' where there is none."""
    usual = f"xl/{kind}.xml"
    parts = {part for _, its_kind, part in _links(scans) if its_kind.endswith("/" + kind)} or {usual} & set(scans)
    if len(parts) > 1 or any(scans.get(part, PartScan()).root != root for part in parts):
        raise RefusedFile("broken_file", "文件缺少共用的文本或格式，已损坏。请在表格软件中打开，重新另存为 .xlsx 后再上传。")
    return next(iter(parts), "")


def _refuse_parts(names: set[str]) -> None:
    if any(part in name for name in names for part in _MACRO_PARTS):
        raise RefusedFile("macros", "文件含有宏，请另存为不含宏的 .xlsx 后再上传。")
    if any(name.startswith(_LINK_PARTS) for name in names):
        raise RefusedFile("external_links", "文件含有外部链接或数据连接，请在“数据—编辑链接”中断开后再上传。")
    if any(name.startswith(_EMBEDDED_PARTS) for name in names):
        raise RefusedFile("embedded", "文件内嵌有对象或控件，请删除后再上传。")
    if "mimetype" in names and "content.xml" in names:
        raise RefusedFile("not_a_workbook", "这是 .ods 格式，请另存为 .xlsx 后再上传。")


def _check_types(scan: PartScan) -> None:
    if any("macroenabled" in kind or "vbaproject" in kind for _, kind in scan.content_types):
        raise RefusedFile("macros", "文件含有宏或是二进制格式，请另存为不含宏的 .xlsx 后再上传。")
    if ("/" + _WORKBOOK, _MAIN_TYPE) not in scan.content_types:
        raise RefusedFile("not_a_workbook", "文件不是 .xlsx 表格，请另存为 .xlsx 后再上传。")


def _check_links(scan: PartScan) -> None:
    for _, kind, _, mode in scan.relations:
        if mode.lower() == "external" or kind.endswith(("/externalLink", "/externalLinkPath", "/connections")):
            raise RefusedFile("external_links", "文件含有外部链接，请在“数据—编辑链接”中断开后再上传。")
        if kind.endswith(("/vbaProject", "/xlMacrosheet", "/dialogsheet")):
            raise RefusedFile("macros", "文件含有宏，请另存为不含宏的 .xlsx 后再上传。")


def _sheet_facts(scans: dict[str, PartScan], caps: Caps) -> tuple[SheetFacts, ...]:
    facts, used, names = [], set(), set()
    for index, (name, state, part) in enumerate(_sheet_parts(scans)):
        scan = scans.get(part)
        if scan is None or part in used or scan.root not in ("worksheet", "chartsheet"):
            raise RefusedFile("broken_file", f"工作表“{name}”与目录不符，文件已损坏。请在表格软件中打开，重新另存为 .xlsx 后再上传。")
        if name.casefold() in names:
            raise RefusedFile("same_name", f"有两张工作表都叫“{name}”（不分大小写）。请改名或删去一张。")
        used.add(part)
        names.add(name.casefold())
        if scan.root == "worksheet":
            facts.append(_one_sheet(name, index, state, scan, caps, part))
    if not facts:
        raise RefusedFile("not_a_workbook", "文件中没有工作表。请上传 .xlsx 或 .csv 表格。")
    return tuple(facts)


def _one_sheet(name: str, index: int, state: str, scan: PartScan, caps: Caps, part: str) -> SheetFacts:
    _refuse_places("formulas", "有公式，请“选择性粘贴—数值”后再上传", name, scan.formulas, caps)
    _refuse_places("error_cells", "有错误值（如 #N/A、#REF!），请改正后再上传", name, scan.errors, caps)
    _refuse_places("merged_cells", "有合并单元格，请取消合并后再上传", name, scan.merged, caps)
    if scan.rows * scan.columns > caps.area:
        raise RefusedFile("too_large", f"工作表“{name}”的范围过大，请删除下方和右侧的空行空列。")
    return SheetFacts(
        name, index, state != "visible", scan.rows, scan.columns, scan.hidden_rows, scan.hidden_columns, scan.filtered, part
    )


def _refuse_places(code: str, what: str, sheet: str, places: list[str], caps: Caps) -> None:
    if places:
        named = "、".join(places[: caps.listed]) + ("等" if len(places) > caps.listed else "")
        raise RefusedFile(code, f"工作表“{sheet}”{what}：{named}。", [f"{sheet}!{place}" for place in places])
