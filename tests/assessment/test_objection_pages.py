"""Pages of 异议: what each reader sees, and the doors that need no account (issue 3.5, 3.9; trust A2, C5, N3)."""



import re

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from assessment.models import Objection
from core.models import AuditRow
from tests.assessment.objection_ground import (  # noqa: F401
    ANSWER,
    FINDING,
    ILLNESS,
    LODGER,
    PHONE,
    TEXT,
    again,
    confirm,
    ground,
    lodge,
    posted,
    propose,
    settle,
    take,
)

pytestmark = pytest.mark.once  # what a page shows is the same on any database

KEY = "a-key-of-the-page"


def public_url(notice) -> str:
    return f"/public/notices/{notice.token}/objections/"


def said(**more) -> dict[str, str]:
    return {"kind": "wrong", "position": "1", "text": TEXT, "key": KEY} | more


# --- the public page ------------------------------------------------------------------------------------------


def test_a_citizen_objects_without_an_account_and_gets_a_receipt(client, posted):
    cases, notice = posted(1, 2)
    assert client.get(public_url(notice)).status_code == 200
    answer = client.post(public_url(notice), said(position="2"))
    made = Objection.objects.get()
    assert answer.status_code == 200 and made.code in answer.content.decode()
    assert (made.anonymous, again(cases[1]).state, again(cases[0]).state) == (True, "held", "open")


def test_the_same_form_sent_twice_makes_one_objection(client, posted):
    _, notice = posted()
    pages = [client.post(public_url(notice), said()).content.decode() for _ in range(2)]
    assert Objection.objects.count() == 1 and all(Objection.objects.get().code in page for page in pages)


def test_the_public_form_tells_masked_names_and_no_code_of_a_household(client, posted):
    cases, notice = posted(1, 2)
    text = client.get(public_url(notice)).content.decode()
    assert "张*" in text and cases[0].household.code not in text and cases[0].household.head_name not in text


def test_a_program_that_fills_the_hidden_field_is_refused_and_told(client, posted):
    _, notice = posted()
    answer = client.post(public_url(notice), said(homepage="spam"))
    assert answer.status_code == 400 and "请留空" in answer.content.decode() and not Objection.objects.exists()


def test_a_sixth_objection_within_the_hour_is_put_off_and_what_was_typed_stays(client, posted):
    _, notice = posted()
    for number in range(5):
        assert client.post(public_url(notice), said(key=f"k{number}")).status_code == 200
    answer = client.post(public_url(notice), said(key="k5"))
    assert answer.status_code == 429 and TEXT in answer.content.decode() and "一小时后再试" in answer.content.decode()
    assert Objection.objects.count() == 5


def test_too_long_a_text_is_refused_before_anything_is_written(client, posted):
    _, notice = posted()
    before = AuditRow.objects.count()
    assert client.post(public_url(notice), said(text="长" * 1001)).status_code == 400
    assert (Objection.objects.count(), AuditRow.objects.count()) == (0, before)


def test_after_the_last_day_the_page_is_gone_like_one_that_never_was(client, posted):
    """Trust N6, 77."""
    _, notice = posted()
    with time_machine.travel(notice.ends_at, tick=False):
        late = client.get(public_url(notice))
        assert (late.status_code, client.post(public_url(notice), said()).status_code) == (404, 404)
    never = client.get("/public/notices/no-such-token-at-all/objections/")
    assert never.status_code == 404 and never.content == late.content


def test_a_visitor_from_another_site_cannot_post_the_form(posted):
    from django.test import Client

    _, notice = posted()
    assert Client(enforce_csrf_checks=True).post(public_url(notice), said()).status_code == 403
    assert not Objection.objects.exists()


def test_a_receipt_number_tells_status_and_result_alone(client, posted, lodge, settle):
    cases, _ = posted()
    objection = lodge(cases[0])
    text = client.post("/public/objections/", {"code": objection.code.lower()}).content.decode()
    assert "受理中" in text
    settle(objection)
    text = client.post("/public/objections/", {"code": objection.code}).content.decode()
    assert "已办结：维持原结果" in text
    for secret in (LODGER, PHONE, TEXT, FINDING, ANSWER, cases[0].household.code, cases[0].household.head_name):
        assert secret not in text


def test_guessing_receipt_numbers_ends_after_twenty_tries(client, posted):
    posted()
    answers = [
        client.post("/public/objections/", {"code": f"YY-2016SB-{number:05d}"}).status_code for number in range(21)
    ]
    assert answers == [404] * 20 + [429]


# --- pages with an account ------------------------------------------------------------------------------------


def test_the_village_takes_an_objection_down_on_the_page(login, posted):
    cases, notice = posted()
    client, code = login("cadre"), cases[0].household.code
    page = client.get(f"/objections/new/?household={code}")
    assert page.status_code == 200 and f'value="{code}" selected' in page.content.decode()
    body = {"notice": str(notice.uuid), "kind": "untrue", "household": code, "text": TEXT, "lodger": LODGER, "key": KEY}
    answer = client.post("/objections/new/", body)
    assert answer.status_code == 302 and again(cases[0]).state == "held"
    assert Objection.objects.get().channel == "village"


