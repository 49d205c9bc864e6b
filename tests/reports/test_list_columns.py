"""Columns of the list: the three tables against a count made by hand, row by row (issue 3.8; rulings 22 and 23)."""

from collections import Counter, defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Case, Survey, Verdict, Voiding
from core.errors import NotFound
from reports.actions import roll_up, stale_villages, system_scope
from reports.catalog import columns_for
from reports.cells import cell_households
from reports.checks import check_levels, independent_count
from reports.models import Tally
from reports.rollup import Area, base_figures
from reports.tables import build_table, columns_of, tiers_of
from tests.reports.walked import FAR, HOME, NEAR, Walked, walk
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

STAGES = ("zp", "cy", "xh", "xd", "gs")
TIERS = ("DOUDI", "DIBAO", "YIBAN", "TUOPIN")
LIST = (
    *(f"stage.{stage}" for stage in STAGES), "concluded", *(f"decided.{tier}" for tier in TIERS),
    *(f"decided_persons.{tier}" for tier in TIERS),
)  # fmt: skip


@pytest.fixture(scope="module")
def once_walked(standing) -> Walked:
    return walk(standing.scope, standing.make_case)


@pytest.fixture
def walked(once_walked, db) -> Walked:
    return fresh(once_walked)


@pytest.fixture
def tables(round_):
    """`tables()` brings every village up to date."""

    def make(full: bool = True):
        roll_up(scope=system_scope(round_), round_code=round_.code, full=full)
        return round_

    return make


def by_hand(round_) -> dict[str, Counter]:
    """Area code → figures, by walking over decisions and cases one at a time: no query of the roll-up, no sum of the database."""
    places, passed, found = {}, set(), defaultdict(Counter)
    for case in Case.objects.filter(round=round_).select_related("village__township__county", "group", "survey"):
        group = case.group.code if case.group else f"{case.village.code}00"
        village = case.village
        places[case.pk] = (group, village.code, village.township.code, village.county.code)
        if case.state == "concluded":
            for area in places[case.pk]:
                found[area]["concluded"] += 1
                found[area][f"decided.{case.category}"] += 1
                found[area][f"decided_persons.{case.category}"] += case.survey.persons
    voided = {row.verdict_id for row in Voiding.objects.all()}
    for verdict in Verdict.objects.all():
        if verdict.pk not in voided and verdict.opinion == "agree" and verdict.case_id in places:
            passed.add((verdict.case_id, verdict.stage))
    for case, stage in passed:
        for area in places[case]:
            found[area][f"stage.{stage}"] += 1
    return found


def test_the_three_tables_equal_a_count_made_by_hand(walked, tables, scope):
    round_ = tables()
    counted, seen = by_hand(round_), set()
    for level, area in (
        ("village", HOME),
        ("village", NEAR),
        ("village", FAR),
        ("township", HOME[:9]),
        ("township", FAR[:9]),
        ("county", "422827"),
    ):
        table = build_table(level, round_, area, scope("county"))
        for row in (*table.rows, table.total):
            assert {code: row.values[code] for code in LIST} == {code: counted[row.area][code] for code in LIST}, (
                row.area
            )
            seen.add(row.area)
    assert set(counted) <= seen


def test_the_county_reads_the_figures_of_the_walk(walked, tables, scope):
    """The walk itself, counted on paper: 7 + 2 at 组评, one rejected, one returned, one dead, four concluded."""
    total = build_table("county", tables(), "422827", scope("county")).total.values
    assert {code: total[code] for code in LIST if total[code]} == {
        "stage.zp": 8, "stage.cy": 5, "stage.xh": 5, "stage.xd": 4, "stage.gs": 4, "concluded": 4, "decided.DOUDI": 1,
        "decided.DIBAO": 2, "decided.TUOPIN": 1, "decided_persons.DOUDI": 3, "decided_persons.DIBAO": 6, "decided_persons.TUOPIN": 1,
    }  # fmt: skip


def test_decided_categories_add_up_to_the_concluded(walked, tables, scope):
    total = build_table("county", tables(), "422827", scope("county")).total.values
    assert sum(total[f"decided.{tier}"] for tier in TIERS) == total["concluded"] == total["stage.gs"] == 4


def test_levels_agree_and_the_check_counts_the_list_too(walked, tables):
    round_ = tables()
    assert check_levels(round_) == []
    assert set(LIST) <= set(independent_count(round_))


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("stage.cy", "村议通过户数"),
        ("decided.DIBAO", "各认定结果合计"),
        ("concluded", "通过最后阶段"),
        ("decided_persons.TUOPIN", "（人） 8 ≠ 直接统计 1"),
    ],
)
def test_the_check_names_a_figure_of_the_list_that_was_changed_by_hand(walked, tables, column, said):
    round_ = tables()
    row = Tally.objects.get(village__code=HOME, group__number=1)
    row.values[column] = row.values.get(column, 0) + 7
    row.save()
    assert any(said in problem for problem in check_levels(round_))


def test_a_returned_household_has_passed_nothing_that_was_voided(walked, tables, scope):
    """Ruling 15: the return voids by reference; the household stands before its first meeting again."""
    assert (walked.again("returned").stage, walked.again("returned").pass_no) == ("zp", 2)
    behind = {
        stage: cell_households("county", tables(), "422827", f"stage.{stage}", scope("county")) for stage in STAGES
    }
    codes = {stage: {household.code for household in rows} for stage, rows in behind.items()}
    assert walked.cases["returned"].household.code not in set().union(*codes.values())
    assert walked.cases["dead"].household.code in codes["xh"] - codes["xd"]


