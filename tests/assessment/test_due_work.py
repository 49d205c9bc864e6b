"""期满办结 by the clock: when, what it moves, what it leaves, and when it refuses (trust 76-78; rulings 13, 20)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection  # noqa: F401 - named in a skipif
from django.utils import timezone

from assessment import clock
from assessment.actions.due import conclude_due
from assessment.actions.notices import withdraw_notice
from assessment.models import Case, Notice, Objection, Verdict
from core.errors import WrongState
from core.models import AuditRow
from households.models import Household
from households.secrets import seal
from tests.assessment.notice_ground import at, shanghai

REAL_DATABASE_CLOCK = clock._database_now


@pytest.fixture(autouse=True)
def the_database_travels_too(monkeypatch):
    """PostgreSQL's clock does not travel with the test; the tests of trust 78 put a clock of their own in its place."""
    monkeypatch.setattr(clock, "_database_now", lambda: None)


@pytest.fixture
def hangs(reach_notice, start, post):
    """A notice of two households, posted on 2026-11-23 at 23:59; it ends on 2026-11-30 at 24:00."""
    reach_notice(1), reach_notice(2, category="TUOPIN")
    with at("2026-11-23 23:59"):
        return post(start())


def object_to(case: Case) -> Objection:
    objection = Objection(
        code=f"YY{case.pk}", round=case.round, county=case.county, township=case.township, village=case.village, case=case,
        kind="wrong", channel="village", lodged_at=timezone.now(),
    )  # fmt: skip
    seal(objection, "text", "与实际不符")
    objection.save()
    Case.objects.filter(pk=case.pk).update(state="held")
    return objection


def test_in_the_last_minute_of_the_last_day_nothing_is_concluded(hangs):
    """Trust 77."""
    with at("2026-11-30 23:59:59"):
        assert conclude_due() == {"notices": 0, "cases": 0, "held": 0}
    assert set(Case.objects.values_list("state", flat=True)) == {"open"}


def test_at_midnight_every_household_without_objection_is_concluded(hangs):
    """Trust 77: 24:00 of day 7, Asia/Shanghai."""
    with at("2026-12-01 00:00"):
        assert conclude_due() == {"notices": 1, "cases": 2, "held": 0}
    hangs.refresh_from_db()
    assert hangs.status == "ended" and set(Case.objects.values_list("state", flat=True)) == {"concluded"}


def test_a_concluded_household_has_its_standing_a_sealed_verdict_of_the_clock_and_no_hold(hangs):
    with at("2026-12-01 00:00"):
        conclude_due()
    household = Household.objects.order_by("code").first()
    verdict = Verdict.objects.get(case__household=household)
    assert (household.standing, str(household.standing_since), household.hold) == ("DIBAO", "2026-12-01", False)
    assert (verdict.notice, verdict.by, verdict.stage, verdict.opinion) == (hangs, None, "gs", "agree") and verdict.leaf


def test_a_second_run_changes_nothing(hangs):
    with at("2026-12-01 00:00"):
        conclude_due()
        before = AuditRow.objects.count()
        assert conclude_due() == {"notices": 0, "cases": 0, "held": 0}
    assert Verdict.objects.count() == 2 and AuditRow.objects.count() == before


def test_an_objection_stops_its_household_only(hangs):
    """N5."""
    held = Case.objects.get(household__head_name="张1")
    object_to(held)
    with at("2026-12-01 00:00"):
        assert conclude_due() == {"notices": 1, "cases": 1, "held": 1}
    held.refresh_from_db()
    assert held.state == "held"


def test_a_household_whose_objection_ends_later_is_concluded_then_without_a_new_notice(hangs):
    held = Case.objects.get(household__head_name="张1")
    objection = object_to(held)
    with at("2026-12-01 00:00"):
        conclude_due()
    Objection.objects.filter(pk=objection.pk).update(status="closed")
    Case.objects.filter(pk=held.pk).update(state="open")
    with at("2026-12-09 09:00"):
        assert conclude_due() == {"notices": 0, "cases": 1, "held": 0}
    held.refresh_from_db()
    assert held.state == "concluded"


@pytest.mark.parametrize(
    "change", [{"stage": "zp", "pass_no": 2}, {"pass_no": 2}, {"category": "DOUDI"}, {"state": "ended"}]
)
def test_a_household_that_left_the_notice_is_not_concluded_by_it(hangs, change):
    Case.objects.filter(household__head_name="张1").update(**change)
    with at("2026-12-01 00:00"):
        assert conclude_due()["cases"] == 1
    assert Case.objects.get(household__head_name="张1").state != "concluded"


