"""公示: what is frozen, when the clock starts, what a withdrawal leaves (ruling 19; trust N1-N7, 76, 77)."""

import hashlib
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from assessment.actions.notices import start_notice, withdraw_notice
from assessment.models import Case, Notice, NoticeLine, NoticeSheet
from assessment.sealing import notice_document, public_document
from assessment.seals import canonical
from core.crypto import check_seal_mac
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from tests.assessment.notice_ground import TEXT, at, shanghai


def test_a_township_freezes_one_sheet_for_each_group_with_its_households(reach_notice, start):
    reach_notice(1, group=2), reach_notice(2, group=1), reach_notice(3, group=None)
    notice = start()
    sheets = {sheet.group_name: [line.head_name for line in sheet.lines.all()] for sheet in notice.sheets.all()}
    assert sheets == {"1组": ["张2"], "2组": ["张1"], "未分组": ["张3"]}
    assert list(notice.lines.values_list("position", flat=True)) == [1, 2, 3]


def test_a_line_holds_the_frozen_persons_and_the_words_of_its_class(reach_notice, start):
    case = reach_notice(1, category="DIBAO", members=4)
    case.household.persons = 9
    case.household.save()
    reach_notice(2, category="TUOPIN", exit_status="")
    lines = [(line.persons, line.masked_name, line.result) for line in start().lines.all()]
    assert lines == [(4, "张*", "低保贫困户"), (2, "张*", "未列入贫困户（六看得分达脱贫线）")]


def test_a_household_on_the_register_above_the_line_is_told_as_out_of_poverty(reach_notice, start):
    """Ruling 14: 未列入 is said only of those never on the register."""
    reach_notice(1, category="TUOPIN", exit_status="0")
    assert [line.result for line in start().lines.all()] == ["脱贫户"]


def test_a_later_change_of_the_household_does_not_reach_the_sheet(reach_notice, start):
    case = reach_notice(1)
    notice = start()
    case.household.head_name = "李改"
    case.household.save()
    assert notice.lines.get().head_name == "张1"


def test_the_check_code_is_a_hash_that_anybody_can_make_over_the_public_words(reach_notice, start):
    reach_notice(1), reach_notice(2, group=2)
    notice = start()
    public = canonical(public_document(notice, notice.sheets.all(), notice.lines.all()))
    assert notice.check_code == hashlib.sha256(public).hexdigest()
    assert "张1".encode() not in public


def test_the_seal_is_over_everything_that_was_frozen(reach_notice, start):
    reach_notice(1)
    notice = Notice.objects.get(pk=start().pk)
    body = canonical(notice_document(notice, notice.sheets.all(), notice.lines.all()))
    assert check_seal_mac(notice.seal, body)
    assert not check_seal_mac(notice.seal, body.replace("张1".encode(), "张2".encode()))


@pytest.mark.parametrize(("days", "expected"), [(0, 7), (5, 7), (10, 10)])
def test_a_county_can_make_the_period_longer_and_never_shorter_than_seven_days(
    round_, reach_notice, start, days, expected
):
    """N4: the floor is in the code."""
    round_.notice_days = days
    round_.save()
    reach_notice(1)
    assert start().days == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("office", "大河镇扶贫办 522399195001010014"), ("office_place", "找王主任 13812345678"), ("signed_by", "大河镇，6222021234567890123"),
        ("document_no", "因病致贫户名单"), ("hotline", "522399195001010014"), ("hotline", "打给王主任"),
    ],
)  # fmt: skip
def test_a_township_cannot_publish_a_number_or_an_illness(reach_notice, start, name, value):
    """N7: refused at its field, and nothing is made."""
    reach_notice(1)
    with pytest.raises(BadInput) as refusal:
        start(text=replace(TEXT, **{name: value}))
    assert list(refusal.value.fields) == [name] and not Notice.objects.exists()


def test_a_name_that_hides_a_number_stops_the_notice(reach_notice, start):
    case = reach_notice(1)
    case.household.head_name = "张大山13812345678"
    case.household.save()
    with pytest.raises(WrongState, match=case.household.code):
        start()


def test_a_cadre_cannot_start_a_notice(reach_notice, start):
    reach_notice(1)
    with pytest.raises(Denied):
        start(who="cadre")


def test_another_township_does_not_find_the_village(reach_notice, start):
    reach_notice(1)
    with pytest.raises(NotFound):
        start(who="township_other")


def test_no_notice_at_a_stage_that_is_a_meeting(reach_notice, scope):
    reach_notice(1)
    with pytest.raises(NotFound):
        start_notice(scope=scope("township"), round_code="2016-SB", stage="xd", village_code="422827102200", text=TEXT)


def test_a_village_without_waiting_households_has_nothing_to_start(make_case, start):
    make_case(1)
    with pytest.raises(WrongState, match="没有等待公示的户"):
        start()


def test_a_household_already_on_a_notice_waits_for_no_other(reach_notice, start, post):
    reach_notice(1)
    post(start())
    with pytest.raises(WrongState, match="没有等待公示的户"):
        start()


def test_a_village_has_one_notice_in_preparation(reach_notice, start):
    reach_notice(1)
    start()
    reach_notice(2)
    with pytest.raises(WrongState, match="待张贴"):
        start()


