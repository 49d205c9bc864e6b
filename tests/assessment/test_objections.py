"""异议 through the actions: what is held, who may handle, what each result does (ruling 19; N5; trust 73, 77)."""



from datetime import timedelta

import pytest
import time_machine

from assessment.actions.due import conclude_due
from assessment.models import Case, Objection, Sitting, Verdict
from assessment.selectors_notices import waiting
from assessment.verification.lists import check_village
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from households.models import Household
from households.secrets import reveal
from tests.assessment.objection_ground import (  # noqa: F401
    LODGER,
    ROUND,
    TEXT,
    VILLAGE,
    again,
    confirm,
    from_public,
    ground,
    lodge,
    posted,
    propose,
    settle,
    take,
)


def test_an_objection_holds_its_own_household_and_no_other(posted, lodge):
    cases, _ = posted(1, 2)
    made = lodge(cases[0])
    assert [again(case).state for case in cases] == ["held", "open"]
    assert made.case_id == cases[0].pk and made.code.startswith("YY-2016SB-")


def test_a_held_household_does_not_conclude_while_the_rest_does(posted, lodge):
    """N5."""
    cases, notice = posted(1, 2)
    lodge(cases[0])
    conclude_due(notice.ends_at + timedelta(seconds=1))
    assert [again(case).state for case in cases] == ["held", "concluded"]


def test_an_objection_of_the_last_second_is_accepted_and_one_after_it_is_not(posted, lodge):
    """Trust 77."""
    cases, notice = posted(1, 2)
    with time_machine.travel(notice.ends_at - timedelta(seconds=1), tick=False):
        lodge(cases[0])
    with time_machine.travel(notice.ends_at, tick=False), pytest.raises(WrongState, match="公示期内"):
        lodge(cases[1])


def test_what_is_said_is_sealed_and_an_anonymous_one_keeps_no_name(posted, lodge):
    cases, _ = posted()
    named, unnamed = lodge(cases[0]), lodge(cases[0], anonymous=True)
    assert (reveal(named, "text"), reveal(named, "lodger")) == (TEXT, LODGER) and TEXT not in named.text_enc
    assert (unnamed.lodger_enc, unnamed.phone_enc) == ("", "")


def test_an_omitted_household_may_only_be_described(posted, lodge):
    posted()
    made = lodge(kind="omitted", target="田大妹，3组")
    assert made.household is None and reveal(made, "target") == "田大妹，3组"


def test_a_household_on_the_notice_is_not_omitted(posted, lodge):
    cases, _ = posted()
    with pytest.raises(BadInput) as refused:
        lodge(cases[0], kind="omitted")
    assert "kind" in refused.value.fields


def test_a_household_that_is_not_posted_can_only_be_called_omitted(posted, lodge, make_household):
    posted()
    with pytest.raises(BadInput, match="没有登记"):
        lodge(kind="wrong", household_code=make_household(number=9).code)


def test_a_county_office_takes_no_objection_down_and_another_village_finds_none(posted, lodge):
    cases, _ = posted()
    with pytest.raises(Denied):
        lodge(cases[0], who="county")
    with pytest.raises(NotFound):
        lodge(cases[0], who="cadre2")


def test_the_same_key_lodges_once(posted, lodge):
    cases, _ = posted()
    assert lodge(cases[0], key="k1").code == lodge(cases[0], key="k1").code
    assert Objection.objects.count() == 1


# --- who handles ----------------------------------------------------------------------------------------------


def test_the_township_clerk_who_decided_may_not_handle(posted, lodge, take):
    cases, _ = posted()
    objection = lodge(cases[0])
    with pytest.raises(WrongState, match="参与决定") as refused:
        take(objection, "township")
    assert "可以核查的" in refused.value.reasons[-1]
    assert take(objection, "township2").handler.login == "township2"


def test_who_took_the_objection_down_may_not_handle_it(posted, lodge, take):
    cases, _ = posted()
    objection = lodge(cases[0], who="township2", channel="township")
    with pytest.raises(WrongState, match="是您登记的"):
        take(objection, "township2")


def test_the_surveyor_of_the_household_may_not_handle(posted, lodge, take, cast):
    cases, _ = posted(surveyor=cast.township2)
    with pytest.raises(WrongState, match="录入或修改过"):
        take(lodge(cases[0]), "township2")


def test_a_village_never_handles(posted, lodge, take):
    cases, _ = posted()
    with pytest.raises(Denied):
        take(lodge(cases[0]), "lead")


