"""Raw rows of one sheet: xlsx through the limited child process, CSV directly."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from .caps import DEFAULT_CAPS, Caps
from .child import OUT_OF_MEMORY
from .csvfile import csv_rows
from .gate import FileFacts, SheetFacts, inspect_upload
from .problems import RefusedFile
from .text import match_key
from .values import LONGEST_TEXT

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class OddCell:
    """A time of day, a duration: a cell that is none of text, number, yes/no and date."""

    text: str

    def __str__(self) -> str:
        return self.text


RawCell = str | float | int | bool | datetime.date | datetime.datetime | OddCell | None


def find_sheet(facts: FileFacts, title: str | None) -> SheetFacts:
    """The named sheet, or the first visible one. A CSV file has one sheet whatever it is called."""
    if facts.kind == "csv":
        return facts.sheets[0]
    if title is None:
        return next((sheet for sheet in facts.sheets if not sheet.hidden), facts.sheets[0])
    found = [sheet for sheet in facts.sheets if match_key(sheet.name) == match_key(title)]
    if not found:
        names = [sheet.name for sheet in facts.sheets]
        message = f"没有找到工作表“{title}”；文件中有：" + "、".join(names) + "。请把要上传的工作表改成这个名称。"
        raise RefusedFile("sheet_missing", message, names)
    if len(found) > 1:
        names = [sheet.name for sheet in found]
        raise RefusedFile("same_name", "有几张工作表的名称相同（空格、全半角不计）：" + "、".join(names) + "。请只保留一张。", names)
    return found[0]


def read_rows(
    path: str | PathLike, sheet_name: str | SheetFacts | None = None, caps: Caps = DEFAULT_CAPS, facts: FileFacts | None = None
) -> Iterator[list[RawCell]]:
    """Every row from the first on, empty ones as empty lists, so that the n-th is row n of the sheet. The file passes
    the gate first unless its `facts` are given. Two titles may read alike: facts of a sheet name exactly that one."""
    path = Path(path)
    facts = facts or inspect_upload(path, caps)
    sheet = sheet_name if isinstance(sheet_name, SheetFacts) else find_sheet(facts, sheet_name)
    if facts.kind == "csv":
        return ([cell or None for cell in row] for row in csv_rows(path, facts.encoding, facts.delimiter, caps))
    return _child_rows(path, sheet, facts, caps)


def _child_rows(path: Path, sheet: SheetFacts, facts: FileFacts, caps: Caps) -> Iterator[list[RawCell]]:
    order = {
        "file": str(path.resolve()), "sheet": sheet.part, "strings": facts.strings, "styles": facts.styles, "since_1904": facts.since_1904,
        "longest": LONGEST_TEXT, "memory": caps.child_memory_bytes, "cpu_seconds": caps.child_cpu_seconds,
    }  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - own interpreter, own script, no shell
        [sys.executable, "-I", str(CHILD), json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # A crash report could quote cells.
        env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
    )
    ended = False
    try:
        for line in _lines(process, sheet.name, caps.child_seconds):
            data = json.loads(line)
            if isinstance(data, dict):
                ended = True
                if "fault" in data:
                    raise _unreadable(sheet.name, f"的单元格 {data['place']} {data['fault']}")
                break
            yield [_cell(value) for value in data]
    finally:
        if not ended:
            process.kill()
        process.stdout.close()
        process.wait()


def _lines(process: subprocess.Popen, sheet: str, seconds: float) -> Iterator[bytes]:
    """Lines of the child. Only the time spent waiting for it counts: a slow caller is not the file's fault."""
    rest = b""
    while True:
        start = time.monotonic()
        watch = threading.Timer(max(seconds, 0.01), process.kill)
        watch.daemon = True
        watch.start()
        try:
            chunk = process.stdout.read1(1 << 20)
        finally:
            watch.cancel()
        seconds -= time.monotonic() - start
        if not chunk:
            raise _refusal(process.wait(), sheet, timed_out=seconds <= 0)
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _refusal(code: int, sheet: str, *, timed_out: bool) -> RefusedFile:
    if timed_out or code == -getattr(signal, "SIGXCPU", 0) or code == -getattr(signal, "SIGKILL", 9):
        return RefusedFile("too_slow", f"读取工作表“{sheet}”超时，请减少行数或分成几个文件上传。")
    if code == OUT_OF_MEMORY or code < 0:
        return RefusedFile("too_much_memory", f"读取工作表“{sheet}”需要的内存过大，请删除多余的内容或分成几个文件上传。")
    return _unreadable(sheet, "的内容无法读取")


def _unreadable(sheet: str, what: str) -> RefusedFile:
    return RefusedFile("broken_file", f"工作表“{sheet}”{what}，文件已损坏。请在表格软件中打开，重新另存为 .xlsx 后再上传。")


def _cell(value) -> RawCell:
    if not isinstance(value, dict):
        return value
    kind, text = next(iter(value.items()))
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "datetime":
        return datetime.datetime.fromisoformat(text)
    return OddCell(text)
