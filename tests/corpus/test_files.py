"""Each kind of file goes the real way, gate, reader in its process, reading of rows, and is answered in Chinese by sheet, row, column, reason
and remedy (trust 39 to 58)."""

import re
from datetime import date

import pytest

from assessment.importing.checking import FileContent, read_file
from core.sheets import RefusedFile
from households.importing.model import ERROR, WARNING
from tests.assessment.roster_book import RUBRIC
from tests.corpus import archives, cells, sheets, tables
from tests.corpus.ground import VILLAGES
from tests.corpus.kinds import ACCEPTED, ERRORS, REFUSED, WARNED, Kind

pytestmark = pytest.mark.once

TODAY = date(2026, 3, 1)
KINDS = [*archives.KINDS, *sheets.KINDS, *tables.KINDS]
CELLS = cells.placed()
CHINESE = re.compile("[一-龥]")


def taken(path) -> FileContent:
    return read_file(path, RUBRIC, VILLAGES, TODAY)


def told(fault) -> str:
    return fault.as_line()


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_clerk_is_told_what_is_wrong_with_a_file_and_how_to_mend_it(tmp_path, kind: Kind):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(kind.build())
    try:
        content = taken(path)
    except RefusedFile as refusal:
        words = refusal.message
        assert kind.verdict == REFUSED or (kind.verdict, kind.place) == (ERRORS, None), words
        assert re.search(kind.says, words) and CHINESE.search(words), words
        assert "请" in words and words.endswith("。") and "522399" not in words, words
        return
    errors = [fault for fault in content.faults if fault.severity == ERROR]
    if kind.verdict == ACCEPTED:
        assert not errors and len(content.households) == 1, [told(one) for one in errors]
        assert not [one for one in content.faults if one.severity == WARNING and one.column == "县(市、区、旗)"], (
            "the county was misread"
        )
        return
    listed = errors if kind.verdict in (ERRORS, REFUSED) else [one for one in content.faults if one not in errors]
    found = [one for one in listed if re.search(kind.says, one.reason) and kind.place in (None, (one.row, one.column))]
    assert found, [told(one) for one in content.faults][:5]
    assert found[0].sheet and found[0].remedy and CHINESE.search(found[0].reason)
    assert kind.verdict == WARNED or errors


@pytest.fixture(scope="module")
def faults_of_cells(tmp_path_factory):
    """{(sheet, row): faults} of the one workbook that holds every kind of cell."""
    path = tmp_path_factory.mktemp("corpus") / "名册.xlsx"
    path.write_bytes(cells.workbook())
    found: dict[tuple[str, int], list] = {}
    for fault in taken(path).faults:
        found.setdefault((fault.sheet, fault.row), []).append(fault)
    return found


@pytest.mark.parametrize(("sheet", "row", "cell"), CELLS, ids=[f"{cell.name}" for *_, cell in CELLS])
def test_a_clerk_is_told_the_cell_the_reason_and_the_remedy(faults_of_cells, sheet, row, cell):
    found = faults_of_cells.get((sheet, row), [])
    errors = [fault for fault in found if fault.severity == ERROR]
    if cell.verdict == ACCEPTED:
        assert not errors, [told(one) for one in errors]
        return
    severity = ERROR if cell.verdict == ERRORS else WARNING
    mine = [
        one
        for one in found
        if (one.severity, one.column) == (severity, cell.column) and re.search(cell.says, one.reason)
    ]
    assert mine, [told(one) for one in found]
    assert all(one.remedy and CHINESE.search(one.reason + one.remedy) for one in mine)
    assert not any("522399" in one.value + one.reason + one.remedy for one in found), "a number is quoted"
    assert cell.verdict == ERRORS or not errors


def test_the_corpus_holds_more_than_three_hundred_kinds_of_every_fault_of_the_table():
    assert len(KINDS) + len(CELLS) >= 300
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {kind.trust for kind in KINDS} | {cell.trust for *_, cell in CELLS} >= {*map(str, (*range(39, 55), 11, 12))}
