"""A 识别批次 opened, set and closed by the county office (issue 3.1)."""

from datetime import date

import pytest
from django.utils import timezone

from assessment.actions.rounds import RoundSettings, change_round, close_round, open_round
from assessment.models import CaseState, Notice, Objection, Round, Sitting
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow

BASE = {"name": "2016年贫困户识别", "year": 2016, "reference_date": date(2016, 6, 30), "rubric_code": "LKF-DEFAULT-1"}
FORM = {
    "code": "2017-DT", "name": "2017年动态调整", "year": "2017", "reference_date": "2017-06-30", "survey_scope": "listed",
    "rubric_code": "LKF-DEFAULT-1", "procedure": "qxn", "survey_deadline": "2017-07-15", "deadline_zp": "2017-07-20",
}  # fmt: skip


def settings(**more) -> RoundSettings:
    return RoundSettings(**(BASE | more))


def wrong(scope, **more) -> dict:
    with pytest.raises(BadInput) as refused:
        open_round(scope=scope("county"), code="2017-DT", **(BASE | more))
    return refused.value.fields


# --- opening --------------------------------------------------------------------------------------------------


def test_county_opens_a_round_with_procedure_and_days_on_the_page(login, rubric_version):
    answer = login("county").post("/rounds/new/", FORM)
    made = Round.objects.get(code="2017-DT")
    assert answer.url == "/rounds/2017-DT/"
    assert (made.procedure, made.stage_deadlines, made.survey_deadline) == (
        "qxn",
        {"zp": "2017-07-20"},
        date(2017, 7, 15),
    )


def test_the_form_draws_the_stages_of_every_procedure(login, rubric_version):
    html = login("county").get("/rounds/new/").content.decode()
    assert all(name in html for name in ("组评", "县定", "村民代表大会议决"))


def test_another_procedure_brings_its_own_days_without_script(login, rubric_version):
    html = login("county").post("/rounds/new/", FORM | {"procedure": "xjx", "redraw": "1"}).content.decode()
    assert "deadline_sq" in html and "deadline_zp" not in html and not Round.objects.exists()


def test_what_was_typed_stays_when_a_day_is_wrong(login, rubric_version):
    answer = login("county").post("/rounds/new/", FORM | {"deadline_cy": "2017-07-01"})
    html = answer.content.decode()
    assert answer.status_code == 400 and "2017年动态调整" in html and "村议的截止不能早于组评的截止" in html


def test_days_must_go_up_with_the_stages(scope, rubric_version):
    days = {"zp": date(2016, 7, 20), "xh": date(2016, 7, 19)}
    assert list(wrong(scope, stage_deadlines=days)) == ["deadline_xh"]


def test_a_stage_may_not_end_before_the_forms_are_due(scope, rubric_version):
    fields = wrong(scope, survey_deadline=date(2016, 7, 15), stage_deadlines={"zp": date(2016, 7, 14)})
    assert list(fields) == ["deadline_zp"]


def test_the_same_day_for_two_stages_is_allowed(scope, rubric_version):
    days = {"zp": date(2016, 7, 20), "cy": date(2016, 7, 20)}
    assert (
        open_round(scope=scope("county"), code="A", **BASE, stage_deadlines=days).stage_deadlines["cy"] == "2016-07-20"
    )


def test_a_day_of_a_stage_of_another_procedure_is_refused(scope, rubric_version):
    assert "stage_deadlines" in wrong(scope, stage_deadlines={"sq": date(2016, 7, 20)})


@pytest.mark.parametrize(("days", "ok"), [(0, True), (5, False), (6, False), (7, True), (10, True), (61, False)])
def test_a_notice_may_only_be_longer_than_the_procedure_says(scope, rubric_version, days, ok):
    if ok:
        assert open_round(scope=scope("county"), code="A", **BASE, notice_days=days).notice_days == days
    else:
        assert "notice_days" in wrong(scope, notice_days=days)


@pytest.mark.parametrize(("field", "value"), [("procedure", "none"), ("rubric_code", "NONE")])
def test_an_unknown_procedure_or_rubric_is_refused(scope, rubric_version, field, value):
    assert list(wrong(scope, **{field: value})) == [field]


def test_a_round_may_not_be_called_as_a_page(scope, rubric_version):
    with pytest.raises(BadInput):
        open_round(scope=scope("county"), code="new", **BASE)


@pytest.mark.parametrize("who", ["township", "lead", "viewer"])
def test_only_the_county_opens_rounds(scope, rubric_version, who):
    with pytest.raises(Denied):
        open_round(scope=scope(who), code="A", **BASE)


