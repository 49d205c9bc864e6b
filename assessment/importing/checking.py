"""Phase 1 without its storage: read a workbook, check every row, compare with the database (ruling 11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from os import PathLike
from typing import Protocol

from assessment.importing import sheet as survey_sheet
from assessment.importing.sheet import SheetReader, SurveySheetRow
from assessment.importing.sheets import HOUSEHOLD, NAMES, PERSON, ROSTER, SURVEY, Titles, specs, titles
from assessment.importing.surveys import (
    SurveyPlan,
    Target,
    plan_surveys,
    survey_counts,
    target_of_difference,
    target_of_stored,
)
from assessment.models import Round
from assessment.rubric import Rubric
from core.scope import Scope
from core.sheets import FileFacts, HeaderSpec, Row, inspect_upload, stream_table
from households.importing import layout as roster_layout
from households.importing.compare import Difference, compare, judge
from households.importing.grouping import VILLAGE_DIGITS, KnownVillage, build_households
from households.importing.masked import unmasked
from households.importing.model import ERROR, WARNING, Fault, Faults, RosterHousehold
from households.importing.national_grouping import build_national
from households.importing.national_rows import HouseholdReader, NationalRow, PersonReader
from households.importing.packed import Packed
from households.importing.places import known_villages
from households.importing.rows import Line, RowReader
from households.importing.stored import (
    StoredHousehold,
    StoredPerson,
    batches,
    index_identities,
    load_households,
    load_incomes,
    load_persons,
    open_member_phones,
)
from households.importing.suspicions import Suspected, suspicions
from households.importing.write import counts
from households.models import Suspicion

Progress = Callable[[int, int, str], None]
STEP = 250


def silent(done: int, total: int, note: str) -> None:
    """Progress of a caller that shows none."""


@dataclass
class FileContent:
    """What a workbook says, with the faults found in reading it. `named`: every household code of the roster, read or not."""

    households: Collection[RosterHousehold] = ()
    surveys: Collection[SurveySheetRow] = ()
    faults: list[Fault] = field(default_factory=list)
    info: dict[str, object] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def townships(self, villages: Mapping[str, KnownVillage]) -> dict[str, int]:
        """Households named, by township; those of places that the importer does not know are nowhere."""
        return dict(Counter(villages[code[:VILLAGE_DIGITS]].township_code for code in self.named if code[:VILLAGE_DIGITS] in villages))


@dataclass
class Part:
    """Some hundred households compared with what is stored; the whole file's never stand in memory together."""

    differences: list[Difference]
    indexes: Mapping[str, str]
    persons: dict[str, StoredPerson]
    phones: Mapping[int, str]


class Sink(Protocol):
    """Takes what was compared, batch by batch, while there is no error. `note`: what the user reads meanwhile."""

    note: str

    def households(self, part: Part) -> None: ...

    def surveys(self, plans: list[SurveyPlan]) -> None: ...


@dataclass
class Checked:
    """What the user is told, and what the check saw in the database: {code: version}, {code: submitted form}."""

    faults: list[Fault]
    suspected: list[Suspected] = field(default_factory=list)
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity == ERROR]

    def add(self, figures: Mapping[str, Mapping[str, int]]) -> None:
        for kind, counted in figures.items():
            sums = self.figures.setdefault(kind, dict.fromkeys(counted, 0))
            for name, number in counted.items():
                sums[name] += number

    def counts(self) -> dict[str, object]:
        errors = len(self.errors)
        return self.figures | {"errors": errors, "warnings": len(self.faults) - errors}


# --- the file -------------------------------------------------------------------------------------------------


def read_file(
    path: str | PathLike, rubric: Rubric, villages: Mapping[str, KnownVillage], today: date, progress: Progress = silent,
    facts: FileFacts | None = None,
) -> FileContent:
    """The gate first (it raises RefusedFile) unless its `facts` are given, then each sheet that is recognised, streamed."""
    facts = facts or inspect_upload(path)
    layouts = specs(survey_sheet.layout(rubric))
    found = titles(path, facts, layouts)
    content = FileContent(info=_info(facts, found))
    for name in found.passed:
        content.faults.append(Fault(WARNING, name, None, "", "", "没有读取这张工作表：同类的表已有一张", "户表、人口表与花名册请分开上传"))
    reading = _Reading(path, facts, layouts, found, progress, [village.id for village in villages.values()])
    if found.of(ROSTER) is not None:
        faults, rows = reading.sheet(ROSTER)
        lines = map(RowReader(faults, today).read, rows)
        content.households = build_households(_noted(lines, content.named), villages, faults)
        content.faults += faults.items
    if found.of(HOUSEHOLD) is not None or found.of(PERSON) is not None:
        _read_national(content, reading, villages, today)
    if found.of(SURVEY) is not None:
        faults, rows = reading.sheet(SURVEY)
        content.surveys = Packed(row for row in map(SheetReader(rubric, faults, today).read, rows) if row is not None)
        content.faults += faults.items
    return content


