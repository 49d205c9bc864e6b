"""One roster row: cells to codes, with a fault for each cell that cannot be read. Pure.

A row is always read to its end, so that one pass names every fault of it (trust 56).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.ids import ERROR, check_id, is_household_code, is_person_code
from core.sheets import Row
from core.sheets.problems import shown
from households.codes import (
    ATTRIBUTE,
    CAUSE,
    EDUCATION,
    ETHNICITY,
    EXIT_STATUS,
    HEALTH,
    RELATION,
    RELATION_SEX,
    SCHOOLING,
    SKILL,
    WORK_PLACE,
    CodeList,
    yes_no,
)  # fmt: skip
from households.importing.layout import TITLES
from households.importing.model import Faults, RosterMember

LONGEST_NAME = 64
LARGEST_INCOME = 10_000_000
_PHONE = re.compile(r"1[0-9]{10}")
_KEYS = {title: key for key, title in TITLES.items()}
_IN_SCHOOL_NOT = ("", "01")
_CHILD_BEFORE_SCHOOL = "06"


@dataclass(frozen=True)
class Line:
    """A read row: the person, and what the row says of the household. `member` is None when the person cannot be read;
    `unread` are the columns with an error."""

    row: int
    household: str
    county: str
    township: str
    village: str
    group: str
    size: int | None
    facts: dict[str, object]
    phone: str
    member: RosterMember | None
    is_head: bool
    unread: frozenset[str] = frozenset()


class RowReader:
    """Reads rows of one sheet; labels are looked up once each."""

    def __init__(self, faults: Faults, today: date) -> None:
        self.faults, self.today = faults, today
        self._labels: dict[tuple[str, str], str | None] = {}
        self._unread: set[str] = set()

    def read(self, row: Row) -> Line:
        self._unread = {_KEYS[problem.column] for problem in row.problems}
        for problem in row.problems:
            self.faults.cell(problem)
        household = self._household_code(row)
        facts = {
            "attribute": self._coded(row, "attribute", ATTRIBUTE),
            "exit_status": self._coded(row, "exit_status", EXIT_STATUS),
            "cause": self._coded(row, "cause", CAUSE),
            "dangerous_house": self._yes_no(row, "dangerous"),
            "water_safe": self._yes_no(row, "water_safe"),
            "water_difficult": self._yes_no(row, "water_difficult"),
            "net_income_per_head": self._income(row),
        }
        relation = self._coded(row, "relation", RELATION)
        phone = self._phone(row)
        member = self._member(row, household, relation, phone)
        return Line(
            row.number, household, _said(row, "county"), _said(row, "township"), _said(row, "village"), _said(row, "group"),
            row.value("size"), facts, phone, member, relation == "01", frozenset(self._unread),
        )  # fmt: skip

    def _household_code(self, row: Row) -> str:
        code = row.value("household")
        if code is not None and not is_household_code(code):
            self._error(
                row, "household", "户编号须为16位数字", "前12位为行政村代码，后4位为顺序号；把该列设为“文本”格式"
            )
            return ""
        return code or ""

    def _member(self, row: Row, household: str, relation: str, phone: str) -> RosterMember | None:
        code, name = self._person_code(row, household), row.value("name")
        if name is not None and len(name) > LONGEST_NAME:
            self._error(row, "name", f"姓名超过{LONGEST_NAME}个字", "请核对姓名")
        education = self._coded(row, "education", EDUCATION)
        schooling = self._coded(row, "schooling", SCHOOLING)
        self._schooling_rule(row, education, schooling)
        values = {
            "ethnicity": self._coded(row, "ethnicity", ETHNICITY),
            "education": education,
            "schooling": schooling,
            "health": self._health(row),
            "skill": self._coded(row, "skill", SKILL),
            "work_place": self._coded(row, "work_place", WORK_PLACE),
            "work_months": self._months(row),
            "serious_illness_insured": self._yes_no(row, "insured"),
            "phone": "" if relation == "01" else phone,
        }
        identity = self._identity(row, relation)
        if identity is None or not (code and name and relation):
            return None
        number, birth, sex = identity
        return RosterMember(code, name, number, birth, sex, relation, row=row.number, **values)

    def _person_code(self, row: Row, household: str) -> str:
        code = row.value("person")
        if code is None:
            return ""
        if not is_person_code(code):
            self._error(row, "person", "人编号须为18位数字", "前16位为户编号，后2位为顺序号；把该列设为“文本”格式")
            return ""
        if household and code[:16] != household:
            self._error(row, "person", "人编号前16位与户编号不一致", "请核对人编号与户编号")
            return ""
        return code

    def _identity(self, row: Row, relation: str) -> tuple[str, date, str] | None:
        number = row.value("identity")
        if number is None:
            return None
        reading = check_id(number, today=self.today)
        for problem in reading.problems:
            report = self._error if problem.severity == ERROR else self._warn
            # The remedy of an old number quotes the converted one: not in a list that is stored and passed on (C5).
            remedy = "请与本人核对后改为18位号码" if reading.offer else problem.remedy
            report(row, "identity", problem.message, remedy, secret=True)
        if not reading.ok or reading.birth is None or reading.sex is None:
            return None
        expected = RELATION_SEX.get(relation)
        if expected and expected != reading.sex:
            self._warn(row, "relation", "与户主关系和证件号码表示的性别不符", "请核对与户主关系和证件号码")
        return reading.number, reading.birth, reading.sex

    def _coded(self, row: Row, key: str, codes: CodeList) -> str:
        said = row.value(key)
        if said is None:
            return ""
        place = (key, said)
        if place not in self._labels:
            self._labels[place] = codes.code_of(said)
        code = self._labels[place]
        if code is None:
            self._error(row, key, f"不是“{codes.name}”的规定选项", _accepted(codes))
        return code or ""

    def _health(self, row: Row) -> str:
        said = row.value("health")
        if said is None:
            return ""
        found = HEALTH.codes_of(said)
        if found is None:
            self._error(row, "health", "不是“健康状况”的规定选项", _accepted(HEALTH) + "；可多选，用“、”隔开")
        return ",".join(found or ())

    def _yes_no(self, row: Row, key: str) -> bool | None:
        said = row.value(key)
        answer = yes_no(said)
        if said is not None and answer is None:
            self._error(row, key, "只能填“是”或“否”", "请改为“是”或“否”")
        return answer

    def _income(self, row: Row) -> int | None:
        income = row.value("income")
        if income is not None and abs(income) > LARGEST_INCOME:
            self._error(row, "income", "人均纯收入超出范围", "单位是元，请核对")
            return None
        return income

    def _months(self, row: Row) -> int | None:
        months = row.value("work_months")
        if months is not None and not 0 <= months <= 12:
            self._error(row, "work_months", "务工时间应为0至12个月", "请填写0至12的整数")
            return None
        return months

    def _phone(self, row: Row) -> str:
        said = "".join((row.value("phone") or "").split())
        if said and not _PHONE.fullmatch(said):
            self._warn(row, "phone", "联系电话不是11位手机号码", "请核对联系电话", secret=True)
        return said

    def _schooling_rule(self, row: Row, education: str, schooling: str) -> None:
        """Brief 3.6: an adult has an education, a pupil a school year, never both. Real files break it, so it only warns."""
        if education not in ("", _CHILD_BEFORE_SCHOOL) and schooling not in _IN_SCHOOL_NOT:
            self._warn(row, "education", "在校生不应再填文化程度", "文化程度和在校生状况只填一项")

    def _error(self, row: Row, key: str, reason: str, remedy: str, *, secret: bool = False) -> None:
        self._unread.add(key)
        self.faults.error(row.number, TITLES[key], shown(row.value(key), secret=secret), reason, remedy)

    def _warn(self, row: Row, key: str, reason: str, remedy: str, *, secret: bool = False) -> None:
        self.faults.warn(row.number, TITLES[key], shown(row.value(key), secret=secret), reason, remedy)


def _said(row: Row, key: str) -> str:
    return row.value(key) or ""


def _accepted(codes: CodeList) -> str:
    labels = list(codes.items.values())
    if len(labels) > 30:
        return f"应为国家标准名称，如{'、'.join(labels[:4])}"
    return "应为：" + "、".join(labels)
