import pytest
from django.core.management import CommandError, call_command

from core.actions import acting
from core.errors import Denied, NotFound
from core.models import AuditRow
from reports.actions import roll_up, stale_villages, system_scope
from reports.checks import check_levels, independent_count
from reports.models import Tally, TallyState
from reports.tables import build_table
from villages.dirty import mark
from villages.models import RegisteredPopulation


def test_county_figures_equal_a_count_of_their_own(rolled, scope):
    total = build_table("county", rolled, "422827", scope("county")).total.values
    counted = independent_count(rolled)
    assert {code: total[code] for code in counted} == counted
    assert (total["households"], total["persons"], total["surveyed"], total["score_sum"]) == (
        5,
        12,
        4,
        40 + 60 + 60 + 90,
    )
    assert (total["attribute.NONE"], total["cause.NONE"], total["listed"], total["listed_persons"]) == (1, 1, 4, 11)


def test_levels_of_a_rolled_round_agree(rolled):
    assert check_levels(rolled) == []


def test_check_names_a_figure_that_was_changed_by_hand(rolled, places):
    row = Tally.objects.get(village=places.villages["422827102201"], group__number=1)
    row.values["tier.DIBAO"] = 7
    row.save()
    assert any("六看分类—低保贫困户" in problem for problem in check_levels(rolled))


def test_attributes_and_causes_add_up_to_the_households(rolled, scope):
    total = build_table("county", rolled, "422827", scope("county")).total.values
    for family in ("attribute.", "cause."):
        assert sum(value for code, value in total.items() if code.startswith(family)) == total["households"]


def test_second_roll_up_recomputes_nothing(rolled):
    assert roll_up(scope=system_scope(rolled), round_code=rolled.code).recomputed == 0


def test_only_the_marked_village_is_recomputed(rolled, scope, places, make_household):
    village = places.villages["422827102201"]
    make_household("422827102201", number=9, members=6)
    with acting(scope("cadre2"), "household.create") as act:
        mark(act, [village.pk])
    before = dict(TallyState.objects.values_list("village_id", "computed_at"))
    assert stale_villages(rolled, list(before)) == [village.pk]
    assert roll_up(scope=system_scope(rolled), round_code=rolled.code).recomputed == 1
    after = dict(TallyState.objects.values_list("village_id", "computed_at"))
    assert [pk for pk in after if after[pk] != before[pk]] == [village.pk]
    assert check_levels(rolled) == []


def test_figures_of_an_older_catalogue_are_recomputed(rolled):
    TallyState.objects.update(catalog_version="0")
    assert roll_up(scope=system_scope(rolled), round_code=rolled.code).recomputed == 3


def test_partial_pass_equals_the_full_pass(rolled, places):
    stored = list(Tally.objects.order_by("village", "group").values_list("village", "group", "values"))
    for code in places.villages:
        roll_up(scope=system_scope(rolled), round_code=rolled.code, villages=[code], full=True)
    assert list(Tally.objects.order_by("village", "group").values_list("village", "group", "values")) == stored


def test_change_during_a_roll_up_leaves_the_village_dirty(rolled, scope, places, monkeypatch):
    import reports.actions as actions

    village = places.villages["422827102200"]
    read = actions.base_figures

    def slow(*args):
        figures = read(*args)
        with acting(scope("cadre"), "household.update") as act:
            mark(act, [village.pk])
        return figures

    monkeypatch.setattr(actions, "base_figures", slow)
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    assert stale_villages(rolled, [village.pk]) == [village.pk]


def test_unknown_population_makes_the_rate_null_and_never_zero(rolled, scope, places):
    RegisteredPopulation.objects.filter(group__code="42282710220002").delete()
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    table = build_table("township", rolled, "422827102", scope("county"))
    rows = {row.area: row.values for row in table.rows}
    assert rows["422827102200"]["registered_population"] is None and rows["422827102200"]["poverty_rate"] is None
    assert rows["422827102201"]["registered_population"] == 600
    assert table.total.values["poverty_rate"] is None


