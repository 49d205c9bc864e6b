"""Ground of the objection tests: households decided by the whole cast and posted since yesterday; steps in one word each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.actions.objections import confirm_outcome, lodge_objection, propose_outcome, take_objection
from assessment.actions.objections_public import lodge_in_public
from assessment.models import Case, Notice, Objection
from core.actions import Origin
from tests.assessment.list_ground import Ground

VILLAGE, ROUND = "422827102200", "2016-SB"
TEXT, FINDING, ANSWER = (
    "这一户去年买了新房，与公示不符。",
    "入户看过，新房属实，账目已核对。",
    "经核查，答复如下，请知悉。",
)
LODGER, PHONE, ILLNESS = "向不平", "19012349876", "尿毒症每周透析三次"


@pytest.fixture
def ground(scope, cast):
    return Ground(scope, cast)


@pytest.fixture
def posted(ground, make_case):
    """`posted(1, 2)` → (cases 1 and 2 at 公示, their notice on show since yesterday)."""

    def make(*numbers: int, **more) -> tuple[list[Case], Notice]:
        cases = [make_case(number=number, **more) for number in numbers or (1,)]
        ground.to("gs", cases)
        notice = ground.notice(cases, timezone.now() - timedelta(days=1))
        return [again(case) for case in cases], notice

    return make


def again(row):
    """The row as it stands now."""
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def lodge(scope):
    """`lodge(case)` → an objection to it, taken down by the cadre."""

    def make(case: Case | None = None, who: str = "cadre", **more) -> Objection:
        values = {"kind": "wrong", "channel": "village", "text": TEXT, "lodger": LODGER, "phone": PHONE} | more
        if case is not None:
            values.setdefault("household_code", case.household.code)
        return lodge_objection(scope=scope(who), round_code=ROUND, village_code=VILLAGE, **values)

    return make


@pytest.fixture
def take(scope):
    return lambda objection, who="township2", **more: take_objection(scope=scope(who), code=objection.code, **more)


@pytest.fixture
def propose(scope):
    """`propose(objection, "change", category="YIBAN")`."""

    def make(objection: Objection, proposal: str = "keep", who: str = "township2", **more) -> Objection:
        values = {"finding": FINDING, "visited_on": timezone.localdate()} | more
        return propose_outcome(scope=scope(who), code=objection.code, proposal=proposal, **values)

    return make


@pytest.fixture
def confirm(scope):
    def make(objection: Objection, who: str = "county", accept: bool = True, **more) -> Objection:
        return confirm_outcome(
            scope=scope(who), code=objection.code, accept=accept, answer=more.pop("answer", ANSWER), **more
        )

    return make


@pytest.fixture
def settle(take, propose, confirm):
    """The whole way: taken by township2, proposed, confirmed by the county."""

    def make(objection: Objection, proposal: str = "keep", **more) -> Objection:
        take(objection)
        propose(objection, proposal, **more)
        return confirm(objection)

    return make


def from_public(notice: Notice, position: int | None = 1, ip: str = "203.0.113.7", **more) -> Objection:
    values = {"kind": "wrong", "text": TEXT} | more
    return lodge_in_public(notice=notice.token, position=position, origin=Origin(ip=ip), **values)
