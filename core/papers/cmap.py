"""Which characters a font file has: its `cmap` tables of formats 4 and 12 (OpenType 1.9). Pure."""

import struct
from collections.abc import Iterator

_COLLECTION = b"ttcf"


def characters_of(font: bytes) -> frozenset[int]:
    """Code points of a font file, or of the first font of a collection."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == _COLLECTION else 0
    base = _table(font, start, b"cmap")
    found: set[int] = set()
    for number in range(struct.unpack_from(">H", font, base + 2)[0]):
        offset = base + struct.unpack_from(">I", font, base + 4 + 8 * number + 4)[0]
        shape = struct.unpack_from(">H", font, offset)[0]
        ranges = {4: _segments, 12: _groups}.get(shape)
        for first, last in ranges(font, offset) if ranges else ():
            found.update(range(first, last + 1))
    return frozenset(found)


def _table(font: bytes, start: int, tag: bytes) -> int:
    for number in range(struct.unpack_from(">H", font, start + 4)[0]):
        place = start + 12 + 16 * number
        if font[place : place + 4] == tag:
            return struct.unpack_from(">I", font, place + 8)[0]
    raise ValueError("font without a cmap table")


def _segments(font: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 4: end codes, a pad, start codes; the last segment only says 0xFFFF."""
    doubled = struct.unpack_from(">H", font, offset + 6)[0]
    ends = struct.unpack_from(f">{doubled // 2}H", font, offset + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", font, offset + 16 + doubled)
    return ((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)


def _groups(font: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 12: first and last code point of each group."""
    for number in range(struct.unpack_from(">I", font, offset + 12)[0]):
        yield struct.unpack_from(">II", font, offset + 16 + 12 * number)