def test_a_household_decided_again_after_a_return_counts_once(walked, tables, scope, make_case):
    from tests.assessment.meetings import Hall

    Hall(scope).decide("zp", group=2)
    assert Verdict.objects.filter(case=walked.cases["returned"], stage="zp", opinion="agree").count() == 2
    rows = build_table("village", tables(), HOME, scope("county")).rows
    assert [row.values["stage.zp"] for row in rows] == [4, 2, 0, 1]


@pytest.mark.parametrize(
    ("who", "level", "area"),
    [("county", "county", "422827"), ("township", "township", "422827102"), ("lead", "village", HOME)],
)
def test_every_number_of_the_list_opens_its_households(walked, tables, scope, who, level, area):
    table = build_table(level, tables(), area, scope(who))
    for row in (*table.rows, table.total):
        for code in LIST:
            behind = cell_households(level, table.round, row.area, code, scope(who))
            persons = sum(behind.values_list("persons", flat=True)) if "persons" in code else behind.count()
            assert persons == row.values[code], (row.area, code)


def test_a_cadre_opens_no_cell_of_another_village(walked, tables, scope):
    with pytest.raises(NotFound):
        cell_households("village", tables(), NEAR, "stage.zp", scope("cadre"))


def test_a_household_that_moved_stays_counted_where_it_was_decided(walked, tables, scope, places):
    """Ruling 2: a case freezes its place."""
    household = walked.cases["doudi"].household
    household.village, household.group, household.persons = places.villages[NEAR], places.groups[f"{NEAR}03"], 9
    household.save()
    round_ = tables()
    values = {row.area: row.values for row in build_table("township", round_, HOME[:9], scope("township")).rows}
    assert (values[HOME]["decided_persons.DOUDI"], values[NEAR]["decided_persons.DOUDI"]) == (3, 0)
    behind = cell_households("township", round_, HOME, "decided.DOUDI", scope("township"))
    assert [found.code for found in behind] == [household.code]


def test_a_review_form_counts_only_once_the_county_has_taken_it(walked, tables, scope):
    """复核 that waits (status review) is not a form of the tables; tier.* and surveyed stay."""
    before = build_table("county", tables(), "422827", scope("county"))
    form = walked.cases["dibao"].survey
    Survey.objects.create(
        round=form.round, household=form.household, county=form.county, township=form.township, village=form.village,
        group=form.group, revision=2, status="review", purpose="review", answers=form.answers, look_points=form.look_points,
        persons=form.persons, score=form.score, saved_at=form.saved_at, submitted_at=form.submitted_at,
    )  # fmt: skip
    after = build_table("county", tables(), "422827", scope("county"))
    assert after.digest == before.digest and after.total.values["surveyed"] == 10


def test_deciding_leaves_the_village_to_be_counted_again(walked, tables, scope, places):
    """Ruling 24: the meeting marks its own village and no other."""
    from tests.assessment.meetings import Hall

    round_ = tables()
    Hall(scope).decide("zp", group=3)
    assert stale_villages(round_, [village.pk for village in places.villages.values()]) == [places.villages[HOME].pk]
    assert roll_up(scope=system_scope(round_), round_code=round_.code).recomputed == 1
    assert check_levels(round_) == []


def test_a_partial_pass_equals_the_full_pass(walked, tables, places):
    round_ = tables()
    stored = list(Tally.objects.order_by("village", "group").values_list("village", "group", "values"))
    for code in places.villages:
        roll_up(scope=system_scope(round_), round_code=round_.code, villages=[code], full=True)
    assert list(Tally.objects.order_by("village", "group").values_list("village", "group", "values")) == stored


def test_the_list_costs_one_query_a_source_however_many_cases(walked, round_, places):
    area = Area(places.county.pk)
    with CaptureQueriesContext(connection) as found:
        base_figures(round_, area)
    # registered numbers and groups in force, households, forms, decisions, cases; sent back, refused, doubts, the round before
    assert len(found) == 10


def test_columns_stand_between_classes_and_attributes_and_say_their_meaning(round_):
    columns = columns_of(round_)
    codes = [column.code for column in columns]
    start = codes.index("stage.zp")
    assert tuple(codes[start : start + len(LIST)]) == LIST
    assert (codes[start - 1], codes[start + len(LIST)]) == ("tier_persons.TUOPIN", "attribute.01")
    groups = list(dict.fromkeys(column.group_title for column in columns[start : start + len(LIST)]))
    assert groups == ["名单各阶段（户）", "认定结果（户）", "认定结果（人）"]
    assert all(column.definition.endswith("。") and column.has_cell for column in columns[start : start + len(LIST)])


def test_another_procedure_brings_its_own_stages(round_):
    """Ruling 18: a stage is a row of the procedure, so is its column."""
    from assessment.procedures import procedure_of

    columns = columns_for(tiers_of(round_), procedure_of("xjx").stages)
    assert [column.code for column in columns if column.code.startswith("stage.")] == [
        f"stage.{code}" for code in ("sq", "fy", "qc", "yj", "g1", "sh", "g2", "ba")
    ]
    assert next(column for column in columns if column.code == "stage.g1").definition.startswith("公示期满")
