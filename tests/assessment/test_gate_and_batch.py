"""The clerk's desk: a higher level after all below or for a reason, one answer for many households, order and columns, the next village."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.ballots import BallotEntry
from assessment.actions.batch import save_batch
from assessment.desk_columns import COLUMNS, in_order
from assessment.docket import docket
from assessment.meeting import MISSING_NAMED, Missing
from assessment.missing_below import missing_below, reason_before
from assessment.models import Ballot, Case, Round, Sitting
from assessment.procedures.identify import QXN
from core.errors import BadInput, WrongState
from tests.assessment.meetings import BEFORE_OTHERS, VILLAGE, Hall
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401

OTHER, FAR = "422827102201", "422827103200"
AGREE, BACK = BallotEntry("agree"), BallotEntry("return", return_to="zp", reasons=("no_proof",))


@pytest.fixture
def scope(standing, db):
    return lambda login: standing.scope(login)


@pytest.fixture
def hall(scope):
    return Hall(scope)


@pytest.fixture
def make_case(standing, db):
    return standing.make_case


@pytest.fixture
def browser(cast):
    def enter(login: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, login), backend="accounts.backends.LoginBackend")
        return client

    return enter


def text(answer) -> str:
    return answer.content.decode()


# --- higher level only after all below --------------------------------------------------------------------------


@pytest.fixture
def at_county(hall, make_case):
    """One household of 桐子园村 waits for the county; 芭蕉溪村 of the same township is still at 组评."""
    make_case(number=1)
    make_case(village_code=OTHER, number=2)
    make_case(village_code=FAR, number=3)
    hall.up_to("xd")
    return hall


def test_the_county_waits_for_every_village_of_the_township(at_county):
    with pytest.raises(BadInput) as refused:
        at_county.open("xd", missing_reason="")
    assert refused.value.message == "缺 芭蕉溪村，没有开会。"
    assert list(refused.value.fields) == ["missing_reason"]


def test_without_a_village_it_goes_on_for_a_reason_that_is_sealed_with_its_name(at_county, round_, places):
    from assessment.verification import verify_list

    sitting = at_county.decide("xd")
    assert (sitting.missing, sitting.missing_reason) == (["芭蕉溪村"], BEFORE_OTHERS)
    assert verify_list(round_, places.villages[VILLAGE]) == []


def test_a_reason_taken_out_again_is_asked_for_on_closing(at_county):
    sitting = at_county.head(at_county.open("xd"), missing_reason="")
    with pytest.raises(BadInput) as refused:
        at_county.close(sitting)
    assert list(refused.value.fields) == ["missing_reason"]


def test_villages_without_a_case_and_other_townships_do_not_hold_it_up(hall, make_case, round_, places):
    make_case(number=1)
    make_case(village_code=FAR, number=3)
    hall.up_to("xd")
    assert not missing_below(round_, QXN.by_code["xd"], places.villages[VILLAGE])
    assert hall.open("xd", missing_reason="").missing == []


def test_the_township_may_take_one_village_after_the_other(hall, make_case):
    make_case(number=1)
    make_case(village_code=OTHER, number=2)
    hall.up_to("xh")
    assert hall.open("xh").status == "open"


def test_the_reason_is_offered_again_for_the_same_missing_villages_only(at_county, make_case, round_, places):
    stage, village = QXN.by_code["xd"], places.villages[VILLAGE]
    at_county.open("xd")
    assert reason_before(round_, stage, village, Missing(("芭蕉溪村",), "村")) == BEFORE_OTHERS
    assert reason_before(round_, stage, village, Missing(("芭蕉溪村", "老寨村"), "村")) == ""


def test_the_page_names_the_village_and_prefills_the_reason(at_county, browser):
    address = f"/sittings/new/?round=2016-SB&stage=xd&village={VILLAGE}"
    client = browser("county")
    assert "还缺 1 个村" in text(client.get(address))
    assert client.post(address, {"missing_reason": "路断"}).status_code == 400
    assert client.post(address, {"missing_reason": "芭蕉溪村道路中断"}).status_code == 302
    Sitting.objects.filter(stage="xd").update(status="closed")
    assert 'value="芭蕉溪村道路中断"' in text(client.get(address))


def test_the_countys_home_says_how_many_villages_are_not_there_yet(at_county, browser):
    page = text(browser("county").get("/"))
    assert "本乡镇还有 1 个村没到县定，不等齐就办须写明原因" in page


@pytest.mark.parametrize(("count", "listed"), [(1, "1村"), (MISSING_NAMED, "1村、2村、3村、4村、5村、6村"), (8, "1村、2村、3村、4村、5村、6村 等 8 个村")])
def test_forty_villages_are_not_all_named(count, listed):
    assert Missing(tuple(f"{number}村" for number in range(1, count + 1)), "村").listed == listed


# --- one answer for many ----------------------------------------------------------------------------------------


@pytest.fixture
def meeting(hall, make_case):
    """An open 村议 of four households; the second is 村党组织书记's own work, the third has an answer already."""

    def make(cast) -> tuple[Sitting, list[Case]]:
        cases = [make_case(number=number, points=40 + number, surveyor=cast.lead if number == 2 else None) for number in (1, 2, 3, 4)]
        hall.decide("zp")
        sitting = hall.ready("cy")
        hall.ballot(sitting, cases[2], "reject", reasons=["vehicle"])
        sitting.refresh_from_db()
        return sitting, cases

    return make