class _Reading:
    """The sheets of one file, one after another, with one progress over all of them."""

    def __init__(
        self, path: str | PathLike, facts: FileFacts, layouts: Mapping[str, HeaderSpec], found: Titles, progress: Progress, village_ids: list[int]
    ) -> None:  # fmt: skip
        self.path, self.facts, self.layouts, self.found, self.progress = path, facts, layouts, found, progress
        self.village_ids = village_ids
        self.total, self.done = sum(sheet.rows for sheet in facts.sheets), 0

    def sheet(self, kind: str) -> tuple[Faults, Iterable[Row]]:
        """The faults of the sheet of this kind, to be filled, and its rows; no rows where the file has no such sheet."""
        title = self.found.of(kind)
        faults = Faults(title or NAMES[kind])
        if title is None:
            return faults, ()
        tell = _counted(self.progress, self.done, self.total, f"核对{NAMES[kind]}")
        self.done += next((sheet.rows for sheet in self.facts.sheets if sheet.name == title), 0)
        return faults, unmasked(_rows(self.path, title, self.layouts[kind], self.facts, faults, tell), self.village_ids)


def _read_national(content: FileContent, reading: _Reading, villages: Mapping[str, KnownVillage], today: date) -> None:
    home_faults, homes = reading.sheet(HOUSEHOLD)
    own = map(HouseholdReader(home_faults.sheet, home_faults, today).read, homes)
    person_faults, people = reading.sheet(PERSON)
    members = map(PersonReader(person_faults.sheet, person_faults, today).read, people)
    found = build_national(_noted(own, content.named), _noted(members, content.named), villages, home_faults, person_faults)
    content.households = Packed(chain(found, content.households))
    content.faults += home_faults.items + person_faults.items


def _noted(lines: Iterable[Line | NationalRow], codes: set[str]) -> Iterable[Line | NationalRow]:
    for line in lines:
        codes.add(line.household)
        yield line


def _info(facts: FileFacts, found: Titles) -> dict[str, object]:
    sheets = {f"{kind}_sheet": found.of(kind) or "" for kind in NAMES}
    return sheets | {
        "encoding": facts.encoding,
        "hidden_sheets": facts.hidden_sheets,
        "hidden_rows": facts.hidden_rows,
        "hidden_columns": facts.hidden_cols,
    }


def _rows(
    path: str | PathLike, title: str, spec: HeaderSpec, facts: FileFacts, faults: Faults, tell: Callable[[int], None]
) -> Iterable[Row]:
    table = stream_table(path, title, spec, facts=facts)
    for problem in table.problems:
        faults.cell(problem)
    for header in table.unknown_headers:
        faults.warn(1, header, "", "不认识的列，没有读取", "不需要处理；如是规定的列，请改正表头")
    number = None
    for number, row in enumerate(table.rows):
        if number % STEP == 0:
            tell(number)
        yield row
    if number is None and not table.problems:
        faults.error(None, "", "", "工作表没有数据", "请从第2行起填写")


def _counted(progress: Progress, before: int, total: int, note: str) -> Callable[[int], None]:
    return lambda done: progress(before + done, total, note)


# --- against the database -------------------------------------------------------------------------------------


class Nothing:
    """A sink of a caller who only wants to know."""

    note = "与已有数据比对"

    def households(self, part: Part) -> None:
        """What was compared is dropped."""

    surveys = households


def check(
    scope: Scope, round_: Round, rubric: Rubric, content: FileContent, progress: Progress = silent,
    villages: Mapping[str, KnownVillage] | None = None, sink: Sink | None = None,
) -> Checked:  # fmt: skip
    """`scope` is already narrowed to where the import right holds. What comes before an error may have gone to the sink."""
    villages = known_villages(scope, round_.county_id) if villages is None else villages
    checking = _Checking(round_, content, villages, sink or Nothing(), progress)
    checking.households()
    checking.surveys()
    return checking.ended()


