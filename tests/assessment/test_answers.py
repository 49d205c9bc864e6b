"""Answers as a string of option numbers, and reading the words of a form (rulings 4, trust 85)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.answers import (
    SYNONYMS,
    AnswersError,
    chosen,
    decode,
    encode,
    match_indicator,
    match_option,
    missing,
    read_answers,
)
from assessment.rubric import fold, load_default

RUBRIC = load_default()
ITEM = RUBRIC.by_code

answer_mappings = st.fixed_dictionaries(
    {item.code: st.none() | st.sampled_from([o.ordinal for o in item.options]) for item in RUBRIC.indicators}
)


@settings(derandomize=True, max_examples=200)
@given(answer_mappings)
def test_answers_survive_the_string(ordinals):
    text = encode(RUBRIC, ordinals)
    assert len(text) == 21
    assert decode(RUBRIC, text) == ordinals


def test_left_out_answer_is_missing_and_not_the_lowest_option():
    text = encode(RUBRIC, {"A1": 1})
    assert text == "1" + "-" * 20
    assert missing(RUBRIC, text) == tuple(item.code for item in RUBRIC.indicators[1:])


@pytest.mark.parametrize("ordinals", [{"A1": 6}, {"A1": 0}, {"Z9": 1}])
def test_answer_outside_the_rubric_is_refused(ordinals):
    with pytest.raises(AnswersError):
        encode(RUBRIC, ordinals)


@pytest.mark.parametrize(
    "text", ["", "1" * 20, "1" * 22, "9" + "1" * 20, "0" + "1" * 20, "１" + "1" * 20, "²" + "1" * 20]
)
def test_string_of_another_rubric_is_refused(text):
    with pytest.raises(AnswersError):
        decode(RUBRIC, text)


def test_page_gets_the_chosen_options():
    picked = chosen(RUBRIC, "2" + "-" * 20)
    assert picked["A1"].label == "竹草土坯、土窑洞"
    assert picked["A2"] is None


def test_every_code_and_label_matches_its_own_option():
    for item in RUBRIC.indicators:
        for option in item.options:
            assert match_option(item, option.code) is option
            assert match_option(item, option.label) is option


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        ("A1", " a1-2 ", "A1-2"),
        ("A1", "Ａ１－２", "A1-2"),
        ("A1", "竹草土坯，土窑洞", "A1-2"),
        ("A1", "其他(土木,石木等)", "A1-3"),
        ("A1", "砖混", "A1-5"),
        ("A2", "D级", "A2-1"),
        ("A2", "ａ级", "A2-4"),
        ("A3", "10-18平方米", "A3-3"),
        ("A3", "10～18㎡", "A3-3"),
        ("A3", "25平米及以上", "A3-5"),
        ("A5", "通电,水泥路", "A5-4"),
        ("B1", "0.5-1亩", "B1-3"),
        ("C1", "没有", "C1-1"),
        ("C2", "摩托车", "C2-3"),
        ("E4", "1人满6个月", "E4-3"),
        ("F1", "2人", "F1-2"),
    ],
)
def test_wording_on_paper_finds_its_option(code, said, expected):
    assert match_option(ITEM[code], said).code == expected


@pytest.mark.parametrize("said", ["2", 2, 2.0, None, "", "A2-1", "别墅", "无"])
def test_unclear_cell_finds_no_option(said):
    assert match_option(ITEM["A1"], said) is None


def test_every_synonym_leads_to_an_option_of_the_default_rubric():
    labels = {fold(option.label) for item in RUBRIC.indicators for option in item.options}
    assert set(SYNONYMS.values()) <= labels


@pytest.mark.parametrize("header", ["A1", "A1 房屋主要结构", "房屋主要结构", "a1.房屋主要结构", "Ａ１　房屋主要结构"])
def test_column_header_names_its_indicator(header):
    assert match_indicator(RUBRIC, header).code == "A1"


@pytest.mark.parametrize("header", ["户编号", "A", None, 1])
def test_other_header_names_no_indicator(header):
    assert match_indicator(RUBRIC, header) is None


def test_clerk_gets_a_problem_for_each_unreadable_cell_and_none_for_a_blank():
    text, problems = read_answers(RUBRIC, {"A1": "砖混", "A2": "E级", "A3": None, "A4": "  ", "Z1": "无"})
    assert text == "5" + "-" * 20
    assert set(problems) == {"A2", "Z1"}
    assert "A级" in problems["A2"]
