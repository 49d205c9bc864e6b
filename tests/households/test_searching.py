"""What a search box may mean, and who finds whom by the end of a number (ruling 6)."""

import pytest

from core.models import AuditRow
from households.models import Household, Person
from households.names import initials
from households.searching import Sought, last_four, sought

MEANINGS = {
    "覃大山": Sought(name="覃大山"),
    "覃大山户": Sought(name="覃大山"),
    " 覃 大山\u200b": Sought(name="覃大山"),
    "qds": Sought(initials="qds"),
    "QDS": Sought(initials="qds"),
    "12": Sought(code_end="0012"),
    "12号": Sought(code_end="0012"),
    "００１２": Sought(code_end="0012"),
    "42282710220": Sought(code_start="42282710220"),
    "": Sought(),
}


@pytest.mark.parametrize("typed, meant", MEANINGS.items())
def test_search_box_understands_what_a_cadre_types(typed, meant):
    assert sought(typed) == meant


@pytest.mark.parametrize("typed, digits", [("002x", "002X"), ("００２Ｘ", "002X"), (" 00 26", "0026"), ("026", ""), ("12345", ""), ("二零二六", "")])
def test_last_four_are_four(typed, digits):
    assert last_four(typed) == digits


@pytest.mark.parametrize("name, letters", [("欧阳小芳", "oyxf"), ("阿布都·热合曼", "abdrhm"), ("单于𠮷", "cy"), ("", ""), ("😀", "")])
def test_initials_of_a_name(name, letters):
    assert initials(name) == letters


def test_cadre_finds_a_household_by_initials_of_a_member(make_household, login):
    household = make_household("422827102200", 1)
    Person.objects.filter(memberships__household=household).update(pinyin="zzz")
    assert household.code in login("cadre").get("/households/?q=zzz").content.decode()
    assert household.code not in login("cadre").get("/households/?q=zzy").content.decode()


def test_cadre_finds_by_the_last_four_and_leaves_a_trace_without_them(make_household, login):
    from households.secrets import reveal

    household = make_household("422827102200", 1)
    digits = reveal(household.memberships.first().person, "id")[-4:]
    answer = login("cadre").post("/households/find/", {"last4": digits})
    row = AuditRow.objects.order_by("-seq").first()
    assert household.code in answer.content.decode()
    assert (row.action, row.detail) == ("household.find", {"found": 1})


def test_cadre_of_the_next_village_finds_nobody(make_household, login):
    from households.secrets import reveal

    household = make_household("422827102200", 1)
    digits = reveal(Household.objects.get(pk=household.pk).memberships.first().person, "id")[-4:]
    assert household.code not in login("cadre2").post("/households/find/", {"last4": digits}).content.decode()