class _Checking:
    """One pass over the households, one over the forms; between them stand only codes, indexes and figures."""

    def __init__(self, round_: Round, content: FileContent, villages: Mapping[str, KnownVillage], sink: Sink, progress: Progress) -> None:
        self.round, self.content, self.villages, self.sink, self.progress = round_, content, villages, sink, progress
        self.size = len(content.households) + len(content.surveys)
        self.faults, self.survey_faults = Faults(roster_layout.SHEET), Faults(survey_sheet.SHEET)
        self.places = {village.id: village for village in villages.values() if not village.merged}
        self.targets: dict[str, Target] = {}
        self.checked = Checked(content.faults)
        self.checked.add(counts(()) | {"surveys": survey_counts(())})
        self.refused = bool(self.checked.errors)

    def households(self) -> None:
        self.progress(0, self.size, "与已有农户比对")
        indexes = index_identities(self.content.households)
        in_file = set(indexes.values())
        whole = {one.code for one in self.content.households if one.whole}
        done = 0
        for batch in batches(self.content.households):
            part = self._compared(batch, indexes)
            judge(part.differences, part.persons, indexes, self.villages, self.faults, whole)
            self.checked.suspected += suspicions(part.differences, part.persons, indexes, in_file, self.faults)
            for one in part.differences:
                self.targets[one.roster.code] = target_of_difference(one)
                self.checked.versions[one.roster.code] = one.version
            self.checked.add(counts(part.differences))
            self.refused = self.refused or self.faults.errors > 0
            if not self.refused:
                self.sink.households(part)
            done += len(batch)
            self.progress(done, self.size, "与已有农户比对" if self.refused else self.sink.note)

    def _compared(self, households: list[RosterHousehold], indexes: Mapping[str, str]) -> Part:
        stored = load_households(household.code for household in households)
        persons = load_persons(self.round.county_id, [indexes[member.identity] for one in households for member in one.members])
        phones = open_member_phones([row for one in stored.values() for row in one.members.values()])
        load_incomes(stored, households)
        found = [compare(one, _place(one, stored, self.villages, self.places), stored.get(one.code), indexes, phones) for one in households]
        return Part(found, indexes, persons, phones)

    def surveys(self) -> None:
        done = len(self.content.households)
        self.progress(done, self.size, "与已有评估表比对")
        for batch in batches(self.content.surveys):
            self.targets |= _stored_targets(batch, self.targets, self.villages)
            plans = plan_surveys(batch, self.targets, self.round, self.survey_faults, self.content.named)
            self.checked.forms |= {plan.sheet.code: plan.current for plan in plans}
            self.checked.add({"surveys": survey_counts(plans)})
            self.refused = self.refused or self.survey_faults.errors > 0
            if not self.refused:
                self.sink.surveys(plans)
            done += len(batch)
            self.progress(done, self.size, "与已有评估表比对" if self.refused else self.sink.note)

    def ended(self) -> Checked:
        self.checked.faults = self.content.faults + self.faults.items + self.survey_faults.items
        self.checked.suspected.sort(key=lambda one: one.kind == Suspicion.Kind.HOUSEHOLD)  # persons first
        return self.checked


def _place(
    roster: RosterHousehold, stored: Mapping[str, StoredHousehold], villages: Mapping[str, KnownVillage], places: Mapping[int, KnownVillage]
) -> KnownVillage:
    """The village of the code; a household of the national sheets that has moved since is where it is (ruling 2)."""
    known = stored.get(roster.code)
    there = places.get(known.row.village_id) if known and not roster.whole else None
    return there if there is not None and there.id != villages[roster.village_code].id else villages[roster.village_code]


def _stored_targets(
    surveys: Iterable[SurveySheetRow], known: Mapping, villages: Mapping[str, KnownVillage]
) -> dict:
    """Households of forms that are not in the file's roster, if they are stored in the importer's area."""
    by_id = {village.id: village for village in villages.values() if not village.merged}
    stored = load_households(row.code for row in surveys if row.code not in known)
    return {
        code: target_of_stored(one, by_id[one.row.village_id])
        for code, one in stored.items()
        if one.row.village_id in by_id and one.row.closed_on is None
    }
