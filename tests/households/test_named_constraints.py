"""What the database refuses is told by the constraint that refused it, on SQLite and on PostgreSQL alike."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import BadInput
from core.integrity import broken
from households.actions.members import save_rows
from households.models import Household, Membership, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(make_household):
    return make_household(number=1), make_household(number=2)


def member_of(household, **values) -> Membership:
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id")}
    return Membership(household=household, since=date(2016, 1, 1), **place, **values)


def newcomer(household, **values) -> Person:
    return Person.objects.create(county_id=household.county_id, name="向新", **values)


def refusal(row) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        row.save()
    return broken(caught.value)


def someone(household) -> Person:
    return household.memberships.current().first().person


def test_a_second_living_membership_is_named(two):
    assert refusal(member_of(two[1], person=someone(two[0]), relation="21")) == "person_in_one_household"


def test_a_second_head_is_named(two):
    assert refusal(member_of(two[0], person=newcomer(two[0]), relation="01")) == "household_has_one_head"


def test_a_number_taken_in_the_county_is_named(two):
    newcomer(two[0], id_index="x")
    assert refusal(Person(county_id=two[0].county_id, name="向又", id_index="x")) == "person_once_in_county"


def test_a_check_is_named(two):
    row = member_of(two[0], person=newcomer(two[0]), relation="21", until=date(2015, 1, 1))
    assert refusal(row) == "membership_dates_in_order"


def test_a_household_number_taken_is_named(two):
    taken = Household(code=two[1].code, village=two[0].village, township=two[0].township, county=two[0].county, registered_on=date(2016, 1, 1))
    assert refusal(taken) == "households_household_code_key"


def test_a_column_left_empty_has_no_constraint_to_name(two):
    assert refusal(member_of(two[0], person=newcomer(two[0]), relation=None)) == ""


@pytest.mark.parametrize(
    ("which", "relation", "field", "said"),
    [("other", "21", "m-identity", "一人只能在一户"), ("new", "01", "m-relation", "一户只能有一个户主")],
)
def test_a_cadre_who_came_second_reads_what_was_taken(two, which, relation, field, said):
    person = someone(two[1]) if which == "other" else newcomer(two[0])
    with pytest.raises(BadInput) as refused, transaction.atomic():
        save_rows("m-", member_of(two[0], person=person, relation=relation))
    assert [*refused.value.fields] == [field] and said in refused.value.fields[field][0]


def test_a_cadre_who_came_second_with_a_number_reads_that_it_is_taken(two):
    newcomer(two[0], id_index="x")
    with pytest.raises(BadInput) as refused, transaction.atomic():
        save_rows("", Person(county_id=two[0].county_id, name="向又", id_index="x"))
    assert "另一户" not in refused.value.message and "刚刚在本县登记" in refused.value.fields["identity"][0]


def test_a_fault_of_the_program_is_not_told_as_somebody_elses_household(two):
    row = member_of(two[0], person=newcomer(two[0]), relation="21", until=date(2015, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        save_rows("", row)