def test_a_second_taker_is_told_who_has_it_unless_it_is_taken_over(posted, lodge, take):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection, "township2")
    with pytest.raises(WrongState, match="已由测试township2受理"):
        take(objection, "county2")
    assert take(objection, "county2", take_over=True).handler.login == "county2"


def test_only_the_handler_proposes(posted, lodge, take, propose):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection)
    with pytest.raises(WrongState, match="由测试township2核查"):
        propose(objection, who="county2")


def test_the_handler_may_not_confirm_his_own_proposal(posted, lodge, take, propose, confirm):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection, "county2")
    propose(objection, who="county2")
    with pytest.raises(WrongState, match="您核查的"):
        confirm(objection, "county2")
    assert confirm(objection, "county").status == "closed"


def test_a_maker_may_not_confirm(posted, lodge, take, propose, confirm, cast):
    cases, _ = posted(surveyor=cast.county2)
    objection = lodge(cases[0])
    take(objection)
    propose(objection)
    with pytest.raises(WrongState, match="录入或修改过"):
        confirm(objection, "county2")


# --- results --------------------------------------------------------------------------------------------------


def test_keeping_frees_the_household_and_the_clock_concludes_it(posted, lodge, settle):
    cases, notice = posted()
    objection = lodge(cases[0])
    conclude_due(notice.ends_at + timedelta(seconds=1))
    settle(objection)
    assert again(cases[0]).state == "open"
    conclude_due(notice.ends_at + timedelta(seconds=2))
    assert again(cases[0]).state == "concluded"


def test_a_household_stays_held_until_its_last_objection_is_answered(posted, lodge, settle):
    cases, _ = posted()
    first, second = lodge(cases[0]), lodge(cases[0])
    settle(first)
    assert again(cases[0]).state == "held"
    settle(second)
    assert again(cases[0]).state == "open"


def test_a_changed_class_is_a_sealed_decision_of_the_county_and_waits_for_a_new_notice(posted, lodge, settle, cast):
    cases, notice = posted()
    before = again(cases[0]).verdicts.get(stage="xd")
    settle(lodge(cases[0]), "change", category="YIBAN")
    case = again(cases[0])
    assert (case.stage, case.state, case.pass_no, case.category) == ("gs", "open", 2, "YIBAN")
    verdict = case.verdicts.standing().get(stage="xd")
    assert (verdict.sitting.kind, verdict.by, verdict.category) == ("review", cast.county, "YIBAN")
    assert before.voiding.by_verdict == verdict
    assert list(waiting(Case.objects.all())) == [case]
    conclude_due(notice.ends_at + timedelta(seconds=1))
    assert again(case).state == "open"


def test_a_returned_household_starts_again_at_the_first_stage_unlocked(posted, lodge, settle):
    cases, _ = posted()
    settle(lodge(cases[0]), "return")
    case = again(cases[0])
    assert (case.stage, case.state, case.category) == ("zp", "open", "")
    assert not Household.objects.get(pk=case.household_id).hold
    assert {row.opinion for row in case.verdicts.standing()} == {"return"}


def test_a_returned_household_can_go_the_whole_way_again(posted, lodge, settle, ground):
    cases, _ = posted()
    settle(lodge(cases[0]), "return")
    ground.to("gs", cases)
    assert (again(cases[0]).stage, again(cases[0]).pass_no) == ("gs", 3)


def test_a_removed_household_is_off_the_list_and_unlocked(posted, lodge, settle):
    cases, _ = posted()
    settle(lodge(cases[0]), "remove")
    case = again(cases[0])
    assert (case.stage, case.state) == ("xd", "rejected") and case.concluded_at
    assert not Household.objects.get(pk=case.household_id).hold


def test_a_second_objection_to_a_returned_household_gets_the_same_result(posted, lodge, settle, take, propose):
    cases, _ = posted()
    first, second = lodge(cases[0]), lodge(cases[0])
    settle(first, "return")
    assert (again(cases[0]).stage, again(cases[0]).state) == ("zp", "held")
    take(second)
    with pytest.raises(BadInput):
        propose(second, "change", category="YIBAN")
    settle_rest = propose(second, "return")
    assert settle_rest.status == "proposed"


def test_an_omitted_household_that_was_rejected_is_evaluated_anew(posted, lodge, settle, make_case, ground):
    from assessment.workflow import Step

    other = make_case(number=5)
    ground.to("xh", [other])
    ground.meet([other], step=Step.REJECT)
    posted(1)
    settle(lodge(other, kind="omitted"), "add")
    case = again(other)
    assert (case.stage, case.state, case.supplementary) == ("zp", "open", True)
    assert not Household.objects.get(pk=case.household_id).hold


