"""A household that has not signed its own papers waits at the end of the notice, is told so everywhere, and is concluded once they are there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.actions.due import conclude_due
from assessment.models import Case, Verdict
from assessment.selectors_consent import missing_papers, waiting_for_papers
from assessment.selectors_list import case_lines, cases_of
from assessment.verification import verify_list
from core.errors import WrongState
from households.actions.papers import set_aside_paper
from households.models import Household, Paper
from households.paper_context import context_of
from tests.assessment.list_ground import tamper
from tests.assessment.meetings import Hall
from tests.assessment.notice_ground import ROUND, VILLAGE
from tests.assessment.papers_given import give_papers
from tests.assessment.queues import rank_by_score
from tests.reports.walked import notice

pytestmark = pytest.mark.once


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def shown(hall, make_case, scope):
    """Two poor households and one that is not, on a notice that hangs; the first has signed nothing."""
    cases = [make_case(number=1), make_case(number=2), make_case(number=3, points=90)]
    hall.up_to("gs")
    tamper("DELETE FROM households_paper WHERE household_id IN (%s, %s)", cases[0].household_id, cases[2].household_id)
    return cases, notice(scope)


def over(posted, more: int = 1):
    return posted.ends_at + timedelta(seconds=more)


def test_at_the_end_of_the_notice_a_household_that_has_not_signed_is_not_concluded(shown, round_, places):
    cases, posted = shown
    assert conclude_due(over(posted))["cases"] == 2
    states = dict(Case.objects.values_list("household__head_name", "state"))
    assert states == {"张1": "open", "张2": "concluded", "张3": "concluded"}
    waiting = Household.objects.get(pk=cases[0].household_id)
    assert waiting.hold and waiting.standing == "" and verify_list(round_, places.villages[VILLAGE]) == []


def test_the_clock_leaves_the_waiting_household_alone_until_it_has_signed_and_then_concludes_it(shown, round_, places):
    cases, posted = shown
    conclude_due(over(posted))
    assert conclude_due(over(posted, 60)) == {"notices": 0, "cases": 0, "held": 0}
    give_papers(cases[:1], kinds=["application"])
    assert conclude_due(over(posted, 120))["cases"] == 0
    give_papers(cases[:1])
    assert conclude_due(over(posted, 180)) == {"notices": 0, "cases": 1, "held": 0}
    assert Verdict.objects.get(case=cases[0], stage="gs").by_id is None and verify_list(round_, places.villages[VILLAGE]) == []


def test_a_paper_of_another_round_or_set_aside_does_not_count(shown, scope):
    cases, posted = shown
    give_papers(cases[:1])
    paper = Paper.objects.filter(household=cases[0].household, kind="wish").get()
    set_aside_paper(scope=scope("cadre"), paper=str(paper.uuid), reason="签字看不清")
    tamper("UPDATE households_paper SET round_code = 'OLD' WHERE household_id = %s AND kind = 'application'", cases[1].household_id)
    conclude_due(over(posted))
    assert set(Case.objects.filter(state="open").values_list("household__head_name", flat=True)) == {"张1", "张2"}


def test_a_paper_that_came_after_the_moment_does_not_count_for_it(shown):
    """The decision is never older than the paper it rests on."""
    cases, posted = shown
    give_papers(cases[:1])
    moment = over(posted)
    tamper("UPDATE households_paper SET at = %s WHERE household_id = %s", moment + timedelta(seconds=5), cases[0].household_id)
    assert conclude_due(moment)["cases"] == 2
    assert conclude_due(moment + timedelta(seconds=9))["cases"] == 1


def test_the_waiting_household_is_told_on_list_board_home_notice_and_its_own_page(shown, login, scope, round_):
    _, posted = shown
    conclude_due(over(posted))
    code, said = f"{VILLAGE}0001", "待补申请书、脱贫意愿书"
    client = login("cadre")
    assert said in client.get(f"/rounds/{ROUND}/villages/{VILLAGE}/").content.decode()
    listed = client.get(f"/rounds/{ROUND}/villages/{VILLAGE}/?state=papers").content.decode()
    assert "张1" in listed and "张2" not in listed
    assert "待补签字材料 1 户" in client.get(f"/rounds/{ROUND}/").content.decode()
    home = client.get("/").content.decode()
    assert "等本户签字的申请书、脱贫意愿书" in home and f"/households/{code}/papers/" in home
    assert said in client.get(f"/notices/{posted.uuid}/").content.decode()
    assert said in client.get(f"/households/{code}/").content.decode()


def test_a_household_that_waits_for_papers_is_not_posted_again(shown, login):
    _, posted = shown
    conclude_due(over(posted))
    assert "发起公示" not in login("township").get(f"/rounds/{ROUND}/villages/{VILLAGE}/").content.decode()


def test_papers_are_asked_for_once_the_county_has_decided(hall, make_case, round_, scope):
    case = make_case(number=1)
    hall.up_to("xd")
    assert context_of(case.household).asked == () and missing_papers(round_, [Case.objects.get()]) == {}
    hall.decide("xd")
    assert context_of(case.household).asked == ("application", "wish")
    assert [row.pk for row in waiting_for_papers(scope("cadre"), round_)] == []


def test_verify_list_tells_of_a_conclusion_without_papers(shown, round_, places):
    """Somebody with the database's own rights takes the paper away."""
    cases, posted = shown
    conclude_due(over(posted))
    tamper("DELETE FROM households_paper WHERE household_id = %s AND kind = 'wish'", cases[1].household_id)
    found = verify_list(round_, places.villages[VILLAGE])
    assert any("还没有本户签字的" in finding.line and "脱贫意愿书" in finding.line for finding in found)
    assert {finding.household_code for finding in found} == {f"{VILLAGE}0002"}


def test_a_list_is_marked_in_a_constant_number_of_queries(hall, make_case, round_, scope, places):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for numbers in ((1,), (2, 3, 4)):
        for number in numbers:
            make_case(number=number)
        with CaptureQueriesContext(connection) as queries:
            case_lines(round_, list(cases_of(scope("lead"), round_, places.villages[VILLAGE])), timezone.localdate(round_.opened_at))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- 新疆某乡: the application comes first -------------------------------------------------------------------------


@pytest.fixture
def xinjiang(hall, make_case, round_):
    round_.procedure = "xjx"
    round_.save()
    cases = [make_case(number=number) for number in (1, 2)]
    Case.objects.update(stage="sq")
    give_papers(cases[:1], kinds=["application"])
    return cases


def test_with_the_rest_agreed_a_household_without_application_stays(xinjiang, hall, scope):
    """A9-01."""
    from assessment.actions.sittings import close_sitting

    sitting = hall.ready("sq")
    rank_by_score(scope("cadre"), sitting)
    sitting.refresh_from_db()
    closed = close_sitting(scope=scope("cadre"), sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=2)
    assert (closed.counts["agree"], closed.counts["left"]) == (1, 1)
    assert dict(Case.objects.values_list("household__head_name", "stage")) == {"张1": "fy", "张2": "sq"}


def test_agreeing_to_it_by_hand_is_refused_with_the_reason(xinjiang, hall, scope, login):
    from assessment.actions.sittings import close_sitting

    sitting = hall.ready("sq")
    hall.ballot(sitting, xinjiang[1], "agree")
    rank_by_score(scope("cadre"), sitting)
    sitting.refresh_from_db()
    assert "张2还没有本户签字的申请书" in login("cadre").get(f"/sittings/{sitting.uuid}/").content.decode()
    with pytest.raises(WrongState) as refused:
        close_sitting(scope=scope("cadre"), sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=2)
    assert "申请书" in refused.value.reasons[0]
