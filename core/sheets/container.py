"""The zip around a workbook: judged by its directory before a byte is inflated, then inflated in a capped stream."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .caps import Caps
from .problems import RefusedFile

CHUNK = 64 * 1024
_EOCD = b"PK\x05\x06"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def _refuse(code: str, what: str) -> RefusedFile:
    return RefusedFile(code, f"{what}请在表格软件中打开，重新另存为 .xlsx 后再上传。")


def _broken() -> RefusedFile:
    return _refuse("broken_file", "文件已损坏，无法打开。")


def _too_many(caps: Caps) -> RefusedFile:
    return _refuse("too_many_parts", f"文件内的部件超过 {caps.entries} 个，不是普通的表格文件。")


def _claimed_entries(file: BinaryIO) -> int:
    """The number of entries as the end record says: read first, because opening the zip reads its whole directory."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 66_000))
    tail = file.read()
    place = tail.rfind(_EOCD)
    if place < 0 or len(tail) < place + 22:
        raise _broken()
    return int.from_bytes(tail[place + 10 : place + 12], "little")


def open_container(file: BinaryIO, caps: Caps) -> zipfile.ZipFile:
    if _claimed_entries(file) > caps.entries:
        raise _too_many(caps)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError):
        raise _broken() from None
    _check_directory(archive.infolist(), caps)
    return archive


def _check_directory(entries: list[zipfile.ZipInfo], caps: Caps) -> None:
    if len(entries) > caps.entries:
        raise _too_many(caps)
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise _refuse("hostile_archive", "文件内有重名的部件，已拒绝。")
    for entry in entries:
        _check_entry(entry, caps)
    if sum(entry.file_size for entry in entries) > caps.inflated_bytes:
        raise RefusedFile("too_large", f"文件展开后超过 {caps.inflated_bytes // 1024 // 1024} MB，请分成几个文件上传。")


def _check_entry(entry: zipfile.ZipInfo, caps: Caps) -> None:
    name = entry.filename
    outside = name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in Path(name).parts
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise _refuse("hostile_archive", "文件内有指向外部路径的部件，已拒绝。")
    if entry.flag_bits & 0x1:
        raise RefusedFile("encrypted", "文件已加密，请取消密码后再上传。")
    if entry.compress_type not in _METHODS:
        raise _refuse("hostile_archive", "文件使用了少见的压缩方式，已拒绝。")
    if entry.file_size > caps.ratio_from_bytes and entry.file_size > caps.ratio * max(entry.compress_size, 1):
        raise _refuse("zip_bomb", "文件的压缩比异常（疑似压缩炸弹），已拒绝。")


def stream_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry in chunks. A size that lies ends in a wrong check sum (E6); a nested archive is refused."""
    seen = 0
    try:
        with archive.open(entry) as part:
            while chunk := part.read(CHUNK):
                if not seen and chunk.startswith(_ARCHIVES):
                    raise RefusedFile("nested_archive", "文件内嵌有其他压缩包或对象，已拒绝。请删除嵌入对象后再上传。")
                seen += len(chunk)
                if seen > entry.file_size:
                    raise _broken()
                yield chunk
        if seen != entry.file_size:
            raise _broken()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise _broken() from None
