"""Several persons at one meeting at the same moment: real threads, on both databases (trust 22, 73; ruling 32)."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.cases import amend_case
from assessment.actions.sittings import close_sitting, drop_sitting, open_sitting
from assessment.models import Ballot, Case, RankingSheet, Sitting, Verdict
from core.actions import flush
from core.errors import DomainError, StaleVersion, WrongState
from core.models import AuditRow
from households.actions import update_household
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household
from households.secrets import reveal
from tests.assessment.meetings import VILLAGE, Hall
from tests.assessment.queues import sheet

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PATIENCE = 60
HOUSEHOLDS = 6


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def cases(make_case):
    return [make_case(number=number) for number in range(1, HOUSEHOLDS + 1)]


def at_once(*calls):
    """Each call in a thread of its own, begun together; its result or its DomainError."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(PATIENCE)
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [task.result(PATIENCE) for task in [pool.submit(run, call) for call in calls]]


def closer(scope, sitting, **over):
    values = {"version": sitting.version, "count": HOUSEHOLDS, "rest_agree": True, "key": ""} | over
    return lambda: close_sitting(scope=scope, sitting=str(sitting.uuid), **values)


def test_two_approvers_at_once_have_one_effect(hall, cases, scope):
    hall.up_to("xh")
    sitting = hall.ready("xh")
    results = at_once(closer(scope("township"), sitting), closer(scope("township2"), sitting))
    done = [result for result in results if isinstance(result, Sitting)]
    late = [result for result in results if isinstance(result, WrongState | StaleVersion)]
    assert (len(done), len(late)) == (1, 1)
    assert Verdict.objects.filter(stage="xh").count() == HOUSEHOLDS
    assert set(Verdict.objects.filter(stage="xh").values_list("by_id", flat=True)) == {done[0].closed_by_id}
    assert set(Case.objects.values_list("stage", "pass_no")) == {("xd", 1)}


def test_one_approver_who_clicks_four_times_at_once_has_one_effect_and_one_answer(hall, cases, scope):
    sitting = hall.ready("zp")
    results = at_once(*[closer(scope("cadre"), sitting, key="k1")] * 4)
    assert [type(result) for result in results] == [Sitting] * 4
    assert {result.list_seal for result in results} == {Sitting.objects.get().list_seal}
    assert Verdict.objects.count() == HOUSEHOLDS
    assert AuditRow.objects.filter(action="sitting.close").count() == 1


def test_two_who_open_a_meeting_at_once_find_the_same_one(hall, cases, scope):
    def opener(login):
        return lambda: open_sitting(
            scope=scope_of[login], round_code="2016-SB", stage="zp", village_code=VILLAGE, group_code=f"{VILLAGE}01"
        )

    scope_of = {login: scope(login) for login in ("cadre", "lead")}
    results = at_once(*[opener(login) for login in ("cadre", "lead", "cadre", "lead")])
    assert {result.pk for result in results} == {Sitting.objects.get().pk}


def test_two_who_open_the_village_meeting_at_once_find_the_same_one(hall, cases, scope):
    hall.decide("zp")
    lead = scope("lead")
    call = lambda: open_sitting(scope=lead, round_code="2016-SB", stage="cy", village_code=VILLAGE)  # noqa: E731
    results = at_once(call, call, call)
    assert {result.pk for result in results} == {Sitting.objects.get(stage="cy").pk}


def test_of_two_answers_for_one_household_at_once_one_is_told(hall, cases, scope):
    sitting = hall.ready("zp")

    def answer(login, opinion):
        caller = scope(login)
        entry = BallotEntry(opinion, note="按会议意见")
        return lambda: save_ballot(
            scope=caller, sitting=str(sitting.uuid), case=str(cases[0].uuid), version=0, entry=entry
        )

    results = at_once(answer("cadre", "agree"), answer("lead", "reject"))
    assert sorted(type(result).__name__ for result in results) == ["Ballot", "StaleVersion"]
    kept = next(result for result in results if isinstance(result, Ballot))
    assert Ballot.objects.get().opinion == kept.opinion


def test_closing_and_dropping_at_once_is_one_of_the_two(hall, cases, scope):
    sitting = hall.ready("zp")
    cadre, lead = scope("cadre"), scope("lead")
    results = at_once(closer(cadre, sitting), lambda: drop_sitting(scope=lead, sitting=str(sitting.uuid)))
    assert sorted(isinstance(result, Sitting) for result in results) == [False, True]
    closed = Sitting.objects.get().status == "closed"
    assert Verdict.objects.count() == (HOUSEHOLDS if closed else 0)


