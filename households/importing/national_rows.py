"""Rows of the two national layouts: cells to values, a fault for each cell that cannot be read (brief 3.7). Pure.

Here a blank cell says nothing: what is stored stays. The sheet supplements a file, it does not replace it, and half of the official columns come out empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.ids import ERROR, check_id, is_household_code, is_person_code, normalise_id, read_disability_number
from core.sheets import Row
from core.sheets.problems import shown
from households.codes import ETHNICITY, ID_KIND, RELATION, RELATION_SEX
from households.fields import HOUSEHOLD, INCOME, MEMBER, Field, Fields
from households.importing.cells import BadValue, accepted, value_of
from households.importing.model import MEMBER_FACTS, Faults, IncomeSaid, RosterMember
from households.importing.national import HOUSEHOLD_TITLES, NO_HOME, PARTS, PERSON_TITLES
from households.income import FIRST_YEAR, reckon, running_year

LONGEST_NAME = 64
DISABILITY_CARD = "09"
_SEXES = {"男": "M", "女": "F"}
YUAN = Decimal(1)


@dataclass(frozen=True)
class NationalRow:
    """A read row of either sheet. `member` stands in rows of the person sheet; `head` is the head's (name, number) as the row says it."""

    sheet: str
    row: int
    household: str
    county: str
    township: str
    village: str
    group: str
    head: tuple[str, str] = ("", "")
    size: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    income: IncomeSaid | None = None
    member: RosterMember | None = None


class _Reader:
    """What both sheets share."""

    titles: Mapping[str, str]
    declared: Fields

    def __init__(self, sheet: str, faults: Faults, today: date) -> None:
        self.sheet, self.faults, self.today = sheet, faults, today
        self._told: set[str] = set()

    def _start(self, row: Row) -> dict[str, object]:
        for problem in row.problems:
            self.faults.cell(problem)
        for key in NO_HOME.intersection(row.cells) - self._told:
            self._told.add(key)
            self.faults.warn(1, self.titles[key], "", "未导入的列：户的档案里没有对应的项目", "不需要处理")
        said = {name: row.value(name) or "" for name in ("county", "township", "village", "group")}
        head = (row.value("head_name") or "", normalise_id(row.value("head_identity") or ""))
        return said | {"sheet": self.sheet, "row": row.number, "household": self._household(row), "head": head}

    def _household(self, row: Row) -> str:
        code = row.value("household")
        if code is not None and not is_household_code(code):
            self._error(row, "household", "户编号须为16位数字", "前12位为行政村代码，后4位为顺序号；把该列设为“文本”格式")
            return ""
        return code or ""

    def _values(self, row: Row, fields: Mapping[str, Field], prefix: str = "") -> dict[str, object]:
        """Declared columns that are filled; a cell that cannot be read is told and left out."""
        found = {}
        for name, one in fields.items():
            raw = row.value(prefix + name)
            if raw is not None:
                try:
                    found[name] = value_of(one, raw, self.today)
                except BadValue as bad:
                    self._error(row, prefix + name, bad.reason, bad.remedy, secret=one.sealed)
        return found

    def _error(self, row: Row, key: str, reason: str, remedy: str, *, secret: bool = False) -> None:
        self.faults.error(row.number, self.titles[key], shown(row.value(key), secret=secret), reason, remedy)

    def _warn(self, row: Row, key: str, reason: str, remedy: str, *, secret: bool = False) -> None:
        self.faults.warn(row.number, self.titles[key], shown(row.value(key), secret=secret), reason, remedy)


def _parted(values: Mapping[str, object], declared: Fields) -> tuple[dict[str, object], dict[str, str]]:
    """Plain and sealed."""
    plain = {name: value for name, value in values.items() if not declared.named[name].sealed}
    return plain, {name: str(value) for name, value in values.items() if declared.named[name].sealed}


class HouseholdReader(_Reader):
    titles = HOUSEHOLD_TITLES

    def __init__(self, sheet: str, faults: Faults, today: date) -> None:
        super().__init__(sheet, faults, today)
        self._first: dict[tuple[str, int | None], int] = {}

    def read(self, row: Row) -> NationalRow:
        start = self._start(row)
        facts, secrets = _parted(self._values(row, HOUSEHOLD.named), HOUSEHOLD)
        income = self._income(row)
        if income is None and row.value("per_head") is not None:
            facts["net_income_per_head"] = int(row.value("per_head").quantize(YUAN))
        first = self._first.setdefault((start["household"], row.value("year")), row.number)
        if start["household"] and first != row.number:
            self._error(row, "household", f"户编号与第{first}行重复", "一户一个年度只写一行，请删去多余的一行")
        return NationalRow(**start, size=row.value("size"), facts=facts, secrets=secrets, income=income)

    def _income(self, row: Row) -> IncomeSaid | None:
        parts = self._values(row, INCOME.named, PARTS)
        for total, rest in (("property", "property_other"), ("transfer", "transfer_other")):
            self._only_total(row, parts, total, rest)
        if not parts:
            return None
        year, newest = row.value("year"), running_year(self.today)
        if year is None or not FIRST_YEAR <= year <= newest:
            self._error(row, "year", f"收入年度应在{FIRST_YEAR}至{newest}之间", "填了收入就要填年度：上年10月1日至本年9月30日为一个年度")
            return None
        self._sums(row, parts)
        per_head = row.value("per_head")
        return IncomeSaid(year, parts, None if per_head is None else int(per_head.quantize(YUAN)), row.number)

    def _only_total(self, row: Row, parts: dict, total: str, rest: str) -> None:
        """A sum without any of its items: the sum is known, so it goes to the item that takes what has no name."""
        section = next(section for section in INCOME.sections if section.code == total)
        if row.value(total) is not None and not any(row.value(PARTS + one.name) is not None for one in section.fields):
            if row.value(total) < 0:
                self._error(row, total, "金额不能小于0", "请核对金额，单位是元")
                return
            parts[rest] = row.value(total)
            if row.value(total):
                self._warn(row, total, f"只有合计，没有分项，计入{INCOME.named[rest].label}", "请补填分项")

    def _sums(self, row: Row, parts: Mapping[str, Decimal]) -> None:
        """What the layout asks for and we reckon: told where it differs, never taken (brief 3.9)."""
        made = reckon(parts, row.value("size") or 0)
        known = [made.wage, made.business, made.property, made.transfer]
        gross = None if None in known else sum(known)
        sums = {"net": made.net, "gross": gross, "property": made.property, "transfer": made.transfer}
        for key, reckoned in sums.items():
            said = row.value(key)
            if said is not None and reckoned is not None and abs(said - reckoned) > YUAN:
                self._warn(row, key, f"与分项合计 {reckoned:,.2f} 元不符，以分项为准", "请核对分项")


