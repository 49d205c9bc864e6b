"""CSV files: which encoding and delimiter, and no more than the caps allow (fault 52, E9)."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .caps import Caps
from .problems import RefusedFile

_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DELIMITERS = ",;\t"
_OTHER_KINDS = (b"<", b"mz", b"%pdf", b"{", b"[", b"\x7felf", b"\x89png", b"\xff\xd8\xff", b"gif8", b"pk\x05\x06")


@dataclass(frozen=True)
class CsvFacts:
    encoding: str
    delimiter: str
    rows: int
    columns: int


def _not_text() -> RefusedFile:
    return RefusedFile("not_a_table", "文件不是 .xlsx 或 .csv 表格（按内容判断，与扩展名无关）。请在表格软件中另存为 .xlsx 后再上传。")


def _decoded_rows(path: Path, encoding: str) -> int | None:
    """None when the whole file decodes strictly, else the row that does not. Control characters end it: GB18030 alone accepts nearly
    any bytes."""
    decoder, row, text = codecs.getincrementaldecoder(encoding)("strict"), 1, ""
    with path.open("rb") as file:
        for line in _pieces(file):
            try:
                text = decoder.decode(line)
            except UnicodeError:
                return row
            if _BINARY.search(text):
                what = f"第 {row} 行有看不见的控制字符（如 NUL），不是普通的文字。"
                raise RefusedFile("not_a_table", what + "请在表格软件中打开，另存为 .xlsx 后再上传。", [f"第 {row} 行"])
            row += text.count("\n")
        try:
            decoder.decode(b"", True)
        except UnicodeError:
            return row
    return None


def _pieces(file) -> Iterator[bytes]:
    """Lines, an endless one in pieces."""
    while piece := file.readline(1 << 16):
        yield piece


def find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
        line = head + file.readline(1 << 16)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = ("utf-16",)
    elif not head.startswith(codecs.BOM_UTF8) and _says_nothing(line):
        order = ("utf-8-sig", "gb18030")
    else:
        order = ("utf-8-sig",)  # the header says so: a row of another encoding is told, not read as rubbish
    row = None
    for encoding in order:
        row = _decoded_rows(path, encoding)
        if row is None:
            return encoding
    if _CONTROL_BYTES.search(line):
        raise _not_text()
    what = f"第 {row} 行的编码与前面不同，或有无法识别的字符。请在表格软件中打开，另存为 .xlsx 后再上传。"
    raise RefusedFile("encoding", what, [f"第 {row} 行"])


def _says_nothing(line: bytes) -> bool:
    """Whether the first line leaves UTF-8 or GB18030 open."""
    try:
        return line.decode("utf-8").isascii()
    except UnicodeError:
        return True


def _find_delimiter(path: Path, encoding: str) -> str:
    """By the first line, outside quotes: the header row."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(1 << 20)
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_DELIMITERS, key=bare.count)


def csv_rows(path: Path, encoding: str, delimiter: str, caps: Caps) -> Iterator[list[str]]:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=delimiter, strict=True), start=1):
                if number > caps.rows:
                    raise RefusedFile("too_many_rows", f"表格超过 {caps.rows} 行，请分成几个文件上传。")
                if len(row) > caps.columns:
                    raise RefusedFile("too_many_columns", f"第 {number} 行超过 {caps.columns} 列，请删除右侧多余的列。")
                yield row
        except csv.Error:
            what = f"第 {number + 1} 行的引号不成对，或某一格超过 13 万字，无法读取。请改正这一行，或另存为 .xlsx 后再上传。"
            raise RefusedFile("broken_file", what, [f"第 {number + 1} 行"]) from None


def inspect_csv(path: Path, caps: Caps) -> CsvFacts:
    with path.open("rb") as file:
        head = file.read(4096).lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if head.startswith(_OTHER_KINDS):
        raise _not_text()
    encoding = find_encoding(path)
    delimiter = _find_delimiter(path, encoding)
    rows = columns = 0
    formulas: list[str] = []
    for rows, row in enumerate(csv_rows(path, encoding, delimiter, caps), start=1):
        columns = max(columns, len(row))
        places = [f"第 {rows} 行第 {n} 列" for n, cell in enumerate(row, start=1) if cell.lstrip().startswith("=")]
        formulas += places[: caps.listed + 1 - len(formulas)]
    if formulas:
        raise RefusedFile("formulas", "CSV 中有公式：" + "、".join(formulas[: caps.listed]) + "。请只保留数值。", formulas)
    if not rows:
        raise RefusedFile("empty", "文件是空的。请核对后重新选择文件。")
    return CsvFacts(encoding, delimiter, rows, columns)
