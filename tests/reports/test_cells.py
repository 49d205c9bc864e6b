import pytest

from core.errors import BadInput, NotFound
from reports.cells import cell_households
from reports.tables import build_table


@pytest.mark.parametrize(
    ("who", "level", "area"),
    [("county", "county", "422827"), ("township", "township", "422827102"), ("cadre", "village", "422827102200")],
)
def test_every_number_equals_the_households_behind_it(rolled, scope, who, level, area):
    table = build_table(level, rolled, area, scope(who))
    for row in (*table.rows, table.total):
        for column in table.columns:
            if column.has_cell and column.expression == "count":
                behind = cell_households(level, rolled, row.area, column.code, scope(who))
                assert behind.count() == (row.values[column.code] or 0), (row.area, column.code)


def test_persons_twin_opens_the_same_households(rolled, scope):
    codes = [
        sorted(h.code for h in cell_households("county", rolled, "422827", column, scope("county")))
        for column in ("tier.DIBAO", "tier_persons.DIBAO")
    ]
    assert codes[0] == codes[1] and len(codes[0]) == 2


def test_rate_opens_the_households_of_its_numerator(rolled, scope):
    assert cell_households("county", rolled, "422827", "poverty_rate", scope("county")).count() == 4
    assert cell_households("county", rolled, "422827", "score_avg", scope("county")).count() == 4


def test_registered_population_has_no_households_behind_it(rolled, scope):
    with pytest.raises(BadInput):
        cell_households("county", rolled, "422827", "registered_population", scope("county"))


def test_unknown_column_is_refused(rolled, scope):
    with pytest.raises(BadInput):
        cell_households("county", rolled, "422827", "village__households", scope("county"))


@pytest.mark.parametrize(
    ("level", "area"),
    [
        ("village", "42282710220101"),
        ("village", "42282710220100"),
        ("township", "422827102201"),
        ("county", "422827102"),
    ],
)
def test_cadre_gets_not_found_for_a_cell_elsewhere(rolled, scope, level, area):
    with pytest.raises(NotFound):
        cell_households(level, rolled, area, "households", scope("cadre"))


def test_form_stays_counted_where_it_was_submitted_after_the_household_moved(rolled, scope, counted, places):
    household = counted[0]
    household.village, household.group = places.villages["422827102201"], places.groups["42282710220101"]
    household.save()
    behind = cell_households("township", rolled, "422827102200", "tier.DOUDI", scope("township"))
    assert [h.code for h in behind] == [household.code]