def test_an_omitted_household_without_a_form_is_sent_to_the_village_first(posted, lodge, take, propose, make_household):
    posted()
    objection = lodge(kind="omitted", target="田大妹，3组")
    take(objection)
    with pytest.raises(BadInput) as refused:
        propose(objection, "add")
    assert "请村里先登记" in refused.value.fields["household_code"][0]
    household = make_household(number=7)
    with pytest.raises(BadInput) as refused:
        propose(objection, "add", household_code=household.code)
    assert "提交评估表" in refused.value.fields["proposal"][0]


def test_an_omitted_household_with_a_form_of_its_own_joins_as_a_supplement(posted, lodge, settle, make_case):
    posted()
    objection = lodge(kind="omitted", target="田大妹，3组")
    case = make_case(number=7)
    settle(objection, "add", household_code=case.household.code)
    assert again(case).supplementary and again(objection).household == case.household


def test_a_class_that_does_not_change_is_no_change(posted, lodge, take, propose):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection)
    for category in ("DIBAO" if again(cases[0]).category == "DIBAO" else again(cases[0]).category, "NONSENSE", ""):
        with pytest.raises(BadInput) as refused:
            propose(objection, "change", category=category)
        assert "category" in refused.value.fields


def test_the_county_sends_a_proposal_back_with_its_reason(posted, lodge, take, propose, confirm):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection)
    propose(objection)
    back = confirm(objection, accept=False, answer="请再看一次房产证明。")
    assert (
        back.status == "handling"
        and reveal(back, "answer") == "请再看一次房产证明。"
        and again(cases[0]).state == "held"
    )


def test_a_county_that_saw_another_proposal_is_stopped(posted, lodge, take, propose, confirm):
    cases, _ = posted()
    objection = lodge(cases[0])
    take(objection)
    propose(objection, "remove")
    with pytest.raises(StaleVersion):
        confirm(objection, outcome="keep")


def test_a_second_confirmer_changes_nothing_more(posted, lodge, settle, confirm):
    cases, _ = posted()
    objection = lodge(cases[0])
    settle(objection, "change", category="YIBAN")
    with pytest.raises(WrongState, match="已办结"):
        confirm(objection, "county2")
    assert (
        Sitting.objects.filter(kind="review").count() == 1
        and Verdict.objects.filter(sitting__kind="review").count() == 1
    )


def test_the_list_still_verifies_after_every_result(posted, lodge, settle, round_, places, ground):
    cases, _ = posted(1, 2, 3, 4)
    for case, (proposal, more) in zip(
        cases, [("keep", {}), ("change", {"category": "YIBAN"}), ("return", {}), ("remove", {})], strict=True
    ):
        settle(lodge(case), proposal, **more)
    found = check_village(round_, places.villages[VILLAGE])
    assert [str(finding) for finding in found.findings] == []


# --- the public page's action ---------------------------------------------------------------------------------


def test_anybody_lodges_by_the_number_on_the_notice_and_stays_unknown(posted):
    cases, notice = posted(1, 2)
    made = from_public(notice, 2)
    assert made.case_id == cases[1].pk and made.anonymous and made.lodged_by is None
    row = AuditRow.objects.get(action="objection.lodge")
    assert (row.actor_login, row.ip) == ("公众", "") and row.session and "203.0.113.7" not in str(row.__dict__)


def test_an_address_may_lodge_five_an_hour_and_another_address_still_may(posted):
    from core.errors import TooOften

    _, notice = posted()
    for _ in range(5):
        from_public(notice)
    with pytest.raises(TooOften):
        from_public(notice)
    assert from_public(notice, ip="203.0.113.8")
    assert AuditRow.objects.filter(action="objection.lodge").count() == 6


def test_the_fifth_form_sent_twice_is_answered_with_its_receipt(posted):
    _, notice = posted()
    made = [from_public(notice, key=f"k{number}") for number in range(5)]
    assert from_public(notice, key="k4").code == made[4].code


def test_a_notice_that_ran_out_is_not_found_by_the_public(posted):
    _, notice = posted()
    with time_machine.travel(notice.ends_at, tick=False), pytest.raises(NotFound):
        from_public(notice)


def test_two_receipts_have_nothing_in_common_but_the_round(posted):
    _, notice = posted()
    tails = {from_public(notice).code.rpartition("-")[2] for _ in range(4)}
    assert len(tails) == 4 and all(len(tail) == 5 for tail in tails)
