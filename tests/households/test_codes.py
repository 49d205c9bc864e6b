"""National code lists: every label of the township's roster, the wordings of other years, and nothing guessed."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from households import codes

DATA = Path(__file__).parents[1] / "data"
LISTS = [value for value in vars(codes).values() if isinstance(value, codes.CodeList)]
ROSTER_COLUMNS = {
    "与户主关系": codes.RELATION,
    "民族": codes.ETHNICITY,
    "文化程度": codes.EDUCATION,
    "在校生状况": codes.SCHOOLING,
    "健康状况": codes.HEALTH,
    "劳动技能": codes.SKILL,
    "务工状况": codes.WORK_PLACE,
    "参加大病医疗": codes.YES_NO,
    "脱贫属性": codes.EXIT_STATUS,
    "贫困户属性": codes.ATTRIBUTE,
    "主要致贫原因": codes.CAUSE,
    "危房户": codes.YES_NO,
    "饮水安全": codes.YES_NO,
    "饮水困难": codes.YES_NO,
}


@pytest.fixture(scope="module")
def roster():
    return CalamineWorkbook.from_path(DATA / "roster-dahe-township.xlsx").get_sheet_by_name("花名册").to_python()


@pytest.mark.parametrize("column", ROSTER_COLUMNS)
def test_every_label_of_the_roster_has_a_code(roster, column):
    place = roster[0].index(column)
    labels = {row[place] for row in roster[1:]} - {""}
    assert labels
    assert {label for label in labels if not ROSTER_COLUMNS[column].codes_of(label)} == set()


@pytest.mark.parametrize(
    ("code_list", "said", "code"),
    [
        (codes.RELATION, "户主", "01"),
        (codes.RELATION, "本人", "01"),
        (codes.RELATION, "之女", "04"),
        (codes.RELATION, "次子", "03"),
        (codes.RELATION, "之兄弟姐妹", "21"),
        (codes.RELATION, "其他", "99"),
        (codes.ETHNICITY, "土家族", "15"),
        (codes.ETHNICITY, "土家", "15"),
        (codes.ETHNICITY, "基诺族", "56"),
        (codes.ETHNICITY, "布依族", "09"),
        (codes.ETHNICITY, "鄂伦春族", "52"),
        (codes.EDUCATION, "大专", "05"),
        (codes.EDUCATION, "本科及以上", "05"),
        (codes.EDUCATION, "文盲/半文盲", "01"),
        (codes.SCHOOLING, "普通高中二年级", "08"),
        (codes.SCHOOLING, "高二", "08"),
        (codes.SCHOOLING, "中职一年级", "10"),
        (codes.SCHOOLING, "高职高专三年级", "15"),
        (codes.SCHOOLING, "本科一年级", "16"),
        (codes.SCHOOLING, "技师学院四年级", "16"),
        (codes.SKILL, "弱劳动力或半劳动力", "05"),
        (codes.ATTRIBUTE, "一般贫困户", "01"),
        (codes.ATTRIBUTE, "低保贫困户", "04"),
        (codes.ATTRIBUTE, "五保贫困户", "06"),
        (codes.ATTRIBUTE, "特困供养贫困户", "06"),
        (codes.CAUSE, "因病", "01"),
        (codes.CAUSE, "缺劳动力", "08"),
        (codes.CAUSE, "因丧", "13"),
        (codes.CAUSE, "其他", "99"),
        (codes.EXIT_STATUS, "未脱贫", "0"),
        (codes.EXIT_STATUS, "脱贫", "1"),
        (codes.EXIT_STATUS, "返贫", "3"),
        (codes.DANGER, "C级危房", "C"),
        (codes.DANGER, "d", "D"),
        (codes.STRUCTURE, "其他(土木、石木等)", "other"),
        (codes.ROAD, "柏油路", "asphalt"),
        (codes.YES_NO, "√", "1"),
    ],
)
def test_wording_finds_its_code(code_list, said, code):
    assert code_list.code_of(said) == code


@pytest.mark.parametrize("typed", [" 之 女 ", "之女\u200b", "之\u00a0女", "０４", "04"])
def test_pasted_label_or_code_is_normalised(typed):
    assert codes.RELATION.code_of(typed) == "04"


@pytest.mark.parametrize("cell", ["", "  ", None, "邻居", 4, 4.0, "4"])
def test_unknown_or_numeric_cell_is_never_guessed(cell):
    assert codes.RELATION.code_of(cell) is None


def test_numbers_of_the_exit_status_are_not_read_because_systems_disagree():
    assert codes.EXIT_STATUS.code_of("4") is None


def test_several_illnesses_come_back_in_list_order():
    assert codes.HEALTH.codes_of("残疾、长期慢性病") == ("02", "04")
    for separator in ("、", "，", ",", ";", "；", "\n"):
        assert codes.HEALTH.codes_of(f"患有大病{separator}残疾") == ("03", "04")


@pytest.mark.parametrize("cell", ["残疾、感冒", "", "、", None])
def test_half_readable_illnesses_are_refused_whole(cell):
    assert codes.HEALTH.codes_of(cell) is None


def test_labels_go_out_as_they_came_in():
    assert codes.HEALTH.labels(("02", "04")) == "长期慢性病、残疾"
    assert codes.RELATION.label("03") == "之子"
    assert codes.RELATION.label("") == ""


@pytest.mark.parametrize("code_list", LISTS, ids=lambda code_list: code_list.name)
def test_every_label_reads_back_and_every_synonym_names_a_code(code_list):
    assert {label: code_list.code_of(label) for label in code_list.items.values()} == {
        label: code for code, label in code_list.items.items()
    }
    assert set(code_list.synonyms.values()) <= set(code_list.items)


def test_ethnicity_has_the_56_peoples():
    assert len(codes.ETHNICITY.items) == 58
    assert [codes.ETHNICITY.label(code) for code in ("01", "11", "29", "30", "43")] == [
        "汉族", "满族", "柯尔克孜族", "土族", "乌孜别克族",
    ]  # fmt: skip


def test_sex_of_a_relation_follows_its_word():
    assert {codes.RELATION_SEX[code] for code in ("03", "06", "07", "09", "11", "13", "15", "17", "19")} == {"M"}
    assert {codes.RELATION_SEX[code] for code in ("04", "05", "08", "10", "12", "14", "16", "18", "20")} == {"F"}
    assert not {"01", "02", "21", "99"} & set(codes.RELATION_SEX)


def test_yes_and_no_in_their_listed_forms():
    assert [codes.yes_no(cell) for cell in ("是", "Y", "有", "否", "N", "无", "", "也许")] == [
        True, True, True, False, False, False, None, None,
    ]  # fmt: skip
