"""A made-up county's workbook as offices send it: the roster and the survey sheet. No person is in it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from assessment.importing import sheet as survey_sheet
from assessment.rubric import Rubric, load_default
from core.ids import check_character
from core.sheets.writer import OutColumn, OutSheet, write_table
from fupin.bench.scratch import SEED, county_of
from households.importing import layout

COUNTY = "659999"
"""No county bears it, but a household code may begin with it; that of the scratch county may not."""
SIZES = (3, 4, 4, 4, 3)
"""3.6 members a household, as in the counties that this was made for."""
_CODES = {"household", "person", "identity", "phone"}
_NUMBERS = {"number", "size", "work_months", "income"}
_SAME = {
    "ethnicity": "土家族", "education": "初中", "schooling": "非在校生", "health": "健康", "skill": "普通劳动力", "work_place": "县外省内务工",
    "work_months": 8, "insured": "是", "exit_status": "未脱贫", "attribute": "一般贫困户", "cause": "因病", "dangerous": "否", "water_safe": "是",
    "water_difficult": "否",
}  # fmt: skip


def write_workbook(path: Path, households: int) -> None:
    """For the places that `scratch.fill` makes for COUNTY."""
    rubric = load_default()
    columns = [
        OutColumn(one.title, "code" if one.key in _CODES else "integer" if one.key in _NUMBERS else "text") for one in layout.ROSTER.columns
    ]
    forms = [OutColumn(survey_sheet.CODE, "code"), OutColumn(survey_sheet.DAY, "date"), OutColumn(survey_sheet.SURVEYOR)]
    forms += [OutColumn(survey_sheet.title(item)) for item in rubric.indicators]
    sheets = (OutSheet(layout.SHEET, columns, _people(households)), OutSheet(survey_sheet.SHEET, forms, _forms(households, rubric)))
    write_table(path, sheets)


def _homes(households: int) -> Iterator[tuple[int, str, str]]:
    """(number, code, village)"""
    villages, each = county_of(households)
    for number in range(villages * each):
        village, place = divmod(number, each)
        yield number, f"{COUNTY}{100 + village // 500}{200 + village % 500}{place + 1:04d}", f"村{village}"


def _people(households: int) -> Iterator[list[object]]:
    line = 0
    for number, code, village in _homes(households):
        size = SIZES[number % len(SIZES)]
        for place in range(1, size + 1):
            line += 1
            day = date(1950, 1, 1) + timedelta(days=line % 18_000)
            digits = f"522399{day:%Y%m%d}{line // 18_000 * 100 + (1, 2, 3, 4)[place - 1]:03d}"
            head = place == 1
            own = {
                "number": line, "county": "基准县", "township": "基准乡", "village": village, "group": f"{number % 2 + 1}组", "household": code,
                "person": f"{code}{place:02d}", "name": f"张{chr(0x4E00 + line % 4000)}", "identity": digits + check_character(digits),
                "size": size if head else None, "relation": "户主" if head else "其他", "income": 2000 + number % 900, "phone": f"139{line:08d}",
            }  # fmt: skip
            yield [(_SAME | own)[column.key] for column in layout.ROSTER.columns]


def _forms(households: int, rubric: Rubric) -> Iterator[list[object]]:
    random = Random(SEED)  # noqa: S311 - the same content at every run
    for _, code, _ in _homes(households):
        yield [code, date(2016, 5, 20), "李调查", *(random.choice(item.options).label for item in rubric.indicators)]
