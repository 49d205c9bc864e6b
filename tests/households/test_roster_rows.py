"""Reading and grouping of roster rows, without a database."""

from datetime import date

import pytest

from core.sheets import Cell, Row
from households.importing.grouping import KnownVillage, build_households, group_key
from households.importing.layout import ROSTER
from households.importing.model import Faults, RosterHousehold, from_json, to_json
from households.importing.rows import RowReader

VILLAGE = KnownVillage(
    1, "422827102200", "桐子园村", 1, "422827102", "大河镇", 1, "来凤县", frozenset(("桐子园村",)), {"1组": (7, "1组")}
)
VALUES = {
    "county": "来凤县", "township": "大河镇", "village": "桐子园村", "group": "一组", "household": "4228271022000001",
    "person": "422827102200000101", "name": "阿依古丽·买买提", "identity": "522399195612021289", "size": 1, "relation": "户主",
    "ethnicity": "土家", "education": "小学", "schooling": "非在校生", "health": "残疾、长期慢性病", "skill": "普通劳力",
    "insured": "√", "exit_status": "未脱贫", "attribute": "低保贫困户", "cause": "缺劳动力", "dangerous": "否", "water_safe": "是",
    "water_difficult": "无", "income": 1793,
}  # fmt: skip


def read(**changes) -> tuple[list[RosterHousehold], Faults]:
    faults = Faults("花名册")
    cells = {column.key: Cell((VALUES | changes).get(column.key), column.kind) for column in ROSTER.columns}
    line = RowReader(faults, date(2016, 6, 30)).read(Row(2, cells))
    return build_households([line], {VILLAGE.code: VILLAGE}, faults), faults


def test_a_row_with_listed_synonyms_becomes_national_codes():
    (household,), faults = read()
    (head,) = household.members
    assert not faults.items
    assert (household.group, household.facts["attribute"], household.facts["cause"]) == ("1组", "04", "08")
    assert (head.ethnicity, head.health, head.skill, head.serious_illness_insured) == ("15", "02,04", "01", True)
    assert (head.name, head.birth, head.sex) == ("阿依古丽·买买提", date(1956, 12, 2), "F")


def test_a_household_survives_its_sealed_json_unchanged():
    (household,), _ = read()
    assert from_json(to_json(household)) == household


def test_a_sex_unlike_the_relation_is_a_hint():
    _, faults = read(relation="之子")
    assert [(item.severity, item.column) for item in faults.items][0] == ("warning", "与户主关系")


def test_an_unknown_province_in_a_number_is_only_a_hint():
    body = "992399195612021"
    from core.ids import check_character

    first = body + "28"
    _, faults = read(identity=first + check_character(first))
    assert [(item.severity, item.column) for item in faults.items] == [("warning", "证件号码")]


@pytest.mark.parametrize("name", ["3组", "三组", "第三组", "第3村民小组", "３ 组", "三小组"])
def test_one_group_has_one_key_however_it_is_written(name):
    assert group_key(name) == "3组"


@pytest.mark.parametrize(
    ("name", "key"), [("十组", "10组"), ("十二组", "12组"), ("二十一组", "21组"), ("二十组", "20组")]
)
def test_chinese_numbers_of_groups_are_read(name, key):
    assert group_key(name) == key


def test_a_fault_names_what_would_be_accepted():
    _, faults = read(cause="因懒")
    (fault,) = faults.items
    assert "因病、因残" in fault.remedy
    assert fault.as_line().startswith("工作表“花名册”第2行“主要致贫原因”列 “因懒”：")
