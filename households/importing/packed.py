"""Many values in little room: a county's rows as objects are half a gigabyte, pressed together they are some megabytes.

Pure. What is pickled here was made by this very process and is read back by it alone.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator

BATCH = 500


class Packed:
    """A list that is only walked through: whole batches are kept pressed, the last one as it is."""

    def __init__(self, items: Iterable = ()) -> None:
        self._pressed: list[bytes] = []
        self._open: list = []
        for item in items:
            self.append(item)

    def append(self, item: object) -> None:
        self._open.append(item)
        if len(self._open) == BATCH:
            self._pressed.append(_pressed(self._open))
            self._open = []

    def __iter__(self) -> Iterator:
        for batch in self._pressed:
            yield from _unpressed(batch)
        yield from self._open

    def __len__(self) -> int:
        return len(self._pressed) * BATCH + len(self._open)


class Grouped:
    """Values by key, in the order in which the keys came. Those of a key mostly follow one another, but need not."""

    def __init__(self) -> None:
        self._pressed: dict[str, list[bytes]] = {}
        self._key, self._open = "", []

    def add(self, key: str, item: object) -> None:
        if key != self._key:
            self._close()
            self._key = key
        self._open.append(item)

    def __iter__(self) -> Iterator[tuple[str, list]]:
        self._close()
        for key, parts in self._pressed.items():
            yield key, [item for part in parts for item in _unpressed(part)]

    def _close(self) -> None:
        if self._open:
            self._pressed.setdefault(self._key, []).append(_pressed(self._open))
            self._open = []


def _pressed(items: list) -> bytes:
    return zlib.compress(pickle.dumps(items, pickle.HIGHEST_PROTOCOL), 1)


def _unpressed(batch: bytes) -> list:
    return pickle.loads(zlib.decompress(batch))  # noqa: S301
