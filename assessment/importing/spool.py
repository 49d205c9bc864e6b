"""Rows ready to be written, set aside on disk between the sealing and the one transaction: a county's would be hundreds of megabytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile


class Spool:
    """Batches in a nameless file of a private folder: it is gone with the process, however that ends. What this process pickled, it alone
    reads back; numbers and phones are sealed already."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)
        self._places: list[tuple[int, int]] = []

    def add(self, batch: object) -> None:
        text = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        self._places.append((self._file.seek(0, 2), len(text)))
        self._file.write(text)

    def __iter__(self) -> Iterator:
        for place, length in self._places:
            self._file.seek(place)
            yield pickle.loads(self._file.read(length))  # noqa: S301