def test_the_command_takes_a_procedure(cast, rubric_version):
    from django.core.management import call_command

    call_command(
        "open_round",
        "2017-X",
        "--name",
        "试点",
        "--year",
        "2017",
        "--reference-date",
        "2017-06-30",
        "--procedure",
        "xjx",
        "--as",
        "county",
    )
    assert Round.objects.get(code="2017-X").procedure == "xjx"


# --- settings -------------------------------------------------------------------------------------------------


def test_before_the_first_form_everything_may_change(scope, round_):
    change_round(
        scope=scope("county"),
        round_code=round_.code,
        settings=settings(procedure="xjx", reference_date=date(2016, 5, 31)),
    )
    round_.refresh_from_db()
    assert (round_.procedure, round_.reference_date) == ("xjx", date(2016, 5, 31))


@pytest.mark.parametrize(
    ("field", "value"),
    [("procedure", "xjx"), ("reference_date", date(2016, 5, 31)), ("survey_scope", "all"), ("year", 2017)],
)
def test_after_the_first_case_what_the_forms_were_filled_by_is_fixed(scope, round_, make_case, field, value):
    make_case()
    with pytest.raises(BadInput) as refused:
        change_round(scope=scope("county"), round_code=round_.code, settings=settings(**{field: value}))
    assert list(refused.value.fields) == [field]


def test_after_the_first_case_days_may_change_and_the_trail_keeps_both(scope, round_, make_case):
    make_case()
    change_round(
        scope=scope("county"), round_code=round_.code, settings=settings(stage_deadlines={"zp": date(2016, 8, 1)})
    )
    row = AuditRow.objects.filter(action="round.settings").latest("seq")
    assert row.detail == {"before": {"deadlines": {}}, "after": {"deadlines": {"组评": "2016-08-01"}}}


def test_the_page_ignores_a_forged_change_of_a_fixed_field(login, round_, make_case):
    make_case()
    login("county").post(
        f"/rounds/{round_.code}/settings/",
        FORM | {"name": "新名称", "procedure": "xjx", "survey_deadline": "", "deadline_zp": ""},
    )
    round_.refresh_from_db()
    assert (round_.name, round_.procedure, round_.year) == ("新名称", "qxn", 2016)


def test_a_county_may_not_set_the_round_of_another(scope, round_, places):
    from villages.models import County

    Round.objects.filter(pk=round_.pk).update(county=County.objects.create(code="422828", name="鹤峰县"))
    with pytest.raises(NotFound):
        change_round(scope=scope("county"), round_code=round_.code, settings=settings())


# --- closing --------------------------------------------------------------------------------------------------


def test_a_round_without_open_work_closes_and_then_refuses_settings(scope, round_, make_case):
    case = make_case()
    type(case).objects.update(state=CaseState.CONCLUDED)
    close_round(scope=scope("county"), round_code=round_.code)
    round_.refresh_from_db()
    assert round_.status == "closed" and round_.closed_at
    with pytest.raises(WrongState):
        change_round(scope=scope("county"), round_code=round_.code, settings=settings())


def test_a_live_case_keeps_the_round_open_and_is_named_with_its_village(scope, round_, make_case):
    make_case(1), make_case(2)
    with pytest.raises(WrongState) as refused:
        close_round(scope=scope("county"), round_code=round_.code)
    assert refused.value.reasons == ("2 户还没有办结：大河镇桐子园村 2。",)


@pytest.mark.parametrize("what", ["sitting", "notice", "objection"])
def test_an_open_meeting_notice_or_objection_keeps_the_round_open(scope, round_, places, cast, what):
    village, now = places.villages["422827102200"], timezone.now()
    place = {"round": round_, "county": village.county, "township": village.township, "village": village}
    if what == "sitting":
        Sitting.objects.create(stage="cy", opened_at=now, opened_by=cast.lead, **place)
    elif what == "notice":
        Notice.objects.create(stage="gs", days=7, title="公示", started_by=cast.township, started_at=now, **place)
    else:
        Objection.objects.create(code="YY-1", kind="wrong", channel="village", lodged_at=now, text_enc="x", **place)
    with pytest.raises(WrongState) as refused:
        close_round(scope=scope("county"), round_code=round_.code)
    assert "桐子园村 1" in refused.value.reasons[0]


def test_the_page_before_closing_says_what_waits(login, round_, make_case):
    make_case()
    html = login("county").get(f"/rounds/{round_.code}/close/").content.decode()
    assert "1 户还没有办结" in html and '<button class="btn btn-primary fp-btnfull">结束' not in html


def test_the_township_may_not_close(scope, round_):
    with pytest.raises(Denied):
        close_round(scope=scope("township"), round_code=round_.code)


def test_a_round_is_closed_once(scope, round_):
    close_round(scope=scope("county"), round_code=round_.code)
    with pytest.raises(WrongState):
        close_round(scope=scope("county2"), round_code=round_.code)
