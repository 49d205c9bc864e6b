"""随机抽查: which households of a list are visited again (D4-07, D6-09). Pure.

The draw is a function of the frame (code and tier of every household that could be drawn), the seed and the number. A household's place in
line is SHA-256 of "seed:code", so that any machine, any version of Python and a shell (`printf %s seed:code | sha256sum`) draws the same.
"""

import hashlib
from collections.abc import Iterable, Mapping

METHOD = 1
"""Of drawing; what was drawn by an earlier method is checked by that one."""
PERCENT, LEAST, MOST_PERCENT, MOST_DRAWN = 10, 5, 100, 500
SEED_BYTES = 16

Frame = Mapping[str, str]
"""Household code → tier of its score, "" without one."""


def size_of(households: int, percent: int = PERCENT, least: int = LEAST) -> int:
    """The least number that a first sample has: a share, rounded up, never under `least`, the whole list when it is smaller."""
    return min(households, max(least, -(-households * percent // 100)))


def place_of(seed: str, code: str) -> str:
    """Where a household stands in the line that the seed makes: hexadecimal, smaller is earlier."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def draw(frame: Frame, seed: str, number: int) -> tuple[str, ...]:
    """`number` households in the order of the line: first the first of each tier that is there, so that no tier is left out, then the rest.

    With fewer to draw than there are tiers, the tiers whose first household stands earliest are drawn from.
    """
    line = sorted(frame, key=lambda code: (place_of(seed, code), code))
    firsts: dict[str, str] = {}
    for code in line:
        firsts.setdefault(frame[code], code)
    chosen = set(firsts.values())
    return tuple([*(code for code in line if code in chosen), *(code for code in line if code not in chosen)][:number])


def frame_rows(frame: Frame) -> list[list[str]]:
    """The frame as it is stored: [code, tier] by code."""
    return [[code, frame[code]] for code in sorted(frame)]


def digest_of(rows: Iterable[Iterable[str]]) -> str:
    """校验码 of the list that was drawn from: one line a household, code and tier."""
    return hashlib.sha256("\n".join(" ".join(row) for row in rows).encode()).hexdigest()
