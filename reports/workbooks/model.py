"""What an export is: a declaration. Page, job, command, permission, mask and sheet 口径说明 read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from accounts import roles
from assessment.models import Round
from core.scope import FieldClass, Scope
from core.sheets.writer import OutColumn
from reports.workbooks.guide import Stamp
from villages.models import Place

Progress = Callable[[int], None]
MASKED_WORD = "＊＊＊"


@dataclass(frozen=True, slots=True)
class Sight:
    """Which classes of fields the caller sees in one place; `numbers` = this file may hold whole numbers there (purpose and approval given)."""

    numbers: bool
    cards: bool
    contact: bool
    health: bool
    finance: bool

    def opens(self, seen_by: FieldClass) -> bool:
        return {FieldClass.CONTACT: self.contact, FieldClass.HEALTH: self.health, FieldClass.FINANCE: self.finance}.get(seen_by, self.numbers)


@dataclass(frozen=True, slots=True)
class Ask:
    """One export: whose rights, which round, which place, and whether whole numbers were approved."""

    scope: Scope
    round: Round
    place: Place
    full: bool = False

    def sight(self, place: object) -> Sight:
        sees = {one: self.scope.may_see(one, place) for one in FieldClass}
        return Sight(
            numbers=self.full and sees[FieldClass.IDENTITY], cards=self.full and sees[FieldClass.FINANCE], contact=sees[FieldClass.CONTACT],
            health=sees[FieldClass.HEALTH], finance=sees[FieldClass.FINANCE],
        )  # fmt: skip


@dataclass(slots=True)
class Line:
    """What a row is made of: columns of the household, of one member ({} on a sheet of households), of the head, and what may be seen there.
    Numbers and phones are already opened or masked (`reports.workbooks.sources`)."""

    number: int
    home: dict[str, Any]
    member: dict[str, Any]
    head: dict[str, Any]
    sight: Sight


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its code, title and 口径, and how the cell is made. `seen_by` hides the value where the caller may not see that class;
    `number` marks what is a whole number of a person: masked in every file that was not approved."""

    code: str
    title: str
    meaning: str
    value: Callable[[Line], object]
    kind: str = "text"
    width: float = 12
    unit: str = ""
    seen_by: FieldClass | None = None
    number: bool = False

    def cell(self) -> Callable[[Line], object]:
        """The cell's function, with the mask where the class asks for one. Numbers are masked when they are read."""
        if self.seen_by is None or self.number or self.seen_by is FieldClass.CONTACT:
            return self.value
        value, seen_by = self.value, self.seen_by

        def guarded(line: Line) -> object:
            found = value(line)
            return found if line.sight.opens(seen_by) or found in (None, "") else MASKED_WORD

        return guarded


@dataclass(frozen=True, slots=True)
class Report:
    """`lines(ask, progress)` answers the rows' material in order, in constant memory. An official table has no columns of its own: they
    are the catalogue's, and `level` says which table. A file of several sheets is written by its own `write(target, ask, stamp, progress)`,
    which answers rows and digest; `opens` are the classes of fields that it shows."""

    code: str
    title: str
    about: str
    right: str = roles.EXPORT_ROSTER
    sheet: str = ""
    columns: tuple[Column, ...] = ()
    lines: Callable[[Ask, Progress], Iterator[Line]] | None = None
    count: Callable[[Ask], int] | None = None
    level: str = ""
    write: Callable[[BinaryIO, Ask, Stamp, Progress], tuple[int, str]] | None = None
    opens: tuple[FieldClass, ...] = ()

    @property
    def has_numbers(self) -> bool:
        return any(column.number for column in self.columns)

    @property
    def out_columns(self) -> tuple[OutColumn, ...]:
        return tuple(OutColumn(column.title, column.kind, column.width) for column in self.columns)

    @property
    def meanings(self) -> list[tuple[str, str, str, str]]:
        return [(column.title, column.meaning, column.unit, column.code) for column in self.columns]

