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
    made_of: dict[Cell, list[Sum]] = {}
    for row in sums:
        if all(values[cell] is not None for cell in (row.total, *row.parts)):
            made_of.setdefault(row.total, []).append(row)
    sheet = _Sheet(values, made_of, {cell for cell, value in values.items() if value and 0 < value < LEAST_PUBLIC})
    while sheet.pass_(below=True) or sheet.pass_(below=False):
        pass
    return frozenset(sheet.hidden)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """`made_of` = the sums of a cell, `hidden` grows."""

    values: Mapping[Cell, int | None]
    made_of: Mapping[Cell, Sequence[Sum]]
    hidden: set[Cell]

    def pass_(self, *, below: bool) -> bool:
        """One look at the sums whose total is hidden (`below`) or at the others; whether a cell was added. Hidden totals come first: until their
        own parts are settled they seem better known than they are, and more than is needed would be hidden."""
        before = len(self.hidden)
        for total, rows in self.made_of.items():
            for row in rows:
                if (total in self.hidden) is not below or (cell := self._one_more(row)) is None:
                    continue
                self.hidden.add(cell)
                if not below and cell in self.made_of:
                    return True
        return len(self.hidden) > before

    def _one_more(self, row: Sum) -> Cell | None:
        """What this sum still lacks, None if it gives nothing away."""
        out = [cell for cell in row.parts if cell in self.hidden]
        if row.total in self.hidden:
            safe = bool(out)
        else:
            safe = not out or (len(out) > 1 and sum(self.values[cell] for cell in out) > sum(map(self._least, out)))
        if safe:
            return None
        shown = [cell for cell in row.parts if self.values[cell] and cell not in self.hidden]
        return min(shown, key=self.values.__getitem__) if shown else row.total

    def _least(self, cell: Cell) -> int:
        """The least that a reader knows of a hidden cell: it is not 0, and not less than those of its parts that are shown."""
        below = (sum(self._least(part) if part in self.hidden else self.values[part] for part in row.parts) for row in self.made_of.get(cell, ()))
        return max(below, default=1)
