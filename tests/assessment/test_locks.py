"""A locked household is locked at every door, and 变更 is the one way in (issue 3.4; trust 2, 79; rulings 5, 21)."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from list_ground import Ground, edit
from roster_book import book, household, import_book, survey

from assessment.actions.cases import amend_case, end_case
from assessment.actions.scores import rescore
from assessment.actions.surveys import save_draft, submit_survey
from assessment.importing.service import import_rows
from assessment.importing.sheet import SurveySheetRow
from assessment.models import Case, Score, Survey
from assessment.verification import verify_list
from assessment.workflow import Step
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from households.actions import reveal_household
from households.models import Household

VILLAGE = "422827102200"


@pytest.fixture
def ground(scope, cast):
    return Ground(scope, cast)


@pytest.fixture
def locked(make_case, ground):
    """A household that 组评 has agreed to."""
    case = make_case(1)
    ground.meet([case])
    return Household.objects.get(pk=case.household_id)


@pytest.fixture
def concluded(make_case, ground):
    case = make_case(2)
    ground.to("gs", [case])
    ground.conclude(ground.notice([case]))
    return Household.objects.get(pk=case.household_id)


def sheet_row(code: str, survey: Survey, other: bool = True) -> SurveySheetRow:
    """The household's form as a workbook brings it, with another first answer."""
    first = "1" if survey.answers[0] != "1" else "2"
    answers = first + survey.answers[1:] if other else survey.answers
    return SurveySheetRow(code, date(2016, 7, 2), "调查员", answers, 2)


# --- the form of the household --------------------------------------------------------------------------------


def test_a_cadre_cannot_save_a_locked_household(locked, scope):
    with pytest.raises(WrongState, match="已锁定"):
        edit(scope("cadre"), locked.code)


def test_the_edit_page_of_a_locked_household_says_why_and_leads_to_the_change(locked, login):
    page = login("cadre").get(f"/households/{locked.code}/edit/")
    text = page.content.decode()
    assert page.status_code == 409 and "名单已锁定，正在村议" in text and f"/households/{locked.code}/amend/" in text
    assert "保存并返回" not in text


def test_a_form_opened_before_the_lock_changes_nothing_when_sent_after_it(locked, login):
    page = login("cadre").post(f"/households/{locked.code}/edit/", {"version": locked.version})
    assert page.status_code == 409 and Household.objects.get(pk=locked.pk).version == locked.version


def test_a_concluded_household_may_be_edited_again(concluded, scope):
    assert edit(scope("cadre"), concluded.code).version == concluded.version + 1


# --- import ---------------------------------------------------------------------------------------------------


@pytest.fixture
def again(cast, round_, tmp_path, ground):
    """A household that came with a workbook and is locked now; `again(…)` imports a workbook for it once more."""
    assert import_book(cast.township, book(tmp_path / "a.xlsx", household(1), [survey(1)])).state == "committed"
    ground.meet([Case.objects.get()])
    return lambda forms=(), **facts: import_book(cast.township, book(tmp_path / "b.xlsx", household(1, **facts), list(forms) or None))


def test_a_roster_that_would_change_a_locked_household_is_refused_at_the_check(again):
    run = again(人均纯收入=999)
    problem = run.problems.get(severity="error")
    assert run.state == "refused" and "已锁定，须先办变更" in problem.reason and problem.row


def test_a_roster_that_says_the_same_of_a_locked_household_is_taken(again, round_, places):
    assert again([survey(1)]).state == "committed"
    assert verify_list(round_, places.villages[VILLAGE]) == []


def test_a_sheet_with_another_form_of_a_locked_household_is_refused(locked, scope, cast, round_):
    row = sheet_row(locked.code, Survey.objects.get(household=locked))
    with pytest.raises(BadInput) as refused:
        import_rows(scope("county"), cast.county, round_, [], [row])
    assert "已锁定，须先办变更" in refused.value.reasons[0]


def test_a_sheet_with_another_form_of_a_concluded_household_is_refused(concluded, scope, cast, round_):
    row = sheet_row(concluded.code, Survey.objects.get(household=concluded))
    with pytest.raises(BadInput) as refused:
        import_rows(scope("county"), cast.county, round_, [], [row])
    assert "本批次已认定，评估表不能再改" in refused.value.reasons[0]


def test_a_sheet_with_the_form_that_stands_is_taken_and_changes_nothing(concluded, scope, cast, round_):
    form = Survey.objects.get(household=concluded)
    import_rows(scope("county"), cast.county, round_, [], [replace(sheet_row(concluded.code, form, other=False), surveyed_on=form.surveyed_on)])
    assert Survey.objects.filter(household=concluded).count() == 1


def test_a_list_that_locks_between_check_and_commit_sends_the_import_back_to_the_check(make_case, ground, scope, cast, round_, monkeypatch):
    """The commit asks again once the households are locked: a meeting that closed meanwhile wins (trust 2)."""
    from assessment.importing import commit

    case, prepared = make_case(3), commit.build_surveys
    row = sheet_row(case.household.code, case.survey)

    def slow(*args):
        made = prepared(*args)
        ground.meet([case])
        return made

    monkeypatch.setattr(commit, "build_surveys", slow)
    with pytest.raises(WrongState, match="重新核对"):
        import_rows(scope("county"), cast.county, round_, [], [row])


# --- the 六看 form ---------------------------------------------------------------------------------------------


