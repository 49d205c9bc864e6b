"""村不落户、户不落人 (A8-03, D6-07, B-24): what nobody has looked at is counted and can be opened."""

from datetime import date

import pytest

from assessment.actions.surveys import save_draft
from assessment.selectors_coverage import coverage_of
from households.coverage import SIX_ITEMS, child_state, missing_items
from households.models import Household, Membership

WHOLE = dict.fromkeys(("cause", "structure", "area_m2", "water_safe", "electricity", "cultivated_mu"), "x")
WHOLE |= {code: "有" for code in SIX_ITEMS if code != "basics"}


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("gone, lacking", [("", ()), ("structure", ("basics",)), ("plan", ("plan",)), ("helper_name", ("helper_name",))])
def test_household_lacks_the_item_that_is_blank(gone, lacking):
    assert missing_items({name: value for name, value in WHOLE.items() if name != gone}) == lacking


def test_unsafe_water_is_known_water():
    assert missing_items(WHOLE | {"water_safe": False}) == ()


@pytest.mark.parametrize(
    "schooling, education, state", [("", "", "unknown"), ("01", "", "out"), ("01", "02", "out"), ("", "02", "out"), ("03", "", "in"), ("06", "", "in")]
)
def test_child_is_out_of_school_only_where_somebody_has_said_so(schooling, education, state):
    assert child_state(schooling, education) == state


@pytest.fixture
def child(make_household):
    """The second member of a household, made ten years old."""

    def make(number=1, schooling="01", birth=date(2006, 3, 1)):
        household = make_household("422827102200", number)
        row = household.memberships.exclude(relation="01").first()
        Membership.objects.filter(pk=row.pk).update(schooling=schooling, education="")
        row.person.birth = birth
        row.person.save()
        return row

    return make


def test_village_sees_by_group_who_was_not_visited(make_household, scope, round_):
    make_household("422827102200", 1)
    drafted = make_household("422827102200", 2)
    save_draft(scope=scope("cadre"), household_code=drafted.code, round_code=round_.code, answers={})
    first = coverage_of(scope("cadre"), round_).lines[0]
    assert (first.registered, first.on_file, first.unvisited, first.not_on_file) == (50, 2, 1, 48)


@pytest.mark.parametrize("birth, counted", [(date(2010, 6, 30), 1), (date(2010, 7, 1), 0), (date(2000, 7, 1), 1), (date(2000, 6, 30), 0)])
def test_children_count_from_their_sixth_to_before_their_sixteenth_birthday(child, scope, round_, birth, counted):
    child(birth=birth)
    assert coverage_of(scope("cadre"), round_).total("children") == counted


def test_list_leads_the_cadre_from_the_child_to_the_page_to_mend(child, login, round_):
    row = child()
    page = text(login("cadre").get("/coverage/?list=children"))
    assert f"/members/{row.uuid}/" in page and "不在校" in page


def test_child_in_school_is_on_no_list(child, login, round_):
    row = child(schooling="03")
    assert str(row.uuid) not in text(login("cadre").get("/coverage/?list=children"))


def test_household_with_all_six_items_is_off_the_list(make_household, login, round_):
    full, bare = make_household("422827102200", 1), make_household("422827102200", 2)
    facts = {"structure": "other", "area_m2": 80, "water_safe": True, "electricity": True, "cultivated_mu": 3}
    Household.objects.filter(pk=full.pk).update(**facts, **{code: "有" for code in SIX_ITEMS if code != "basics"})
    page = text(login("cadre").get("/coverage/?list=items"))
    assert full.code not in page and bare.code in page


def test_exited_household_needs_no_six_items(make_household, login, round_):
    gone = make_household("422827102200", 1, exit_status="1")
    assert gone.code not in text(login("cadre").get("/coverage/?list=items"))


def test_township_counts_its_villages_and_nobody_elses(make_household, scope, round_):
    make_household("422827102200", 1)
    make_household("422827103200", 1)
    coverage = coverage_of(scope("township"), round_)
    assert [line.name for line in coverage.lines] == ["桐子园村", "芭蕉溪村"] and coverage.total("on_file") == 1


def test_page_costs_the_same_for_one_household_and_for_twenty(make_household, login, round_, django_assert_max_num_queries):
    for number in range(1, 21):
        make_household("422827102200", number)
    client = login("cadre")
    client.get("/coverage/")
    with django_assert_max_num_queries(24):
        client.get("/coverage/")
