"""Every workbook that the system hands out, opened and saved by LibreOffice: same cells, codes still text, no formula (fault 59)."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from accounts.scopes import scope_of
from assessment.importing.report import write_errors
from households.models import Household
from reports.actions import roll_up, system_scope
from reports.actions_exports import approved_export
from reports.actions_freeze import freeze_table
from reports.comparing import difference
from reports.exporting import export_to_file
from reports.frozen_files import difference_workbook, frozen_workbook
from reports.workbooks import REPORTS
from tests.assessment.roster_book import book, import_book, person

pytestmark = [
    pytest.mark.once,
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
]

HOSTILE = ("=cmd|'/c calc'!A1", "+1", "@x", "-2+3")
VILLAGE = "422827102200"
TABLES = (
    ("village", VILLAGE), ("township", "422827102"), ("county", "422827"), ("roster", "422827"), ("households", VILLAGE), ("persons", VILLAGE),
    ("list", VILLAGE), ("edit", VILLAGE),
)  # fmt: skip
GUIDE = "口径说明"


@pytest.fixture
def made(cast, round_, make_household, make_case, places, tmp_path):
    """Path by name of each export and of the workbook of import problems, with names that look like formulas everywhere."""
    for number, name in enumerate(HOSTILE, start=1):
        household = make_household(number=number)
        person_ = household.memberships.get(relation="01").person
        person_.name = name
        person_.save()
    group, village = places.groups["42282710220001"], places.villages["422827102200"]
    group.name, village.name = HOSTILE[0], HOSTILE[1]
    group.save()
    village.save()
    make_case(number=9)
    roll_up(scope=system_scope(round_), round_code=round_.code)
    folder = tmp_path / "made"
    folder.mkdir()
    for table, area in TABLES:
        user = cast.township if area == "422827102" else (cast.cadre if area == VILLAGE else cast.county)
        export_to_file(
            scope=scope_of(user), table=table, round_code=round_.code, area=area, path=folder / f"{table}.xlsx"
        )
    full = {"scope": scope_of(cast.cadre), "round_code": round_.code, "area": VILLAGE}
    for table in ("roster", "households", "persons"):
        leave = approved_export(**full, table=table, approver=scope_of(cast.lead), purpose="核对打开方式")
        export_to_file(**full, table=table, path=folder / f"{table}-full.xlsx", request=leave)
    rows = [person(50 + n, 1, 姓名=name, 民族=name) for n, name in enumerate(HOSTILE)]
    frozen = [freeze_table(scope=scope_of(cast.cadre), level="village", round_code=round_.code, area=VILLAGE) for _ in range(2)]
    for name, book_ in (
        ("frozen", frozen_workbook(scope_of(cast.cadre), frozen[0])),
        ("difference", difference_workbook(scope_of(cast.cadre), difference(*frozen, scope_of(cast.cadre)))),
    ):
        (folder / f"{name}.xlsx").write_bytes(book_.content.getvalue())
    write_errors(import_book(cast.township, book(tmp_path / "名册.xlsx", rows)), folder / "problems.xlsx")
    return {path.stem: path for path in sorted(folder.iterdir())}


@pytest.fixture
def reopened(made, tmp_path):
    """The same workbooks after LibreOffice has opened and saved them; one start of it for all."""
    out = tmp_path / "reopened"
    command = [
        "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
        str(out), *map(str, made.values()),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return {name: out / path.name for name, path in made.items()}


def _values(path: Path) -> dict[str, dict[str, object]]:
    """{sheet: {address: value}} of the cells that hold something."""
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")
        }
        for sheet in openpyxl.load_workbook(path)
    }


def _by_calamine(path: Path) -> dict[str, list[list[object]]]:
    """The rows as the reader of our own imports sees them, without the empty ends that LibreOffice adds."""
    book = CalamineWorkbook.from_path(str(path))
    rows = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    return {name: [[cell for cell in row if cell != ""] for row in found if any(cell != "" for cell in row)] for name, found in rows.items()}


def _cells(path: Path):
    return [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_every_workbook_comes_through_libreoffice_unchanged(made, reopened):
    """One test of several facts: each start of LibreOffice takes seconds."""
    assert set(made) == {*REPORTS, "roster-full", "households-full", "persons-full", "problems", "frozen", "difference"}
    for name, path in reopened.items():
        assert path.exists(), f"LibreOffice could not open {name}"
        assert _values(path) == _values(made[name]), name
        assert [cell.coordinate for cell in _cells(path) if cell.data_type in "fe"] == [], f"{name} computes something"
        if name not in ("problems", "edit"):
            assert GUIDE in openpyxl.load_workbook(path).sheetnames, name

        assert _by_calamine(path) == _by_calamine(made[name]), name

    shown = {cell.value for name in ("roster-full", "village", "problems") for cell in _cells(reopened[name])}
    assert set(HOSTILE) <= shown, "a name changed on its way"

    sheet = openpyxl.load_workbook(reopened["roster-full"])["花名册"]
    titles = [cell.value for cell in sheet[1]]
    codes = [titles.index(title) for title in ("户编号", "人编号", "证件号码")]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == 2 * Household.objects.count()
    for row in rows:
        assert [row[n].data_type for n in codes] == ["s"] * 3
        assert [len(row[n].value) for n in codes] == [16, 18, 18]
        assert row[codes[2]].value.startswith("522399")
    for name, sheet, title in (("households-full", "户信息", "户主证件号码"), ("persons-full", "人员信息", "证件号码")):
        book = openpyxl.load_workbook(reopened[name])[sheet]
        place = [cell.value for cell in book[1]].index(title)
        assert {(row[place].data_type, len(row[place].value)) for row in book.iter_rows(min_row=2)} == {("s", 18)}
    masked = openpyxl.load_workbook(reopened["roster"])["花名册"]
    assert {row[codes[2]].value for row in masked.iter_rows(min_row=2)} == {"*" * 18}
