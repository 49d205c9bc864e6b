"""Another area's object answers like one that does not exist, everywhere (trust A6, 71)."""

import json

import pytest

from core.actions import acting

HOME, NEAR, FAR = "422827102200", "422827102201", "422827103200"
MINE, OTHER = "422827102", "422827103"
PHONE = "13800138000"


@pytest.fixture
def county(make_household, make_survey):
    """Two households with forms in each of the three villages."""
    made = [make_household(v, n) for v, numbers in ((HOME, (1, 2)), (NEAR, (3, 4)), (FAR, (5, 6))) for n in numbers]
    for household in made:
        make_survey(household)
    return made


@pytest.mark.parametrize(
    ("path", "column"), [("households/", "village"), ("surveys/", "village"), ("members/", "household")]
)
def test_township_token_lists_its_township_only(api, county, path, column):
    assert {row[column][:9] for row in api(MINE).every(path)} == {MINE}


def test_village_token_lists_its_village_only(api, county):
    assert {row["village"] for row in api(NEAR).every("households/")} == {NEAR}


def test_township_token_sees_no_other_place(api, places):
    assert {row["code"][:9] for row in api(MINE).every("divisions/")} == {MINE}


@pytest.mark.parametrize("filters", [{"village": FAR}, {"township": OTHER}, {"village": "999999999999"}])
@pytest.mark.parametrize("path", ["households/", "members/", "surveys/"])
def test_filter_by_another_area_finds_as_little_as_one_by_no_area(api, county, path, filters):
    assert api(MINE).get(path, **filters).json() == {"results": [], "next": None}


def pairs():
    yield f"households/{FAR}0005/", f"households/{FAR}9999/", {}, {}
    for level, area, ghost in (
        ("village", FAR, "422827109200"),
        ("township", OTHER, "422827109"),
        ("county", "422827", "422899"),
    ):
        yield (
            f"tables/{level}/",
            f"tables/{level}/",
            {"round": "2016-SB", "area": area},
            {"round": "2016-SB", "area": ghost},
        )
    cell = {"level": "township", "round": "2016-SB", "column": "households"}
    yield "tables/cell/", "tables/cell/", cell | {"area": FAR}, cell | {"area": "422827109200"}
    yield "tables/cell/", "tables/cell/", cell | {"area": OTHER}, cell | {"area": "422827109"}


@pytest.mark.parametrize(("other", "ghost", "other_query", "ghost_query"), list(pairs()))
def test_object_of_another_area_answers_like_a_missing_one(
    api, county, rolled_up, other, ghost, other_query, ghost_query
):
    rolled_up()
    caller = api(MINE)
    hidden, missing = caller.get(other, **other_query), caller.get(ghost, **ghost_query)
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert "ETag" not in hidden.headers


def test_denial_of_another_area_is_audited(api, county):
    from core.models import AuditRow

    api(MINE).get(f"households/{FAR}0005/")
    row = AuditRow.objects.get()
    assert (row.action, row.result) == ("api.read", "denied")


def test_feed_shows_each_client_its_own_area_with_tombstones(api, county, scope, places):
    moved = county[0]
    with acting(scope("cadre"), "household.update") as act:
        act.feed("household", county[2].code, place=county[2])
    with acting(scope("county"), "household.move") as act:
        act.feed("household", moved.code, place=places.villages[HOME], op="delete")
        act.feed("household", moved.code, place=places.villages[FAR])
    mine, theirs = api(MINE).get("changes/").json(), api(OTHER).get("changes/").json()
    assert mine == {
        "changes": [
            {"seq": 1, "kind": "household", "code": county[2].code, "op": "upsert"},
            {"seq": 2, "kind": "household", "code": moved.code, "op": "delete"},
        ],
        "next": 2,
    }  # fmt: skip
    assert [(row["seq"], row["op"]) for row in theirs["changes"]] == [(3, "upsert")]


def test_feed_is_read_to_its_end_in_pieces(api, county, scope):
    with acting(scope("cadre"), "household.update") as act:
        for household in county:
            act.feed("household", household.code, place=household)
    caller, since, seen = api(), 0, []
    while (body := caller.get("changes/", since=since, limit=2).json())["changes"]:
        seen += [row["code"] for row in body["changes"]]
        since = body["next"]
    assert seen == [household.code for household in county] and body["next"] == since == 6


@pytest.mark.parametrize(
    "query", [{"since": "-1"}, {"since": "x"}, {"since": str(2**63)}, {"limit": "0"}, {"limit": "1001"}]
)
def test_feed_with_a_bad_number_is_refused(api, query):
    assert api().get("changes/", **query).status_code == 400


def test_token_for_less_than_its_owners_area_sees_no_job(api, cast, places):
    from django.db import transaction

    from core.jobs import enqueue

    with transaction.atomic():
        job = enqueue("x", title="全县汇总", user_id=cast.county.pk, params={}, nudge=False)
    narrow = api(MINE)
    assert narrow.every("jobs/") == []
    assert narrow.get(f"jobs/{job.pk}/").status_code == 404


def test_rounds_of_another_county_are_not_there(api, round_):
    from assessment.models import Round
    from villages.models import County

    other = County.objects.create(code="422828", name="鹤峰县")
    Round.objects.create(
        code="OTHER", name="别县", county=other, year=2016, reference_date=round_.reference_date, rubric=round_.rubric,
        opened_at=round_.opened_at,
    )  # fmt: skip
    assert [row["code"] for row in api(HOME).every("rounds/")] == ["2016-SB"]
    query = {"area": "422828", "round": "OTHER"}
    assert api().get("tables/county/", **query).status_code == 404


def test_no_secret_reaches_any_response(api, make_household, make_survey, make_id, rolled_up, round_):
    """Canaries in every sealed or classed field (trust A2)."""
    from households.models import Membership
    from households.secrets import reveal, seal

    household = make_household()
    make_survey(household)
    seal(household, "phone", PHONE)
    seal(household, "savings", "987654.32")
    household.save()
    Membership.objects.filter(household=household).update(
        health="02,03", disability_grade=3, serious_illness_insured=True
    )
    numbers = [reveal(member.person, "id") for member in household.memberships.select_related("person")]
    rolled_up()
    caller = api()
    cell = {"level": "village", "round": "2016-SB", "area": HOME, "column": "households"}
    seen = "".join(
        json.dumps(response.json(), ensure_ascii=False)
        for response in [
            *(caller.get(path) for path in ("households/", "members/", "surveys/", "changes/", "jobs/", "divisions/")),
            caller.get(f"households/{household.code}/"),
            caller.get("tables/cell/", **cell),
            caller.get("tables/village/", round="2016-SB", area=HOME),
        ]
    )
    for secret in [
        *numbers,
        *(number[6:14] for number in numbers),
        PHONE,
        "987654",
        "02,03",
        *(f"{number[6:10]}-{number[10:12]}-{number[12:14]}" for number in numbers),
        "_enc",
        "index",
    ]:
        assert secret not in seen, secret
    for name in ("health", "disability_grade", "savings", "phone", "answers", "birth"):
        assert f'"{name}":' not in seen, name
    assert '"id_number": "******************"' in seen
