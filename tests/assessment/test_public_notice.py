"""The notice on the web: masked, unseen by search engines, gone at the stroke of 24:00 (trust N1-N3, N6, N7, 77)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions.notices import withdraw_notice
from assessment.models import Case
from households.models import Household
from households.secrets import seal
from tests.assessment.notice_ground import at

pytestmark = pytest.mark.once


@pytest.fixture
def hangs(reach_notice, start, post):
    reach_notice(1), reach_notice(2, group=2, category="TUOPIN")
    Household.objects.filter(head_name="张1").update(head_name="张大明")
    with at("2026-11-23 10:00"):
        return post(start())


def show(client, notice):
    return client.get(f"/public/notices/{notice.token}/")


def test_a_visitor_reads_masked_names_without_logging_in(client, hangs):
    with at("2026-11-25 10:00"):
        page = show(client, hangs).content.decode()
    assert "张*明" in page and "张大明" not in page and "低保贫困户" in page and hangs.check_code[:4] in page


def test_no_search_engine_keeps_it_and_no_cache_stores_it(client, hangs):
    """N7."""
    with at("2026-11-25 10:00"):
        response = show(client, hangs)
    assert response.headers["X-Robots-Tag"].startswith("noindex") and response.headers["Cache-Control"] == "no-store"
    assert 'name="robots" content="noindex' in response.content.decode() and not response.cookies


@pytest.mark.parametrize(
    ("moment", "status"), [("2026-11-30 23:59:59", 200), ("2026-12-01 00:00", 404), ("2026-11-23 09:59", 404)]
)
def test_it_is_read_only_while_it_hangs_though_no_job_has_run(client, hangs, moment, status):
    """N6, trust 77, ruling 13."""
    with at(moment):
        assert show(client, hangs).status_code == status
    hangs.refresh_from_db()
    assert hangs.status == "open"


def test_an_ended_and_an_unknown_notice_get_one_and_the_same_answer(client, hangs):
    with at("2026-12-01 00:00"):
        ended, unknown = show(client, hangs), client.get("/public/notices/never-was-there-000000000/")
    assert ended.status_code == unknown.status_code == 404
    assert ended.content == unknown.content and "公示已结束或不存在" in ended.content.decode()
    assert ended.headers["X-Robots-Tag"] == unknown.headers["X-Robots-Tag"]


def test_a_notice_in_preparation_or_withdrawn_is_not_on_the_web(client, reach_notice, start, post, scope):
    reach_notice(1)
    with at("2026-11-23 10:00"):
        notice = start()
        assert show(client, notice).status_code == 404
        post(notice)
        assert show(client, notice).status_code == 200
        withdraw_notice(scope=scope("township"), notice=str(notice.uuid), reason="名单印错一户")
        assert show(client, notice).status_code == 404


@pytest.mark.parametrize(
    "change", [{"stage": "zp", "pass_no": 2}, {"category": "DOUDI"}, {"state": "rejected"}, {"state": "ended"}]
)
def test_a_household_that_left_the_notice_is_off_the_web_at_once(client, hangs, change):
    Case.objects.filter(household__head_name="张大明").update(**change)
    with at("2026-11-25 10:00"):
        page = show(client, hangs).content.decode()
    assert "张*明" not in page and "1 户已撤下" in page


def test_a_held_household_is_shown_like_any_other(client, hangs):
    """Nobody outside learns that there is an objection."""
    with at("2026-11-25 10:00"):
        before = show(client, hangs).content
        Case.objects.filter(household__head_name="张大明").update(state="held")
        assert show(client, hangs).content == before


SECRETS = {"phone": "13912345678", "savings": "7654321.00", "debt": "1234567.00"}


def test_the_page_holds_nothing_beyond_the_allow_list(client, reach_notice, start, post, make_id):
    """N1: a canary in every other field of the household and its members."""
    case = reach_notice(1, members=3, structure="01", area_m2="87.65")
    household = case.household
    for name, value in SECRETS.items():
        seal(household, name, value)
    household.save()
    household.memberships.update(health="04", disability_grade=2)
    notice = post(start())
    page = show(client, notice).content.decode()
    names = [row.person.name for row in household.memberships.select_related("person")]
    numbers = [
        make_id(int(household.code[6:]) * 13 % 4_999_999 + order, sex="M" if order == 0 else "F") for order in range(3)
    ]
    for secret in (
        *SECRETS.values(),
        *numbers,
        *[number[-4:] for number in numbers],
        *names,
        household.code,
        "87.65",
        "残疾",
        str(case.uuid),
    ):
        assert secret not in page
    assert not re.search(r"[0-9]{6}\*+", page)


def test_the_page_asks_no_household_and_no_person(client, hangs):
    """Strictly from the frozen lines."""
    with at("2026-11-25 10:00"), CaptureQueriesContext(connection) as queries:
        assert show(client, hangs).status_code == 200
    asked = " ".join(query["sql"] for query in queries)
    assert "noticeline" in asked
    for table in ("households_household", "households_person", "households_membership", "assessment_survey"):
        assert f'"{table}"' not in asked
    assert "head_name" not in asked


def test_a_logged_in_officer_sees_the_same_page_as_a_visitor(client, hangs, login):
    with at("2026-11-25 10:00"):
        visitor = show(client, hangs).content
        assert show(login("county"), hangs).content == visitor


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_the_page_only_answers_reading(client, hangs, method):
    assert getattr(client, method)(f"/public/notices/{hangs.token}/").status_code == 405


def test_nothing_may_be_downloaded_from_the_page(client, hangs):
    """N7: no attachment, no workbook."""
    with at("2026-11-25 10:00"):
        page = show(client, hangs).content.decode()
    assert not re.search(r"\.(xlsx?|csv|pdf|docx?)\b|download|<script", page)
