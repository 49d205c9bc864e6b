"""GB 11643, disability cards, area code shapes and masks. Published numbers: brief 3.2; faults: trust 11, 46 - 48."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import ids

TODAY = date(2016, 6, 30)
PUBLISHED = ("11010519491231002X", "440524188001010014", "34052419800101001X")


def make_id(birth: date, sequence: int = 1, area: str = "522399") -> str:
    first17 = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return first17 + ids.check_character(first17)


def codes(reading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize("number", PUBLISHED)
def test_published_number_has_the_right_check_character(number):
    assert ids.check_character(number[:17]) == number[17]


def test_clerk_reads_birth_sex_and_area_from_a_good_number():
    reading = ids.check_id("11010519491231002X", today=TODAY)
    assert (reading.birth, reading.sex, reading.area, reading.problems) == (date(1949, 12, 31), "F", "110105", ())


def test_odd_sequence_is_a_man():
    assert ids.check_id(make_id(date(1980, 1, 1), 1), today=TODAY).sex == "M"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "\u200b110105\u00a019491231002X\u200e",
        "'11010519491231002X",
        "110105\r\n19491231002X\u3000",
    ],
)
def test_pasted_number_is_normalised(typed):
    assert ids.check_id(typed, today=TODAY).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id_empty"),
        ("   ", "id_empty"),
        ("110105194912310021", "id_checksum"),
        ("5223991980010100", "id_shape"),
        ("11010519491231002XX", "id_shape"),
        ("٣١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "id_shape"),
        ("无", "id_shape"),
        ("3.52201E+17", "id_numeric"),
        ("352201196503170048.0", "id_numeric"),
    ],
)
def test_broken_number_blocks_with_its_own_code(text, code):
    reading = ids.check_id(text, today=TODAY)
    assert code in codes(reading)
    assert not reading.ok


def test_thirty_first_of_february_blocks():
    first17 = "52239919800231001"
    assert codes(ids.check_id(first17 + ids.check_character(first17), today=TODAY)) == ["id_birth"]


def test_birth_tomorrow_blocks_and_birth_today_does_not():
    assert codes(ids.check_id(make_id(date(2016, 7, 1)), today=TODAY)) == ["id_future"]
    assert ids.check_id(make_id(TODAY), today=TODAY).ok


def test_age_121_blocks_and_120_does_not():
    assert codes(ids.check_id(make_id(date(1895, 6, 30)), today=TODAY)) == ["id_age"]
    assert ids.check_id(make_id(date(1895, 7, 1)), today=TODAY).ok


def test_unknown_province_only_warns():
    reading = ids.check_id(make_id(date(1980, 1, 1), area="992399"), today=TODAY)
    assert codes(reading) == ["id_area"]
    assert reading.ok


def test_area_never_issued_inside_a_known_province_passes():
    assert ids.check_id(make_id(date(1980, 1, 1)), today=TODAY).problems == ()


def test_fifteen_digits_block_and_offer_the_converted_number():
    reading = ids.check_id("110105491231002", today=TODAY)
    assert codes(reading) == ["id_15"]
    assert (reading.number, reading.offer) == ("110105491231002", "11010519491231002X")


def test_fifteen_digits_with_a_false_date_offer_nothing():
    reading = ids.check_id("110105491331002", today=TODAY)
    assert codes(reading) == ["id_15", "id_birth"]
    assert reading.offer == ""


def test_every_problem_tells_the_clerk_what_to_do():
    for text in ("", "1", "110105491231002", "110105194912310021", make_id(date(2020, 1, 1)), "3.5E+17"):
        for problem in ids.check_id(text, today=TODAY).problems:
            assert problem.message
            assert problem.remedy


@settings(derandomize=True, max_examples=200)
@given(st.dates(date(1900, 1, 1), date(2016, 6, 30)), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_caught(birth, sequence, place, shift):
    good = make_id(birth, sequence)
    if good[place] == "X":
        wrong = good[:place] + "1"
    else:
        wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert ids.check_id(good, today=TODAY).ok
    assert not ids.check_id(wrong, today=TODAY).ok


@settings(derandomize=True, max_examples=200)
@given(st.text(max_size=25))
def test_no_text_can_crash_the_reader(text):
    ids.check_id(text, today=TODAY)
    ids.read_disability_number(text, today=TODAY)


def test_card_of_twenty_characters_is_read():
    card = ids.read_disability_number(make_id(date(1980, 1, 1)) + "42", today=TODAY)
    assert (card.kind, card.grade, card.reissue, card.ok) == ("4", 2, 0, True)
    assert card.identity == make_id(date(1980, 1, 1))


def test_reissued_card_of_twenty_two_characters_is_read():
    card = ids.read_disability_number(make_id(date(1980, 1, 1)) + "63b2", today=TODAY)
    assert (card.kind, card.grade, card.reissue, card.ok) == ("6", 3, 2, True)


@pytest.mark.parametrize(
    ("tail", "code"),
    [("82", "card_kind"), ("02", "card_kind"), ("45", "card_grade"), ("4", "card_shape"), ("42C1", "card_shape")],
)
def test_false_card_is_refused(tail, code):
    card = ids.read_disability_number(make_id(date(1980, 1, 1)) + tail, today=TODAY)
    assert code in codes(card)
    assert not card.ok


def test_card_over_a_false_id_number_is_refused():
    assert not ids.read_disability_number("11010519491231002142", today=TODAY).ok


def test_card_typed_as_id_number_offers_the_first_eighteen():
    reading = ids.check_id(make_id(date(1980, 1, 1)) + "42", today=TODAY)
    assert codes(reading) == ["id_disability"]
    assert reading.offer == make_id(date(1980, 1, 1))


def test_numeric_cell_is_never_a_code():
    assert not ids.is_code(4228271020010001, 16)
    assert ids.is_code("4228271020010001", 16)
    assert not ids.is_code("42282710200100０1", 16)
    assert not ids.is_code("4228271020010001\n", 16)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (ids.is_county_code, "422827", "992827"),
        (ids.is_township_code, "422827102", "422827000"),
        (ids.is_township_code, "522328599", "522328600"),
        (ids.is_village_code, "422827102001", "422827102000"),
        (ids.is_household_code, "4228271020010001", "422827102001001"),
        (ids.is_person_code, "422827102001000101", "42282710200100010X"),
    ],
)
def test_code_shapes(check, good, bad):
    assert check(good)
    assert not check(bad)
    assert not check(None)


def test_parent_of_a_code_is_one_level_up():
    chain = ["422827102001"]
    while parent := ids.parent_code(chain[-1]):
        chain.append(parent)
    assert chain == ["422827102001", "422827102", "422827", "4228", "42"]


def test_masked_id_shows_no_character_of_it():
    assert ids.mask_id("11010519491231002X") == "*" * 18
    assert ids.mask_id("") == ""


def test_masked_phone_shows_two_digits_at_most():
    assert ids.mask_phone("19000003214") == "*********14"
    assert ids.mask_phone("12") == "*********"
    assert ids.mask_phone("") == ""


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小明", "张*明"),
        ("欧阳明", "欧阳*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳", "欧*"),
        ("张 三", "张*"),
        ("阿依古丽·买买提", "阿*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_masked_name_keeps_the_surname(name, masked):
    assert ids.mask_name(name) == masked
