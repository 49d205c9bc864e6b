"""A member's papers as typed (brief 3.1 - 3.3, trust 46, 48): read, held against the file, offered, refused."""

from datetime import date

import pytest

from core.ids import check_character
from households.codes import RELATION_SEX
from households.person import OnFile, PersonEntry, read_card, read_papers, relation_fault
from tests.ground import made_up_id

TODAY = date(2016, 6, 30)
NUMBER = made_up_id(7, "19700305", "M")
OTHER = made_up_id(9, "19720401", "F")
OLD = NUMBER[:6] + NUMBER[8:17]
FILE = OnFile(NUMBER, date(1970, 3, 5), "M")


def entry(**typed):
    return PersonEntry(**{"name": "向大山", "relation": "01"} | typed)


def test_a_number_brings_birth_and_sex():
    papers = read_papers(entry(identity=f"  {NUMBER.lower()} "), OnFile(), TODAY)
    assert (papers.number, papers.birth, papers.sex, papers.faults) == (NUMBER, date(1970, 3, 5), "M", {})


def test_an_old_number_is_offered_and_never_taken_by_itself():
    papers = read_papers(entry(identity=OLD), OnFile(), TODAY)
    assert papers.offered and not papers.number and "15位旧号码已停用" in papers.faults["identity"][0]


def test_an_old_number_is_taken_once_it_was_confirmed():
    assert read_papers(entry(identity=OLD, takes_offer=True), OnFile(), TODAY).number == NUMBER


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"identity": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "identity"),
        ({"identity": NUMBER + "42"}, "identity"),  # a disability card is no ID card
        ({"identity": NUMBER, "id_kind": "90"}, "identity"),
        ({"identity": "E!", "id_kind": "99", "birth": TODAY, "sex": "F"}, "identity"),
        ({"identity": NUMBER, "birth": date(1999, 1, 1)}, "birth"),
        ({"identity": NUMBER, "sex": "F"}, "sex"),
        ({"id_kind": "01"}, "identity"),
        ({"id_kind": "90", "sex": "F"}, "birth"),
        ({"id_kind": "90", "birth": TODAY}, "sex"),
        ({"id_kind": "99", "identity": "G12345678"}, "birth"),
    ],
)
def test_papers_that_contradict_are_refused_at_their_field(typed, field):
    assert field in read_papers(entry(**typed), OnFile(), TODAY).faults


def test_a_newborn_needs_no_number():
    papers = read_papers(entry(id_kind="90", birth=date(2016, 6, 1), sex="F"), OnFile(), TODAY)
    assert (papers.number, papers.birth, papers.sex, dict(papers.faults)) == ("", date(2016, 6, 1), "F", {})


@pytest.mark.parametrize(
    ("typed", "field"), [({"id_kind": "90"}, "id_kind"), ({"birth": date(1980, 1, 1)}, "birth"), ({"sex": "F"}, "sex")]
)
def test_the_number_on_file_holds_against_what_is_typed(typed, field):
    assert list(read_papers(entry(**typed), FILE, TODAY).faults) == [field]


def test_a_corrected_number_brings_its_own_birth_although_the_old_one_stood_in_the_form():
    papers = read_papers(entry(identity=OTHER, birth=FILE.birth, sex="M"), FILE, TODAY)
    assert (papers.birth, papers.sex, dict(papers.faults)) == (date(1972, 4, 1), "F", {})


def test_a_card_shown_as_paper_gives_the_id_number_in_it():
    assert read_papers(entry(id_kind="09", identity=NUMBER + "43B1"), OnFile(), TODAY).number == NUMBER


@pytest.mark.parametrize(
    ("typed", "kind", "grade", "found"),
    [
        (NUMBER + "42", "", None, ("4", 2, (), ())),
        (NUMBER + "61B2", "", None, ("6", 1, (), ())),
        (NUMBER + "42", "1", None, ("1", 2, (), ("残疾类别与残疾证号第 19 位不同",))),
        (NUMBER + "42", "4", 3, ("4", 3, (), ("残疾等级与残疾证号第 20 位不同",))),
        (OTHER + "42", "", None, ("", None, ("前 18 位与这个人的身份证号码不同，请核对两个证件。",), ())),
    ],
)
def test_a_disability_card_fills_kind_and_grade_or_is_a_doubt(typed, kind, grade, found):
    card = read_card(typed, identity=NUMBER, kind=kind, grade=grade, today=TODAY)
    assert (card.kind, card.grade, card.faults, card.doubts) == found


@pytest.mark.parametrize("typed", [NUMBER, NUMBER + "82", NUMBER + "45", NUMBER + "4", NUMBER[:17] + check_character(OTHER[:17])[:1] + "4B1", "残疾二级"])
def test_a_misshapen_card_is_refused(typed):
    card = read_card(typed, identity=NUMBER, kind="", grade=None, today=TODAY)
    assert card.faults and not card.number


@pytest.mark.parametrize(
    ("before", "after", "others", "sex", "refused"),
    [
        ("01", "02", (), "M", True), ("03", "01", (), "M", True), ("03", "02", ("01", "02"), "F", True), ("03", "04", (), "M", True),
        ("01", "01", (), "F", False), ("03", "05", ("01", "02"), "F", False), ("04", "99", (), "", False),
    ],
)  # fmt: skip
def test_the_relation_to_the_head(before, after, others, sex, refused):
    assert bool(relation_fault(before, after, others, sex, RELATION_SEX)) is refused
