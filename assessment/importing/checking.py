"""Phase 1 without its storage: read a workbook, check every row, compare with the database (ruling 11)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from os import PathLike

from assessment.importing import sheet as survey_sheet
from assessment.importing.sheet import SheetReader, SurveySheetRow
from assessment.importing.surveys import (
    Doubts,
    SurveyPlan,
    plan_surveys,
    survey_counts,
    target_of_difference,
    target_of_stored,
)
from assessment.models import Round
from assessment.rubric import Rubric
from core.scope import Scope
from core.sheets import FileFacts, HeaderSpec, RefusedFile, Row, inspect_upload, match_key, stream_table
from households.importing import layout as roster_layout
from households.importing.compare import Difference, compare, judge
from households.importing.grouping import KnownVillage, build_households
from households.importing.model import ERROR, Fault, Faults, RosterHousehold
from households.importing.places import known_villages
from households.importing.rows import Line, RowReader
from households.importing.stored import (
    StoredPerson,
    index_identities,
    load_households,
    load_persons,
    open_member_phones,
)
from households.importing.write import counts

Progress = Callable[[int, int, str], None]
STEP = 250


def silent(done: int, total: int, note: str) -> None:
    """Progress of a caller that shows none."""


@dataclass
class FileContent:
    """What a workbook says, with the faults found in reading it. `named`: every household code of the roster, read or not."""

    households: list[RosterHousehold] = field(default_factory=list)
    surveys: list[SurveySheetRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    info: dict[str, object] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


@dataclass
class Checked:
    """Everything phase 2 needs, and everything the user is told."""

    villages: Mapping[str, KnownVillage]
    differences: list[Difference]
    indexes: dict[str, str]
    persons: dict[str, StoredPerson]
    plans: list[SurveyPlan]
    faults: list[Fault]

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity == ERROR]

    def counts(self) -> dict[str, object]:
        warnings = len(self.faults) - len(self.errors)
        found = {"surveys": survey_counts(self.plans), "errors": len(self.errors), "warnings": warnings}
        return counts(self.differences) | found


# --- the file -------------------------------------------------------------------------------------------------


def read_file(
    path: str | PathLike, rubric: Rubric, villages: Mapping[str, KnownVillage], today: date, progress: Progress = silent
) -> FileContent:
    """The gate first (it raises RefusedFile), then both sheets, streamed."""
    facts = inspect_upload(path)
    roster, surveys = _titles(facts)
    total = sum(sheet.rows for sheet in facts.sheets)
    content = FileContent(info=_info(facts, roster, surveys))
    if roster is not None:
        faults = Faults(roster)
        reader = RowReader(faults, today)
        rows = _rows(path, roster, roster_layout.ROSTER, facts, faults, _counted(progress, 0, total, "核对花名册"))
        lines = (reader.read(row) for row in rows)
        content.households = build_households(_noted(lines, content.named), villages, faults)
        content.faults += faults.items
    if surveys is not None:
        faults = Faults(surveys)
        reader = SheetReader(rubric, faults, today)
        done = next((sheet.rows for sheet in facts.sheets if sheet.name == roster), 0)
        rows = _rows(
            path, surveys, survey_sheet.layout(rubric), facts, faults, _counted(progress, done, total, "核对评估表")
        )
        content.surveys = [row for row in map(reader.read, rows) if row is not None]
        content.faults += faults.items
    return content


def _noted(lines: Iterable[Line], codes: set[str]) -> Iterable[Line]:
    for line in lines:
        codes.add(line.household)
        yield line


def _titles(facts: FileFacts) -> tuple[str | None, str | None]:
    """The titles of the roster and the survey sheet; a file with neither offers its first visible sheet as the roster."""
    if facts.kind == "csv":
        return roster_layout.SHEET, None
    names = {match_key(sheet.name): sheet.name for sheet in facts.sheets}
    roster, surveys = names.get(match_key(roster_layout.SHEET)), names.get(match_key(survey_sheet.SHEET))
    if roster is None and surveys is None:
        visible = [sheet.name for sheet in facts.sheets if not sheet.hidden]
        if not visible:
            raise RefusedFile("sheet_missing", f"文件中没有工作表“{roster_layout.SHEET}”。")
        roster = visible[0]
    return roster, surveys


def _info(facts: FileFacts, roster: str | None, surveys: str | None) -> dict[str, object]:
    return {
        "roster_sheet": roster or "",
        "survey_sheet": surveys or "",
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


def check(
    scope: Scope, round_: Round, rubric: Rubric, content: FileContent, progress: Progress = silent,
    doubts: Mapping[str, Doubts] | None = None, villages: Mapping[str, KnownVillage] | None = None,
) -> Checked:  # fmt: skip
    """`scope` is already narrowed to where the import right holds. `doubts`: those found before, when checked again."""
    villages = known_villages(scope, round_.county_id) if villages is None else villages
    households = content.households
    size = len(households) + len(content.surveys)
    progress(0, size, "与已有农户比对")
    indexes = index_identities(households)
    stored = load_households(household.code for household in households)
    persons = load_persons(round_.county_id, indexes.values())
    phones = open_member_phones([row for one in stored.values() for row in one.members.values()])
    differences = [
        compare(one, villages[one.village_code], stored.get(one.code), indexes, phones) for one in households
    ]
    faults = Faults(roster_layout.SHEET)
    judge(differences, persons, indexes, villages, faults)
    progress(len(households), size, "与已有评估表比对")
    targets = {one.roster.code: target_of_difference(one, round_.reference_date) for one in differences}
    targets |= _stored_targets(content.surveys, targets, villages, round_)
    survey_faults = Faults(survey_sheet.SHEET)
    plans = plan_surveys(content.surveys, targets, round_, rubric, survey_faults, doubts, content.named)
    found = content.faults + faults.items + survey_faults.items
    return Checked(villages, differences, indexes, persons, plans, found)


def _stored_targets(
    surveys: Iterable[SurveySheetRow], known: Mapping, villages: Mapping[str, KnownVillage], round_: Round
) -> dict:
    """Households of forms that are not in the file's roster, if they are stored in the importer's area."""
    by_id = {village.id: village for village in villages.values()}
    stored = load_households(row.code for row in surveys if row.code not in known)
    return {
        code: target_of_stored(one, by_id[one.row.village_id], round_.reference_date)
        for code, one in stored.items()
        if one.row.village_id in by_id and one.row.closed_on is None
    }
