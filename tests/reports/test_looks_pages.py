"""看板, 地图, 作战图: the numbers of the tables, in the reader's area, and nothing that the tables would not show."""

import json
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401

pytestmark = pytest.mark.once
VILLAGE, NEXT, OTHER = "422827102200", "422827102201", "422827103200"


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def square(code: str, x: float) -> dict:
    ring = [[x, 29.0], [x + 0.02, 29.0], [x + 0.02, 29.02], [x, 29.02], [x, 29.0]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def upload(client, *features, crs=None):
    content = json.dumps({"type": "FeatureCollection", "features": features, "crs": crs}).encode()
    return client.post("/map/outlines/", {"file": SimpleUploadedFile("county.geojson", content)})


@pytest.mark.parametrize("path", ["/dashboard/", "/map/", "/wallchart/"])
@pytest.mark.parametrize(
    ("who", "area", "status"),
    [("cadre", VILLAGE, 200), ("cadre", NEXT, 404), ("cadre", "422827", 404), ("township", "422827103", 404), ("viewer", "422827", 200), ("county", "x", 404), ("auditor", "", 403)],
)
def test_door_of_the_looks_is_that_of_the_tables(login, round_, who, area, status, path):
    assert login(who).get(f"{path}?area={area}").status_code == status


@pytest.mark.parametrize("path", ["/dashboard/", "/map/", "/wallchart/"])
def test_reader_without_a_roll_up_is_told_that_nothing_can_be_computed(login, round_, path):
    page = text_of(login("viewer").get(path))
    assert "不可算" in page and "尚未汇总" in page
    assert not re.search(r"\sstyle=|\sonclick=|<style", page)


def test_dashboard_shows_the_numbers_of_the_table(login, rolled, scope):
    from reports.tables import build_table

    total = build_table("county", rolled, "422827", scope("county")).total.values
    page = text_of(login("county").get("/dashboard/"))
    assert f">{total['households']}<" in page and f"{total['coverage'] * 100:.1f}" in page
    for tier in ("DOUDI", "DIBAO", "TUOPIN"):
        assert re.search(rf'column=tier\.{tier}">{total[f"tier.{tier}"]}</a>', page)
    assert "4 份评估表" in page and "与上面汇总的" not in page


def test_dashboard_says_when_its_scores_are_newer_than_its_table(login, rolled, make_household, submit):
    submit(make_household(number=9), "DIBAO")
    assert "与上面汇总的 4 户不同" in text_of(login("county").get("/dashboard/"))


def test_township_office_sees_scores_of_its_own_forms_only(login, rolled):
    page = text_of(login("township").get("/dashboard/"))
    assert "3 份评估表" in page and "绿水镇" not in page


def test_dashboard_tells_the_change_since_the_round_before(login, rolled, rubric_version, places):
    from assessment.models import Round
    from reports.models import Tally

    earlier = Round.objects.create(
        code="2015-SB", name="2015年识别", county=places.county, year=2015, reference_date=date(2015, 4, 1), rubric=rubric_version, opened_at=rolled.opened_at, status="closed",
    )  # fmt: skip
    page = text_of(login("county").get("/dashboard/?round=2016-SB"))
    assert "比上批次" not in page
    village = places.villages[VILLAGE]
    values = {"households": 7, "persons": 20, "surveyed": 7, "listed": 7, "listed_persons": 20, "score_sum": 350, "registered_population": 200}
    Tally.objects.create(round=earlier, county=places.county, township=village.township, village=village, group=village.groups.first(), values=values)
    page = text_of(login("county").get("/dashboard/?round=2016-SB"))
    assert "比上批次减少 2 户" in page and "2015年识别" in page and page.count("fc-trend") == 3
    assert "比上批次" not in text_of(login("township_other").get("/dashboard/?round=2016-SB"))


def test_map_of_a_county_has_a_tile_for_every_village_once_with_the_number_of_its_table(login, rolled, scope):
    from reports.maps.page import MapPage
    from reports.tables import build_table

    county = MapPage(build_table("county", rolled, "422827", scope("county"), by_village=True), "surveyed")
    tiles = [tile for block in county.blocks for tile in block.tiles]
    assert [(block.name, len(block.tiles)) for block in county.blocks] == [("大河镇", 2), ("绿水镇", 1)]
    below = {row.area: row.values for code in ("422827102", "422827103") for row in build_table("township", rolled, code, scope("county")).rows}
    assert {tile.code: tile.value for tile in tiles} == {code: values["surveyed"] for code, values in below.items()}
    client = login("county")
    assert {client.get(url).status_code for tile in tiles for url in (tile.url, tile.cell) if url} == {200}
    assert sum(row.count for row in county.legend) == 3


def test_map_of_a_village_shows_its_groups_to_its_cadre(login, rolled):
    page = text_of(login("cadre").get("/map/?column=households"))
    assert page.count('class="fm-tile m') == 4 and "未分组" in page and "大河镇" not in page


def test_viewer_sees_how_many_are_ill_and_not_who(login, rolled):
    private = next(column for column in _columns(rolled) if column.private)
    assert "cell" not in text_of(login("viewer").get(f"/map/?column={private.code}"))


def _columns(rolled):
    from reports.tables import columns_of

    return columns_of(rolled)


@pytest.mark.parametrize("path", ["/dashboard/", "/map/", "/wallchart/"])
def test_a_page_costs_the_same_queries_for_three_villages_and_forty(login, rolled, places, path):
    from villages.models import Village

    client = login("county")
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    township = places.townships["422827103"]
    Village.objects.bulk_create(Village(code=f"422827103{n}", name=f"新{n}村", county=places.county, township=township) for n in range(300, 340))
    with CaptureQueriesContext(connection) as many:
        page = text_of(client.get(path))
    assert len(many) == len(few) <= 26
    assert path == "/dashboard/" or "新339村" in page


def test_public_sheet_says_no_number_that_stands_for_one_or_two(login, rolled):
    client, area = login("county"), "/wallchart/?area=422827102&column=households"
    public, inside = text_of(client.get(area)), text_of(client.get(area + "&inside=1"))
    assert "<b>不公布</b>" in public and "不得公开张贴" not in public
    assert "<b>不公布</b>" not in inside and "不得公开张贴" in inside
    assert "人员分类" not in text_of(client.get("/wallchart/?column=people.GRAVE"))


def test_sheet_names_those_who_answer_for_the_township_and_no_household(login, rolled, cast, counted):
    page = text_of(login("township").get("/wallchart/?paper=a1"))
    assert cast.township.name in page and cast.county.name not in page and "大河镇脱贫攻坚作战图" in page and "print-wall-a1.css" in page
    assert not any(household.head_name in page for household in counted)


def test_county_office_uploads_its_map_and_a_village_without_an_outline_stays_a_tile(login, rolled):
    from core.models import AuditRow

    client = login("county")
    assert upload(client, square(VILLAGE, 109.2), square(OTHER, 109.22), square("422827102", 109.2)).status_code == 302
    page = text_of(client.get("/map/?column=households"))
    assert page.count("<path class=\"m") == 2 and page.count('class="fm-tile m') == 1 and page.count("fm-line") == 1
    assert "桐子园村 2" in page and AuditRow.objects.filter(action="place.outlines").count() == 1
    assert text_of(client.get("/map/?view=tiles")).count('class="fm-tile m') == 3
    assert "<path class=\"m" in text_of(client.get("/wallchart/"))
    assert client.post("/map/outlines/", {"remove": "1"}).status_code == 302
    assert text_of(client.get("/map/")).count('class="fm-tile m') == 3


def test_a_refused_file_leaves_the_map_as_it_was(login, rolled, places):
    from villages.models import CountyOutlines

    client = login("county")
    upload(client, square(VILLAGE, 109.2))
    answer = upload(client, square(NEXT, 109.2), square("999999999999", 109.3))
    assert answer.status_code == 400 and "第 2 个图形：代码“999999999999”不是本县在用的村或乡镇" in answer.content.decode()
    assert list(CountyOutlines.objects.get(county=places.county).shapes) == [VILLAGE]
    assert client.post("/map/outlines/").status_code == 400


def test_only_the_county_office_may_change_the_map(login, rolled, scope):
    from core.errors import Denied, NotFound
    from villages.actions_outlines import store_outlines

    content = json.dumps({"type": "FeatureCollection", "features": [square(VILLAGE, 109.2)]}).encode()
    for who, refusal in (("viewer", Denied), ("township", NotFound)):
        with pytest.raises(refusal):
            store_outlines(scope=scope(who), county_code="422827", content=content)


def test_a_county_without_a_village_has_a_dashboard_and_a_sheet_with_nothing_on_them(db, round_, rubric_version):
    from assessment.models import Round
    from reports.actions import system_scope
    from reports.dashboards.page import Dashboard
    from reports.maps.page import MapPage
    from reports.maps.wallchart import wall_chart
    from reports.tables import build_table
    from villages.models import County

    county = County.objects.create(code="422828", name="空县")
    empty = Round.objects.create(code="E", name="空", county=county, year=2016, reference_date=round_.reference_date, rubric=rubric_version, opened_at=round_.opened_at)
    table = build_table("county", empty, county.code, system_scope(empty), by_village=True)
    board, shown = Dashboard(table, round_.reference_date), MapPage(table)
    assert (board.tier_stack.total, board.scores.total, board.place_tiers, board.courses) == (0, 0, [], [])
    assert [key.text for key in board.keys] == ["0", "不可算", "0", "不可算"]
    assert (shown.blocks, shown.legend, wall_chart(table, shown).overview) == ((), [], None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("texts", "sums"),
    [
        (["12,8", "3,0"], [15, 8]), (["012,8", "3,0"], [15, 8]), (["12,8", ""], [None, None]), (["12,8"], [None, None]), (["12,8,1", "3"], [None, None]),
        (["12,8", "-3,0"], [None, None]), (["12,8", "3,,0"], [None, None]),
    ],
)  # fmt: skip
def test_one_of_two_forms_without_whole_subtotals_makes_the_sums_unknown(texts, sums):
    from types import SimpleNamespace

    from reports.sources.looks import RECORD, add_looks

    figures = {}
    add_looks(figures, [SimpleNamespace(code="A"), SimpleNamespace(code="B")], RECORD.join(texts), 2)
    assert list(figures.values()) == sums
