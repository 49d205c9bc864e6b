"""A corrected notice names the one it replaces, anybody may hold a sheet against its 校验码, the office's words are its own (issue 5.5; trust 76)."""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse
from list_ground import tamper

from assessment.actions.notice_check import CHECKED_BY_ADDRESS
from assessment.actions.notices import withdraw_notice
from assessment.models import NoticeLine
from core.models import AuditRow
from tests.assessment.notice_ground import at
from tests.assessment.test_notice_pages import NEW, text_of

pytestmark = pytest.mark.once

CHECK = "/public/check/"


@pytest.fixture
def shown(reach_notice, start, post):
    """Two households in two groups, posted."""
    reach_notice(1), reach_notice(2, group=2)
    return post(start())


def ask(client, code):
    response = client.post(CHECK, {"code": code})
    return response.status_code, text_of(response)


def test_a_villager_who_copies_the_code_of_the_sheet_learns_that_it_is_the_list(shown, client):
    status, page = ask(client, re.sub("(.{4})", r"\1 ", shown.check_code[:16].upper()))
    assert status == 200 and "校验码相符" in page and shown.title in page
    assert '<th scope="row">1组</th><td class="num">1</td><td class="num">2</td>' in page
    assert "张" not in page.split("<main")[1].replace("张贴", "")


def test_a_list_touched_after_it_was_frozen_is_told_to_the_villager(shown, client):
    tamper("UPDATE assessment_noticeline SET persons = 9 WHERE id = %s", NoticeLine.objects.filter(notice=shown).first().pk)
    assert "名单与校验码不符" in ask(client, shown.check_code[:16])[1]


@pytest.mark.parametrize(("code", "status", "said"), [("27b9", 400, "16 位"), ("z" * 16, 400, "16 位"), ("0" * 16, 404, "再输一遍"), ("", 400, "校验码")])
def test_a_wrong_code_is_told_and_names_no_notice(shown, client, code, status, said):
    found, page = ask(client, code)
    assert found == status and said in page and shown.title not in page


def test_a_sheet_that_is_not_up_yet_cannot_be_asked_about(reach_notice, start, client):
    reach_notice(1)
    assert ask(client, start().check_code[:16])[0] == 404


def test_a_program_that_guesses_codes_is_stopped_and_its_address_is_not_kept(shown, client):
    for _ in range(CHECKED_BY_ADDRESS):
        ask(client, shown.check_code[:16])
    assert ask(client, shown.check_code[:16])[0] == 429
    rows = AuditRow.objects.filter(action="notice.check")
    assert rows.count() == CHECKED_BY_ADDRESS and not any(rows.values_list("ip", flat=True))


@pytest.fixture
def corrected(shown, start, scope):
    with at("2026-11-24 09:00"):
        withdraw_notice(scope=scope("township"), notice=str(shown.uuid), reason="1组人数有误")
        return start()


def test_a_notice_after_a_withdrawn_one_is_a_correction_with_a_full_new_period(corrected, shown, post):
    assert corrected.replaces == shown and "名单更正公示" in corrected.title
    with at("2026-11-25 09:00"):
        assert post(corrected).days == shown.days


def test_the_corrected_sheet_says_which_one_no_longer_counts(corrected, login):
    page = text_of(login("cadre").get(reverse("notice_print", args=[corrected.uuid])))
    assert "张贴的公示（大河扶公〔2016〕4号）有误，已经撤回，以本次为准，期限重新计算。" in page
    assert CHECK in page


def test_a_notice_withdrawn_before_anybody_saw_it_needs_no_correction(reach_notice, start, scope):
    reach_notice(1)
    withdraw_notice(scope=scope("township"), notice=str(start().uuid), reason="文号有误")
    assert start().replaces is None


def test_the_villager_who_checks_a_withdrawn_sheet_is_told_that_it_does_not_count(corrected, shown, client):
    assert "已经撤回，不作数" in ask(client, shown.check_code[:16])[1]


def test_the_preview_says_that_the_next_notice_corrects(reach_notice, start, post, scope, login):
    reach_notice(1)
    withdraw_notice(scope=scope("township"), notice=str(post(start()).uuid), reason="1组人数有误")
    assert "这是更正公示" in text_of(login("township").get(NEW))


def test_a_board_that_hangs_the_whole_list_gets_one_sheet_whose_rows_name_their_group(shown, login, monkeypatch):
    monkeypatch.setattr("assessment.notice_poster.stage_of", lambda notice: SimpleNamespace(per_group=False))
    page = text_of(login("cadre").get(reverse("notice_print", args=[shown.uuid])))
    assert page.count('<section class="sheet') == 1 and "<th>组</th>" in page and "<td>2组</td>" in page
