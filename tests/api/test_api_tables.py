import pytest

HOME, NEAR, FAR = "422827102200", "422827102201", "422827103200"


@pytest.fixture
def figures(make_household, make_survey, rolled_up):
    """Three households in the village, two of them with a form; one in the next village."""
    for number, cause in ((1, "01"), (2, "02"), (3, "02")):
        household = make_household(HOME, number, cause=cause)
        if number < 3:
            make_survey(household)
    make_survey(make_household(NEAR, 4, cause="02"))
    rolled_up()


def table(caller, level, area):
    response = caller.get(f"tables/{level}/", round="2016-SB", area=area)
    assert response.status_code == 200, response.content
    return response.json()


def test_client_reads_the_village_table_by_group(api, figures):
    body = table(api(), "village", HOME)
    assert {"columns", "rows", "total", "digest"} <= set(body)
    assert [row["area"] for row in body["rows"]] == [f"{HOME}0{n}" for n in (1, 2, 3)]
    assert (body["total"]["households"], body["total"]["surveyed"], body["total"]["cause.02"]) == (3, 2, 2)
    assert {"code", "title", "definition"} <= set(body["columns"][0])
    assert {column["code"] for column in body["columns"]} == set(body["total"])


@pytest.mark.parametrize(("level", "area"), [("township", "422827102"), ("county", "422827")])
def test_upper_tables_are_sums_of_lower_ones(api, figures, level, area):
    body = table(api(), level, area)
    assert body["total"]["households"] == sum(row["values"]["households"] or 0 for row in body["rows"]) == 4
    assert body["total"]["cause.02"] == 3


def test_every_number_opens_the_households_behind_it(api, figures):
    caller = api()
    body = table(caller, "township", "422827102")
    for row in body["rows"]:
        for code in ("households", "surveyed", "cause.01", "cause.02", "attribute.01", "listed"):
            found = caller.every("tables/cell/", level="township", round="2016-SB", area=row["area"], column=code)
            assert len(found) == row["values"][code], (row["area"], code)
            assert {household["village"] for household in found} <= {row["area"]}


def test_cell_is_paged(api, figures):
    query = {"level": "township", "round": "2016-SB", "area": "422827102", "column": "households", "page_size": 1}
    assert len({row["code"] for row in api().every("tables/cell/", **query)}) == 4


@pytest.mark.parametrize(
    ("path", "query", "named"),
    [
        ("tables/village/", {}, {"round", "area"}),
        ("tables/village/", {"round": "2016-SB"}, {"area"}),
        ("tables/cell/", {"round": "2016-SB", "area": HOME}, {"level", "column"}),
        ("tables/cell/", {"level": "nation", "round": "2016-SB", "area": HOME, "column": "households"}, {"level"}),
        ("tables/cell/", {"level": "village", "round": "2016-SB", "area": HOME, "column": "nothing"}, {"column"}),
    ],
)
def test_client_is_told_what_is_missing_or_wrong(api, round_, path, query, named):
    response = api().get(path, **query)
    assert response.status_code == 400 and set(response.json()["fields"]) == named


def test_unknown_round_is_404(api, round_):
    assert api().get("tables/village/", round="NONE", area=HOME).status_code == 404
