"""Every fault of a file is named by sheet, row, column and value, and then nothing at all is written (trust 39-58)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from households.models import Household, ImportProblem, Person, StagedRow
from tests.assessment.roster_book import HEADERS, VILLAGE, book, household, import_book, person, survey
from tests.ground import made_up_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROW_FAULTS = [
    ("户编号", 4228271022000001, "编码是数字"),
    ("户编号", "42282710220001", "户编号须为16位数字"),
    ("户编号", "4228271032000001", "不在您负责的范围"),
    ("户编号", "9928271022000001", "户编号须为16位数字"),
    ("人编号", 422827102200000101, "编码是数字"),
    ("人编号", "422827102200000201", "人编号前16位与户编号不一致"),
    ("行政村", "芭蕉溪村村民委员会", "行政村与户编号不符"),
    ("姓名", None, "不能为空"),
    ("证件号码", 522399195612021289, "编码是数字"),
    ("证件号码", "522399195612021280", "校验位不对"),
    ("证件号码", "522399560212128", "15位旧号码已停用"),
    ("证件号码", None, "不能为空"),
    ("与户主关系", "舅公", "不是“与户主关系”的规定选项"),
    ("与户主关系", "之子", "这一户没有户主"),
    ("民族", "火星族", "不是“民族”的规定选项"),
    ("文化程度", "秀才", "不是“文化程度”的规定选项"),
    ("在校生状况", "私塾", "不是“在校生状况”的规定选项"),
    ("健康状况", "健康、还行", "不是“健康状况”的规定选项"),
    ("劳动技能", "很强", "不是“劳动技能”的规定选项"),
    ("务工状况", "月球", "不是“务工状况”的规定选项"),
    ("务工时间（月）", 13, "0至12个月"),
    ("务工时间（月）", 2.5, "不是整数"),
    ("参加大病医疗", "也许", "只能填“是”或“否”"),
    ("脱贫属性", "差不多", "不是“脱贫属性”的规定选项"),
    ("贫困户属性", "特别贫困", "不是“贫困户属性”的规定选项"),
    ("主要致贫原因", "因懒", "不是“主要致贫原因”的规定选项"),
    ("危房户", "塌了", "只能填“是”或“否”"),
    ("人均纯收入", "2千", "不是整数"),
    ("人均纯收入", 99_999_999, "超出范围"),
    ("人数", 5, "人数与行数不符"),
]


@pytest.mark.parametrize(("column", "value", "reason"), ROW_FAULTS)
def test_the_township_is_told_the_cell_of_a_fault_and_nothing_is_written(cast, round_, tmp_path, column, value, reason):
    rows = household(1)
    rows[0][column] = value
    run = import_book(cast.township, book(tmp_path / "名册.xlsx", rows + household(2)))
    assert run.state == "refused"
    found = run.problems.filter(severity="error", sheet="花名册", row=2, column=column, reason__contains=reason)
    assert found.count() == 1, list(run.problems.values_list("row", "column", "reason"))
    assert not Household.objects.exists()
    assert not StagedRow.objects.exists()


SURVEY_FAULTS = [
    ("A1 房屋主要结构", "宫殿", "不是这项指标的选项"),
    ("F3 教育回报与义务教育保障", None, "没有作答"),
    ("调查日期", "2016.2.30", "日期"),
    ("调查日期", f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}", "在今天之后"),
    ("调查日期", 42441, "是数字，不是日期"),
    ("调查员", None, "不能为空"),
    ("户编号", 4228271022000001, "编码是数字"),
    ("户编号", "4228271022000009", "不在花名册中"),
]


@pytest.mark.parametrize(("column", "value", "reason"), SURVEY_FAULTS)
def test_the_township_is_told_the_cell_of_a_fault_in_the_survey_sheet(cast, round_, tmp_path, column, value, reason):
    path = book(tmp_path / "名册.xlsx", household(1), [survey(1, **{column: value})])
    run = import_book(cast.township, path)
    assert run.state == "refused"
    assert run.problems.filter(sheet="六看评估", row=2, column=column, reason__contains=reason).count() == 1, list(
        run.problems.values_list("row", "column", "reason")
    )
    assert not Household.objects.exists()


def test_every_fault_of_a_file_is_named_in_one_pass(cast, round_, tmp_path):
    rows = household(1) + household(2)
    rows[0]["民族"], rows[1]["文化程度"], rows[2]["危房户"] = "甲", "乙", "丙"
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows, [survey(1, 调查员=None)]))
    assert set(run.problems.values_list("row", "column")) >= {
        (2, "民族"),
        (3, "文化程度"),
        (4, "危房户"),
        (2, "调查员"),
    }


def test_the_same_number_twice_names_the_first_row(cast, round_, tmp_path):
    rows = household(1) + household(2, 证件号码=made_up_id(21))
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    assert run.problems.get(severity="error").reason == "证件号码与第2行重复"


def test_a_second_head_is_an_error_of_its_row(cast, round_, tmp_path):
    rows = household(1)
    rows[1]["与户主关系"] = "户主"
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    assert run.problems.get(severity="error", column="与户主关系").row == 3


def test_no_list_of_problems_shows_a_number(cast, round_, tmp_path):
    rows = household(1, 证件号码="522399195612021280") + household(2, 证件号码="522399560212128")
    rows[0]["联系电话"] = "1900000"
    import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    text = " ".join(f"{p.value}{p.reason}{p.remedy}" for p in ImportProblem.objects.all())
    assert "5223991956" not in text and "52239956" not in text and "1900000" not in text


def test_a_missing_column_is_named_and_an_unknown_one_only_mentioned(cast, round_, tmp_path):
    headers = [name for name in HEADERS if name != "民族"]
    run = import_book(cast.township, book(tmp_path / "a.xlsx", household(1), headers=headers))
    assert "民族" in run.problems.get(severity="error").column
    run = import_book(cast.township, book(tmp_path / "b.xlsx", household(1), headers=[*reversed(HEADERS), "备注"]))
    assert run.state == "committed"
    assert run.problems.filter(severity="warning", column="备注").exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"自然村": None}, "自然村"), ({"自然村": "大湾"}, "自然村"), ({"乡(镇)": "大河乡"}, "乡(镇)"), ({"联系电话": "8888"}, "联系电话"), ({"在校生状况": "七年级"}, "文化程度")],
)
def test_what_is_only_odd_is_a_hint_and_is_imported(cast, round_, tmp_path, cells, column):
    rows = household(1)
    rows[0] |= cells
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    assert run.state == "committed", list(run.problems.values_list("reason", flat=True))
    assert run.problems.filter(severity="warning", column=column, row=2).exists()


def test_a_member_row_that_differs_from_the_head_is_a_hint_and_the_head_decides(cast, round_, tmp_path):
    rows = household(1)
    rows[1] |= {"自然村": "2组", "贫困户属性": "低保户"}
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    assert set(run.problems.values_list("severity", "row", "column")) >= {
        ("warning", 3, "自然村"),
        ("warning", 3, "贫困户属性"),
    }
    stored = Household.objects.get()
    assert (stored.group.name, stored.attribute) == ("1组", "01")


def test_a_household_without_a_group_is_kept_as_ungrouped(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1, 自然村=None)))
    assert Household.objects.get().group is None


def test_a_person_who_lives_in_another_household_is_an_error(cast, round_, make_household, tmp_path):
    make_household(number=7, members=1)
    index = Person.objects.get()
    rows = [person(1, 1, 证件号码=_identity_of(index))]
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    problem = run.problems.get(severity="error")
    assert (problem.row, problem.column) == (2, "证件号码")
    assert f"{VILLAGE}0007" in problem.reason


def test_a_person_of_another_township_is_an_error_that_names_no_household(cast, round_, make_household, tmp_path):
    make_household("422827103200", number=7, members=1)
    rows = [person(1, 1, 证件号码=_identity_of(Person.objects.get()))]
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    problem = run.problems.get(severity="error")
    assert "本县其他乡镇" in problem.reason
    assert "422827103200" not in problem.reason


def test_a_locked_household_is_refused_by_name_only_when_it_would_change(cast, round_, tmp_path):
    path = book(tmp_path / "r.xlsx", household(1))
    import_book(cast.township, path)
    Household.objects.update(hold=True, hold_reason="名单公示中")
    assert import_book(cast.township, path).state == "committed"
    run = import_book(cast.township, book(tmp_path / "s.xlsx", household(1, 人均纯收入=999)))
    assert run.state == "refused"
    assert "张11户已锁定" in run.problems.get(severity="error").reason


def test_a_hostile_file_is_refused_before_it_is_read(cast, round_, tmp_path):
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"PK\x03\x04 not a zip")
    run = import_book(cast.township, path)
    assert run.state == "refused"
    assert run.problems.get().reason


def _identity_of(row: Person) -> str:
    from households.secrets import reveal

    return reveal(row, "id")
