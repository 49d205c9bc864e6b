"""The file of a job that makes one: it exists before the row that names it (ruling 10)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_file(path: Path) -> Iterator[None]:
    """A new file that only this account reads (0600); removed again when anything in the block fails, a lost lease included."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise
