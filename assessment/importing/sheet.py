"""The survey sheet 六看评估: 户编号, 调查日期, 调查员 and one column an indicator of the round's rubric. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assessment.answers import encode, match_option
from assessment.rubric import Indicator, Rubric
from core.ids import is_household_code
from core.sheets import Column, HeaderSpec, Row
from core.sheets.problems import shown
from households.importing.model import Faults

SHEET = "六看评估"
CODE, DAY, SURVEYOR = "户编号", "调查日期", "调查员"


@dataclass(frozen=True)
class SurveySheetRow:
    """One signed form as the sheet gives it; `answers` is the canonical string."""

    code: str
    surveyed_on: date
    surveyor: str
    answers: str
    row: int | None = None


def layout(rubric: Rubric) -> HeaderSpec:
    fixed = (
        Column("code", (CODE, "户号"), kind="code", filled=True),
        Column("day", (DAY, "入户日期"), kind="date", filled=True),
        Column("surveyor", (SURVEYOR, "调查人", "调查员姓名"), filled=True),
    )
    asked = tuple(Column(item.code, (title(item), item.code, item.name), filled=True) for item in rubric.indicators)
    return HeaderSpec(fixed + asked)


def title(item: Indicator) -> str:
    return f"{item.code} {item.name}"


class SheetReader:
    """Reads rows of the sheet; each wording of an answer is matched once."""

    def __init__(self, rubric: Rubric, faults: Faults, today: date) -> None:
        self.rubric, self.faults, self.today = rubric, faults, today
        self._options: dict[tuple[str, str], int | None] = {}
        self._first: dict[str, int] = {}

    def read(self, row: Row) -> SurveySheetRow | None:
        for problem in row.problems:
            reason = "没有作答" if problem.reason == "不能为空" and self._is_answer(problem.column) else problem.reason
            self.faults.error(problem.row, problem.column, problem.value, reason, problem.remedy)
        code, day, surveyor = self._code(row), self._day(row), row.value("surveyor")
        if surveyor is not None and len(surveyor) > 64:
            self._error(row, "surveyor", SURVEYOR, "调查员姓名过长", "只填一个姓名")
        ordinals = {item.code: self._ordinal(row, item) for item in self.rubric.indicators}
        if not (code and day and surveyor) or None in ordinals.values():
            return None
        return SurveySheetRow(code, day, surveyor, encode(self.rubric, ordinals), row.number)

    def _is_answer(self, column: str) -> bool:
        return column not in (CODE, DAY, SURVEYOR)

    def _code(self, row: Row) -> str:
        code = row.value("code")
        if code is None:
            return ""
        if not is_household_code(code):
            self._error(row, "code", CODE, "户编号须为16位数字", "把该列设为“文本”格式后重新填写")
            return ""
        first = self._first.setdefault(code, row.number)
        if first != row.number:
            self._error(row, "code", CODE, f"户编号与第{first}行重复", "每户一张评估表，请删去多余的一行")
            return ""
        return code

    def _day(self, row: Row) -> date | None:
        day = row.value("day")
        if day is not None and day > self.today:
            self._error(row, "day", DAY, "调查日期在今天之后", "请核对调查日期")
            return None
        return day

    def _ordinal(self, row: Row, item: Indicator) -> int | None:
        said = row.value(item.code)
        if said is None:
            return None
        place = (item.code, said)
        if place not in self._options:
            option = match_option(item, said)
            self._options[place] = option.ordinal if option else None
        ordinal = self._options[place]
        if ordinal is None:
            labels = "；".join(option.label for option in item.options)
            self._error(row, item.code, title(item), "不是这项指标的选项", f"应为：{labels}")
        return ordinal

    def _error(self, row: Row, key: str, column: str, reason: str, remedy: str) -> None:
        self.faults.error(row.number, column, shown(row.value(key), secret=False), reason, remedy)
