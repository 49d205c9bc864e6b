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
    cells: int = 5_000_000  # A county's 78,913 persons in the 47-column layout are 3.7 million.
    area: int = 10_000_000  # Last row times last column: what a nearly empty rectangle may cost.
    listed: int = 10  # Addresses named in a refusal.
    gate_seconds: float = 40.0  # Of this thread's processor time. A county of 26 columns takes 10, of 47 columns 15.
    child_seconds: float = 120.0  # Waiting for the reader, on a machine that may be busy.
    child_cpu_seconds: int = 50
    child_memory_bytes: int = 128 * MB  # Address space. The county takes 30: with the process that asks, hostile files stay under 300 (fault 41).


DEFAULT_CAPS = Caps()
