"""An open 组评 that is to be ranked: ground for the tests of 逐户排队, laid once for a module (`tests.standing`)."""

from types import SimpleNamespace

import pytest
from django.test import Client

from assessment.actions.ranking import choose_way
from assessment.actions.sittings import close_sitting
from assessment.models import Case, Sitting
from tests.assessment.meetings import Hall
from tests.assessment.papers_given import give_papers
from tests.assessment.queues import sheet
from tests.standing import fresh

POINTS = (90, 60, 55, 40)
"""张1 lives best, 张4 worst; the first is 脱贫户 by its score, the others are poor."""


@pytest.fixture(scope="module")
def laid(standing):
    """An open 组评 of group 1 with four households and a panel of five, all there; its procedure does not ask for a queue."""
    cases = [standing.make_case(number, points) for number, points in enumerate(POINTS, 1)]
    hall = Hall(standing.scope)
    return SimpleNamespace(hall=hall, cases=cases, sitting=hall.ready("zp"))


@pytest.fixture
def meeting(laid, db):
    return fresh(laid)


@pytest.fixture
def cadre(standing, db):
    return standing.scope("cadre")


@pytest.fixture
def ranked(meeting, round_):
    """The same meeting under 新疆某乡, which asks for the queue."""
    round_.procedure = "xjx"
    round_.save()
    Case.objects.update(stage="sq")
    Sitting.objects.update(stage="sq")
    meeting.sitting.refresh_from_db()
    meeting.sitting.round = round_
    give_papers(Case.objects.all())
    return meeting


@pytest.fixture
def as_one(meeting, cadre):
    """`as_one(1, 2, 3, 4)` → the panel as one has ranked so."""

    def rank(*row: int | None) -> Sitting:
        choose_way(scope=cadre, sitting=str(meeting.sitting.uuid), way="joint")
        sheet(cadre, meeting.sitting, "", row)
        return meeting.sitting

    return rank


def browser(cast, login: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, login), backend="accounts.backends.LoginBackend")
    return client


def close_plain(scope, sitting, *, rest: bool = True) -> Sitting:
    """Closed as it stands: the hall would rank first."""
    sitting.refresh_from_db()
    return close_sitting(scope=scope, sitting=str(sitting.uuid), version=sitting.version, rest_agree=rest, count=4)
