"""抽查 and 算账 at 乡核: drawn once, visited by others than the makers, errors before the verdict, all of it drawn again by verify_list."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessment.actions.samples import draw_sample
from assessment.actions.sittings import close_sitting, drop_sitting
from assessment.docket import docket
from assessment.models import Case, Recheck, Sample, SampleLine, Sitting
from assessment.sampling import draw
from assessment.selectors_samples import sampled
from assessment.verification import verify_list
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from tests.assessment.meetings import persons
from tests.assessment.sample_ground import (  # noqa: F401
    VILLAGE,
    at_township,
    better,
    case_of,
    hall,
    meeting,
    one_wrong,
    reckon,
    take,
    visit,
    whole,
)
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

# --- the draw -------------------------------------------------------------------------------------------------


def test_a_clerk_draws_five_of_seven_and_the_seed_is_kept(take, meeting):
    sample = take()
    codes = [line.case.household.code for line in sample.lines.select_related("case__household")]
    assert (sample.size, sample.number, len(sample.seed), len(sample.frame)) == (5, 1, 32, 7)
    assert tuple(codes) == draw(dict(sample.frame), sample.seed, 5)
    entry = AuditRow.objects.get(action="sample.draw")
    assert (entry.detail["seed"], entry.detail["digest"], entry.detail["sitting"]) == (sample.seed, sample.digest, str(meeting.uuid))


def test_seeds_differ_from_draw_to_draw(take):
    assert take(size=5).seed != take(size=1, reason="再核两户").seed


@pytest.mark.parametrize("size", [4, 8, 0])
def test_a_first_sample_under_the_least_or_over_the_list_is_refused(take, size):
    with pytest.raises(BadInput) as refused:
        take(size=size)
    assert refused.value.fields["size"] == ["须在 5 至 7 户之间。"]


def test_a_further_sample_needs_a_reason_and_leaves_the_first(take):
    first = take(size=5)
    with pytest.raises(BadInput) as refused:
        take(size=1)
    assert "原来抽的不作废" in refused.value.fields["reason"][0]
    second = take(size=2, reason="有出入的户多，再抽两户")
    drawn = [set(one.lines.values_list("case_id", flat=True)) for one in (first, second)]
    assert second.number == 2 and not drawn[0] & drawn[1] and len(second.frame) == 2
    with pytest.raises(WrongState, match="都已抽到"):
        take(size=1, reason="还想再抽")


def test_a_meeting_cancelled_and_held_anew_keeps_what_was_drawn(take, meeting, hall, scope):
    first = take()
    drop_sitting(scope=scope("township"), sitting=str(meeting.uuid))
    anew = hall.ready("xh")
    assert anew.pk != meeting.pk and sampled(anew).samples == (first,)
    with pytest.raises(BadInput):
        draw_sample(scope=scope("township"), sitting=str(anew.uuid), size=5)


def test_a_double_click_draws_once(take):
    assert take(key="k1").pk == take(key="k1").pk and Sample.objects.count() == 1


@pytest.mark.parametrize(("login", "refusal"), [("cadre", Denied), ("viewer", Denied), ("township_other", NotFound)])
def test_only_the_township_draws(take, login, refusal):
    with pytest.raises(refusal):
        take(by=login)


def test_the_village_meeting_draws_nothing(hall, make_case, scope):
    make_case(number=20)
    sitting = hall.open("zp")
    with pytest.raises(WrongState, match="不作抽查"):
        draw_sample(scope=scope("cadre"), sitting=str(sitting.uuid))


@pytest.mark.parametrize("table", ["assessment_sample", "assessment_sampleline", "assessment_recheck", "assessment_incomecheck"])
def test_the_database_keeps_what_was_drawn_and_found(whole, visit, reckon, table):
    visit(1), reckon(1)
    for statement in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
        if statement.startswith("UPDATE") and table in ("assessment_recheck", "assessment_incomecheck"):
            statement = f"UPDATE {table} SET by_id = by_id + 1"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- what was found -------------------------------------------------------------------------------------------


def test_a_difference_is_scored_again_from_the_answers_put_right(whole, visit):
    case = case_of(2)
    made = visit(2, "differs", changes=better(case, 15), income_lines=["wage"], note="去年盖了新房")
    assert (made.points_before, made.tier_before) == (58, "DIBAO")
    assert made.points >= 73 and made.tier in ("YIBAN", "TUOPIN") and made.changes_tier
    assert "盖了新房" not in made.note_enc


def test_the_trail_tells_of_a_tier_but_of_no_answer(whole, visit):
    visit(2, "differs", changes=better(case_of(2), 15), note="家里有病人")
    detail = str(AuditRow.objects.get(action="sample.result").detail)
    assert "有出入" in detail and "病人" not in detail and "A1-" not in detail


REFUSALS = [
    ({"outcome": "maybe"}, "outcome", "请选择复核结果"),
    ({"visitors": ("代表1",)}, "visitors", "至少 2 名"),
    ({"visitors": ("代表1", "代表1")}, "visitors", "至少 2 名"),
    ({"visitors": ("代表1", "路人甲")}, "visitors", "不是这次会议的清查组成员"),
    ({"visited_on": None}, "visited_on", "请填入户日期"),
    ({"visited_on": -1}, "visited_on", "在抽查的那天"),
    ({"visited_on": 1}, "visited_on", "在抽查的那天"),
    ({"outcome": "differs"}, "outcome", "请指出是哪一项"),
    ({"outcome": "same", "income_lines": ["wage"]}, "outcome", "请选“有出入”"),
    ({"outcome": "differs", "changes": {"A1": "A1-9"}}, "changes-A1", "没有这个选项"),
    ({"outcome": "differs", "income_lines": ["luck"]}, "income_lines", "没有这 1 项"),
    ({"outcome": "missed"}, "note", "请写明去了几次"),
    ({"note": "长" * 401}, "note", "最多 400 字"),
]


@pytest.mark.parametrize(("over", "field", "words"), REFUSALS)
def test_a_result_that_cannot_stand_is_refused_at_its_field(whole, visit, over, field, words):
    over = dict(over)
    if isinstance(over.get("visited_on"), int):
        over["visited_on"] = timezone.localdate() + timedelta(days=over["visited_on"])
    with pytest.raises(BadInput) as refused:
        visit(1, over.pop("outcome", "same"), **over)
    assert words in refused.value.fields[field][0]
    assert not Recheck.objects.exists()


def test_who_filled_in_the_form_does_not_check_it(whole, visit):
    with pytest.raises(WrongState, match="录入或修改过"):
        visit(4, by="township2")


def test_who_filled_in_the_form_is_no_visitor_either(whole, visit, hall, meeting, cast):
    hall.head(meeting, panel=[*persons(4), {"name": cast.township2.name, "post": "", "present": True}])
    with pytest.raises(BadInput) as refused:
        visit(4, visitors=("代表1", cast.township2.name))
    assert "调查、录入或修改过" in refused.value.fields["visitors"][0]


def test_nobody_checks_the_own_household(whole, visit, hall, meeting):
    hall.head(meeting, panel=[*persons(4), {"name": "张1", "post": "", "present": True}])
    with pytest.raises(BadInput) as refused:
        visit(1, visitors=("代表1", "张1"))
    assert "张1与这一户的人同名" in refused.value.fields["visitors"][0]


def test_a_household_that_was_not_drawn_has_no_result(take, visit):
    take(size=5)
    left = Case.objects.exclude(sampled__isnull=False).first()
    with pytest.raises(WrongState, match="不在抽查的样本里"):
        visit(0, case=left)


def test_a_second_result_says_why_and_the_first_stays(whole, visit, meeting):
    first = visit(1, "differs", note="收入不对")
    with pytest.raises(StaleVersion):
        visit(1, note="又去了一次")
    with pytest.raises(BadInput):
        visit(1, seen=1)
    second = visit(1, seen=1, note="核对存折后一致")
    drawn = sampled(meeting).of(case_of(1).pk)
    assert (drawn.result, drawn.earlier, drawn.seen) == (second, (first,), 2)


def test_the_same_post_twice_is_one_result(whole, visit):
    assert visit(1, key="k").pk == visit(1, key="k").pk


# --- before the verdict ---------------------------------------------------------------------------------------


def test_errors_are_told_on_the_list_before_anything_is_decided(whole, visit, meeting, scope):
    for number in (1, 3, 4, 5, 6, 7):
        visit(number)
    assert docket(scope("township"), str(meeting.uuid)).faults["sample"] == ["抽查到的户还没有复核结果：张2。请先在“抽查和算账”里记下。"]
    visit(2, "differs", changes=better(case_of(2), 15))
    found = docket(scope("township"), str(meeting.uuid))
    assert found.sampled.errors.say == "抽查 7 户，1 户有出入，错误率 14 %，1 户档次会变。"
    assert "sample" not in found.faults and found.wanting == ("张2抽查复核后档次不同，不能随其余同意，请逐户填意见并写明理由。",)


def test_a_list_with_a_household_not_yet_visited_is_not_locked(whole, hall, meeting):
    with pytest.raises(BadInput) as refused:
        hall.close(meeting)
    assert "还没有复核结果" in refused.value.fields["sample"][0]


def test_a_list_of_which_nothing_was_drawn_is_locked_as_ever(hall, meeting):
    assert hall.close(meeting).counts["agree"] == 7


def test_the_rest_does_not_carry_a_household_of_another_tier(one_wrong, hall, meeting):
    with pytest.raises(WrongState) as refused:
        hall.close(meeting)
    assert refused.value.reasons[0].startswith("张2：抽查复核后的档次与评估表不同")


def test_agreeing_all_the_same_needs_a_reason(one_wrong, hall, meeting):
    with pytest.raises(BadInput) as refused:
        hall.ballot(meeting, case_of(2), note="")
    assert "须写明理由" in refused.value.fields["reasons"][0]
    hall.ballot(meeting, case_of(2), note="盖房的钱是借的，债没有还")
    assert hall.close(meeting).counts["agree"] == 7


def test_what_was_found_counts_in_the_next_meeting_too(one_wrong, hall, meeting, login):
    """The household was left over: the next meeting is told on its card, and does not carry it with the rest either."""
    hall.ballot(meeting, case_of(1))
    hall.close(meeting, rest_agree=False)
    later = hall.ready("xh")
    assert "原 58 分 低保贫困户 → 复核" in login("township").get(f"/sittings/{later.uuid}/?case={case_of(2).uuid}").content.decode()
    with pytest.raises(WrongState):
        hall.close(later)


def test_sending_it_back_needs_no_more_than_ever(one_wrong, hall, meeting):
    hall.ballot(meeting, case_of(2), "return", return_to="zp", reasons=["score_wrong"])
    assert hall.close(meeting).counts["return"] == 1


def test_who_was_about_to_close_sees_the_new_result_first(whole, visit, meeting, scope):
    before = Sitting.objects.get(pk=meeting.pk).version
    visit(1)
    with pytest.raises(StaleVersion):
        close_sitting(scope=scope("township"), sitting=str(meeting.uuid), version=before, rest_agree=True, count=7)


def test_a_locked_list_takes_no_further_result(hall, meeting, take, visit):
    hall.close(meeting)
    with pytest.raises(WrongState):
        take()


# --- drawn again ----------------------------------------------------------------------------------------------


def findings(round_):
    return [finding.line for finding in verify_list(round_, round_.county.villages.get(code=VILLAGE))]


def test_verify_list_is_content_with_a_true_sample(one_wrong, round_):
    assert findings(round_) == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda sample: Sample.objects.filter(pk=sample.pk).update(seed="0" * 32), {"样本不是由种子抽出的", "种子、名单或户数与审计记录不符"}),
        (lambda sample: Sample.objects.filter(pk=sample.pk).update(frame=sample.frame[:-1]), {"被抽的名单与校验码不符", "样本不是由种子抽出的"}),
        (lambda sample: SampleLine.objects.filter(sample=sample, position=1).update(position=99), {"样本不是由种子抽出的"}),
        (lambda sample: Recheck.objects.filter(outcome="differs").update(points=58, tier="DIBAO"), {"复核得分与改正的答案不符"}),
    ],
)
def test_verify_list_names_a_sample_that_the_seed_does_not_give(one_wrong, whole, round_, lifted, harm, said):
    harm(whole)
    assert {re.search(r"[^ ：]+?。$", line).group()[:-1].split("。")[0] for line in findings(round_)} == said


@pytest.fixture
def lifted(db):
    """Somebody with the database in hand: the triggers are out of the way."""
    from core import immutability

    immutability.lift()
    yield
    immutability.install()
