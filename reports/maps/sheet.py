"""How many tiles stand side by side on the sheet that hangs, so that all of them find room. Pure.

Lengths are millimetres on A3; an A1 sheet is the same twice as large.
"""

import math
from collections.abc import Sequence

WIDTH, HEIGHT = 241.0, 176.0
GAP = 1.2
"""Between two townships; the name stands beside the tiles."""
RATIO = 0.42
"""A tile's height of its width: the name and the number; a long name is written smaller."""
COLUMNS = (4, 5, 6, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24, 30)


def columns_for(sizes: Sequence[int]) -> int:
    """The fewest columns, hence the largest tiles, with which blocks of these sizes fit; the most there are where none does."""
    return next((count for count in COLUMNS if height_of(sizes, count) <= HEIGHT), COLUMNS[-1])


def height_of(sizes: Sequence[int], columns: int) -> float:
    """Of blocks one under the other."""
    tile = WIDTH / columns * RATIO
    return sum(math.ceil(size / columns) * tile + GAP for size in sizes)