def batch(scope, sitting, cases, entry=AGREE, **over):
    values = {"version": sitting.version} | over
    return save_batch(scope=scope("lead"), sitting=str(sitting.uuid), chosen=[str(case.uuid) for case in cases], entry=entry, **values)


def test_each_household_has_its_result_and_none_is_passed_over(meeting, scope, cast):
    sitting, cases = meeting(cast)
    gone = cases[3]
    Case.objects.filter(pk=gone.pk).update(stage="zp")
    found = batch(scope, sitting, cases)
    assert [(one.name, one.done) for one in found] == [("张1", True), ("张2", False), ("张3", False), ("张4", False)]
    assert "录入或修改过" in found[1].why
    assert found[2].why == "已有意见“不同意列入”（测试lead），没有改。"
    assert "已不在这份名单上" in found[3].why
    assert set(Ballot.objects.values_list("case_id", "opinion")) == {(cases[0].pk, "agree"), (cases[2].pk, "reject")}


def test_an_answer_that_is_there_is_changed_only_when_asked(meeting, scope, cast):
    sitting, cases = meeting(cast)
    assert batch(scope, sitting, cases[2:3], overwrite=True)[0].done
    assert Ballot.objects.get(case=cases[2]).opinion == "agree"


def test_an_answer_given_meanwhile_is_left_alone_even_then(meeting, scope, cast, hall):
    sitting, cases = meeting(cast)
    hall.ballot(sitting, cases[0], "reject", reasons=["vehicle"])
    found = batch(scope, sitting, cases[:1], overwrite=True)
    assert found[0].why == "您打开之后，测试lead已另填“不同意列入”，没有改。"


@pytest.mark.parametrize(("entry", "field"), [
    (BallotEntry(""), "opinion"), (BallotEntry("return", return_to="zp"), "reasons"), (BallotEntry("return", reasons=("no_proof",)), "return_to"),
    (BallotEntry("reject"), "reasons"),
])  # fmt: skip
def test_what_is_wrong_for_all_is_said_once_and_nothing_is_kept(meeting, scope, cast, entry, field):
    sitting, cases = meeting(cast)
    with pytest.raises(BadInput) as refused:
        batch(scope, sitting, cases[:1], entry)
    assert list(refused.value.fields) == [field]


def test_nobody_chosen_is_told(meeting, scope, cast):
    sitting, _ = meeting(cast)
    with pytest.raises(BadInput, match="没有选户"):
        batch(scope, sitting, [])


def test_a_double_click_does_it_once(meeting, scope, cast):
    sitting, cases = meeting(cast)
    assert batch(scope, sitting, cases[:1], key="k")[0].done
    assert batch(scope, sitting, cases[:1], key="k") is None


def test_a_closed_meeting_takes_no_batch(meeting, scope, cast, hall):
    sitting, cases = meeting(cast)
    hall.close(sitting)
    with pytest.raises(WrongState):
        batch(scope, sitting, cases[:1])


