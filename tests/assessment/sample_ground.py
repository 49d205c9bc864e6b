"""The ground of 抽查 and 算账: seven households at 乡核 with an open meeting, and what the township does there."""

from decimal import Decimal

import pytest
from django.utils import timezone

from assessment.actions.income_checks import save_income_check
from assessment.actions.samples import RecheckEntry, draw_sample, record_recheck
from assessment.models import Case, Sitting
from tests.assessment.meetings import Hall

__all__ = ["TWO", "VILLAGE", "at_township", "better", "case_of", "hall", "meeting", "one_wrong", "reckon", "take", "visit", "whole"]

VILLAGE = "422827102200"
POINTS = (45, 58, 60, 66, 73, 74, 85)
TWO = ("代表1", "代表2")


@pytest.fixture(scope="module")
def at_township(standing):
    """Seven households at 乡核, of every tier; the fourth one's form was filled in by a clerk of the township."""
    for number, points in enumerate(POINTS, 1):
        standing.make_case(number=number, points=points, surveyor=standing.cast.township2 if number == 4 else None)
    hall = Hall(standing.scope)
    hall.up_to("xh")
    hall.ready("xh")


@pytest.fixture
def hall(at_township, db, scope):
    return Hall(scope)


@pytest.fixture
def meeting(hall):
    return Sitting.objects.get(stage="xh")


@pytest.fixture
def take(meeting, scope):
    """`take()` draws as the township does."""
    return lambda by="township", **more: draw_sample(scope=scope(by), sitting=str(meeting.uuid), **more)


@pytest.fixture
def whole(take):
    """All seven drawn."""
    return take(size=7)


def case_of(number):
    return Case.objects.get(household__code=f"{VILLAGE}{number:04d}")


@pytest.fixture
def visit(meeting, scope):
    """`visit(2, "differs", changes=…)`: what two of the 清查组 found in household 2."""

    def record(number, outcome="same", by="township", seen=0, case=None, key="", **over):
        values = {"visited_on": timezone.localdate(), "visitors": TWO} | over
        return record_recheck(
            scope=scope(by), sitting=str(meeting.uuid), case=str((case or case_of(number)).uuid), seen=seen, entry=RecheckEntry(outcome, **values), key=key
        )

    return record


def better(case, gain):
    """Changes that raise the form of a household by at least `gain` points: the best option, indicator by indicator."""
    rubric, answers, changes = case.round.rubric.value, case.survey.answers, {}
    for place, item in enumerate(rubric.indicators):
        now, best = item.option(int(answers[place])), max(item.options, key=lambda option: option.points)
        if gain > 0 and best.points > now.points:
            changes[item.code], gain = best.code, gain - (best.points - now.points)
    return changes


@pytest.fixture
def one_wrong(whole, visit):
    """All visited; household 2 is one tier better off than its form says."""
    for number in (1, 3, 4, 5, 6, 7):
        visit(number)
    return visit(2, "differs", changes=better(case_of(2), 15))


@pytest.fixture
def reckon(meeting, scope):
    def save(number=1, by="township", seen=0, wage="5800", year=2015, persons=2, rest_zero=True, **more):
        return save_income_check(
            scope=scope(by), sitting=str(meeting.uuid), case=str(case_of(number).uuid), seen=seen, year=year, parts={"wage": Decimal(wage)}, persons=persons,
            rest_zero=rest_zero, **more,
        )  # fmt: skip

    return save
