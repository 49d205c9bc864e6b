"""花名册: the 26 columns of the national layout + 序号 (brief 3.7), one row a person."""

from __future__ import annotations

from collections.abc import Iterator

from core.scope import FieldClass
from households import codes
from households.fields import codes_in
from reports.workbooks.cells import at_home, coded, label, of_home, of_member, yes_no
from reports.workbooks.model import Ask, Column, Line, Progress, Report
from reports.workbooks.sources import HEAD, count_homes, person_lines

_HOME = ("exit_status", "attribute", "cause", "dangerous_house", "water_safe", "water_difficult", "net_income_per_head")
_MEMBER = (
    "person__ethnicity", "education", "schooling", "health", "skill", "work_place", "work_months", "serious_illness_insured",
)  # fmt: skip
NUMBER_HIDDEN = "一律以星号代替；经批准的含完整号码的文件除外"
PHONE_HIDDEN = "无权查看全号的以星号代替"


def _size(line: Line) -> object:
    return line.home["persons"] if line.member["relation"] == HEAD else None


def _phone(line: Line) -> object:
    return line.member["phone"] or (line.home["phone"] if line.member["relation"] == HEAD else "")


def _health(line: Line) -> object:
    return "、".join(label(codes.HEALTH, code) for code in codes_in(line.member["health"]))


COLUMNS = (
    Column("number", "序号", "本表行号", lambda line: line.number, "integer", 7),
    Column("county", "县(市、区、旗)", "农户所在县", of_home("county__name")),
    Column("township", "乡(镇)", "农户所在乡镇", of_home("township__name")),
    Column("village", "行政村", "农户所在村或社区", of_home("village__name"), width=24),
    Column("group", "自然村", "村民小组", of_home("group__name"), width=10),
    Column("household", "户编号", "16 位户编号，搬迁不变", of_home("code"), "code", 20),
    Column("person", "人编号", "18 位人编号", of_member("code"), "code", 22),
    Column("name", "姓名", "成员姓名", of_member("person__name"), width=10),
    Column(
        "identity", "证件号码", f"身份证或残疾证号码；{NUMBER_HIDDEN}", of_member("identity"), "code", 22, seen_by=FieldClass.IDENTITY, number=True
    ),
    Column("size", "人数", "在户成员数，只填在户主行", _size, "integer", 7, "人"),
    Column("relation", "与户主关系", "国家代码表", coded("relation", codes.RELATION), width=11),
    Column("ethnicity", "民族", "GB/T 3304", coded("person__ethnicity", codes.ETHNICITY), width=9),
    Column("education", "文化程度", "国家代码表", coded("education", codes.EDUCATION), width=14),
    Column("schooling", "在校生状况", "国家代码表", coded("schooling", codes.SCHOOLING), width=14),
    Column("health", "健康状况", "国家代码表，可多项", _health, width=16, seen_by=FieldClass.HEALTH),
    Column("skill", "劳动技能", "国家代码表", coded("skill", codes.SKILL), width=14),
    Column("work_place", "务工状况", "国家代码表", coded("work_place", codes.WORK_PLACE), width=11),
    Column("work_months", "务工时间（月）", "一年内务工月数，0 至 12", of_member("work_months"), "integer", 9, "月"),
    Column("insured", "参加大病医疗", "是或否", yes_no("serious_illness_insured"), width=9),
    Column("exit_status", "脱贫属性", "户的现状", coded("exit_status", codes.EXIT_STATUS, at_home), width=10),
    Column("attribute", "贫困户属性", "户的属性，国家代码表", coded("attribute", codes.ATTRIBUTE, at_home), width=14),
    Column("cause", "主要致贫原因", "一户一项，国家代码表", coded("cause", codes.CAUSE, at_home), width=14),
    Column("dangerous", "危房户", "是或否", yes_no("dangerous_house", at_home), width=8),
    Column("water_safe", "饮水安全", "是或否", yes_no("water_safe", at_home), width=8),
    Column("water_difficult", "饮水困难", "是或否", yes_no("water_difficult", at_home), width=8),
    Column("income", "人均纯收入", "元", of_home("net_income_per_head"), "integer", 10, "元"),
    Column("phone", "联系电话", PHONE_HIDDEN, _phone, "code", 14, seen_by=FieldClass.CONTACT),
)


def _lines(ask: Ask, progress: Progress) -> Iterator[Line]:
    return person_lines(ask, progress, home=_HOME, member=_MEMBER)


ROSTER = Report("roster", "花名册", "一人一行，国家 26 栏", sheet="花名册", columns=COLUMNS, lines=_lines, count=count_homes)

ROSTER_COLUMNS = ROSTER.out_columns
