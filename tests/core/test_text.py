"""What is typed and pasted, read or refused with the remedy (trust C7, brief 3.13). Tables only: no database."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from core.text import carries_number, clean_block, clean_line, clean_name, day_of, number_of
from core.web.fields import BlockField, CardField, DayField, LineField, NameField, NumberField, PhoneField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１２３ＡＢｃ", "123ABc"),
        ("向\u200b大\ufeff山", "向大山"),
        ("\u202e向大山\u202c\u200f", "向大山"),
        ("青树\u00a0一组\u3000\t  东头\n", "青树 一组 东头"),
        ("a\x07b\x00c\x7f", "abc"),
        ("住，村口（东）：好", "住，村口（东）：好"),
        ("𠮷家 😀", "𠮷家 😀"),
        ("㎡ ² ½", "㎡ ² ½"),
        ("⽅⼭", "方山"),
        ("\ud800坏", "坏"),
        ("\u3164\u2800", ""),
        ("", ""),
    ],
)
def test_a_pasted_line_keeps_what_is_seen_and_nothing_else(typed, kept):
    assert clean_line(typed) == kept


def test_a_pasted_block_keeps_its_lines_and_one_empty_one():
    assert clean_block("一\r\n二\r三\u2028四\n\n\n\n五  \n") == "一\n二\n三\n四\n\n五"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("阿依·古丽", "阿依·古丽"),
        ("阿依•古丽", "阿依·古丽"),
        ("阿依・古丽", "阿依·古丽"),
        ("阿依．古丽", "阿依·古丽"),
        ("阿依 . 古丽", "阿依·古丽"),
        ("向　大 山", "向大山"),
        ("𠮷㛃𬭎", "𠮷㛃𬭎"),
        ("张〇", "张〇"),
        ("葛\U000e0100山", "葛\U000e0100山"),
        ("Maria Anna", "Maria Anna"),
        ("\u200b田小水\u200f·", "田小水"),
    ],
)
def test_a_name_is_written_one_way_and_rare_characters_stay(typed, name):
    assert clean_name(typed) == name


@pytest.mark.parametrize(("typed", "word"), [("张3", "数字"), ("张²", "数字"), ("张٣", "数字"), ("张😀", "表情"), ("张（妻）", "括号"), ("张\ue863", "自造字"), ("··", "请填写"), ("张*山", "符号")])
def test_what_is_no_name_is_refused_with_the_reason(typed, word):
    with pytest.raises(ValueError, match=word):
        clean_name(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("30000", "30000"), ("１，０００．５", "1000.5"), ("1,000.5", "1000.5"), (" 3\u00a0", "3"), ("-0", "0"), ("+7", "7"), ("007", "7"), ("0.10", "0.10")],
)
def test_a_number_is_read_in_any_width_and_with_thousands_separators(typed, value):
    assert number_of(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("3万", "写成 30000"),
        ("3.5万元", "写成 35000"),
        ("2千", "写成 2000"),
        ("1e308", "平常的数字"),
        ("NaN", "只写数字"),
        ("Infinity", "只写数字"),
        ("-5", "负数"),
        ("－5", "负数"),
        ("²", "只写数字"),
        ("٣", "只写数字"),
        ("三百", "只写数字"),
        ("1,5", "逗号"),
        ("1,00,000", "只写数字"),
        ("3.5亩", "写成 3.5"),
        ("约300元", "写成 300"),
        ("", "请填数字"),
        ("9" * 16, "太长"),
        ("9" * 100_000, "太长"),
        ("1 000", "只写数字"),
        (".", "只写数字"),
        ("1_000", "只写数字"),
    ],
)
def test_what_is_no_number_is_refused_with_the_way_to_write_it(typed, word):
    with pytest.raises(ValueError, match=word):
        number_of(typed)


def test_a_loss_is_read_where_it_is_allowed():
    assert number_of("−300", negative=True) == -300


@pytest.mark.parametrize("typed", ["2016-03-05", "2016/3/5", "2016.3.5", "2016年3月5日", "２０１６年３月５日", "20160305", "2016 - 3 - 5", "2016年3月5号", "\u200e2016-03-05"])
def test_a_day_is_read_as_people_write_it(typed):
    assert day_of(typed) == date(2016, 3, 5)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("2015-02-29", "没有 29 日"),
        ("2016-13-01", "没有 13 月"),
        ("2016-04-31", "没有 31 日"),
        ("0001-01-01", "年份"),
        ("9999-12-31", "年份"),
        ("1899-12-31", "年份"),
        ("05/03/2016", "请写成"),
        ("16-3-5", "请写成"),
        ("明天", "请写成"),
        ("2016-0٣-05", "请写成"),
        ("2" * 100_000, "请写成"),
    ],
)
def test_a_day_that_is_none_is_refused_with_the_remedy(typed, word):
    with pytest.raises(ValueError, match=word):
        day_of(typed)


def test_the_leap_day_of_a_leap_year_is_a_day():
    assert day_of("2016.2.29") == date(2016, 2, 29)


@pytest.mark.parametrize("text", ["522399197003050011", "５２２３９９ 1970 0305 0011", "电话 190-0000-1234", "卡 6222 0000 0000 0000", "5223\u200b99197003050011", "5223*******0011"])
def test_a_number_hidden_in_free_text_is_found(text):
    assert carries_number(text)


@pytest.mark.parametrize("text", ["养 30 头猪，2016-03-05 起", "2014-2016年种茶 3 亩", "特惠贷 50000 元", "", "一组 12 号"])
def test_amounts_days_and_years_are_no_personal_numbers(text):
    assert not carries_number(text)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (PhoneField(), "+86 190-0000-1234", "19000001234"),
        (PhoneField(), "１９０００００１２３４", "19000001234"),
        (CardField(), "6222 0000 0000 0000 123", "6222000000000000123"),
        (NumberField(lowest=0, highest=12), "１２", 12),
        (NumberField(lowest=0, highest=10_000, places=2), "1,000.50", Decimal("1000.50")),
        (NumberField(lowest=-10, highest=10), "-3", -3),
        (NameField(), "向•大山", "向·大山"),
        (BlockField(), "一\r\n二", "一\n二"),
        (DayField(future=False), "2016.3.5", date(2016, 3, 5)),
    ],
)
def test_a_field_gives_the_plain_value(field, typed, value):
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        (PhoneField(), "0718-6283000", "11 位"),
        (CardField(), "12345", "12 至 19"),
        (NumberField(lowest=0, highest=12), "13", "0 至 12"),
        (NumberField(lowest=0, highest=12), "1.5", "整数"),
        (NumberField(lowest=0, places=2), "1.555", "2 位小数"),
        (NumberField(lowest=0, highest=9, places=2), "1e308", "平常"),
        (LineField(longest=5), "一二三四五六", "现在 6 字"),
        (LineField(), "字" * 100_000, "最多 200"),
        (LineField(), "找 522399197003050011", "不要写"),
        (DayField(future=False), "2099-01-01", "晚于今天"),
        (DayField(), "2015-02-29", "没有 29 日"),
        (NameField(), "张3", "数字"),
    ],
)
def test_a_field_refuses_in_chinese(field, typed, word):
    with pytest.raises(forms.ValidationError, match=word):
        field.clean(typed)


@pytest.mark.parametrize("kind", [LineField, BlockField, NameField, NumberField, PhoneField, CardField, DayField])
@pytest.mark.parametrize("typed", ["\x00", "\ud800", "9" * 100_000, "1" + "," * 1000, "😀" * 500, "٣" * 20, "-", "²", "\u202e"])
def test_no_field_breaks_on_odd_input(kind, typed):
    try:
        kind(required=False).clean(typed)
    except forms.ValidationError as refusal:
        assert refusal.messages[0].isascii() is False


@pytest.mark.parametrize(("kind", "blank"), [(LineField, ""), (NumberField, None), (DayField, None), (PhoneField, ""), (CardField, "")])
def test_what_looks_blank_is_blank(kind, blank):
    assert kind(required=False).clean(" \u200b\u00a0") == blank
