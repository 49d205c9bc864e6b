"""Tables as papers: filled, signed by two, sent up, taken or sent back; late ones, copies, findings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from reports.actions import roll_up, system_scope
from reports.actions_documents import (
    add_copy,
    add_finding,
    make_document,
    mend_finding,
    note_document,
    set_deadline,
    take_step,
)
from reports.actions_freeze import freeze_table
from reports.document_rules import usual_day
from reports.models import DocumentStep, TableDocument
from reports.selectors_documents import deadline_of, points_off, signature_faults
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

HOME, TOWNSHIP = "422827102200", "422827102"


@pytest.fixture(scope="module")
def frozen(standing):
    for number in (1, 2, 3):
        standing.make_household(number=number)
    roll_up(scope=system_scope(standing.round), round_code="2016-SB")
    return freeze(standing)


@pytest.fixture
def village(frozen, standing, db):
    """The village's paper, just made."""
    return make_document(scope=standing.scope("cadre"), snapshot=frozen.serial)


def freeze(standing, who="cadre", level="village", area=HOME):
    return freeze_table(scope=standing.scope(who), level=level, round_code="2016-SB", area=area)


def step(standing, row, who, *codes, note=""):
    for code in codes:
        row = take_step(scope=standing.scope(who), uuid=str(row.uuid), version=TableDocument.objects.get(pk=row.pk).version, step=code, note=note)
    return row


def sent(standing, row, fills="cadre", heads="lead"):
    return step(standing, step(standing, step(standing, row, fills, "signed"), heads, "confirmed"), fills, "submitted")


def test_paper_goes_up_signed_by_two_and_is_taken(village, standing):
    row = step(standing, sent(standing, village), "township", "accepted")
    assert row.status == "accepted" and not row.late and signature_faults(row) == []
    said = list(row.steps.order_by("pk").values_list("kind", "by_name"))
    assert said[1:] == [("signed", "测试cadre"), ("confirmed", "测试lead"), ("submitted", "测试cadre"), ("accepted", "测试township")]
    with pytest.raises(DatabaseError), transaction.atomic():
        TableDocument.objects.filter(pk=row.pk).update(remarks="改")


def test_one_person_does_not_sign_twice(village, standing):
    row = step(standing, village, "lead", "signed")
    with pytest.raises(WrongState, match="两个人"):
        step(standing, row, "lead", "confirmed")


@pytest.mark.parametrize(("who", "refused"), [("county", Denied), ("township", Denied), ("viewer", Denied), ("cadre2", NotFound)])
def test_nobody_signs_for_another_level(village, standing, who, refused):
    with pytest.raises(refused):
        step(standing, village, who, "signed")


def test_village_does_not_take_its_own_paper_nor_the_county_over_the_township(village, standing):
    row = sent(standing, village)
    for who in ("lead", "county"):
        with pytest.raises(Denied):
            step(standing, row, who, "accepted")


def test_sent_back_with_a_reason_a_new_one_takes_its_place(village, standing):
    row = sent(standing, village)
    with pytest.raises(BadInput):
        step(standing, row, "township", "returned")
    step(standing, row, "township", "returned", note="三组少两户")
    again = make_document(scope=standing.scope("cadre"), snapshot=freeze(standing).serial)
    assert (again.edition, again.replaces_id, TableDocument.objects.get(pk=row.pk).status) == (2, row.pk, "returned")


def test_one_paper_lives_at_a_time(village, standing, frozen):
    with pytest.raises(WrongState, match="已有一份"):
        make_document(scope=standing.scope("lead"), snapshot=frozen.serial)


def test_remarks_are_closed_by_a_signature_and_opened_by_taking_it_back(village, standing):
    row = note_document(scope=standing.scope("cadre"), uuid=str(village.uuid), version=1, remarks="一组两户在外地")
    step(standing, row, "cadre", "signed")
    with pytest.raises(WrongState, match="撤回签字"):
        note_document(scope=standing.scope("cadre"), uuid=str(village.uuid), version=3, remarks="改")
    step(standing, row, "cadre", "reopened")
    row = note_document(scope=standing.scope("cadre"), uuid=str(village.uuid), version=4, remarks="改过")
    assert signature_faults(step(standing, row, "cadre", "signed")) == []
    TableDocument.objects.filter(pk=row.pk).update(remarks="背后改的")
    assert "填报人签字（测试cadre）" in signature_faults(TableDocument.objects.get(pk=row.pk))[0]


