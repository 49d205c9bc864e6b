"""Drafts and submission: what a cadre may do, what is refused with which words, what is frozen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from assessment.actions.surveys import save_draft, submit_survey
from assessment.form_state import open_remarks
from assessment.models import Score, Survey, SurveyStatus
from core.errors import BadInput, Denied, DomainError, NotFound, StaleVersion, WrongState
from core.models import AuditRow, Change
from households.models import Doubt
from households.secrets import reveal
from villages.models import DirtyMark

# Facts that derive nothing, so that a test says what is derived.
BARE = {"attribute": "01"}


def best(rubric) -> dict[str, str]:
    return {item.code: max(item.options, key=lambda option: option.points).code for item in rubric.indicators}


def answers_worth(rubric, wanted: int) -> dict[str, str]:
    """Answers of exactly `wanted` points: reachable sums, walked back from the last indicator."""
    reach = [{0}]
    for item in rubric.indicators:
        reach.append({total + option.points for total in reach[-1] for option in item.options})
    given, left = {}, wanted
    for position in range(len(rubric.indicators), 0, -1):
        item = rubric.indicators[position - 1]
        option = next(o for o in item.options if left - o.points in reach[position - 1])
        given[item.code], left = option.code, left - option.points
    return given


@pytest.fixture
def household(make_household):
    """A household of unknown facts: no answer follows from them."""
    made = make_household(number=1, members=2, **BARE)
    made.memberships.update(education="", schooling="", health="", skill="")
    return made


@pytest.fixture
def draft(scope, household, round_):
    def make(answers, login="cadre", version=0, **more):
        values = {"surveyed_on": date(2016, 4, 11), "surveyor_name": "测试cadre"} | more
        return save_draft(
            scope=scope(login),
            household_code=household.code,
            round_code=round_.code,
            answers=answers,
            version=version,
            **values,
        )

    return make


@pytest.fixture
def submit(scope, household, round_):
    def send(version, login="cadre", **more):
        return submit_survey(
            scope=scope(login), household_code=household.code, round_code=round_.code, version=version, **more
        )

    return send


def test_a_cadre_submits_a_whole_form_and_it_is_scored(draft, submit, round_):
    survey = submit(draft(best(round_.rubric.value)).version)
    assert (survey.status, survey.score.points, survey.score.tier) == ("submitted", 100, "TUOPIN")


@pytest.mark.parametrize("points, tier", [
    (50, "DOUDI"), (51, "DIBAO"), (70, "DIBAO"), (71, "YIBAN"), (80, "YIBAN"), (81, "TUOPIN"),
])  # fmt: skip
def test_a_form_on_a_boundary_gets_the_right_tier(draft, submit, round_, points, tier):
    survey = submit(draft(answers_worth(round_.rubric.value, points)).version)
    assert (survey.score.points, survey.score.tier) == (points, tier)


def test_a_cadre_who_left_answers_out_is_told_each_of_them(draft, submit, round_):
    given = best(round_.rubric.value)
    for code in ("A2", "D1", "F3"):
        del given[code]
    with pytest.raises(BadInput) as refusal:
        submit(draft(given).version)
    assert sorted(refusal.value.fields) == ["A2", "D1", "F3"]


def test_a_refused_submission_leaves_the_draft_as_it_was(draft, submit):
    made = draft({"A1": "A1-2"})
    with pytest.raises(BadInput):
        submit(made.version)
    made.refresh_from_db()
    assert (made.status, Score.objects.count()) == ("draft", 0)


def test_submission_freezes_the_inputs_of_every_figure(draft, submit, round_, household):
    survey = submit(draft(best(round_.rubric.value)).version)
    survey.refresh_from_db()
    assert (survey.persons, survey.attribute, survey.cause, survey.group_id, survey.household_version) == (
        2, "01", "09", household.group_id, household.version,
    )  # fmt: skip


def test_submission_is_audited_fed_and_marks_the_village(draft, submit, round_, household):
    before = DirtyMark.objects.filter(village=household.village).values_list("n", flat=True).first() or 0
    submit(draft(best(round_.rubric.value)).version)
    assert AuditRow.objects.filter(action="survey.submit", object_code=household.code, result="ok").count() == 1
    assert Change.objects.filter(kind="survey", code=f"{household.code}@{round_.code}").count() == 1
    assert DirtyMark.objects.get(village=household.village).n == before + 1


def test_a_draft_is_not_audited(draft):
    draft({"A1": "A1-2"})
    assert not AuditRow.objects.filter(action="survey.draft").exists()


@pytest.mark.parametrize(
    "column, value", [("answers", "1" * 21), ("persons", 9), ("look_points", "0"), ("surveyor_name", "李四")]
)
def test_nobody_changes_a_submitted_form_even_by_sql(draft, submit, round_, column, value):
    survey = submit(draft(best(round_.rubric.value)).version)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE assessment_survey SET {column} = %s WHERE id = %s", [value, survey.pk])


def test_nobody_deletes_a_submitted_form(draft, submit, round_):
    survey = submit(draft(best(round_.rubric.value)).version)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM assessment_survey WHERE id = %s", [survey.pk])


def test_a_new_form_begins_as_a_copy_of_the_submitted_one(draft, submit, round_):
    first = submit(draft(answers_worth(round_.rubric.value, 51)).version)
    assert draft({}).answers == first.answers


def test_a_new_form_takes_the_place_of_the_old_one(draft, submit, round_):
    first = submit(draft(answers_worth(round_.rubric.value, 51)).version)
    second = submit(draft(best(round_.rubric.value)).version)
    first.refresh_from_db()
    assert (first.status, first.score.points, second.status, second.revision) == ("superseded", 51, "submitted", 2)


def test_the_same_submission_sent_twice_is_one_form(draft, submit, round_):
    version = draft(best(round_.rubric.value)).version
    first, again = submit(version, key="k1"), submit(version, key="k1")
    assert (first.pk, Score.objects.count()) == (again.pk, 1)


def test_a_second_submission_without_a_key_is_told_that_there_is_no_draft(draft, submit, round_):
    version = draft(best(round_.rubric.value)).version
    submit(version)
    with pytest.raises(WrongState):
        submit(version)


def test_a_cadre_of_another_village_finds_no_such_household(draft, submit):
    with pytest.raises(NotFound):
        draft({"A1": "A1-2"}, login="cadre2")
    with pytest.raises(NotFound):
        submit(1, login="cadre2")


@pytest.mark.parametrize("login", ["viewer", "township", "county"])
def test_who_may_see_the_household_but_not_fill_forms_is_denied(draft, submit, login):
    with pytest.raises(Denied):
        draft({"A1": "A1-2"}, login=login)
    with pytest.raises(Denied):
        submit(1, login=login)


def test_a_stale_draft_is_refused_with_both_values(draft):
    draft({"A1": "A1-2"})
    with pytest.raises(StaleVersion) as refusal:
        draft({"A1": "A1-5"})
    conflict = refusal.value.conflict
    assert (conflict.version, conflict.rows) == (1, (("房屋主要结构", "竹草土坯、土窑洞", "砖混材料或钢筋混凝土", "A1"),))


def test_a_draft_keeps_what_a_page_does_not_show(draft):
    draft({"A1": "A1-2"}, remarks={"A": "东墙有缝"})
    made = draft({"B1": "B1-1"}, version=1)
    assert made.answers[0] == "2" and made.answers[5] == "1" and made.remarks_enc


def test_an_unknown_option_is_named(draft):
    with pytest.raises(BadInput) as refusal:
        draft({"A1": "A1-9", "Z9": "Z9-1"})
    assert sorted(refusal.value.fields) == ["A1", "Z9"]


def test_a_remark_is_not_stored_in_the_clear(draft):
    assert "东墙" not in draft({}, remarks={"A": "东墙有缝"}).remarks_enc


def test_a_first_draft_holds_the_answers_that_follow_from_the_facts(draft, household):
    type(household).objects.filter(pk=household.pk).update(danger_level="C")
    made = draft({})
    assert (made.answers[1], made.derived) == ("2", ["A2"])


def test_an_answer_changed_by_hand_is_no_longer_marked_as_derived(draft, household):
    type(household).objects.filter(pk=household.pk).update(danger_level="C")
    assert draft({"A2": "A2-4"}).derived == []


def test_an_answer_against_the_facts_needs_a_ground(draft, submit, round_, household):
    type(household).objects.filter(pk=household.pk).update(danger_level="C")
    made = draft(best(round_.rubric.value))
    with pytest.raises(BadInput) as refusal:
        submit(made.version)
    assert list(refusal.value.fields) == ["A2"]


def test_a_ground_becomes_a_doubt_that_is_explained_by_it(draft, submit, round_, household):
    type(household).objects.filter(pk=household.pk).update(danger_level="C")
    form = submit(draft(best(round_.rubric.value), notes={"A2": "2016年3月已加固"}).version)
    doubt = Doubt.objects.get(family=15)
    assert (doubt.rule, doubt.state, reveal(doubt, "note")) == ("LK-A2", "kept", "2016年3月已加固")
    assert open_remarks(form)[1] == {"A2": "2016年3月已加固"}


def test_a_form_of_a_closed_round_is_refused(draft, round_):
    type(round_).objects.update(status="closed")
    with pytest.raises(WrongState):
        draft({"A1": "A1-2"})


def test_a_form_of_a_household_on_hold_is_refused(draft, household):
    type(household).objects.update(hold=True, hold_reason="名单已锁定")
    with pytest.raises(WrongState):
        draft({"A1": "A1-2"})


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_cadres_who_submit_at_once_make_one_form(draft, submit, scope, round_, household):
    version = draft(best(round_.rubric.value)).version
    together = Barrier(2)
    person = scope("cadre")

    def send(_):
        together.wait(10)
        try:
            submit_survey(scope=person, household_code=household.code, round_code=round_.code, version=version)
            return "done"
        except DomainError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == ["done", "refused"]
    assert Survey.objects.filter(status=SurveyStatus.SUBMITTED).count() == Score.objects.count() == 1
