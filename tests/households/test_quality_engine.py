"""疑点 from the save to the explanation: found, mended, explained, opened again; the block on submission; the area job."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.surveys import save_draft, submit_survey
from core import jobs
from core.actions import acting
from core.errors import BadInput, Denied, StaleVersion, WrongState
from core.models import AuditRow, Job
from households.actions.quality import close_doubt, close_doubts, reopen_doubt, save_thresholds, sync_household
from households.actions.quality_run import keep_up, note_day, request_check
from households.models import Doubt, DoubtDay, Household, QualityRun
from households.quality import rules
from households.selectors_doubts import counts_of, doubts, note_of, title_of, today_of, trend_of

SICK_CAUSE, WARNED = "01", "Q-04-01"
VILLAGE = "422827102200"


@pytest.fixture
def check(scope):
    """Check a household as a save of the cadre does."""

    def run(household):
        with acting(scope("cadre"), "household.update") as act:
            return sync_household(act, Household.objects.get(pk=household.pk))

    return run


@pytest.fixture
def doubted(make_household, check):
    """A household that is poor by illness although nobody in it is ill."""
    household = make_household(number=1, cause=SICK_CAUSE)
    check(household)
    return household


@pytest.fixture
def explain(scope):
    def say(doubt, text="入户看过病历，还没有录入。", login="cadre"):
        return close_doubt(scope=scope(login), uuid=doubt.uuid, version=doubt.version, reason=text)

    return say


@pytest.fixture
def run_job(scope):
    """Ask for a check of an area and let a worker take it."""

    def run(login="cadre", area=VILLAGE):
        return jobs.run(str(request_check(scope=scope(login), area=area).pk))

    return run


def the_doubt(rule=WARNED) -> Doubt:
    return Doubt.objects.get(rule=rule)


def test_a_cadre_who_saves_a_household_finds_its_doubt_open(doubted):
    assert (the_doubt().state, the_doubt().severity, the_doubt().fact) == ("open", "warning", "cause")


def test_a_doubt_goes_by_itself_when_the_cadre_mends_the_fact(doubted, check):
    Household.objects.filter(pk=doubted.pk).update(cause="09")
    check(doubted)
    assert (the_doubt().state, the_doubt().closed_by) == ("mended", None)


def test_a_doubt_comes_back_open_when_the_cadre_spoils_the_fact_again(doubted, check):
    for cause in ("09", SICK_CAUSE):
        Household.objects.filter(pk=doubted.pk).update(cause=cause)
        check(doubted)
    assert the_doubt().state == "open"


def test_an_explained_doubt_stays_explained_while_the_facts_stay(doubted, check, explain):
    explain(the_doubt())
    check(doubted)
    assert the_doubt().state == "kept"


def test_an_explained_doubt_opens_again_with_its_note_when_it_becomes_another(doubted, check, explain, scope):
    explain(the_doubt())
    Doubt.objects.update(fingerprint="of other facts")
    check(doubted)
    assert (the_doubt().state, note_of(scope("cadre"), the_doubt())) == ("open", "入户看过病历，还没有录入。")


def test_an_explanation_is_not_stored_in_the_clear(doubted, explain):
    explain(the_doubt())
    assert "病历" not in the_doubt().note_enc and the_doubt().note_enc


def test_an_explanation_leaves_no_text_on_the_trail(doubted, explain):
    explain(the_doubt())
    row = AuditRow.objects.get(action="doubt.close")
    assert row.detail == {"rule": WARNED}


def test_a_cadre_explains_nothing_without_words(doubted, explain):
    with pytest.raises(BadInput):
        explain(the_doubt(), "  ")


def test_a_cadre_cannot_explain_away_what_must_be_mended(doubted, explain):
    Doubt.objects.update(severity="error")
    with pytest.raises(WrongState):
        explain(the_doubt())


def test_a_county_officer_reads_doubts_and_explains_none(doubted, explain):
    with pytest.raises(Denied):
        explain(the_doubt(), login="county")


def test_a_cadre_who_explains_an_older_version_is_refused(doubted, scope):
    with pytest.raises(StaleVersion):
        close_doubt(scope=scope("cadre"), uuid=the_doubt().uuid, version=9, reason="看过")


def test_a_township_officer_opens_an_explanation_again(doubted, explain, scope):
    explain(the_doubt())
    reopen_doubt(scope=scope("township"), uuid=the_doubt().uuid, version=the_doubt().version)
    assert (the_doubt().state, bool(the_doubt().note_enc)) == ("open", True)


def test_a_cadre_explains_several_doubts_of_one_rule_at_once(make_household, check, scope):
    for number in (1, 2):
        check(make_household(number=number, cause=SICK_CAUSE))
    rows = Doubt.objects.filter(rule=WARNED)
    assert close_doubts(scope=scope("cadre"), uuids=[row.uuid for row in rows], reason="都看过病历。") == 2


def test_a_save_costs_at_most_seven_queries_more_for_its_doubts(make_household, scope):
    household = make_household(number=1, cause=SICK_CAUSE)
    with acting(scope("cadre"), "household.update") as act, CaptureQueriesContext(connection) as seen:
        sync_household(act, household)
    assert len(seen) <= 7


# --- submission -----------------------------------------------------------------------------------------------------


@pytest.fixture
def submit(scope, round_):
    """Fill the whole form as the cadre with grounds for every answer, and submit it."""

    def send(household, **more):
        answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
        common = {"scope": scope("cadre"), "household_code": household.code, "round_code": round_.code}
        draft = save_draft(**common, answers=answers, notes=dict.fromkeys(answers, "按现场填写。"), surveyed_on=date(2016, 7, 1), surveyor_name="测试cadre")
        return submit_survey(**common, version=draft.version, **more)

    return send


def test_a_form_is_refused_while_a_warning_has_no_explanation(doubted, submit):
    with pytest.raises(BadInput) as refused:
        submit(doubted)
    assert list(refused.value.fields) == [f"doubt-{the_doubt().fingerprint}"]


def test_a_form_is_taken_with_the_explanation_that_comes_with_it(doubted, submit):
    submit(doubted, explanations={the_doubt().fingerprint: "病历在县医院。"})
    assert the_doubt().state == "kept"


def test_a_cadre_explains_and_submits_on_one_page(doubted, submit, login, round_):
    with pytest.raises(BadInput):
        submit(doubted)
    address, client = f"/households/{doubted.code}/survey/", login("cadre")
    page = client.get(f"{address}?look=review").content.decode()
    field = f"doubt-{the_doubt().fingerprint}"
    body = {"version": "1", "look": "review", "surveyed_on": "2016-07-01", "surveyor_name": "测试cadre", field: "病历在县医院。"}
    assert f'name="{field}"' in page and client.post(f"{address}submit/", body).status_code == 302
    assert the_doubt().state == "kept"


def test_a_form_is_taken_when_the_warning_was_explained_before(doubted, submit, explain):
    explain(the_doubt())
    assert submit(doubted).status == "submitted"


def test_a_form_is_refused_for_an_error_even_with_an_explanation(doubted, submit, scope):
    save_thresholds(scope=scope("county"), county_code="422827", version=0, thresholds={}, severities={WARNED: "error"})
    with pytest.raises(BadInput):
        submit(doubted, explanations={the_doubt().fingerprint: "病历在县医院。"})


def test_a_refused_form_leaves_no_explanation_behind(doubted, submit):
    with pytest.raises(BadInput):
        submit(doubted, explanations={the_doubt().fingerprint: "长" * 401})
    assert the_doubt().note_enc == ""


def test_a_ground_on_the_form_counts_as_the_explanation_of_the_answer(make_household, submit, scope):
    submit(make_household(number=1))
    answers = Doubt.objects.filter(family=15)
    assert answers and {row.state for row in answers} == {"kept"} and note_of(scope("cadre"), answers[0]) == "按现场填写。"


def test_an_answer_reopened_by_the_township_is_not_closed_by_its_old_ground(make_household, submit, check, scope):
    household = make_household(number=1)
    submit(household)
    doubt = Doubt.objects.filter(family=15).first()
    reopen_doubt(scope=scope("township"), uuid=doubt.uuid, version=doubt.version)
    check(household)
    assert Doubt.objects.get(pk=doubt.pk).state == "open"


# --- a whole area ---------------------------------------------------------------------------------------------------


def test_a_cadre_checks_the_village_and_the_run_is_recorded(make_household, run_job):
    make_household(number=1, cause=SICK_CAUSE)
    assert run_job().state == "done"
    run = QualityRun.objects.get()
    assert (run.households, run.counts["warning"], Doubt.objects.filter(rule=WARNED).count()) == (1, 1, 1)


def test_a_cadre_cannot_check_another_village(run_job):
    from core.errors import NotFound

    with pytest.raises(NotFound):
        run_job(area="422827102201")


def test_a_run_costs_the_same_queries_for_two_households_and_twelve(make_household, run_job):
    seen = []
    for first, last in ((1, 2), (3, 12)):
        for number in range(first, last + 1):
            make_household(number=number)
        run_job()
        with CaptureQueriesContext(connection) as counted:
            run_job()
        seen.append(len(counted))
    assert seen[1] <= seen[0]


def test_a_run_asks_a_closed_household_nothing_any_more(doubted, run_job):
    Household.objects.filter(pk=doubted.pk).update(closed_on=date(2016, 5, 1))
    run_job()
    assert the_doubt().state == "mended"


def test_two_runs_come_to_the_same_truth(doubted, run_job):
    before = sorted(Doubt.objects.values_list("rule", "subject", "state"))
    run_job()
    run_job()
    assert sorted(Doubt.objects.exclude(household=None).values_list("rule", "subject", "state")) == before


def test_a_run_that_lost_its_lease_half_way_is_finished_by_another(make_household, scope, monkeypatch):
    make_household(number=1, cause=SICK_CAUSE)
    job = request_check(scope=scope("cadre"), area=VILLAGE)
    from households.actions import quality_run

    def killed(*args):
        Job.objects.filter(pk=job.pk).update(lease_token="another")

    monkeypatch.setattr(quality_run, "_mend_closed", killed)
    assert jobs.run(str(job.pk)).state == "running" and not QualityRun.objects.exists()
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run(str(job.pk)).state == "done"
    assert (QualityRun.objects.count(), Doubt.objects.filter(rule=WARNED).count()) == (1, 1)


def test_a_run_stops_when_its_owner_cancels_it(make_household, scope):
    make_household(number=1)
    job = request_check(scope=scope("cadre"), area=VILLAGE)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    assert jobs.run(str(job.pk)).state == "cancelled" and not QualityRun.objects.exists()


def test_the_clock_checks_a_county_again_when_its_rules_have_changed(make_household, run_job, scope):
    make_household(number=1)
    run_job("county", "422827")
    assert keep_up() == 0
    save_thresholds(scope=scope("county"), county_code="422827", version=0, thresholds={}, severities={WARNED: "off"})
    assert Job.objects.filter(kind="quality", state="queued").count() == 1


def test_the_clock_queues_a_first_run_once(make_household, cast):
    make_household(number=1)
    assert (keep_up(), keep_up()) == (1, 0)


def test_a_rule_that_the_county_does_without_is_not_asked(doubted, check, scope):
    save_thresholds(scope=scope("county"), county_code="422827", version=0, thresholds={}, severities={WARNED: "off"})
    check(doubted)
    assert the_doubt().state == "mended"


def test_a_threshold_that_is_no_number_is_refused_with_a_remedy(scope, places):
    code = next(iter(rules.THRESHOLDS))
    with pytest.raises(BadInput) as refused:
        save_thresholds(scope=scope("county"), county_code="422827", version=0, thresholds={code: "三万"}, severities={})
    assert "30000" in refused.value.fields[f"limit-{code}"][0]


# --- reading --------------------------------------------------------------------------------------------------------


def test_today_holds_ten_households_and_says_how_many_wait(make_household, run_job, scope):
    for number in range(1, 13):
        make_household(number=number, cause=SICK_CAUSE)
    run_job()
    today = today_of(scope("cadre"))
    assert (len(today.homes), today.waiting) == (10, 2)


def test_a_cadre_who_mends_something_sees_it_ticked_off_today(doubted, check, scope):
    Doubt.objects.update(found_at=timezone.now() - timedelta(days=2))
    Household.objects.filter(pk=doubted.pk).update(cause="09")
    check(doubted)
    today = today_of(scope("cadre"))
    assert (today.done, today.total, today.left) == (1, 1, 0)


def test_what_a_cadre_explains_on_the_day_it_was_found_is_ticked_off_too(doubted, explain, scope):
    explain(the_doubt())
    assert (today_of(scope("cadre")).done, today_of(scope("cadre")).left) == (1, 0)


def test_what_a_run_closes_on_the_day_it_was_found_is_nobodys_work(doubted, run_job, scope):
    Household.objects.filter(pk=doubted.pk).update(cause="09")
    run_job()
    assert (the_doubt().state, today_of(scope("cadre")).total) == ("mended", 0)


def test_a_doubt_about_an_answer_is_called_by_its_indicator():
    assert title_of("LK-A2", 15) == "六看答案：住房安全等级"


def test_counts_and_trend_add_up_to_the_open_doubts(doubted, scope, places):
    note_day(places.county, timezone.localdate())
    open_now = Doubt.objects.filter(state="open", severity__in=("error", "warning")).count()
    assert counts_of(scope("county")).total == open_now == trend_of(scope("county"))[-1].open
    assert DoubtDay.objects.filter(rule=WARNED, open=1).exists()


def test_a_cadre_of_another_village_sees_no_doubt(doubted, scope):
    assert not doubts(scope("cadre2")).exists()


def test_a_household_page_lets_the_cadre_explain(doubted, login):
    page = login("cadre").get(f"/households/{doubted.code}/")
    assert f'action="/doubts/{the_doubt().uuid}/"' in page.content.decode()


def test_a_cadre_exports_the_list_without_numbers(doubted, login, scope):
    login("cadre").post("/doubts/export/?severity=warning")
    job = jobs.run(str(Job.objects.get(kind="doubts").pk))
    from openpyxl import load_workbook

    cells = [str(cell) for row in load_workbook(job.file_path).active.values for cell in row]
    assert job.result["rows"] == 1 and doubted.code in cells and not any("522399" in cell for cell in cells)


