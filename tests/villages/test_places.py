"""Places and the denominators of rates (ruling 3)."""

from datetime import date

import pytest

from core.errors import BadInput, Denied
from villages import actions
from villages.models import DirtyMark, RegisteredPopulation, VillagerGroup
from villages.selectors import places as boxes_of


def test_sysadmin_adds_a_group_with_the_villages_code(scope):
    group = actions.add_group(scope=scope("sysadmin"), village_code="422827102200", number=9, name="")
    assert (group.code, group.name) == ("42282710220009", "9组")


def test_a_group_number_is_taken_once_in_a_village(scope):
    with pytest.raises(BadInput, match="同号"):
        actions.add_group(scope=scope("sysadmin"), village_code="422827102200", number=1, name="新组")


def test_cadre_cannot_change_registered_population(scope):
    with pytest.raises(Denied):
        actions.set_population(scope=scope("cadre"), group_code="42282710220001", year=2016, households=1, persons=2)


def test_a_new_population_makes_the_villages_tables_stale(scope, places):
    actions.set_population(scope=scope("sysadmin"), group_code="42282710220001", year=2016, households=51, persons=190)
    assert RegisteredPopulation.objects.get(group__code="42282710220001", year=2016).persons == 190
    assert DirtyMark.objects.get(village=places.villages["422827102200"]).n == 1


def test_population_of_another_year_leaves_this_year_alone(scope):
    actions.set_population(scope=scope("sysadmin"), group_code="42282710220001", year=2017, households=51, persons=190)
    assert RegisteredPopulation.objects.get(group__code="42282710220001", year=2016).persons == 200


def test_fewer_persons_than_households_are_refused(scope):
    with pytest.raises(BadInput, match="不能少于"):
        actions.set_population(scope=scope("sysadmin"), group_code="42282710220001", year=2016, households=10, persons=9)


def test_county_office_hides_points_while_asking(login, places):
    login("county").post("/manage/county/", {"hide_score": "on"})
    places.county.refresh_from_db()
    assert places.county.hide_score


def test_sysadmin_enters_population_on_the_village_page(login):
    body = {"group_code": "42282710220001", "year": 2016, "households": 60, "persons": 210}
    login("sysadmin").post("/manage/places/422827102200/population/", body)
    assert VillagerGroup.objects.get(code="42282710220001").populations.get(year=2016).persons == 210


def test_boxes_of_places_hold_the_callers_area_in_one_query(scope, places, django_assert_num_queries):
    own = scope("cadre")
    VillagerGroup.objects.filter(code="42282710220002").update(valid_to=date(2016, 1, 1))
    with django_assert_num_queries(1):
        found = boxes_of(own)
    assert [[spot.code for spot in spots] for spots in (found.counties, found.townships, found.villages)] == [["422827"], ["422827102"], ["422827102200"]]
    codes = [spot.code for spot in found.groups]
    assert "42282710220001" in codes and "42282710220002" not in codes and all(code.startswith("422827102200") for code in codes)
