"""复核: the handler's own form of a held household; it counts when the county says so, and is no making (rulings 16 and 19)."""



from datetime import date

import pytest

from assessment import selectors
from assessment.actions.casework import facts_of
from assessment.actions.surveys import save_draft, submit_survey
from assessment.form_state import current_survey
from assessment.models import Survey
from core.errors import BadInput, Denied, WrongState
from core.models import AuditRow
from tests.assessment.objection_ground import (  # noqa: F401
    ROUND,
    again,
    confirm,
    ground,
    lodge,
    posted,
    propose,
    settle,
    take,
)


@pytest.fixture
def fill(scope, round_):
    """`fill(case)` → the 复核 form of the case, every first option, by township2; `submit=False` leaves the draft."""

    def make(case, who: str = "township2", submit: bool = True) -> Survey:
        rubric = round_.rubric.value
        answers = {item.code: item.options[0].code for item in rubric.indicators}
        draft = save_draft(
            scope=scope(who), household_code=case.household.code, round_code=ROUND, answers=answers, version=0,
            notes=dict.fromkeys(answers, "入户看过。"), surveyed_on=date(2016, 8, 1), surveyor_name="复核员",
        )  # fmt: skip
        if not submit:
            return draft
        return submit_survey(
            scope=scope(who), household_code=case.household.code, round_code=ROUND, version=draft.version
        )

    return make


@pytest.fixture
def handled(posted, lodge, take):
    """(case, objection in the hands of township2)."""
    cases, _ = posted()
    return cases[0], take(lodge(cases[0]))


def test_the_handler_fills_a_form_of_the_locked_household(handled, fill):
    case, objection = handled
    before = case.survey
    review = fill(case)
    assert (review.status, review.purpose, review.score.survey_id) == ("review", "review", review.pk)
    assert again(before).status == "submitted" and again(case).survey_id == before.pk
    assert again(objection).review_id == review.pk
    assert AuditRow.objects.filter(action="objection.review").count() == 1


def test_nobody_else_of_the_offices_fills_one(handled, fill):
    with pytest.raises(Denied):
        fill(handled[0], "county2")
    with pytest.raises(Denied):
        fill(handled[0], "township")


def test_the_village_still_meets_the_lock(handled, fill):
    with pytest.raises(WrongState, match="已锁定"):
        fill(handled[0], "cadre")


def test_the_handler_of_one_household_fills_no_form_of_another(posted, lodge, take, fill):
    cases, _ = posted(1, 2)
    take(lodge(cases[0]))
    with pytest.raises(Denied):
        fill(cases[1])


def test_a_review_is_no_making(handled, fill, cast):
    case, _ = handled
    fill(case)
    assert cast.township2.pk not in facts_of([again(case)])[case.pk].makers


def test_the_county_makes_the_review_the_form_of_the_household(handled, fill, propose, confirm):
    case, objection = handled
    before, review = case.survey, fill(case)
    tier = review.score.tier
    assert tier != again(case).category, "the review must lead to another class"
    propose(objection, "change", category=tier)
    confirm(objection)
    case = again(case)
    assert (again(review).status, again(before).status) == ("submitted", "superseded")
    assert (case.survey_id, case.score_id, case.category) == (review.pk, review.score_id, tier)
    assert case.verdicts.standing().get(stage="xd").score_id == review.score_id


def test_a_kept_result_leaves_the_review_beside_the_form(handled, fill, propose, confirm):
    case, objection = handled
    review = fill(case)
    propose(objection)
    confirm(objection)
    assert again(review).status == "review" and again(case).survey_id == case.survey_id


def test_a_review_that_is_begun_must_be_submitted_before_a_change_is_proposed(handled, fill, propose):
    case, objection = handled
    fill(case, submit=False)
    with pytest.raises(BadInput) as refused:
        propose(objection, "change", category="YIBAN")
    assert "复核评估表还没有提交" in refused.value.fields["proposal"][0]


def test_a_begun_review_is_gone_when_the_household_goes_back_to_the_village(handled, fill, propose, confirm, scope):
    case, objection = handled
    fill(case, submit=False)
    propose(objection, "return")
    confirm(objection)
    assert not Survey.objects.filter(status="draft").exists()
    draft = save_draft(
        scope=scope("cadre"), household_code=case.household.code, round_code=ROUND, answers={}, version=0
    )
    assert draft.purpose == "assess"


def test_a_review_is_no_work_of_the_village(handled, fill, scope, round_):
    fill(handled[0], submit=False)
    assert selectors.work_list(scope("cadre"), round_).drafts == 0


def test_the_draft_of_a_review_is_not_the_draft_of_the_household(handled, fill, round_, login):
    case, _ = handled
    fill(case, submit=False)
    assert current_survey(case.household, round_, "draft") is None
    assert "接着填草稿" not in login("cadre").get(f"/households/{case.household.code}/").content.decode()


def test_the_handler_fills_the_form_on_the_page_and_the_cadre_does_not_see_it(handled, login, round_):
    case, objection = handled
    address = f"/households/{case.household.code}/survey/"
    answer = login("township2").get(address)
    assert answer.status_code == 200 and objection.code in answer.content.decode()
    body = {"version": "0", "look": "A", "round": ROUND, "go": "next"}
    body |= {item.code: item.options[0].code for item in round_.rubric.value.looks[0].indicators}
    assert login("township2").post(address, body).status_code == 302
    assert Survey.objects.get(status="draft").purpose == "review"
    read = login("cadre").get(address).content.decode()
    assert "survey-form" not in read and objection.code not in read


def test_an_office_without_the_objection_gets_no_form(handled, login):
    case, _ = handled
    assert login("township").get(f"/households/{case.household.code}/survey/").status_code == 403
