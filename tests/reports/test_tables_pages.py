import re

import pytest

from core.models import Job

pytestmark = pytest.mark.once  # what a page shows is the same on any database


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("cadre", "/tables/village/?area=422827102200", 200),
        ("cadre", "/tables/village/?area=422827102201", 404),
        ("cadre", "/tables/township/?area=422827102", 404),
        ("cadre", "/tables/county/", 404),
        ("township", "/tables/township/?area=422827102", 200),
        ("township", "/tables/village/?area=422827102201", 200),
        ("township", "/tables/township/?area=422827103", 404),
        ("township", "/tables/county/?area=422827", 404),
        ("viewer", "/tables/county/?area=422827", 200),
        ("county", "/tables/nation/?area=422827", 404),
        ("county", "/tables/county/?area=422827&round=NOPE", 404),
        ("sysadmin", "/tables/county/?area=422827", 403),
        ("nobody", "/tables/", 403),
        ("cadre", "/tables/village/cell/?area=42282710220001&column=households", 200),
        ("cadre", "/tables/village/cell/?area=42282710220101&column=households", 404),
        ("cadre", "/tables/village/cell/?area=42282710220001&column=nope", 400),
    ],
)
def test_door_of_tables_by_role(rolled, login, who, path, status):
    assert login(who).get(path).status_code == status


def test_visitor_without_log_in_is_sent_to_the_log_in_page(rolled, client):
    assert client.get("/tables/").url.startswith("/login/")


@pytest.mark.parametrize(
    ("who", "target"), [("cadre", "/tables/village/"), ("township", "/tables/township/"), ("viewer", "/tables/county/")]
)
def test_tables_opens_the_widest_table_of_the_role(rolled, login, who, target):
    assert login(who).get("/tables/").url.startswith(target)


def test_page_shows_header_sum_basis_and_digest(rolled, login, scope):
    from reports.tables import build_table

    html = login("township").get("/tables/township/?area=422827102").content.decode()
    digest = build_table("township", rolled, "422827102", scope("township")).digest
    for part in ("六看分类（户）", "合计", "÷", " ".join(digest[i : i + 4] for i in range(0, 16, 4)), "截至", "1,200"):
        assert part in html
    assert not re.search(r"\sstyle=|\sonclick=", html)


def test_every_number_on_the_page_opens_a_list_of_as_many_households(rolled, login):
    client = login("township")
    html = client.get("/tables/township/?area=422827102").content.decode()
    links = re.findall(
        r'<td class="num[^"]*"><a href="([^"]+column=(?:households|surveyed|tier\.[A-Z]+))">([\d,]+)</a>', html
    )
    assert len(links) > 4
    for url, number in links:
        page = client.get(url.replace("&amp;", "&")).content.decode()
        assert page.count('<th scope="row">') == int(number)


def test_no_link_on_the_page_leads_its_reader_to_a_closed_door(rolled, login):
    client = login("township")
    html = client.get("/tables/village/?area=422827102200").content.decode()
    links = {url.replace("&amp;", "&") for url in re.findall(r'href="(/tables/[^"]*)"', html)}
    assert len(links) > 3 and {client.get(url, follow=True).status_code for url in links} == {200}


def test_unknown_rate_is_written_not_computable(rolled, login):
    from reports.actions import roll_up, system_scope
    from villages.models import RegisteredPopulation

    RegisteredPopulation.objects.all().delete()
    roll_up(scope=system_scope(rolled), round_code=rolled.code, full=True)
    assert "不可算" in login("township").get("/tables/township/?area=422827102").content.decode()


def test_page_of_a_table_never_rolled_up_says_so_and_offers_it(round_, counted, login):
    html = login("township").get("/tables/township/?area=422827102").content.decode()
    assert "还没有汇总过" in html and 'action="/tables/rollup/"' in html


def test_viewer_is_not_offered_what_the_viewer_may_not_do(rolled, login):
    html = login("viewer").get("/tables/county/").content.decode()
    assert 'action="/tables/rollup/"' not in html and 'value="roster"' not in html


def test_reader_sees_only_the_chosen_groups_of_columns(rolled, login):
    html = login("township").get("/tables/township/?area=422827102&cols=tier").content.decode()
    assert html.count('class="grp-h"') == 1


def test_roll_up_button_makes_a_job_of_the_presser(rolled, login, cast):
    response = login("township").post("/tables/rollup/", {"round": "2016-SB"})
    job = Job.objects.get()
    assert response.url == f"/jobs/{job.pk}/" and (job.kind, job.requested_by) == ("rollup", cast.township)


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("sysadmin", 403), ("cadre", 302)])
def test_who_may_start_a_roll_up(rolled, login, who, status):
    assert login(who).post("/tables/rollup/", {"round": "2016-SB"}).status_code == status
    assert Job.objects.count() == (status == 302)


@pytest.mark.parametrize(
    ("who", "table", "area", "status"),
    [
        ("cadre", "roster", "422827102200", 302),
        ("cadre", "roster", "422827102201", 404),
        ("cadre", "nope", "422827102200", 400),
        ("sysadmin", "county", "422827", 403),
        ("viewer", "county", "422827", 302),
        ("viewer", "roster", "422827", 403),
    ],
)
def test_who_may_start_an_export(rolled, login, who, table, area, status):
    response = login(who).post("/exports/", {"table": table, "round": "2016-SB", "area": area})
    assert response.status_code == status
    assert Job.objects.count() == (status == 302)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("cadre", ("接着做", "待入户评估", "按组看进度")),
        ("township", ("各村进度", "落后的在前")),
        ("county", ("六看分类", "主要致贫原因", "各乡镇进度", "贫困发生率")),
        ("viewer", ("六看分类", "各乡镇进度")),
        ("sysadmin", ("/manage/accounts/", "/manage/places/")),
        ("secadmin", ("/manage/assignments/",)),
        ("auditor", ("/manage/audit/",)),
        ("nobody", ("您还没有岗位",)),
    ],
)
def test_home_page_of_each_role(rolled, login, who, words):
    html = login(who).get("/").content.decode()
    for word in words:
        assert word in html
    assert not re.search(r"\sstyle=|\sonclick=", html)


@pytest.mark.parametrize("who", ["cadre", "township", "county"])
def test_home_page_without_a_round_says_so(places, cast, login, who):
    assert "还没有识别批次" in login(who).get("/").content.decode()


def test_cadre_finds_the_draft_first_then_the_household_not_visited(rolled, login, make_household):
    from django.utils import timezone

    from assessment.models import Survey

    waiting, begun = make_household(number=20), make_household(number=21)
    Survey.objects.create(
        round=rolled, household=begun, county=begun.county, township=begun.township, village=begun.village, group=begun.group,
        answers="1" * 13 + "-" * 8, saved_at=timezone.now(),
    )  # fmt: skip
    html = login("cadre").get("/").content.decode()
    assert "张21户：草稿，还有 8 项未答" in html
    assert html.index(f"/households/{begun.code}/survey/") < html.index(f"/households/{waiting.code}/survey/")