def test_a_form_without_a_name_says_so_and_keeps_what_was_typed(login, posted):
    cases, notice = posted()
    body = {"notice": str(notice.uuid), "kind": "wrong", "household": cases[0].household.code, "text": TEXT}
    answer = login("township").post("/objections/new/", body)
    assert answer.status_code == 400 and "请选“匿名”" in answer.content.decode() and TEXT in answer.content.decode()


def test_the_whole_way_on_the_pages(login, posted, lodge):
    cases, _ = posted()
    objection = lodge(cases[0])
    here = f"/objections/{objection.code}/"
    assert login("township2").post(f"{here}take/", {"key": "1"}).status_code == 302
    day = timezone.localdate(again(objection).taken_at).isoformat()
    body = {"proposal": "change", "category": "YIBAN", "finding": FINDING, "visited_on": day, "key": "2"}
    assert login("township2").post(f"{here}propose/", body).status_code == 302
    page = login("county").get(f"{here}confirm/").content.decode()
    assert FINDING in page and "同意并定案" in page
    body = {"accept": "1", "answer": ANSWER, "outcome": "change", "category": "YIBAN", "key": "3"}
    assert login("county").post(f"{here}confirm/", body).status_code == 302
    assert again(cases[0]).category == "YIBAN"
    assert login("county2").post(f"{here}confirm/", body).status_code == 409
    slip = login("cadre").get(f"{here}print/").content.decode()
    assert ANSWER in slip and "改定类别" in slip and LODGER not in slip


def test_whoever_may_not_take_it_reads_why_and_who_may(login, posted, lodge):
    cases, _ = posted()
    text = login("township").get(f"/objections/{lodge(cases[0]).code}/").content.decode()
    assert "您参与决定过这一户" in text and "可以办的" in text
    assert "受理并核查</button>" not in text


def test_who_objects_is_told_to_the_handler_and_the_county_alone(login, posted, lodge, take):
    cases, _ = posted()
    objection = take(lodge(cases[0]))
    here = f"/objections/{objection.code}/"
    seen = {
        who: login(who).get(here).content.decode()
        for who in ("cadre", "lead", "viewer", "township", "township2", "county")
    }
    assert {who for who, text in seen.items() if LODGER in text} == {"township2", "county"}
    assert {who for who, text in seen.items() if PHONE in text} == {"township2", "county"}
    assert {who for who, text in seen.items() if TEXT in text} == {"township", "township2", "county"}


def test_reading_what_was_said_is_on_the_trail(login, posted, lodge):
    cases, _ = posted()
    objection = lodge(cases[0])
    login("county").get(f"/objections/{objection.code}/")
    assert (
        AuditRow.objects.filter(action="objection.read", object_code=objection.code, actor_login="county").count() == 1
    )


def test_what_waits_for_the_caller_comes_first(login, posted, lodge, settle):
    cases, _ = posted(1, 2)
    settle(lodge(cases[0]))
    fresh = lodge(cases[1])
    text = login("township2").get("/objections/").content.decode()
    codes = re.findall(r"/objections/(YY-[\w-]+)/", text)
    assert codes[0] == fresh.code and len(codes) == 2


def test_the_list_asks_as_often_for_three_rows_as_for_one(login, posted, lodge):
    cases, _ = posted(1, 2, 3)
    client = login("township2")
    lodge(cases[0])
    client.get("/objections/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/objections/")
    lodge(cases[1]), lodge(cases[2])
    with CaptureQueriesContext(connection) as three:
        client.get("/objections/")
    assert len(one) == len(three)


# --- the marked objection followed through every channel ------------------------------------------------------


@pytest.fixture
def marked(client, posted, caplog):
    """Lodged in public with a name, a telephone and an illness that occur nowhere else."""
    caplog.set_level("DEBUG")
    _, notice = posted()
    client.post(public_url(notice), said(text=f"{ILLNESS}的不是他家", lodger=LODGER, phone=PHONE))
    return Objection.objects.get(), notice


def test_no_table_log_or_address_holds_what_was_said(marked, login, take, propose, confirm, caplog):
    objection, _ = marked
    take(objection)
    propose(objection, finding=f"入户看过，{ILLNESS}属实。")
    confirm(objection, answer=f"答复：{ILLNESS}属实，维持原结果。")
    login("county").get(f"/objections/{objection.code}/")
    for model in apps.get_models():
        for row in model._base_manager.values():
            assert not {LODGER, PHONE, ILLNESS} & {
                marker for marker in (LODGER, PHONE, ILLNESS) if marker in str(row)
            }, model._meta.label
    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert not [line for line in lines if any(marker in line for marker in (LODGER, PHONE, ILLNESS))]


def test_no_public_page_tells_what_was_said(marked, client):
    objection, notice = marked
    pages = [client.get(f"/public/notices/{notice.token}/"), client.get(public_url(notice))]
    pages.append(client.post("/public/objections/", {"code": objection.code}))
    for page in pages:
        assert page.status_code == 200
        assert not [marker for marker in (LODGER, PHONE, ILLNESS) if marker in page.content.decode()]
