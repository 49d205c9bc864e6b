"""Which numbers a public sheet leaves out (ruling 24): those that stand for one or two, and as many more as it takes that none of them can be worked
out from a sum. Pure.

A sum is shown beside its parts. Were only one part left out, or only ones, the sum would tell it; then the smallest other part is left out too, and where
there is none, the sum itself, which may be a part of another.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

LEAST_PUBLIC = 3

Cell = Hashable


@dataclass(frozen=True, slots=True)
class Sum:
    total: Cell
    parts: tuple[Cell, ...]


def hidden_cells(values: Mapping[Cell, int | None], sums: Sequence[Sum]) -> frozenset[Cell]:
    """The cells not to be said. 0 and unknown (None) are said; a sum with an unknown member gives nothing away. No two sums may share more than one cell."""
    hidden = {cell for cell, value in values.items() if value and 0 < value < LEAST_PUBLIC}
    known = [row for row in sums if all(values[cell] is not None for cell in (row.total, *row.parts))]
    found = True
    while found:
        found = {cell for row in known if (cell := _one_more(row, values, hidden, known)) is not None}
        hidden |= found
    return frozenset(hidden)


def _one_more(row: Sum, values: Mapping[Cell, int | None], hidden: set[Cell], sums: Sequence[Sum]) -> Cell | None:
    """What this sum still lacks, None if it gives nothing away."""
    out = [cell for cell in row.parts if cell in hidden]
    if row.total in hidden:
        safe = bool(out)
    else:
        safe = not out or (len(out) > 1 and sum(values[cell] for cell in out) > sum(_least(cell, values, hidden, sums) for cell in out))
    if safe:
        return None
    shown = [cell for cell in row.parts if values[cell] and cell not in hidden]
    return min(shown, key=values.__getitem__) if shown else row.total


def _least(cell: Cell, values: Mapping[Cell, int | None], hidden: set[Cell], sums: Sequence[Sum]) -> int:
    """The least that a reader knows of a hidden cell: it is not 0, and not less than those of its parts that are shown."""
    below = (sum(_least(part, values, hidden, sums) if part in hidden else values[part] for part in row.parts) for row in sums if row.total == cell)
    return max(below, default=1)
