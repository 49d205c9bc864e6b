"""What deciding writes: verdicts with seals, voids by reference, holds, standing."""

import pytest
from django.utils import timezone

from accounts.scopes import SYSTEM
from assessment.actions.casework import Origin, Settled, actor_of, facts_of, move_of, settle
from assessment.models import Case, Sitting, Verdict
from assessment.procedures import procedure_of
from assessment.sealing import household_documents, leaf_of, proof_documents, verdict_document
from assessment.workflow import Decision, Step
from core.actions import acting
from core.crypto import check_seal_mac
from core.errors import WrongState
from households.models import Household
from households.secrets import reveal


@pytest.fixture
def decide(scope, cast):
    """`decide(case, "lead", step=…)`: one decision at the stage where the case stands, straight through the engine."""

    def make(case: Case, login: str, step: Step = Step.AGREE, **more) -> Verdict:
        case.refresh_from_db()
        procedure, caller = procedure_of(case.round.procedure), scope(login)
        decision = Decision(
            step, category="DIBAO", default_category="DIBAO", votes_for=5, votes_against=0, present=5, note="按会议意见", **more
        )
        with acting(caller, "sitting.close") as act:
            sitting = Sitting.objects.create(
                round=case.round, stage=case.stage, county=case.county, township=case.township, village=case.village,
                group=case.group, opened_at=timezone.now(), opened_by=getattr(cast, login), status="closed",
            )  # fmt: skip
            move = move_of(procedure, facts_of([case])[case.pk], decision, actor_of(caller, case), case.household.head_name)
            made = settle(act, [Settled(case, decision, move)], Origin(timezone.now(), sitting=sitting, by=caller.actor_id))
        return made[0]

    return make


def test_a_decided_household_is_locked_and_goes_to_the_next_stage(make_case, decide):
    case = make_case()
    decide(case, "cadre")
    case.refresh_from_db()
    household = Household.objects.get(pk=case.household_id)
    assert (case.stage, case.category, household.hold) == ("cy", "DIBAO", True)


def test_the_lead_who_decided_at_the_village_may_not_decide_again_at_the_township(make_case, decide):
    case = make_case()
    decide(case, "cadre")
    decide(case, "lead")
    with pytest.raises(WrongState, match="乡镇一级"):
        decide(case, "lead")


def test_a_return_voids_later_verdicts_by_reference_and_unlocks_at_the_first_stage(make_case, decide):
    case = make_case()
    decide(case, "cadre")
    decide(case, "lead")
    back = decide(case, "township", Step.RETURN, return_to="zp")
    case.refresh_from_db()
    assert (case.stage, case.pass_no, case.category) == ("zp", 2, "")
    assert {row.stage for row in Verdict.objects.filter(voiding__by_verdict=back)} == {"zp", "cy"}
    assert not Household.objects.get(pk=case.household_id).hold


def test_the_named_surveyor_may_not_decide_at_the_village(make_case, decide, cast):
    case = make_case(surveyor=cast.lead)
    decide(case, "cadre")
    with pytest.raises(WrongState, match="录入或修改过"):
        decide(case, "lead")


def test_the_stored_body_is_what_the_leaf_was_made_over_and_today_says_the_same(make_case, decide):
    case = make_case()
    decide(case, "cadre")
    verdict = Verdict.objects.select_related("case__round", "case__village", "case__group", "survey", "score").get()
    body = reveal(verdict, "body")
    assert check_seal_mac(verdict.leaf, body.encode())
    documents = household_documents([case.household_id])
    proof = proof_documents(case.round, [case.household_id])[case.household_id]
    again, _ = leaf_of(verdict_document(verdict, verdict.case, documents[case.household_id], proof, reveal(verdict, "note")))
    assert again == body


def test_the_system_scope_holds_no_level(make_case):
    assert actor_of(SYSTEM, make_case()).levels == frozenset()