def test_rate_is_computed_from_sums_not_averaged(rolled, scope):
    total = build_table("county", rolled, "422827", scope("county")).total.values
    assert total["poverty_rate"] == round(11 / 1800, 6)
    assert total["coverage"] == 0.8 and total["score_avg"] == 62.5


def test_figures_of_a_village_never_computed_are_unknown(round_, counted, scope):
    table = build_table("township", round_, "422827102", scope("township"))
    assert table.total.values["households"] is None
    assert table.stale_villages == ("桐子园村", "芭蕉溪村")


def test_ungrouped_household_keeps_groups_equal_to_the_village(rolled, scope):
    table = build_table("village", rolled, "422827102200", scope("cadre"))
    assert [row.name for row in table.rows] == ["1组", "2组", "3组", "未分组"]
    assert [row.values["households"] for row in table.rows] == [1, 0, 0, 1]
    assert table.total.values["households"] == 2 and table.total.values["registered_population"] == 600


def test_village_without_ungrouped_households_has_no_such_row(rolled, scope):
    assert "未分组" not in [row.name for row in build_table("village", rolled, "422827102201", scope("cadre2")).rows]


def test_village_without_households_is_shown_with_zeros(rolled, scope, places):
    from villages.models import Township, Village

    township = Township.objects.create(code="422827202", name="漫水乡", county=places.county)
    Village.objects.create(code="422827202200", name="空村村民委员会", county=places.county, township=township)
    roll_up(scope=system_scope(rolled), round_code=rolled.code)
    rows = {row.name: row.values for row in build_table("county", rolled, "422827", scope("county")).rows}
    assert rows["漫水乡"]["households"] == 0 and rows["漫水乡"]["coverage"] is None


def test_digest_stays_when_nothing_changed_and_moves_with_a_figure(rolled, scope, make_household):
    first = build_table("county", rolled, "422827", scope("county")).digest
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    assert build_table("county", rolled, "422827", scope("county")).digest == first
    make_household(number=8)
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    assert build_table("county", rolled, "422827", scope("county")).digest != first


@pytest.mark.parametrize(
    ("who", "level", "area"),
    [
        ("cadre", "village", "422827102201"),
        ("cadre", "township", "422827102"),
        ("township", "county", "422827"),
        ("township", "village", "422827103200"),
        ("township_other", "township", "422827102"),
    ],
)
def test_table_outside_the_area_is_not_found(rolled, scope, who, level, area):
    with pytest.raises(NotFound):
        build_table(level, rolled, area, scope(who))


def test_sysadmin_may_not_open_a_table(rolled, scope):
    with pytest.raises(Denied):
        build_table("county", rolled, "422827", scope("sysadmin"))


def test_viewer_may_not_roll_up(rolled, scope):
    with pytest.raises(Denied):
        roll_up(scope=scope("viewer"), round_code=rolled.code)


def test_cadre_rolls_up_the_own_village_only(round_, counted, scope, places):
    assert roll_up(scope=scope("cadre"), round_code=round_.code).villages == 1
    assert list(TallyState.objects.values_list("village__code", flat=True)) == ["422827102200"]
    with pytest.raises(NotFound):
        roll_up(scope=scope("cadre"), round_code=round_.code, villages=["422827102201"])


def test_roll_up_is_audited_with_its_counts(rolled):
    row = AuditRow.objects.filter(action="table.roll_up").latest("seq")
    assert (row.actor_login, row.detail["recomputed"]) == ("command", 3)


def test_rollup_command_says_how_many_villages(round_, counted, capsys):
    call_command("rollup", round_.code)
    assert "3 个村，重算 3 个" in capsys.readouterr().out


def test_rollup_command_refuses_an_unknown_village(round_, counted):
    with pytest.raises(CommandError):
        call_command("rollup", round_.code, "--village", "999999999999")
