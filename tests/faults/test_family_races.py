"""变动 of the same people by two cadres at the same moment: one effect, one refusal, nobody in two households, no deadlock (trust 86, 89)."""

from datetime import date

import pytest

from fupin.invariants import head_counts_agree, households_have_one_head, places_agree, residences_agree
from households.actions.family import (
    Answer,
    Wish,
    add_member,
    answer_transfer,
    ask_transfer,
    merge_households,
    remove_members,
    reopen_household,
    transfer_within,
    withdraw_transfer,
)
from households.entries import MemberEntry
from households.family import Happening
from households.models import Household, HouseholdEvent, Membership, Transfer
from households.secrets import reveal
from tests.faults.racing import ATTEMPTS, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
again_and_again = pytest.mark.parametrize("seed", range(ATTEMPTS))
VILLAGE, OTHER = "422827102200", "422827102201"
AT = Happening(date(2016, 6, 1))


@pytest.fixture(autouse=True)
def the_households_are_whole(db):
    yield
    for check in (households_have_one_head, head_counts_agree, residences_agree, places_agree):
        assert list(check()) == []


@pytest.fixture
def daughter(make_household):
    return make_household(VILLAGE, 1, members=3).memberships.get(relation="04")


@again_and_again
def test_two_villages_answer_and_withdraw_at_once(scope, daughter, make_household, seed):
    other = make_household(OTHER, 1)
    wish = Wish(reason="married", member=str(daughter.uuid), to_code=other.code, relation="05")
    asked = ask_transfer(scope=scope("cadre"), code=daughter.household.code, version=1, wish=wish, happening=AT)
    lead, cadre2, town = scope("lead"), scope("cadre2"), scope("township")
    results = at_once(
        lambda: withdraw_transfer(scope=lead, uuid=str(asked.uuid), version=1),
        lambda: answer_transfer(scope=cadre2, uuid=str(asked.uuid), version=1, answer=Answer(True)),
        lambda: answer_transfer(scope=town, uuid=str(asked.uuid), version=1, answer=Answer(False, "没有地。")),
        seed=seed,
    )  # fmt: skip
    assert refusals(results) == ["wrong_state"] * 2
    moved = Transfer.objects.get(pk=asked.pk).state == "agreed"
    home = Membership.objects.current().get(person=daughter.person).household
    assert (home.pk == other.pk) == moved
    assert HouseholdEvent.objects.count() == (2 if moved else 0)


@again_and_again
def test_two_cadres_move_one_person_into_two_households(scope, daughter, make_household, seed):
    first, second = make_household(VILLAGE, 2), make_household(VILLAGE, 3)

    def move(login, home):
        caller, wish = scope(login), Wish(reason="adopted", member=str(daughter.uuid), to_code=home.code, relation="04")
        return lambda: transfer_within(scope=caller, code=daughter.household.code, version=1, wish=wish, happening=AT)

    results = at_once(move("cadre", first), move("lead", second), seed=seed)
    assert refusals(results) == ["stale"]
    assert Membership.objects.current().filter(person=daughter.person).count() == 1


@again_and_again
def test_two_households_merge_into_each_other(scope, daughter, make_household, seed):
    home, other = daughter.household, make_household(VILLAGE, 2)

    def merge(login, emptied, into):
        caller = scope(login)
        relations = {str(row.uuid): "99" for row in emptied.memberships.current()}
        return lambda: merge_households(scope=caller, code=emptied.code, version=1, into=into.code, relations=relations, happening=AT)

    results = at_once(merge("cadre", home, other), merge("lead", other, home), seed=seed)
    assert len(refusals(results)) == 1
    assert Household.objects.registered().count() == 1


@again_and_again
def test_a_household_is_reopened_while_its_only_member_is_taken_in_elsewhere(scope, make_household, seed):
    alone, other = make_household(VILLAGE, 2, members=1), make_household(VILLAGE, 3)
    row = alone.memberships.select_related("person").get()
    remove_members(scope=scope("cadre"), code=alone.code, version=1, members=[str(row.uuid)], reason="moved", happening=AT)
    entry = MemberEntry(name=row.person.name, relation="99", identity=reveal(row.person, "id"))
    cadre, town = scope("cadre"), scope("township")
    paper = Happening(AT.on, "本人没有外迁。", "户口本")
    results = at_once(
        lambda: reopen_household(scope=town, code=alone.code, version=2, members=[str(row.uuid)], reason="mistake", happening=paper),
        lambda: add_member(scope=cadre, code=other.code, version=1, member=entry, reason="moved_in", happening=AT),
        seed=seed,
    )  # fmt: skip
    assert len(refusals(results)) == 1
    assert Membership.objects.current().filter(person=row.person).count() == 1