@pytest.mark.parametrize("attempt", range(3))
def test_a_close_beside_an_amendment_leaves_each_household_in_one_place(hall, cases, scope, attempt):
    """Either the 变更 came first (the list has changed: 412), or the close (it goes back from the next stage); never a deadlock."""
    hall.up_to("cy")
    sitting = hall.ready("cy")
    lead, cadre, code = scope("lead"), scope("cadre"), cases[attempt].household.code
    closed, amended = at_once(
        closer(lead, sitting),
        lambda: amend_case(scope=cadre, household_code=code, subject="members", reason="新生儿入户"),
    )
    assert isinstance(amended, Case)
    case = Case.objects.get(pk=cases[attempt].pk)
    assert (case.stage, case.pass_no) == ("zp", 2)
    assert not Household.objects.get(code=code).hold
    if isinstance(closed, Sitting):
        assert amended.amendments.get().from_stage == "xh"
        assert not case.verdicts.standing().exists()
    else:
        assert isinstance(closed, StaleVersion | DomainError)
        assert not Verdict.objects.filter(stage="cy").exists()


def test_what_is_sealed_beside_an_edit_is_one_version_of_the_household(hall, cases, scope):
    sitting = hall.ready("zp")
    cadre, code = scope("cadre"), cases[0].household.code
    row = cases[0].household.memberships.select_related("person").order_by("code")
    kept = tuple(MemberEntry(name=f"改{m.person.name}", relation=m.relation, uuid=str(m.uuid)) for m in row)
    entry = HouseholdEntry("", {"attribute": "04", "exit_status": "0", "cause": "02", "appliances": None}, kept)
    closed, edited = at_once(
        closer(scope("lead"), sitting),
        lambda: update_household(scope=cadre, code=code, version=cases[0].household.version, entry=entry),
    )
    assert isinstance(closed, Sitting)
    verdict = Verdict.objects.get(case=cases[0])
    sealed = json.loads(reveal(verdict, "body"))["household"]
    first = isinstance(edited, Household)
    names = {member["name"].startswith("改") for member in sealed["members"]}
    assert (sealed["attribute"], names) == (("04", {True}) if first else ("01", {False}))
    assert Household.objects.get(code=code).version == verdict.household_version


class Killed(BaseException):
    """Stands for a lost connection: no handler of the project catches it."""


@pytest.mark.parametrize("step", ["settle", "mark_blocked", "_list_seal", "_leave_traces"])
def test_a_close_that_dies_on_the_way_leaves_nothing_and_may_be_repeated(hall, cases, scope, monkeypatch, step):
    """trust 22: all or nothing, retry safe."""
    from assessment.actions import closing

    sitting = hall.ready("zp")

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(closing, step, die)
        closer(scope("cadre"), sitting, key="k1")()
    assert (Sitting.objects.get().status, Verdict.objects.count()) == ("open", 0)
    assert set(Case.objects.values_list("stage", "version")) == {("zp", 1)}
    assert closer(scope("cadre"), sitting, key="k1")().status == "closed"


def test_a_close_that_dies_after_its_last_statement_leaves_nothing(hall, cases, scope, monkeypatch):
    import core.actions

    sitting = hall.ready("zp")

    def write_then_die(act):
        flush(act)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(core.actions, "flush", write_then_die)
        closer(scope("cadre"), sitting)()
    assert not Verdict.objects.exists()
    assert not AuditRow.objects.filter(action="sitting.close").exists()
    assert Sitting.objects.get().closed_at is None


def test_of_two_recorders_of_one_sheet_at_once_one_saves_and_the_other_is_told(hall, cases, scope):
    """And a third, who saves another scorer's sheet at that moment, is not held up by it."""
    sitting = hall.ready("zp")

    def recorder(who, scorer, order):
        return lambda: sheet(scope(who), sitting, scorer, order, version=0)

    results = at_once(recorder("cadre", "代表1", (1, 2, 3, 4, 5, 6)), recorder("lead", "代表1", (6, 5, 4, 3, 2, 1)), recorder("lead", "代表2", (1, 2, 3, 4, 5, 6)))
    assert sum(isinstance(result, StaleVersion) for result in results[:2]) == 1 and isinstance(results[2], RankingSheet)
    assert set(RankingSheet.objects.values_list("scorer", flat=True)) == {"代表1", "代表2"} and RankingSheet.objects.count() == 2
