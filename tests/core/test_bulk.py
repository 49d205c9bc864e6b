"""Rows by COPY or prepared batches are the rows that the ORM would have written."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import bulk
from households.models import Household, HouseholdVersion
from tests.standing import cast, db, places, standing  # noqa: F401

HARD = "一\t二\n三\\四\r五 \\N \\. \"六\" '七' {八} 九,"
COUNT = bulk.FEW + 5


def _households(standing, **values) -> list[Household]:
    village = standing.places.villages["422827102200"] if isinstance(standing.places.villages, dict) else standing.places.villages[0]
    place = {"county_id": village.county_id, "township_id": village.township_id, "village_id": village.pk}
    return [Household(code=f"99{number:014d}", registered_on=date(2016, 1, 1), **place, **values) for number in range(COUNT)]


def test_every_kind_of_value_comes_back_as_it_went_in(standing, db):
    given = {
        "head_name": HARD[:40], "plan": HARD, "appliances": {"电视": HARD, "n": [1, None]}, "tap_water": False, "road": "",
        "cultivated_mu": Decimal("12.30"), "standing_since": date(2016, 2, 29), "net_income_per_head": -5, "exit_year": None,
    }  # fmt: skip
    rows = _households(standing, **given)
    bulk.insert(Household, rows)
    stored = Household.objects.get(code=rows[-1].code)
    assert {name: getattr(stored, name) for name in given} == given
    assert (stored.pk, stored.uuid, stored.version) == (rows[-1].pk, rows[-1].uuid, 1)
    assert stored.created_at is not None and stored.created_at == rows[-1].created_at


def test_a_row_made_by_the_orm_afterwards_gets_a_key_of_its_own(standing, db):
    rows = _households(standing)
    bulk.insert(Household, rows)
    later = rows[0]
    later.pk, later.uuid, later.code, later._state.adding = None, uuid.uuid4(), "9900000000009999", True
    later.save()
    assert Household.objects.filter(code__startswith="99").count() == COUNT + 1


def test_a_child_finds_the_key_that_its_parent_got_in_between(standing, db):
    rows, now = _households(standing), datetime(2016, 5, 1, tzinfo=UTC)
    children = [HouseholdVersion(household=row, version=1, at=now, facts_enc="x") for row in rows]
    bulk.insert(Household, rows)
    bulk.insert(HouseholdVersion, children)
    assert set(HouseholdVersion.objects.filter(household__in=rows).values_list("household_id", "at")) == {(row.pk, now) for row in rows}


@pytest.mark.parametrize("count", [3, COUNT])
def test_an_update_changes_its_columns_of_its_rows(standing, db, count):
    rows = _households(standing)
    bulk.insert(Household, rows)
    for number, row in enumerate(rows):
        row.plan, row.appliances, row.area_m2, row.head_name = f"{HARD}{number}", [number], Decimal(number), "不写"
    bulk.update(Household, rows[:count], ("plan", "appliances", "area_m2"))
    found = {row.code: (row.plan, row.appliances, row.area_m2, row.head_name) for row in Household.objects.filter(code__startswith="99")}
    changed = {row.code: (row.plan, row.appliances, row.area_m2, "") for row in rows[:count]}
    assert found == changed | {row.code: ("", None, None, "") for row in rows[count:]}


def test_a_code_twice_is_the_same_refusal_as_from_the_orm(standing, db):
    rows = _households(standing)
    rows[3].code = rows[4].code
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Household, rows)
    assert not Household.objects.filter(code__startswith="99").exists()