def test_who_opened_it_before_somebody_s_step_is_told(village, standing):
    step(standing, village, "lead", "signed")
    with pytest.raises(StaleVersion):
        take_step(scope=standing.scope("cadre"), uuid=str(village.uuid), version=1, step="signed")


def test_township_does_not_send_another_figure_than_the_village_did(village, standing):
    sent(standing, village)
    standing.make_household(number=9)
    roll_up(scope=system_scope(standing.round), round_code="2016-SB", full=True)
    above = make_document(scope=standing.scope("township"), snapshot=freeze(standing, "township", "township", TOWNSHIP).serial)
    with pytest.raises(WrongState) as refused:
        sent(standing, above, "township", "township2")
    assert any("桐子园村上报的村表" in line and "登记农户数 3，本表 4，相差 1" in line for line in refused.value.reasons)


@pytest.mark.parametrize(
    ("procedure", "level", "day"),
    [("cjx", "village", date(2017, 3, 1)), ("cjx", "township", date(2017, 3, 5)), ("cjx", "county", None), ("qxn", "village", None)],
)
def test_usual_days_are_those_of_changji(procedure, level, day):
    assert usual_day(procedure, level, date(2016, 6, 30)) == day


def test_paper_sent_after_the_county_s_day_is_late_and_the_home_page_says_so(village, standing):
    due = timezone.localdate() - timedelta(days=2)
    set_deadline(scope=standing.scope("county"), round_code="2016-SB", level="village", due=due)
    assert deadline_of(standing.round, "village") == due
    html = client(standing, "cadre").get("/").content.decode()
    assert "上报表" in html and "已过期" in html
    assert sent(standing, village).late


def test_only_the_county_sets_days(village, standing):
    with pytest.raises(Denied):
        set_deadline(scope=standing.scope("township"), round_code="2016-SB", level="village", due=None)


def test_copies_are_written_down_once_each(village, standing):
    row, given = sent(standing, village), {"holder": "大河镇扶贫办", "received_by": "向阳", "given_on": timezone.localdate()}
    add_copy(scope=standing.scope("cadre"), uuid=str(row.uuid), version=row.version, copy_no=1, **given)
    with pytest.raises(BadInput):
        add_copy(scope=standing.scope("cadre"), uuid=str(row.uuid), version=row.version, copy_no=1, **given)


def test_office_above_finds_faults_and_their_points_add_up(village, standing):
    row = sent(standing, village)
    asked = {"uuid": str(row.uuid), "found_on": timezone.localdate()}
    add_finding(scope=standing.scope("township"), text="少登一户", points=Decimal("1.5"), **asked)
    found = add_finding(scope=standing.scope("county"), text="属性不符", points=Decimal(2), household=f"{HOME}0001", **asked)
    mend_finding(scope=standing.scope("county"), uuid=str(row.uuid), finding=str(found.uuid), mended_on=timezone.localdate())
    assert points_off(row) == Decimal("3.5")
    with pytest.raises(Denied):
        add_finding(scope=standing.scope("lead"), text="自己查", points=Decimal(0), **asked)


def client(standing, who):
    browser = Client()
    browser.force_login(getattr(standing.cast, who))
    return browser


def test_page_offers_each_reader_what_he_may_do(village, standing):
    address = f"/documents/{village.uuid}/"
    assert "填报人签字" in client(standing, "cadre").get(address).content.decode()
    assert 'name="do"' not in client(standing, "viewer").get(address).content.decode()
    answer = client(standing, "cadre").post(address, {"do": "dropped", "version": "1", "note": ""})
    assert answer.status_code == 400 and "请填撤下的原因" in answer.content.decode()
    assert client(standing, "cadre").post(address, {"do": "signed", "version": "1"}).status_code == 302
    assert DocumentStep.objects.filter(document=village, kind="signed").count() == 1
    assert "待接收" not in client(standing, "township").get("/").content.decode()
    step(standing, village, "lead", "confirmed", "submitted")
    assert "待接收" in client(standing, "township").get("/").content.decode()
    assert "桐子园村" in client(standing, "township").get("/documents/?level=village").content.decode()
