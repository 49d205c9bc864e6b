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
    found = next((sheet for sheet in facts.sheets if match_key(sheet.name) == match_key(title)), None)
    if found is None:
        names = [sheet.name for sheet in facts.sheets]
        message = f"没有找到工作表“{title}”；文件中有：" + "、".join(names)
        raise RefusedFile("sheet_missing", message, names)
    return found


def read_rows(
    path: str | PathLike, sheet_name: str | None = None, caps: Caps = DEFAULT_CAPS, facts: FileFacts | None = None
) -> Iterator[list[RawCell]]:
    """Every row from the first on, empty ones as empty lists, so that the n-th is row n of the sheet. The file passes
    the gate first unless its `facts` are given."""
    path = Path(path)
    facts = facts or inspect_upload(path, caps)
    sheet = find_sheet(facts, sheet_name)
    if facts.kind == "csv":
        return ([cell or None for cell in row] for row in csv_rows(path, facts.encoding, facts.delimiter, caps))
    return _child_rows(path, sheet, caps)


def _child_rows(path: Path, sheet: SheetFacts, caps: Caps) -> Iterator[list[RawCell]]:
    limits = [str(caps.child_memory_bytes), str(caps.child_cpu_seconds)]
    process = subprocess.Popen(  # noqa: S603 - own interpreter, own script, no shell
        [sys.executable, "-I", str(CHILD), str(path.resolve()), str(sheet.index), *limits],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # A crash report of the library could quote cells.
        env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
    )
    ended = False
    try:
        for line in _lines(process, caps.child_seconds):
            data = json.loads(line)
            if isinstance(data, dict):
                ended = True
                break
            yield [_cell(value) for value in data]
    finally:
        if not ended:
            process.kill()
        process.stdout.close()
        process.wait()


def _lines(process: subprocess.Popen, seconds: float) -> Iterator[bytes]:
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
            raise _refusal(process.wait(), timed_out=seconds <= 0)
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _refusal(code: int, *, timed_out: bool) -> RefusedFile:
    if timed_out or code == -getattr(signal, "SIGXCPU", 0) or code == -getattr(signal, "SIGKILL", 9):
        return RefusedFile("too_slow", "读取表格超时，请减少行数或分成几个文件上传。")
    if code == OUT_OF_MEMORY or code < 0:
        return RefusedFile("too_much_memory", "读取表格需要的内存过大，请删除空行空列或分成几个文件上传。")
    return RefusedFile("broken_file", "表格内容无法读取，文件可能已损坏。请重新另存为 .xlsx。")


def _cell(value) -> RawCell:
    if not isinstance(value, dict):
        return value
    kind, text = next(iter(value.items()))
    if kind == "date":
        return datetime.date.fromisoformat(text)
    if kind == "datetime":
        return datetime.datetime.fromisoformat(text)
    return OddCell(text)