def test_many_cost_as_many_queries_as_few_but_for_their_rows(meeting, scope, cast, make_case, hall):
    sitting, cases = meeting(cast)
    with CaptureQueriesContext(connection) as few:
        batch(scope, sitting, cases[:1], BACK)
    with CaptureQueriesContext(connection) as more:
        batch(scope, sitting, [cases[3], cases[1]], BACK, overwrite=True)
    assert len(more) <= len(few) + 1


def test_the_page_answers_207_and_names_each_household(meeting, browser, cast):
    sitting, cases = meeting(cast)
    client = browser("lead")
    answer = client.post(f"/sittings/{sitting.uuid}/batch/", {"opinion": "agree", "all_shown": "1", "show": "all", "version": sitting.version})
    assert answer.status_code == 207
    assert "记下 2 户，没有记 1 户" in text(answer) and "已有意见“不同意列入”" in text(answer)


def test_a_refused_batch_keeps_its_ticks_and_its_words(meeting, browser, cast):
    sitting, cases = meeting(cast)
    data = {"opinion": "reject", "pick": str(cases[0].uuid), "note": "", "version": sitting.version}
    answer = browser("lead").post(f"/sittings/{sitting.uuid}/batch/", data)
    assert answer.status_code == 400
    assert f'value="{cases[0].uuid}" form="batch-form" checked' in text(answer)
    assert '<input type="radio" name="opinion" value="reject" checked>' in text(answer)


# --- columns ----------------------------------------------------------------------------------------------------


def test_last_years_class_comes_from_the_round_before(meeting, scope, cast, round_):
    sitting, cases = meeting(cast)
    before = Round.objects.create(
        code="2015-SB", name="2015年", county=round_.county, year=2015, reference_date=date(2015, 6, 30), rubric=round_.rubric,
        opened_at=timezone.now(), status="closed",
    )  # fmt: skip
    case = cases[0]
    Case.objects.create(
        round=before, household=case.household, county=case.county, township=case.township, village=case.village, group=case.group,
        stage="gs", state="concluded", category="YIBAN", opened_at=timezone.now(), stage_since=timezone.now(),
    )  # fmt: skip
    table = docket(scope("lead"), str(sitting.uuid))
    assert {line.head_name: (line.last_name, line.moved) for line in table.lines}["张1"] == ("一般贫困户", True)
    assert {line.last_name for line in table.lines} == {"一般贫困户", ""}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.code)
def test_every_column_sorts_both_ways_without_losing_a_household(meeting, scope, cast, column):
    sitting, _ = meeting(cast)
    table = docket(scope("lead"), str(sitting.uuid))
    up, down = in_order(table, column.code), in_order(table, f"-{column.code}")
    assert {line.code for line in up.lines} == {line.code for line in down.lines} == {line.code for line in table.lines}
    assert list(map(column.key, up.lines)) == sorted(map(column.key, table.lines))


def test_the_order_goes_with_the_clerk_from_page_to_page(meeting, browser, cast):
    sitting, _ = meeting(cast)
    client = browser("lead")
    client.get(f"/sittings/{sitting.uuid}/?sort=-points")
    page = text(client.get(f"/sittings/{sitting.uuid}/"))
    assert page.index("张4</a>") < page.index("张1</a>") and 'aria-sort="descending"' in page


def test_the_next_village_is_one_link_away_and_the_last_leads_to_the_first(hall, make_case, browser, standing):
    make_case(number=1)
    make_case(village_code=OTHER, number=2)
    other = Hall(lambda login: standing.scope({"cadre": "cadre2", "lead": "lead2"}.get(login, login)), OTHER)
    for place in (hall, other):
        place.up_to("xh")
    first, client = hall.open("xh"), browser("township")
    page = text(client.get(f"/sittings/{first.uuid}/"))
    assert "下一村：芭蕉溪村" in page and 'data-key="n"' in page
    second = other.open("xh")
    assert f'href="/sittings/{first.uuid}/" data-key="n"' in text(client.get(f"/sittings/{second.uuid}/"))


def test_a_late_form_is_a_supplementary_meeting_that_can_be_shown_alone(hall, make_case, browser):
    make_case(number=1)
    hall.decide("zp")
    late = make_case(number=2)
    Case.objects.filter(pk=late.pk).update(supplementary=True)
    sitting = hall.open("zp")
    page = text(browser("cadre").get(f"/sittings/{sitting.uuid}/?show=late"))
    assert sitting.kind == "supplementary" and "补充评议 1" in page and "张2" in page
