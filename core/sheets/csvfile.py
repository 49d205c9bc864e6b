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
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class CsvFacts:
    encoding: str
    delimiter: str
    rows: int
    columns: int


def _not_text() -> RefusedFile:
    return RefusedFile("not_a_table", "文件不是 .xlsx 或 .csv 表格（按内容判断，与扩展名无关）。")


def _decodes(path: Path, encoding: str) -> bool:
    """Strictly, and without control characters: GB18030 alone accepts nearly any bytes."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                if _BINARY.search(decoder.decode(chunk)):
                    raise _not_text()
            decoder.decode(b"", True)
        except UnicodeError:
            return False
    return True


def find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = ("utf-16",)
    else:
        order = ("utf-8-sig", "gb18030")
    for encoding in order:
        if _decodes(path, encoding):
            return encoding
    raise RefusedFile("encoding", "无法识别文件的编码，请另存为 UTF-8 或 .xlsx 后再上传。")


def _find_delimiter(path: Path, encoding: str) -> str:
    """By the first line, outside quotes: the header row."""
    with path.open(encoding=encoding, newline="") as file:
        line = file.readline(1 << 20)
    bare = re.sub(r'"[^"]*"', "", line)
    return max(_DELIMITERS, key=bare.count)


def csv_rows(path: Path, encoding: str, delimiter: str, caps: Caps) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=delimiter, strict=True), start=1):
                if number > caps.rows:
                    raise RefusedFile("too_many_rows", f"表格超过 {caps.rows} 行，请分成几个文件上传。")
                if len(row) > caps.columns:
                    raise RefusedFile("too_many_columns", f"第 {number} 行超过 {caps.columns} 列。")
                yield row
        except csv.Error:
            raise RefusedFile("broken_file", "CSV 的引号不成对，或某一格过长，无法读取。") from None


def inspect_csv(path: Path, caps: Caps) -> CsvFacts:
    with path.open("rb") as file:
        head = file.read(4096).lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if head.startswith((b"<", b"mz", b"%pdf", b"{\\rtf", b"\x7felf")):
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
        raise RefusedFile("formulas", "CSV 中有公式，请只保留数值：" + "、".join(formulas[: caps.listed]), formulas)
    if not rows:
        raise RefusedFile("empty", "文件是空的。")
    return CsvFacts(encoding, delimiter, rows, columns)
