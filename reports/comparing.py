"""Two frozen tables of one area held against each other: cells that changed, and the households that moved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import BadInput, Denied
from core.scope import Scope
from reports.catalog import Column
from reports.cells import require_sight
from reports.frozen import frozen_column, frozen_ids, table_of
from reports.models import Snapshot
from reports.tables import Row, Table

Number = int | float | None


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell. `change` is None where one of the two is unknown."""

    area: str
    name: str
    column: Column
    before: Number
    after: Number

    @property
    def change(self) -> Number:
        return None if self.before is None or self.after is None else round(self.after - self.before, 6)


@dataclass(frozen=True, slots=True)
class Moved:
    """Households that came into a column and that went out of it, in the whole area."""

    column: Column
    entered: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True)
class Difference:
    """`old` and `new` in the order of time; `total` = the changed cells of the sum row, `cells` = those of the rows."""

    old: Snapshot
    new: Snapshot
    total: tuple[Changed, ...]
    cells: tuple[Changed, ...]
    moved: Mapping[str, Moved]

    @property
    def columns(self) -> list[Column]:
        """Those whose sum changed or whose households moved; rates last."""
        changed = [cell.column for cell in self.total]
        known = {column.code for column in changed}
        moved = [one.column for code, one in self.moved.items() if code not in known]
        return sorted([*changed, *moved], key=lambda column: column.is_rate)


def difference(one: Snapshot, other: Snapshot, scope: Scope) -> Difference:
    """BadInput for two tables of different areas: their households have nothing to do with each other."""
    if (one.level, one.area_code) != (other.level, other.area_code):
        raise BadInput("只能对照同一个地区、同一级别的两份定稿。", fields={"with": ["请选同一个地区的另一份定稿。"]})
    old, new = sorted((one, other), key=lambda snapshot: (snapshot.at, snapshot.pk))
    before, after = table_of(old), table_of(new)
    total = tuple(_changed(before.total, after.total, after))
    was = {row.area: row for row in before.rows}
    cells = tuple(cell for row in after.rows if row.area in was for cell in _changed(was[row.area], row, after))
    return Difference(old, new, total, cells, _moved(old, new, after, scope))


def moves(found: Difference, code: str, scope: Scope) -> Moved:
    """Of one column, whether its number changed or not."""
    column = frozen_column(found.new, code)
    require_sight(column, found.new.place, scope)
    before, after = set(frozen_ids(found.old, column)), set(frozen_ids(found.new, column))
    return Moved(column, tuple(sorted(after - before)), tuple(sorted(before - after)))


def _changed(before: Row, after: Row, table: Table) -> list[Changed]:
    """Columns that both have; a column that is new since is in no difference."""
    shared = [column for column in table.columns if column.code in before.values]
    return [
        Changed(after.area, after.name, column, before.values[column.code], after.values[column.code])
        for column in shared
        if before.values[column.code] != after.values[column.code]
    ]


def _moved(old: Snapshot, new: Snapshot, table: Table, scope: Scope) -> dict[str, Moved]:
    """Column code → households, as far as the caller may know of them; one pass over the parts of each."""
    before, after = _by_predicate(old), _by_predicate(new)
    found = {}
    for column in table.columns:
        if column.has_cell and _open(column, new, scope):
            was, now = before.get(column.predicate, set()), after.get(column.predicate, set())
            if was != now:
                found[column.code] = Moved(column, tuple(sorted(now - was)), tuple(sorted(was - now)))
    return found


def _open(column: Column, snapshot: Snapshot, scope: Scope) -> bool:
    try:
        require_sight(column, snapshot.place, scope)
    except Denied:
        return False
    return True


def _by_predicate(snapshot: Snapshot) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for text in snapshot.parts.values_list("behind", flat=True):
        for predicate, ids in json.loads(text).items():
            found[predicate].update(ids)
    return found
