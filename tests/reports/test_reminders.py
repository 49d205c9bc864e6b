"""Reminders of the home page: what is late, what falls due within three days, and that they are only told."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessment.models import Case, Round, Verdict
from reports.homes.reminders import first_things, own_reminders
from reports.homes.work import WorkRow
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401

DAY = date(2016, 7, 20)


def row(label: str, days: int | None) -> WorkRow:
    due = None if days is None else DAY + timedelta(days=days)
    return WorkRow(label, "todo", "桐子园村", "", "", "/", "去办", 1, due=due, late=due is not None and due < DAY)


@pytest.mark.parametrize(("days", "told"), [
    ([None], []), ([4], []), ([3], ["乡核 1 处快到期，最早 7月23日到期"]), ([0, 2], ["乡核 2 处快到期，今天到期"]),
    ([-5, -1, 9], ["乡核 2 处逾期，最早的已过期 5 天"]), ([-1, 1], ["乡核 1 处逾期，最早的已过期 1 天", "乡核 1 处快到期，最早 7月21日到期"]),
])  # fmt: skip
def test_what_is_late_and_what_falls_due_is_counted_by_kind(days, told):
    assert [line.text for line in own_reminders([row("乡核", one) for one in days], DAY)] == told


def test_late_ones_stand_first():
    soon, late = own_reminders([row("甲", 1)], DAY), own_reminders([row("乙", -1)], DAY)
    assert [line.late for line in first_things(soon, late)] == [True, False]


@pytest.fixture
def told(standing, db):
    """`told("cadre")` → the reminders of the home page."""
    from reports.home import page_for

    return lambda who: [line.text for line in page_for(standing.scope(who), getattr(standing.cast, who), timezone.localdate()).context["reminders"]]


@pytest.mark.parametrize(("who", "stage", "words"), [
    ("cadre", "zp", "组评 1 处逾期"), ("lead", "cy", "村议 1 处逾期"), ("township", "xh", "乡核 1 处逾期"), ("county", "xd", "县定 1 处逾期"),
    ("county", "zp", "1 个乡镇有逾期：大河镇"), ("township", "zp", "1 个村有逾期：桐子园村"),
])  # fmt: skip
def test_each_role_is_reminded_of_its_own_and_of_what_lies_below(told, standing, who, stage, words):
    case = standing.make_case(number=1)
    Case.objects.filter(pk=case.pk).update(stage=stage)
    Round.objects.update(stage_deadlines={stage: (timezone.localdate() - timedelta(days=2)).isoformat()})
    assert any(words in line for line in told(who)), told(who)


def test_a_deadline_that_has_passed_decides_nothing(told, standing):
    case = standing.make_case(number=1)
    Round.objects.update(stage_deadlines={"zp": "2016-01-01"})
    told("township")
    case.refresh_from_db()
    assert (case.stage, case.state, Verdict.objects.count()) == ("zp", "open", 0)


def test_forms_that_are_missing_near_the_day_are_told(told, standing):
    standing.make_household("422827102200", 3)
    Round.objects.update(survey_deadline=timezone.localdate() + timedelta(days=2))
    assert any(line.startswith("六看评估还有 1 户") for line in told("cadre"))
