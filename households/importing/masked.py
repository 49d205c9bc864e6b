"""Stars read back: a cell that an export hid from whoever made the file says nothing of its own, so what is stored stays (trust 58).

A masked ID number is that of the member with this 人编号 and this name in the importer's area; nobody there leaves the stars to the
reader, which refuses them by name. Only the roster of 26 columns takes a blank as an answer, so its hidden health is looked up too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from core.sheets import Row
from core.sheets.values import Cell
from households.codes import HEALTH
from households.importing.stored import batches
from households.models import Membership, Person
from households.secrets import reveal_many

_STARS = re.compile(r"\s*[*＊]{2,}[0-9Xx]{0,4}\s*")
_NAMED, _IDENTITY, _HEALTH = "person", "identity", "health"


def unmasked(rows: Iterable[Row], village_ids: Collection[int]) -> Iterator[Row]:
    """The same rows in the same order; one look-up for some hundred of them, none for a file without stars."""
    for batch in batches(rows):
        starred = {row.number: keys for row in batch if (keys := _starred(row))}
        known = _members({row.value(_NAMED) for row in batch if _IDENTITY in starred.get(row.number, ())}, village_ids)
        for row in batch:
            yield _without(row, starred[row.number], known) if row.number in starred else row


def _starred(row: Row) -> list[str]:
    return [key for key, cell in row.cells.items() if isinstance(cell.value, str) and _STARS.fullmatch(cell.value)]


def _members(codes: Collection[str | None], village_ids: Collection[int]) -> dict[str, tuple[str, str, str]]:
    """{人编号: (name, ID number, labels of health)}."""
    if not codes:
        return {}
    found = Membership.objects.current().filter(code__in=codes - {None}, household__village__in=village_ids, person__id_index__gt="")
    rows = list(found.values_list("code", "person__name", "person__id_enc", "person__uuid", "health"))
    numbers = reveal_many(Person, "id", [(sealed, uuid) for _, _, sealed, uuid, _ in rows])
    return {
        code: (name, number, HEALTH.labels(health.split(",")) if health else "")
        for (code, name, _, _, health), number in zip(rows, numbers, strict=True)
    }


def _without(row: Row, keys: Collection[str], known: dict[str, tuple[str, str, str]]) -> Row:
    cells = {key: cell for key, cell in row.cells.items() if key not in keys}
    if _IDENTITY in keys:
        name, number, health = known.get(row.value(_NAMED) or "", ("", "", ""))
        same = bool(number) and name == row.value("name")
        cells[_IDENTITY] = Cell(number, "code") if same else row.cells[_IDENTITY]
        if same and health and _HEALTH in keys:
            cells[_HEALTH] = Cell(health, "text")
    return row._replace(cells=cells)
