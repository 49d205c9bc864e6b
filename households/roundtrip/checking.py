"""Every cell of an edited workbook against the row as exported and the row as it stands: what is applied, what is kept, what clashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError

from core.scope import Scope
from core.sheets import FileFacts
from core.sheets.problems import shown
from households.entries import HouseholdEntry, faults_of
from households.fields import Field, Kind
from households.forms_roundtrip import value_of, words
from households.importing.grouping import NOT_YOURS
from households.importing.model import ERROR, Fault, Faults
from households.importing.stored import batches
from households.roundtrip.cells import Shown, Verdict, compare, is_masked
from households.roundtrip.edits import HouseholdEdit, Values
from households.roundtrip.layout import HOUSEHOLDS, Layout
from households.roundtrip.reading import EditRow, edited_sheets, read_edits
from households.roundtrip.stored import Held, load

LOOK_AGAIN = "请看系统中的值；仍要改的，重新导出后再改"
_TOLD = (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.NUMBER, Kind.DECIMAL, Kind.YEAR, Kind.DATE)
Progress = Callable[[int, int, str], None]


@dataclass
class EditCheck:
    """`edits` by household code: only what changes something; `seen` and `cells` count rows and cells, `townships`
    the households of each by its id."""

    edits: dict[str, HouseholdEdit] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    seen: Counter = field(default_factory=Counter)
    changed: dict[str, set[int]] = field(default_factory=lambda: {"H": set(), "M": set()})
    cells: Counter = field(default_factory=Counter)
    townships: Counter = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        return sum(fault.severity == ERROR for fault in self.faults)

    def counts(self) -> dict[str, object]:
        figures = {
            name: {"new": 0, "changed": len(self.changed[kind]), "same": self.seen[kind] - len(self.changed[kind])}
            for name, kind in (("households", "H"), ("persons", "M"))
        }
        cells = {str(name): self.cells[name] for name in (Verdict.MINE, Verdict.AGREED, Verdict.CONFLICT, "hidden")}
        return figures | {"cells": cells, "errors": self.errors, "warnings": len(self.faults) - self.errors}


def check_edits(
    path: Path, facts: FileFacts, scope: Scope, county_id: int, today: date, progress: Progress
) -> EditCheck:
    """`scope` is already narrowed to where the import right holds; the file is one of which `edited_sheets` named sheets."""
    found = EditCheck()
    total, done = sum(sheet.rows for sheet in facts.sheets), 0
    for sheet, layout in edited_sheets(path, facts):
        faults = Faults(sheet.name or layout.title)
        for rows in batches(read_edits(path, facts, sheet, layout, county_id, faults)):
            progress(done + rows[-1].number, total, f"逐格比对{layout.title}")
            held = load(layout, rows, scope, county_id)
            for row in rows:
                _Row(layout, row, held.get(row.number), scope, found, faults).check(today)
        done += sheet.rows
        found.faults += faults.items
    return found


@dataclass
class _Row:
    layout: Layout
    row: EditRow
    held: Held | None
    scope: Scope
    found: EditCheck
    faults: Faults

    def check(self, today: date) -> None:
        self.found.seen[self.layout.kind] += 1
        if self.held is None:
            self._refuse(f"这一户{NOT_YOURS}", "请删去这一行")
            return
        if self.layout is HOUSEHOLDS:
            self.found.townships[self.held.household.township_id] += 1
        if self.held.subject is None:
            self._warn_of_one_who_left()
            return
        values, conflict = Values(), False
        for one, raw in self._cells():
            verdict = self._judge(one, raw)
            self.found.cells[verdict] += 1
            if verdict == Verdict.MINE:
                self._take(one, raw, values)
            conflict |= verdict == Verdict.CONFLICT
        if values.cells or conflict:
            self._keep(values, conflict, today)

    def _cells(self) -> Iterator[tuple[Field, object]]:
        """The cells that may count: present, and of a column that the caller may see here."""
        for one in self.layout.fields:
            if one.name not in self.row.cells:
                continue
            raw = self.row.cells[one.name]
            guarded = one.seen_by is not None
            if guarded and not self.scope.may_see(one.seen_by, self.held.household):
                if raw not in (None, "") and not is_masked(raw):
                    self.found.cells["hidden"] += 1
                    self.faults.warn(
                        self.row.number,
                        one.caption,
                        "",
                        "您无权查看这一项，没有采用",
                        "由有权的账号上传，或在农户页修改",
                    )
            elif not (guarded and is_masked(raw)):
                yield one, raw

    def _judge(self, one: Field, raw: object) -> Verdict:
        known, base = self.held.before(one)
        theirs = base if self.held.base is None else self.held.now(one)
        verdict = compare(base, raw, theirs, knows_base=known)
        if verdict == Verdict.CONFLICT:
            self._clash(one, raw, base if known else None, theirs)
        return verdict

    def _clash(self, one: Field, raw: object, base: Shown, theirs: Shown) -> None:
        reason = "冲突：导出以后，系统里这一格也改过，没有采用您填的"
        if _may_tell(one):
            reason = f"冲突：导出时是“{_said(base)}”，系统里现在是“{_said(theirs)}”，没有采用您填的"
        self.faults.warn(self.row.number, one.caption, shown(raw, secret=not _may_tell(one)), reason, LOOK_AGAIN)

    def _take(self, one: Field, raw: object, values: Values) -> None:
        try:
            values.put(one.name, value_of(one, raw), sealed=one.sealed)
        except ValidationError as fault:
            self.faults.error(
                self.row.number,
                one.caption,
                shown(raw, secret=not _may_tell(one)),
                words(fault)[:200],
                "请改正这一格，或恢复原来的内容",
            )

    def _keep(self, values: Values, conflict: bool, today: date) -> None:
        household = self.held.household
        if household.closed_on or household.hold:
            why = (
                "已销户，不能再改"
                if household.closed_on
                else f"已锁定，须先办变更（{household.hold_reason or '名单正在评议'}）"
            )
            self._refuse(f"{household.head_name}户{why}", "请恢复这一户原来的内容，或删去这一户的行")
            return
        if self.layout is HOUSEHOLDS:
            self._rules(values, today)
        edit = self.found.edits.setdefault(household.code, HouseholdEdit(household.code, household.version))
        edit.conflict |= conflict
        if values.cells:
            self.found.changed[self.layout.kind].add(self.row.number)
            if self.layout is HOUSEHOLDS:
                edit.own = values
            else:
                edit.members[str(self.held.subject.uuid)] = values

    def _rules(self, values: Values, today: date) -> None:
        """What the page asks of a section; the two columns of causes are always held against each other."""
        facts = dict(values.facts)
        if {"cause", "other_causes"} & facts.keys():
            facts = {name: getattr(self.held.household, name) for name in ("cause", "other_causes")} | facts
        for name, reasons in faults_of(HouseholdEntry(None, facts, None, values.secrets), today).items():
            self.faults.error(self.row.number, self.layout.place_of(name), "", "；".join(reasons)[:200], "请改正这一格")

    def _warn_of_one_who_left(self) -> None:
        # Whether the row was changed at all is not known without the person's facts of then: said, and nothing is written.
        self.faults.warn(
            self.row.number,
            self.layout.code,
            self.row.name,
            "这名成员已不在本户，这一行没有采用",
            "不需要处理；名单有误的，在农户页办理",
        )

    def _refuse(self, reason: str, remedy: str) -> None:
        self.faults.error(
            self.row.number, self.layout.code, f"{self.row.name} {self.row.code}".strip(), reason[:200], remedy
        )


def _may_tell(one: Field) -> bool:
    """Values that a list of problems may quote: it is stored, and passed on."""
    return one.seen_by is None and not one.sealed and one.kind in _TOLD


def _said(value: Shown) -> str:
    return "空" if value is None else str(value)[:40]