def test_a_latecomer_comes_on_a_supplementary_notice_with_its_own_period(reach_notice, start, post):
    """Trust 76: a list that changes after the notice began gets a new, full period."""
    reach_notice(1)
    with at("2026-11-23 10:00"):
        post(start())
    reach_notice(2)
    with at("2026-11-26 10:00"):
        late = post(start())
    assert (late.kind, late.number, late.lines.get().head_name) == ("supplementary", 2, "张2")
    assert late.ends_at == shanghai("2026-12-04 00:00") and "补充公示" in late.title


def test_a_household_whose_class_an_objection_changed_waits_again(reach_notice, start, post):
    """Trust 76."""
    case = reach_notice(1)
    post(start())
    Case.objects.filter(pk=case.pk).update(category="DOUDI", pass_no=2)
    assert start().lines.get().category == "DOUDI"


def test_a_repeated_post_with_the_same_key_makes_one_notice(reach_notice, start):
    reach_notice(1)
    assert start(key="k1") == start(key="k1") and Notice.objects.count() == 1


def test_the_clock_starts_with_the_last_posting_and_ends_at_midnight_of_the_last_day(reach_notice, start, post):
    """Trust 77: posted at 23:59, the day of posting is not counted."""
    reach_notice(1, group=1), reach_notice(2, group=2)
    with at("2026-11-22 09:00"):
        notice = post(start(), 0)
        assert (notice.status, notice.ends_at) == ("preparing", None)
    with at("2026-11-23 23:59"):
        post(notice, 1)
    assert (notice.status, notice.opened_at) == ("open", shanghai("2026-11-23 23:59"))
    assert notice.ends_at == shanghai("2026-12-01 00:00")


def test_a_sheet_cannot_be_posted_tomorrow_before_it_was_made_or_long_ago(reach_notice, start, post):
    reach_notice(1)
    with at("2026-11-23 10:00:30"):
        notice = start()
        for moment in ("2026-11-24 10:00", "2026-11-23 09:59"):
            with pytest.raises(BadInput) as refusal:
                post(notice, posted_at=shanghai(moment))
            assert list(refusal.value.fields) == ["posted_at"]
    with at("2026-11-29 10:00"), pytest.raises(BadInput, match="没有登记"):
        post(notice, posted_at=shanghai("2026-11-23 10:00"))
    with at("2026-11-23 10:01"):
        assert post(notice, posted_at=shanghai("2026-11-23 10:00")).status == "open"


def test_a_posting_is_entered_once(reach_notice, start, post):
    reach_notice(1, group=1), reach_notice(2, group=2)
    notice = post(start(), 0)
    with pytest.raises(WrongState, match="已经登记过"):
        post(notice, 0)


def test_a_posting_needs_a_place_and_a_name_without_a_telephone(reach_notice, start, post):
    reach_notice(1)
    with pytest.raises(BadInput) as refusal:
        post(start(), posted_place=" ", posted_name="王 13812345678")
    assert sorted(refusal.value.fields) == ["posted_name", "posted_place"]


def test_a_township_cannot_post_for_the_village_and_another_village_finds_nothing(reach_notice, start, post):
    reach_notice(1)
    notice = start()
    with pytest.raises(Denied):
        post(notice, who="township")
    with pytest.raises(NotFound):
        post(notice, who="cadre2")


def test_no_hand_shortens_a_period_that_runs(reach_notice, start, post):
    """N4: the database itself refuses."""
    reach_notice(1)
    notice = post(start())
    with pytest.raises(DatabaseError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(ends_at=notice.opened_at)
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeSheet.objects.filter(notice=notice).update(posted_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        NoticeLine.objects.filter(notice=notice).update(result="一般贫困户")


def test_a_withdrawn_notice_concludes_nothing_and_its_households_get_a_new_full_period(
    reach_notice, start, post, scope
):
    """Trust 76."""
    case = reach_notice(1)
    with at("2026-11-23 10:00"):
        notice = post(start())
    with at("2026-11-28 10:00"):
        withdraw_notice(scope=scope("township"), notice=str(notice.uuid), reason="名单印错一户")
        again = post(start())
    case.refresh_from_db()
    notice.refresh_from_db()
    assert (notice.status, case.state, case.stage) == ("withdrawn", "open", "gs")
    assert (again.kind, again.number, again.ends_at) == ("regular", 2, shanghai("2026-12-06 00:00"))


def test_a_village_cannot_withdraw_and_a_reason_is_needed(reach_notice, start, scope):
    reach_notice(1)
    notice = start()
    with pytest.raises(Denied):
        withdraw_notice(scope=scope("lead"), notice=str(notice.uuid), reason="名单印错一户")
    for reason in ("错", "张三身份证522399195001010014印错"):
        with pytest.raises(BadInput):
            withdraw_notice(scope=scope("county"), notice=str(notice.uuid), reason=reason)


def test_a_notice_that_has_run_out_cannot_be_withdrawn(reach_notice, start, post, scope):
    reach_notice(1)
    with at("2026-11-23 10:00"):
        notice = post(start())
    with at("2026-12-01 00:00"), pytest.raises(WrongState, match="公示期已满"):
        withdraw_notice(scope=scope("county"), notice=str(notice.uuid), reason="名单印错一户")


def test_the_trail_tells_who_started_and_posted_without_names_of_the_poor(reach_notice, start, post):
    reach_notice(1)
    post(start())
    rows = {row.action: row for row in AuditRow.objects.filter(action__startswith="notice.")}
    assert rows["notice.start"].actor_login == "township" and rows["notice.post"].actor_login == "cadre"
    assert "张1" not in str([row.detail for row in rows.values()])
