"""Where uploaded files lie: `EVIDENCE_DIR/aa/<sha256>`, outside the web root, readable by the service alone (trust 26, 28, 34).

A file is complete under its name before the row's transaction commits, so a row never lacks its file. A killed upload leaves a mark in
`tmp/`; `sweep` removes what such a mark names if no row came of it. A row that lets go of its file leaves such a mark too. Files without a mark are never removed: after a restore of an older
database they may be the only copy.
"""

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

from core.disk import is_disk_full
from core.errors import DiskFull, DomainError, WrongState

SWEPT_AFTER = 24 * 3600
Owner = Callable[[str], bool]
_owners: list[Owner] = []


def register_owner(has_row: Owner) -> None:
    """An app that keeps files tells how to find out whether one of its rows names a hash. Called when the app starts."""
    _owners.append(has_row)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def path_of(sha256: str) -> Path:
    return settings.EVIDENCE_DIR / sha256[:2] / sha256


@contextlib.contextmanager
def kept(content: bytes) -> Iterator[None]:
    """Store the content, then run the body, which commits the row. The mark goes away when the body has ended well."""
    sha256 = digest_of(content)
    stem = _folder("tmp") / f"{sha256}.{secrets.token_hex(8)}"
    part, mark = stem.with_suffix(stem.suffix + ".part"), stem.with_suffix(stem.suffix + ".new")
    try:
        _write(part, content)
        _write(mark, b"")
        final = path_of(sha256)
        _folder(sha256[:2])
        os.replace(part, final)
        _sync_folder(final.parent)
    except OSError as fault:
        _remove(part)
        raise _explained(fault) from fault
    yield
    _remove(mark)


def fetch(sha256: str) -> bytes:
    """The stored bytes, checked against their name; WrongState when they are gone or are no longer what was registered."""
    try:
        content = path_of(sha256).read_bytes()
    except FileNotFoundError as fault:
        raise WrongState("这份材料的文件找不到了，请告诉系统管理员，从备份恢复。", code="evidence_missing") from fault
    except OSError as fault:
        raise WrongState("这份材料的文件读不出来，请告诉系统管理员。", code="evidence_unreadable") from fault
    if digest_of(content) != sha256:
        raise WrongState(
            "这份材料的文件与登记的校验码不一致，已停止提供。请告诉系统管理员，从备份恢复。", code="evidence_damaged"
        )
    return content


def let_go(sha256: str) -> None:
    """A row no longer names this file: mark it for `sweep`, which removes it a day later if no other row does."""
    with contextlib.suppress(OSError):  # a file too many is no harm
        _write(_folder("tmp") / f"{sha256}.{secrets.token_hex(8)}.new", b"")


def sweep() -> int:
    """Remove what uploads that never came to a row, and rows that let go of a file, left behind, a day after; returns how many marks
    and parts went."""
    folder, before, gone = _folder("tmp"), time.time() - SWEPT_AFTER, 0
    for path in list(folder.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                if path.suffix == ".new":
                    _remove_orphan(folder, path.name.split(".")[0], before)
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _remove_orphan(folder: Path, sha256: str, before: float) -> None:
    """Moved aside first and looked at again, so that an upload of the same bytes at this moment keeps its file."""
    final, aside = path_of(sha256), folder / f"{sha256}.aside"
    if _has_row(sha256) or not final.exists():
        return
    os.replace(final, aside)
    fresh = any(mark.stat().st_mtime >= before for mark in folder.glob(f"{sha256}.*.new"))
    if fresh or _has_row(sha256):
        os.replace(aside, final)
    else:
        aside.unlink()


def _has_row(sha256: str) -> bool:
    return any(has_row(sha256) for has_row in _owners)


def _folder(name: str) -> Path:
    folder = settings.EVIDENCE_DIR / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """The name is on the disk too, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _explained(fault: OSError) -> DomainError:
    if is_disk_full(fault):
        return DiskFull("服务器磁盘已满，文件没有保存。请告诉系统管理员，腾出空间后重新上传。")
    return WrongState("服务器存不下这个文件，没有保存。请告诉系统管理员检查存储目录。", code="storage_failed")
