"""Rows ready to be written, set aside on disk between the sealing and the one transaction: a county's would be hundreds of megabytes."""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterator
from copyreg import __newobj__
from pathlib import Path
from tempfile import TemporaryFile

from django.db.models import Model


class Spool:
    """Batches in a nameless file of a private folder: it is gone with the process, however that ends. What this process pickled, it alone
    reads back; numbers and phones are sealed already."""

    def __init__(self, folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)
        self._places: list[tuple[int, int]] = []

    def add(self, batch: object) -> None:
        text = io.BytesIO()
        _Pickler(text, pickle.HIGHEST_PROTOCOL).dump(batch)
        self._places.append((self._file.seek(0, 2), text.tell()))
        self._file.write(text.getbuffer())

    def __iter__(self) -> Iterator:
        for place, length in self._places:
            self._file.seek(place)
            yield pickle.loads(self._file.read(length))  # noqa: S301


class _Pickler(pickle.Pickler):
    """Rows as they are: Django's own way copies each and looks for another version of itself, which cannot be within one process."""

    def reducer_override(self, value: object) -> object:
        if isinstance(value, Model):
            return __newobj__, (value.__class__,), value.__dict__, None, None, _fill
        return NotImplemented


def _fill(row: Model, values: dict[str, object]) -> None:
    row.__dict__.update(values)
