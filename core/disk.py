"""A full disk, as the different writers say it (trust 26). Pure."""

import errno

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WORDS = ("disk is full", "No space left", "could not extend file", "Disk quota exceeded")


def is_disk_full(fault: BaseException) -> bool:
    """By the number of the system or by the words of SQLite and PostgreSQL; also where the fault was raised from such a one."""
    seen: BaseException | None = fault
    while seen is not None:
        if (isinstance(seen, OSError) and seen.errno in FULL) or any(word in str(seen) for word in _WORDS):
            return True
        seen = seen.__cause__
    return False
