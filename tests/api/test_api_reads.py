import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

HOME, NEAR, FAR = "422827102200", "422827102201", "422827103200"


@pytest.fixture
def county(make_household):
    """Households in all three villages: 3, 2 and 2."""
    return [make_household(v, n) for v, numbers in ((HOME, (1, 2, 3)), (NEAR, (4, 5)), (FAR, (6, 7))) for n in numbers]


def test_client_reads_the_divisions_of_its_county_in_code_order(api, places):
    rows = api().every("divisions/", page_size=4)
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)
    assert [row["level"] for row in rows].count("group") == 9 and rows[0]["code"] == "422827"
    assert {row["parent"] for row in rows if row["level"] == "village"} == {"422827102", "422827103"}


def test_client_filters_divisions_by_level_and_parent(api, places):
    rows = api().every("divisions/", level="village", parent="422827102")
    assert [(row["code"], row["name"]) for row in rows] == [(HOME, "桐子园村村民委员会"), (NEAR, "芭蕉溪村村民委员会")]


def test_client_reads_a_household_with_its_members(api, county):
    body = api().get(f"households/{HOME}0001/").json()
    assert (body["code"], body["village"], body["group"], body["persons"]) == (f"{HOME}0001", HOME, f"{HOME}01", 2)
    assert [member["relation"] for member in body["members"]] == ["01", "02"]


def test_list_row_and_object_say_the_same(api, county):
    caller = api()
    listed = caller.every("households/")[0]
    assert listed.items() <= caller.get(f"households/{listed['code']}/").json().items()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
def test_paging_serves_every_household_once(api, county, size):
    codes = [row["code"] for row in api().every("households/", page_size=size)]
    assert codes == sorted(household.code for household in county)


@pytest.mark.parametrize("size", [1, 4, 13, 14])
def test_paging_serves_every_member_once(api, county, size):
    codes = [row["code"] for row in api().every("members/", page_size=size)]
    assert len(codes) == len(set(codes)) == 14


def test_row_added_behind_the_reader_moves_no_page(api, make_household):
    for number in (1, 3, 5):
        make_household(HOME, number)
    caller = api()
    first = caller.get("households/", page_size=2).json()
    make_household(HOME, 2)
    second = Client().get(first["next"], headers=caller.headers).json()
    assert [row["code"][-1] for row in first["results"] + second["results"]] == ["1", "3", "5"]


def test_next_page_keeps_the_filters(api, county):
    assert {row["village"] for row in api().every("households/", village=NEAR, page_size=1)} == {NEAR}


@pytest.mark.parametrize(("name", "value"), [("attribute", "04"), ("cause", "02"), ("exit_status", "1")])
def test_client_filters_households_by_code(api, make_household, name, value):
    make_household(HOME, 1)
    wanted = make_household(HOME, 2, **{name: value})
    assert [row["code"] for row in api().every("households/", **{name: value})] == [wanted.code]


def test_client_searches_by_name_and_number_as_the_page_does(api, county):
    caller = api()
    assert [row["code"] for row in caller.every("households/", q="张2")] == [f"{HOME}0002"]
    assert [row["code"] for row in caller.every("households/", q="李31")] == [f"{HOME}0003"]
    assert {row["village"] for row in caller.every("households/", q=NEAR)} == {NEAR}


def test_client_filters_households_by_tier_and_survey(api, make_household, make_survey):
    surveyed, other = make_household(HOME, 1), make_household(HOME, 2)
    tier = make_survey(surveyed).score.tier
    caller = api()
    assert [row["code"] for row in caller.every("households/", tier=tier)] == [surveyed.code]
    assert [row["code"] for row in caller.every("households/", surveyed="no")] == [other.code]
    assert caller.get("households/", tier="RICH").status_code == 400


def test_closed_household_is_listed_only_when_asked_for(api, make_household):
    from datetime import date

    gone = make_household(HOME, 1, closed_on=date(2016, 3, 1))
    stays = make_household(HOME, 2)
    assert [row["code"] for row in api().every("households/")] == [stays.code]
    assert [row["code"] for row in api().every("households/", closed="true")] == [gone.code]
    assert api().get(f"households/{gone.code}/").status_code == 200


