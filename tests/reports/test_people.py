"""Persons by 人员分类 in the tables: frozen with the form, summed upward, unknown where never counted, households behind them guarded."""

import pytest

from assessment.models import Survey
from core.errors import Denied
from households.models import Membership
from households.selectors_cohorts import cohorts_of
from reports.actions import roll_up, system_scope
from reports.cells import cell_households
from reports.checks import check_levels, independent_count
from reports.tables import build_table
from tests.assessment.list_ground import tamper


@pytest.fixture
def people(rolled):
    """The first form of the round says: one old person, two gravely ill."""
    first = Survey.objects.filter(round=rolled).order_by("pk").first()
    tamper("UPDATE assessment_survey SET people = %s WHERE id = %s", "OLD:1 GRAVE:2", first.pk)
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    return first


def total(round_, scope):
    return build_table("county", round_, "422827", scope("county")).total.values


def test_the_county_reads_how_many_old_and_ill_persons_there_are(rolled, people, scope):
    values = total(rolled, scope)
    assert (values["people.OLD"], values["people.GRAVE"], values["people.INFANT"]) == (1, 2, 0)
    assert check_levels(rolled) == [] and independent_count(rolled)["people.GRAVE"] == 2


def test_one_form_from_before_they_were_counted_makes_the_figure_unknown(rolled, people, scope):
    tamper("UPDATE assessment_survey SET people = NULL WHERE id = %s", people.pk)
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    assert total(rolled, scope)["people.GRAVE"] is None and check_levels(rolled) == []


def test_the_households_of_the_ill_are_for_those_who_may_see_health(rolled, people, scope):
    behind = cell_households("county", rolled, "422827", "people.GRAVE", scope("county"))
    assert [row.pk for row in behind] == [people.household_id]
    with pytest.raises(Denied):
        cell_households("county", rolled, "422827", "people.GRAVE", scope("viewer"))
    assert cell_households("county", rolled, "422827", "people.OLD", scope("viewer")).count() == 1


def test_a_viewer_sees_the_number_without_a_way_to_the_ill(rolled, people, login):
    page = login("viewer").get(f"/tables/county/?round={rolled.code}&area=422827&cols=people").content.decode()
    assert "column=people.OLD" in page and "column=people.GRAVE" not in page


def test_a_member_is_counted_as_the_file_stands(make_household, round_):
    household = make_household(members=2)
    Membership.objects.filter(household=household, relation="01").update(health="02,03", work_place="02")
    assert cohorts_of([household.pk], round_.reference_date)[household.pk].endswith("GRAVE:1 CHRONIC:1 MIGRANT:1")