def test_a_withdrawn_notice_never_runs_out(hangs, scope):
    with at("2026-11-25 10:00"):
        withdraw_notice(scope=scope("county"), notice=str(hangs.uuid), reason="名单印错一户")
    with at("2026-12-05 00:00"):
        assert conclude_due()["notices"] == 0


def test_a_first_notice_of_another_procedure_moves_its_households_on(hangs, round_):
    """xjx: 第一次公示 is followed by 乡审核."""
    round_.procedure = "xjx"
    round_.save()
    Notice.objects.filter(pk=hangs.pk).update(version=2)
    Case.objects.update(stage="g1")
    from core import immutability

    immutability.lift()
    Notice.objects.filter(pk=hangs.pk).update(stage="g1")
    immutability.install()
    with at("2026-12-01 00:00"):
        conclude_due()
    assert set(Case.objects.values_list("stage", "state")) == {("sh", "open")}


def test_a_clock_that_went_back_concludes_nothing_and_raises_the_alarm(hangs, caplog):
    """Trust 78: the trail knows a later moment."""
    with at("2026-12-03 10:00"):
        call_command("due_work", stdout=StringIO())
        immune = Case.objects.filter(state="concluded").count()
    assert immune == 2
    Case.objects.update(state="open", concluded_at=None)
    with at("2026-12-02 10:00"), pytest.raises(WrongState, match="早于审计记录"):
        conclude_due()
    row = AuditRow.objects.order_by("-seq").first()
    assert (row.action, row.result, row.detail["refusal"]) == ("notice.conclude", "failed", "clock_fault")
    assert "被拨回" in caplog.text and not Case.objects.filter(state="concluded").exists()


def test_a_clock_beside_the_database_s_own_concludes_nothing(hangs, monkeypatch):
    """Trust 78: PostgreSQL's clock is asked; here it says another time."""
    monkeypatch.setattr(clock, "_database_now", lambda: timezone.now() - timedelta(hours=1))
    with at("2026-12-01 00:00"), pytest.raises(WrongState, match="数据库时间"):
        conclude_due()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no clock of its own")
def test_a_real_server_s_clock_contradicts_a_process_that_was_put_forward(hangs, monkeypatch):
    """Trust 78."""
    monkeypatch.setattr(clock, "_database_now", REAL_DATABASE_CLOCK)
    with at("2126-12-01 00:00"), pytest.raises(WrongState, match="数据库时间"):
        conclude_due()


def test_due_work_with_a_clock_that_lies_ends_with_an_error(hangs, monkeypatch):
    monkeypatch.setattr(clock, "_database_now", lambda: timezone.now() - timedelta(hours=1))
    with at("2026-12-01 00:00"), pytest.raises(CommandError, match="校准时间"):
        call_command("due_work", stdout=StringIO())


def test_the_demo_steps_forward_to_the_end_of_a_notice(hangs):
    said = StringIO()
    with at("2026-11-24 08:00"):
        call_command("due_work", "--at", "2026-12-01 00:00", stdout=said)
    assert "公示期满（份）：1" in said.getvalue() and Case.objects.filter(state="concluded").count() == 2


def test_the_demo_never_steps_back(hangs):
    with at("2026-11-24 08:00"):
        with pytest.raises(CommandError, match="只能向前"):
            call_command("due_work", "--at", "2026-11-23 08:00")
        call_command("due_work", "--at", "2026-12-01 00:00", stdout=StringIO())
        with pytest.raises(CommandError, match="只能向前"):
            call_command("due_work", "--at", "2026-11-30 08:00")


@pytest.mark.parametrize("words", ["morgen", "2026-13-01 00:00", "2026-12-01T00:00Z"])
def test_a_moment_that_cannot_be_read_is_refused(db, words):
    with pytest.raises(CommandError, match="2026-12-01 00:00"):
        call_command("due_work", "--at", words)


def test_a_production_process_takes_no_moment(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="演示"):
        call_command("due_work", "--at", "2026-12-01 00:00")
    with pytest.raises(RuntimeError), clock.stepped_to(shanghai("2026-12-01 00:00")):
        pass


def test_the_scheduler_runs_the_same(hangs):
    from fupin.tasks import run_due

    with at("2026-12-01 00:00"):
        run_due()
    assert Case.objects.filter(state="concluded").count() == 2


def test_the_schedule_looks_every_minute(settings):
    assert settings.CELERY_BEAT_SCHEDULE["due"] == {"task": "fupin.due", "schedule": 60.0}