def test_client_reads_a_survey_with_score_and_looks(api, make_household, make_survey):
    survey = make_survey(make_household())
    row = api().every("surveys/")[0]
    assert (row["id"], row["score"], row["tier"]) == (str(survey.uuid), survey.score.points, survey.score.tier)
    assert sum(look["score"] for look in row["looks"]) == row["score"] and len(row["looks"]) == 6
    assert row["rubric"] == "LKF-DEFAULT-1" and row["round"] == "2016-SB"


def test_draft_is_not_served(api, make_household, make_survey):
    from assessment.models import Survey

    survey = make_survey(make_household())
    Survey.objects.create(
        round=survey.round, household=survey.household, county=survey.county, township=survey.township, village=survey.village,
        answers="-" * 21, revision=2, saved_at=survey.saved_at,
    )  # fmt: skip
    assert len(api().every("surveys/")) == 1
    assert api().get("surveys/", status="draft").status_code == 400


def test_client_reads_the_rubric_with_options_and_tiers(api, rubric_version):
    body = api().get("rubrics/LKF-DEFAULT-1/").json()
    assert body["digest"] == rubric_version.digest
    assert sum(len(look["indicators"]) for look in body["looks"]) == 21
    assert [tier["code"] for tier in body["tiers"]] == ["DOUDI", "DIBAO", "YIBAN", "TUOPIN"]
    assert api().every("rubrics/")[0]["code"] == "LKF-DEFAULT-1"


def test_client_reads_the_round(api, round_):
    row = api().every("rounds/")[0]
    assert (row["code"], row["rubric"], row["county"], row["reference_date"]) == (
        "2016-SB",
        "LKF-DEFAULT-1",
        "422827",
        "2016-06-30",
    )


def test_client_follows_the_jobs_of_its_owner(api, cast, places):
    from django.db import transaction

    from core.jobs import enqueue

    with transaction.atomic():
        jobs = [enqueue("x", title=f"汇总{n}", user_id=cast.county.pk, params={}, nudge=False) for n in range(3)]
        enqueue("x", title="别人的", user_id=cast.county2.pk, params={}, nudge=False)
    rows = api().every("jobs/", page_size=1)
    assert [row["title"] for row in rows] == ["汇总2", "汇总1", "汇总0"]
    assert api().get(f"jobs/{jobs[0].pk}/").json()["state"] == "queued"


def test_unchanged_object_is_304(api, county):
    caller, path = api(), f"households/{HOME}0001/"
    etag = caller.get(path).headers["ETag"]
    again = caller.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)


def test_etag_moves_with_the_version(api, county):
    from households.models import Household

    caller, path = api(), f"households/{HOME}0001/"
    etag = caller.get(path).headers["ETag"]
    Household.objects.filter(code=f"{HOME}0001").update(version=2)
    assert caller.get(path, headers={"if-none-match": etag}).status_code == 200
    stale = caller.get(path, headers={"if-match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")


def test_object_with_the_current_etag_is_served(api, county):
    caller, path = api(), f"households/{HOME}0001/"
    etag = caller.get(path).headers["ETag"]
    assert caller.get(path, headers={"if-match": etag}).status_code == 200


def queries_of(call) -> int:
    call()  # the token's last use, the cached rubric
    with CaptureQueriesContext(
        connection,
    ) as found:
        call()
    return len(found)


@pytest.mark.parametrize("path", ["households/", "members/", "surveys/", "divisions/"])
def test_list_costs_the_same_for_three_rows_and_thirty(api, make_household, make_survey, path):
    caller = api()
    for number in range(1, 4):
        make_survey(make_household(HOME, number))
    few = queries_of(lambda: caller.get(path))
    for number in range(4, 31):
        make_survey(make_household(HOME, number))
    assert len(caller.get(path).json()["results"]) >= (9 if path == "divisions/" else 30)
    assert queries_of(lambda: caller.get(path)) == few
