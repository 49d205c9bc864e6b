"""Who may handle an objection, which result is possible, what it makes of the case: pure rules (rulings 16, 18, 19)."""

import pytest

from assessment.models import ObjectionKind, Outcome
from assessment.objections import (
    ADD,
    CHANGE,
    KEEP,
    REMOVE,
    RETURN,
    Standing,
    changes_the_case,
    confirmer_reasons,
    handler_reasons,
    plan_of,
    possible_outcomes,
    standing_of,
)
from assessment.procedures import PROCEDURES
from assessment.procedures.identify import QXN, XINJIANG
from assessment.procedures.model import Mode
from assessment.workflow import CaseFacts, Step

LEVELS = [(p, s.code) for p in PROCEDURES.values() for s in p.stages if s.mode is Mode.NOTICE]


def test_whoever_had_no_hand_in_the_household_is_independent():
    assert handler_reasons(7, makers={1}, deciders={2}, recorder=3) == ()


@pytest.mark.parametrize("person", [1, 2, 3])
def test_a_maker_a_decider_and_the_recorder_are_not(person):
    assert len(handler_reasons(person, makers={1}, deciders={2}, recorder=3)) == 1


def test_nobody_recorded_a_public_objection():
    assert handler_reasons(None, makers=(), deciders=(), recorder=None) == ()


@pytest.mark.parametrize("kind", ObjectionKind.values)
@pytest.mark.parametrize("standing", list(Standing))
def test_there_is_always_a_way_to_close_an_objection(kind, standing):
    found = possible_outcomes(kind, standing)
    assert found and set(found) <= set(Outcome.values)


def test_a_posted_household_cannot_be_added_and_an_unlisted_one_cannot_be_struck_off():
    assert ADD not in possible_outcomes("wrong", Standing.POSTED)
    assert possible_outcomes("omitted", Standing.UNLISTED) == (KEEP, ADD)


def test_nothing_is_done_twice():
    """A second objection to a household that is back at its group gets the same result written down, and no more."""
    assert possible_outcomes("wrong", Standing.MOVING) == (RETURN,)
    assert not changes_the_case(RETURN, Standing.MOVING) and changes_the_case(RETURN, Standing.POSTED)


def test_a_case_is_posted_only_at_the_stage_of_the_notice():
    assert standing_of("gs", "held", "gs") is Standing.POSTED
    assert standing_of("zp", "held", "gs") is Standing.MOVING
    assert standing_of("", "", "gs") is Standing.UNLISTED


def test_the_county_may_repeat_its_own_stage_but_not_an_earlier_one():
    facts = CaseFacts("gs", deciders={"xd": frozenset({5}), "xh": frozenset({6})})
    assert confirmer_reasons(QXN, facts, "gs", 5, handler=9) == ()
    assert confirmer_reasons(QXN, facts, "gs", 6, handler=9)
    assert confirmer_reasons(QXN, facts, "gs", 9, handler=9)


@pytest.mark.parametrize(("procedure", "notice"), LEVELS, ids=lambda value: getattr(value, "code", value))
@pytest.mark.parametrize("outcome", [CHANGE, RETURN, REMOVE])
def test_each_result_has_its_plan_in_every_procedure(procedure, notice, outcome):
    facts = CaseFacts(notice, pass_no=3, state="held")
    plan = plan_of(procedure, facts, notice, outcome, still_held=False)
    assert plan.stage == procedure.decision_before(notice).code and plan.pass_no == 4
    assert plan.stage in plan.move.voids
    where = {CHANGE: notice, RETURN: procedure.first.code, REMOVE: plan.stage}[outcome]
    assert plan.move.stage == where
    assert plan.move.pass_no == (5 if plan.step is Step.RETURN else 4)


def test_a_household_with_another_open_objection_stays_held():
    facts = CaseFacts("gs", state="held")
    assert plan_of(QXN, facts, "gs", CHANGE, still_held=True).move.state == "held"
    assert plan_of(QXN, facts, "gs", REMOVE, still_held=True).move.state == "rejected"


def test_a_rejected_household_is_evaluated_from_the_first_stage_and_nothing_earlier_stands():
    plan = plan_of(QXN, CaseFacts("xh", state="rejected"), "gs", ADD, still_held=False)
    assert plan.move.stage == "zp" and set(plan.move.voids) >= {"zp", "cy", "xh", "xd"}


def test_a_household_in_the_second_notice_of_another_procedure_goes_back_to_the_decision_before_it():
    assert plan_of(XINJIANG, CaseFacts("g2", state="held"), "g2", CHANGE, still_held=False).stage == "sh"
