"""Limits of an upload. Each is checked before the thing it limits is built in memory (ruling 11, faults 41, 42)."""

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Caps:
    file_bytes: int = 30 * MB
    entries: int = 500
    inflated_bytes: int = 300 * MB
    ratio: int = 200  # A roster of 26 columns packs about 13 to 1; a bomb 1,000 to 1 (E6).
    ratio_from_bytes: int = 1 * MB  # Below this size a high ratio harms nobody.
    token_bytes: int = 1 * MB  # One XML tag or comment; a parser has to hold it whole.
    sheets: int = 50
    rows: int = 200_000
    columns: int = 200
    cells: int = 8_000_000
    area: int = 10_000_000  # Last row times last column: the reader lays out the whole rectangle.
    listed: int = 10  # Addresses named in a refusal.
    gate_seconds: float = 60.0
    child_seconds: float = 120.0
    child_cpu_seconds: int = 90
    child_memory_bytes: int = 1024 * MB


DEFAULT_CAPS = Caps()