def test_a_draft_of_a_locked_household_is_refused(locked, scope):
    with pytest.raises(WrongState, match="已锁定") as refused:
        save_draft(scope=scope("cadre"), household_code=locked.code, round_code="2016-SB", answers={}, version=0)
    assert any("变更" in reason for reason in refused.value.reasons)


def test_a_draft_begun_before_the_lock_cannot_be_submitted_after_it(make_case, ground, scope):
    case = make_case(4)
    draft = save_draft(scope=scope("cadre"), household_code=case.household.code, round_code="2016-SB", answers={}, version=0, surveyed_on=date(2016, 7, 3))
    ground.meet([case])
    with pytest.raises(WrongState, match="已锁定"):
        submit_survey(scope=scope("cadre"), household_code=case.household.code, round_code="2016-SB", version=draft.version)
    assert Survey.objects.get(household=case.household, status="submitted").pk == case.survey_id


def test_a_draft_of_a_concluded_household_is_refused(concluded, scope):
    with pytest.raises(WrongState, match="本批次已认定，评估表不能再改"):
        save_draft(scope=scope("cadre"), household_code=concluded.code, round_code="2016-SB", answers={}, version=0)


def test_a_draft_of_a_rejected_household_is_refused(make_case, ground, scope):
    case = make_case(5)
    ground.meet([case], step=Step.REJECT, category="", reasons=("false_facts",))
    with pytest.raises(WrongState, match="不予列入，评估表不能再改"):
        save_draft(scope=scope("cadre"), household_code=case.household.code, round_code="2016-SB", answers={}, version=0)


def test_a_draft_of_an_ended_household_is_refused(locked, scope):
    end_case(scope=scope("lead"), household_code=locked.code, reason="given_up", note="本人签字放弃")
    with pytest.raises(WrongState, match="评议已终止，评估表不能再改"):
        save_draft(scope=scope("cadre"), household_code=locked.code, round_code="2016-SB", answers={}, version=0)


def test_the_form_of_a_locked_household_is_only_read(locked, login):
    text = login("cadre").get(f"/households/{locked.code}/survey/").content.decode()
    assert "要改评估表，须先办变更" in text and "重新评估（代替原表）" not in text


def test_the_household_page_offers_no_edit_of_a_locked_household(locked, login):
    text = login("cadre").get(f"/households/{locked.code}/").content.decode()
    assert "查看评估表" in text and "重新评估" not in text and "修改户信息" not in text and "办理变更" in text


# --- the other doors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_writes_no_household(locked, cast, method):
    client = Client()
    client.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    answer = getattr(client, method)(f"/api/v1/households/{locked.code}/", {"attribute": "04"}, content_type="application/json")
    assert answer.status_code in (401, 403, 405) and Household.objects.get(pk=locked.pk).version == locked.version


def test_a_rescore_leaves_sealed_and_decided_forms_alone_and_says_how_many(locked, concluded, make_case, scope, round_):
    open_case = make_case(6)
    for case in Case.objects.all():  # a score that the form does not give: a rescore would mend it
        wrong = Score.objects.create(survey=case.survey, rubric=round_.rubric, rubric_digest=round_.rubric.digest, points=99, look_points="", tier="TUOPIN", at=case.opened_at)
        Survey.objects.filter(pk=case.survey_id).update(score=wrong)
    run = rescore(scope=scope("county"), round_code="2016-SB")
    assert (run.compared, run.changed, run.sealed) == (1, 1, 2)
    assert AuditRow.objects.filter(action="survey.rescore").order_by("-seq").first() and Survey.objects.get(pk=open_case.survey_id).score.points == 58
    assert {case.score.points for case in Case.objects.exclude(pk=open_case.pk)} == {58}


def test_a_household_sent_back_before_its_first_seal_is_rescored_again(locked, ground, scope, round_):
    amend_case(scope=scope("cadre"), household_code=locked.code, subject="survey", reason="评估表填错")
    assert rescore(scope=scope("county"), round_code="2016-SB").sealed == 0


def test_a_township_clerk_still_opens_the_numbers_of_a_locked_household(locked, scope):
    revealed = reveal_household(scope=scope("township"), code=locked.code, purpose="核对户口本")
    assert len(revealed.identities) == locked.persons


# --- the one way in -------------------------------------------------------------------------------------------


def test_a_change_opens_one_household_and_sends_it_to_the_start(make_case, ground, scope):
    cases = [make_case(number) for number in (1, 2)]
    ground.to("xh", cases)
    amend_case(scope=scope("cadre"), household_code=cases[0].household.code, subject="members", reason="新生一名小孩")
    stages = {case.pk: (case.stage, case.pass_no, case.household.hold) for case in Case.objects.select_related("household")}
    assert stages == {cases[0].pk: ("zp", 2, False), cases[1].pk: ("xh", 1, True)}
    assert edit(scope("cadre"), cases[0].household.code).version == 2


@pytest.mark.parametrize("who, refusal", [("township", Denied), ("county", Denied), ("viewer", Denied), ("cadre2", NotFound)])
def test_nobody_but_the_village_changes_its_locked_household(locked, scope, who, refusal):
    with pytest.raises(refusal):
        amend_case(scope=scope(who), household_code=locked.code, subject="house", reason="房屋已改建")
    assert Household.objects.get(pk=locked.pk).hold


def test_a_household_with_an_objection_cannot_be_changed(locked, scope):
    Case.objects.update(state="held")
    with pytest.raises(WrongState, match="异议"):
        amend_case(scope=scope("cadre"), household_code=locked.code, subject="house", reason="房屋已改建")