class PersonReader(_Reader):
    titles = PERSON_TITLES

    def read(self, row: Row) -> NationalRow:
        start = self._start(row)
        values = self._values(row, MEMBER.named)
        phone = row.value("home_phone")
        return NationalRow(**start, secrets={"phone": "".join(phone.split())} if phone else {}, member=self._member(row, start["household"], values))

    def _member(self, row: Row, household: str, values: dict[str, object]) -> RosterMember | None:
        code, name, relation = self._code(row, household), row.value("name"), self._coded(row, "relation", RELATION)
        ethnicity = self._coded(row, "ethnicity", ETHNICITY)
        if name is not None and len(name) > LONGEST_NAME:
            self._error(row, "name", f"姓名超过{LONGEST_NAME}个字", "请核对姓名")
        number = self._identity(row, values, relation)
        if number is None or not (code and name and relation):
            return None
        plain, secrets = _parted(values, MEMBER)
        own = {one: plain.pop(one) for one in MEMBER_FACTS if one in plain}
        phone = secrets.pop("phone", "")
        return RosterMember(
            code, name, *number, relation, ethnicity, **own, phone=phone, row=row.number, partial=True, more=plain, secrets=secrets, sheet=self.sheet
        )

    def _code(self, row: Row, household: str) -> str:
        code = row.value("person")
        if code is None:
            return ""
        if not is_person_code(code) or (household and code[:16] != household):
            self._error(row, "person", "人口编号须为18位数字，前16位为户编号", "请核对人口编号与户编号；把该列设为“文本”格式")
            return ""
        return code

    def _coded(self, row: Row, key: str, codes) -> str:
        said = row.value(key)
        code = None if said is None else codes.code_of(said)
        if said is not None and code is None:
            self._error(row, key, f"不是“{codes.name}”的规定选项", accepted(codes))
        return code or ""

    def _identity(self, row: Row, values: dict[str, object], relation: str) -> tuple[str, date, str] | None:
        """(number, birth, sex). A 残疾证 of 20 characters holds the ID number in its first 18 (brief 3.3)."""
        number, kind = row.value("identity"), self._coded(row, "id_kind", ID_KIND)
        if number is None:
            return None
        number = normalise_id(number)
        if kind == DISABILITY_CARD and len(number) in (20, 22):
            values.setdefault("disability_number", number)
            number = number[:18]
        self._card(row, values, number)
        reading = check_id(number, today=self.today)
        for problem in reading.problems:
            remedy = "请与本人核对后改为18位号码" if reading.offer else problem.remedy
            (self._error if problem.severity == ERROR else self._warn)(row, "identity", problem.message, remedy, secret=True)
        if not reading.ok or reading.birth is None or reading.sex is None:
            return None
        self._against(row, reading.birth, reading.sex, relation)
        return reading.number, reading.birth, reading.sex

    def _against(self, row: Row, birth: date, sex: str, relation: str) -> None:
        """The number decides; what the row says beside it and is otherwise is told."""
        said = row.value("sex")
        if said is not None and _SEXES.get(said.removesuffix("性")) != sex:
            self._warn(row, "sex", "与证件号码表示的性别不符，以证件号码为准", "请核对性别和证件号码")
        if row.value("birth") not in (None, birth):
            self._warn(row, "birth", "与证件号码里的出生日期不符，以证件号码为准", "请核对出生日期和证件号码")
        if RELATION_SEX.get(relation, sex) != sex:
            self._warn(row, "relation", "与户主关系和证件号码表示的性别不符", "请核对与户主关系和证件号码")

    def _card(self, row: Row, values: dict[str, object], number: str) -> None:
        card = values.get("disability_number")
        if not card:
            return
        key = "disability_number" if row.value("disability_number") else "identity"
        reading = read_disability_number(card, today=self.today)
        faults = [problem for problem in reading.problems if problem.severity == ERROR]
        if faults or reading.identity != number:
            values.pop("disability_number")
            reason = faults[0].message if faults else "残疾证号前18位与证件号码不同"
            self._error(row, key, reason, "请核对残疾人证", secret=True)
            return
        values["disability_number"] = reading.number
        values.setdefault("disability_kind", reading.kind)
        if reading.grade:
            values.setdefault("disability_grade", reading.grade)

