"""What a notice may say: names masked by the rule, texts with a number or an illness refused (trust N1, N2, N7, E10)."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.masking import (
    BIRTH_FOUND,
    CARD_FOUND,
    ID_FOUND,
    ILLNESS_FOUND,
    PART_FOUND,
    PHONE_FOUND,
    PublicLine,
    public_line,
    scan,
)
from core.ids import COMPOUND_SURNAMES, check_character

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HAN, min_size=2, max_size=6)
HARMLESS = "大河镇政府一楼，工作日 8:30 至 17:30，〔2016〕4号"


def line_of(name: str, category: str = "DIBAO") -> PublicLine:
    return public_line(
        position=1, group="1组", head_name=name, persons=4, category=category, category_name="低保贫困户"
    )


def test_a_public_line_has_the_allowed_fields_and_no_other():
    """N1: the allow list is the class."""
    names = [field.name for field in dataclasses.fields(PublicLine)]
    assert names == ["position", "group", "head_name", "masked_name", "persons", "category", "result"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张明", "张*"),
        ("张大明", "张*明"),
        ("欧阳明", "欧阳*"),
        ("欧阳大明", "欧阳*明"),
        ("田", "*"),
        ("阿依古丽·买买提", "阿*"),
        ("张 明", "张*"),
    ],
)
def test_the_web_shows_surname_star_and_last_character(name, masked):
    assert line_of(name).masked_name == masked


@given(NAMES)
def test_no_character_of_the_given_name_leaks_beyond_the_rule(name):
    """N2: at most the surname and, of a given name of two and more, its last character."""
    masked = line_of(name).masked_name
    surname = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    given_name = name[surname:]
    shown = masked.replace("*", "")
    assert shown == name[:surname] + (given_name[-1] if len(given_name) > 1 else "")
    assert masked.count("*") >= 1


def test_a_class_above_the_line_is_told_as_not_listed():
    assert line_of("张明", "TUOPIN").result == "未列入贫困户（六看得分达脱贫线）"
    assert line_of("张明").result == "低保贫困户"


@st.composite
def identity_numbers(draw) -> str:
    birth = draw(st.dates(min_value=date(1920, 1, 1)))
    first = f"{draw(st.sampled_from(['522399', '422827', '110101']))}{birth:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + check_character(first)


SEPARATORS = st.sampled_from(["", " ", "-", "　", "\u200b", ".", " - "])


def _spread(number: str, separator: str) -> str:
    return separator.join(number)


@given(identity_numbers(), SEPARATORS, st.booleans(), NAMES)
def test_an_identity_number_is_found_however_it_is_written(number, separator, wide, around):
    text = _spread(number, separator)
    text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text) if wide else text
    assert ID_FOUND in scan(f"{around}{text}{around}")


@given(st.integers(3, 9), st.integers(0, 10**9 - 1), SEPARATORS)
def test_a_mobile_number_is_found_however_it_is_written(second, rest, separator):
    assert PHONE_FOUND in scan("联系 " + _spread(f"1{second}{rest:09d}", separator) + " 覃主任")


@given(st.integers(0, 10**17 - 1), st.sampled_from(["62", "45", "95"]))
def test_a_bank_card_is_found(rest, head):
    found = scan(f"卡号{head}{rest:017d}")
    assert CARD_FOUND in found or ID_FOUND in found


@pytest.mark.parametrize(
    "text", ["522399********0014", "522399 **** 0014", "5223991950******", "**********0014", "522399●●●●●●●●0014"]
)
def test_an_identity_number_with_its_middle_covered_is_refused(text):
    """E10: 6 + 4 and a birth year leave 33 candidates."""
    assert PART_FOUND in scan(text)


@pytest.mark.parametrize("text", ["因病致贫户", "患尿毒症，长期透析", "二级肢体残疾", "母亲有精神病"])
def test_an_illness_is_refused(text):
    assert ILLNESS_FOUND in scan(text)


@pytest.mark.parametrize("text", ["1985年3月12日", "１９８５．３．１２", "1985-03-12", "19850312", "2014年5月出生", "生于2015年", "出生日期：二0一四年", "3月5日生"])
def test_a_birth_date_is_refused(text):
    assert BIRTH_FOUND in scan(text)


@pytest.mark.parametrize(
    "text",
    [
        HARMLESS,
        "1组一户新出生人口漏登，名单有误",
        "2016年7月生产救灾",
        "大河扶公〔2016〕4号",
        "来凤县大河镇人民政府",
        "2016年11月23日至11月30日",
        "2016.4.8-2016.4.14",
        "2016-11-23 至 2016-11-30",
        "覃晓燕",
        "村委会公示栏",
        "12317",
    ],
)
def test_an_ordinary_text_passes(text):
    assert scan(text) == ()


def test_an_office_s_own_telephone_passes_where_it_belongs_and_nowhere_else():
    assert scan("0718-6283120", phones=True) == () and scan("0718-6283120") == (PHONE_FOUND,)


@given(st.text(max_size=80))
def test_the_scanner_answers_for_any_text(text):
    assert all(isinstance(reason, str) for reason in scan(text))
