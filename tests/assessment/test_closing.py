"""锁定名单: what a close needs, what it does with each household, what it refuses; separation (rulings 15-17, 21)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.cases import amend_case
from assessment.actions.sittings import drop_sitting
from assessment.models import Case, Sitting, Verdict
from assessment.sealing import list_document
from assessment.seals import canonical
from core.crypto import check_seal_mac
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow, IdempotencyKey
from households.models import Household
from households.secrets import reveal
from tests.assessment.meetings import GOOD_CHECKS, Hall, persons


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def three(make_case):
    """Three households of group 1: 45, 58 and 85 points."""
    return [make_case(number=number, points=points) for number, points in ((1, 58), (2, 45), (3, 85))]


def stages() -> list[tuple[str, str, int]]:
    return list(Case.objects.order_by("household__code").values_list("stage", "state", "pass_no"))


# --- closing: what the head needs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "field", "over"),
    [
        ("zp", "held_on", {"held_on": None}),
        ("zp", "held_at", {"held_at": ""}),
        ("zp", "chair", {"chair": " "}),
        ("zp", "panel", {"panel": persons(3)}),
        ("zp", "panel", {"panel": [*persons(3), {"name": "缺席", "present": False}]}),
        ("zp", "present", {"present": 4}),
        ("zp", "present", {"present": 9, "expected": 8}),
        ("cy", "panel", {"panel": [], "expected": 3, "present": 2}),
        ("cy", "present", {"panel": [], "expected": 10, "present": 6}),
        ("cy", "present", {"panel": [], "expected": None, "present": 6}),
        ("xh", "panel", {"panel": persons(6)}),
        ("xh", "panel", {"panel": persons(4)}),
        ("xh", "check-clan", {"checks": {code: good for code, good in GOOD_CHECKS.items() if code != "clan"}}),
        ("xh", "check-policy", {"checks": GOOD_CHECKS | {"policy": False}}),
        ("xh", "check-favour", {"checks": GOOD_CHECKS | {"favour": True}}),
        ("xd", "document_no", {"document_no": ""}),
    ],
)
def test_a_list_is_not_locked_while_the_head_lacks_something(hall, three, stage, field, over):
    hall.up_to(stage)
    sitting = hall.head(hall.open(stage), **over)
    with pytest.raises(BadInput) as refused:
        hall.close(sitting)
    assert field in refused.value.fields
    assert Sitting.objects.get(pk=sitting.pk).status == "open"
    assert {stage_now for stage_now, _, _ in stages()} == {stage}


def test_two_thirds_of_those_expected_are_enough(hall, three):
    hall.up_to("cy")
    sitting = hall.head(hall.open("cy"), panel=[], expected=9, present=6)
    assert hall.close(sitting).status == "closed"


def test_a_missing_reason_taken_out_again_is_asked_for_on_closing(hall, three, make_case):
    make_case(number=4, group=2)
    hall.decide("zp")
    sitting = hall.head(hall.open("cy", missing_reason="2组未开会"), missing_reason="")
    with pytest.raises(BadInput) as refused:
        hall.close(sitting)
    assert list(refused.value.fields) == ["missing_reason"]


# --- closing: what it does --------------------------------------------------------------------------------------


def test_the_rest_is_agreed_with_the_tier_of_its_score_and_everybodys_vote(hall, three):
    hall.decide("zp")
    rows = Verdict.objects.order_by("position")
    assert [(row.category, row.votes_for, row.votes_against) for row in rows] == [
        ("DIBAO", 5, 0), ("DOUDI", 5, 0), ("TUOPIN", 5, 0),
    ]  # fmt: skip
    assert stages() == [("cy", "open", 1)] * 3


def test_the_list_is_sealed_over_its_head_and_leaves_in_order(hall, three):
    sitting = hall.decide("zp")
    stored = Sitting.objects.select_related("round", "village", "group").get()
    leaves = Verdict.objects.order_by("position").values_list("leaf", flat=True)
    document = canonical(list_document(stored, reveal(stored, "minutes"), leaves))
    assert check_seal_mac(sitting.list_seal, document)
    assert (stored.present, stored.counts) == (5, {"agree": 3, "return": 0, "reject": 0, "blocked": 0, "left": 0})


def test_exceptions_go_their_own_way(hall, three):
    hall.up_to("xh")
    sitting = hall.ready("xh")
    hall.ballot(sitting, three[0], "return", return_to="zp", reasons=["no_proof"])
    hall.ballot(sitting, three[1], "reject", reasons=["vehicle"])
    closed = hall.close(sitting)
    assert stages() == [("zp", "open", 2), ("xh", "rejected", 1), ("xd", "open", 1)]
    assert closed.counts == {"agree": 1, "return": 1, "reject": 1, "blocked": 0, "left": 0}
    assert list(Household.objects.order_by("code").values_list("hold", flat=True)) == [False, False, True]


def test_without_the_rest_only_what_was_entered_is_decided(hall, three):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[1])
    closed = hall.close(sitting, rest_agree=False)
    assert stages() == [("zp", "open", 1), ("cy", "open", 1), ("zp", "open", 1)]
    assert closed.counts["left"] == 2
    assert hall.decide("zp").kind == "supplementary"


def test_a_meeting_that_decides_nothing_does_not_close(hall, three):
    with pytest.raises(WrongState, match="还没有一户有意见"):
        hall.close(hall.ready("zp"), rest_agree=False)


def test_a_later_stage_keeps_the_category_that_was_decided(hall, three):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], category="YIBAN", reasons=["better_off"])
    hall.close(sitting)
    hall.decide("cy")
    assert Verdict.objects.get(stage="cy", case=three[0]).category == "YIBAN"


def test_each_exception_has_its_row_on_the_trail_without_the_note(hall, three):
    hall.up_to("cy")
    sitting = hall.ready("cy")
    hall.ballot(sitting, three[0], "return", reasons=["no_proof"], note="户主患病住院")
    hall.close(sitting)
    rows = AuditRow.objects.filter(action="sitting.close", result="ok", detail__stage="村议")
    assert sorted(rows.values_list("object_kind", flat=True)) == ["case", "sitting"]
    case = rows.get(object_kind="case")
    assert (case.detail["opinion"], case.detail["reasons"], case.detail["back_to"]) == ("退回", ["缺证明材料"], "组评")
    assert "患病" not in str(list(AuditRow.objects.values_list("detail", flat=True)))


def test_a_household_without_a_form_stops_the_whole_close_and_is_named(hall, three):
    """trust 80: never silent."""
    Case.objects.filter(pk=three[1].pk).update(survey=None)
    with pytest.raises(WrongState, match="张2") as refused:
        hall.close(hall.ready("zp"))
    assert refused.value.reasons == ("张2：还没有提交的评估表，不能同意。",)
    assert stages() == [("zp", "open", 1)] * 3
    assert not Verdict.objects.exists()


# --- no stage skipped, repeated, replayed (trust 72, 73) ----------------------------------------------------------


def test_a_closed_meeting_closes_only_once(hall, three):
    sitting = hall.decide("zp")
    with pytest.raises(WrongState, match="已结束"):
        hall.close(sitting, count=3)
    assert Verdict.objects.count() == 3


def test_a_double_click_has_one_effect_and_the_same_answer(hall, three):
    sitting = hall.ready("zp")
    version = sitting.version
    first = hall.close(sitting, key="k1")
    again = hall.close(sitting, key="k1", version=version, count=3)
    assert (first.pk, again.status) == (again.pk, "closed")
    assert Verdict.objects.count() == 3
    assert AuditRow.objects.filter(action="sitting.close").count() == 1


def test_a_failed_close_frees_its_key(hall, three):
    sitting = hall.open("zp")
    with pytest.raises(BadInput):
        hall.close(sitting, key="k1")
    assert not IdempotencyKey.objects.filter(route="sitting.close").exists()


def test_a_page_from_before_a_change_does_not_lock(hall, three):
    sitting = hall.ready("zp")
    seen = sitting.version
    hall.ballot(sitting, three[0], "reject", reasons=["vehicle"], by="lead")
    with pytest.raises(StaleVersion):
        hall.close(sitting, version=seen)


def test_a_list_that_has_grown_is_not_locked_unseen(hall, three, make_case):
    sitting = hall.ready("zp")
    make_case(number=4)
    with pytest.raises(StaleVersion, match="原来 3 户，现在 4 户"):
        hall.close(sitting, count=3)


def test_a_ballot_from_before_a_return_is_not_counted(hall, three, scope):
    """trust 72: old form posted after a return."""
    hall.up_to("xh")
    sitting = hall.ready("xh")
    hall.ballot(sitting, three[0], "reject", reasons=["vehicle"])
    amend_case(scope=scope("cadre"), household_code=three[0].household.code, subject="members", reason="新生儿入户")
    hall.decide("zp")
    hall.decide("cy")
    with pytest.raises(WrongState) as refused:
        hall.close(sitting)
    assert "重新回到乡核" in refused.value.reasons[0]
    hall.ballot(sitting, three[0], "agree")
    assert hall.close(sitting).counts["agree"] == 3


def test_a_meeting_of_one_stage_does_not_touch_households_at_another(hall, three, make_case):
    hall.up_to("cy")
    make_case(number=4)
    sitting = hall.open("cy", missing_reason="补充评议另行办理")
    hall.close(hall.head(sitting, missing_reason="补充评议另行办理"))
    assert stages() == [("xh", "open", 1)] * 3 + [("zp", "open", 1)]


def test_an_approver_who_has_been_moved_is_refused(hall, three, cast):
    """trust 75, 81: the assignment ended between opening and clicking."""
    sitting = hall.ready("zp")
    cast.cadre.assignments.update(until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotFound):
        hall.close(sitting)
    assert Sitting.objects.get().status == "open"


def test_a_disabled_account_closes_nothing(hall, three, cast):
    sitting = hall.ready("zp")
    cast.cadre.is_active = False
    cast.cadre.save()
    with pytest.raises(NotFound):
        hall.close(sitting)


def test_the_database_keeps_a_closed_meeting_as_it_is(hall, three):
    sitting = hall.decide("zp")
    with pytest.raises(DatabaseError), transaction.atomic():
        Sitting.objects.filter(pk=sitting.pk).update(chair="别人")


# --- separation (ruling 16) -------------------------------------------------------------------------------------


@pytest.fixture
def at_township(hall, make_case, cast):
    """Three households at 乡核; household 1 was surveyed by `township`."""
    cases = [make_case(number=1, surveyor=cast.township), make_case(number=2), make_case(number=3)]
    hall.up_to("xh")
    return cases


def test_a_blocked_household_stays_and_the_rest_closes(hall, at_township):
    closed = hall.decide("xh")
    assert closed.counts == {"agree": 2, "return": 0, "reject": 0, "blocked": 1, "left": 0}
    case = Case.objects.get(pk=at_township[0].pk)
    assert (case.stage, case.state, case.blocked_stage) == ("xh", "open", "xh")


def test_the_other_township_account_closes_the_blocked_one(hall, at_township):
    hall.decide("xh")
    second = hall.decide("xh", by="township2")
    assert (second.kind, second.counts["agree"]) == ("supplementary", 1)
    assert stages() == [("xd", "open", 1)] * 3
    assert Case.objects.get(pk=at_township[0].pk).blocked_stage == ""


def test_the_county_takes_over_what_is_blocked_and_nothing_else(hall, at_township, make_case):
    hall.decide("xh")
    Case.objects.filter(pk=at_township[1].pk).update(stage="xh")
    closed = hall.decide("xh", by="county")
    assert closed.counts == {"agree": 1, "return": 0, "reject": 0, "blocked": 0, "left": 1}
    assert Case.objects.get(pk=at_township[1].pk).stage == "xh"


def test_the_county_that_took_over_may_not_decide_that_household_again(hall, at_township):
    hall.decide("xh")
    hall.decide("xh", by="county")
    closed = hall.decide("xd", by="county")
    assert (closed.counts["agree"], closed.counts["blocked"]) == (2, 1)
    assert hall.decide("xd", by="county2").counts["agree"] == 1


def test_the_county_does_not_come_in_while_nothing_is_blocked(hall, at_township):
    with pytest.raises(Denied):
        hall.open("xh", by="county")


def test_a_list_that_is_all_the_callers_own_is_handed_over_by_dropping(hall, make_case, cast, scope):
    make_case(surveyor=cast.township)
    hall.up_to("xh")
    sitting = hall.ready("xh")
    with pytest.raises(WrongState, match="取消这次会议，由乡镇一级没有经手这一户的账号，或县一级的账号办理"):
        hall.close(sitting)
    drop_sitting(scope=scope("township"), sitting=str(sitting.uuid))
    assert Case.objects.get().blocked_stage == "xh"
    assert hall.decide("xh", by="county").counts["agree"] == 1


def test_a_ballot_of_somebody_else_does_not_carry_a_blocked_household(hall, at_township):
    sitting = hall.ready("xh")
    hall.ballot(sitting, at_township[0], by="township2")
    assert hall.close(sitting).counts["blocked"] == 1


def test_each_decision_moves_the_version_of_the_case_on(hall, three):
    """Pages and marks of a list see a household that has moved by its version."""
    versions = lambda: set(Case.objects.values_list("version", flat=True))  # noqa: E731
    hall.decide("zp")
    assert versions() == {2}
    hall.decide("cy")
    assert versions() == {3}


def test_the_score_that_was_sealed_first_stays_the_cases_score(hall, three):
    """ruling 5: sealed lists keep the row they were sealed with."""
    hall.decide("zp")
    case = Case.objects.select_related("survey").get(pk=three[0].pk)
    assert case.score_id == case.survey.score_id == case.verdicts.get().score_id


def test_an_approver_of_one_day_is_an_account_of_that_day(hall, three, cast):
    """trust 75: the right is read when the click comes, so an assignment that begins tomorrow closes nothing today."""
    sitting = hall.ready("zp")
    cast.cadre.assignments.update(since=timezone.localdate() + timedelta(days=1))
    with pytest.raises(NotFound):
        hall.close(sitting)


# --- size -------------------------------------------------------------------------------------------------------


def test_closing_asks_the_same_number_of_questions_for_few_and_for_many(hall, make_case, django_assert_num_queries):
    """Batches of the database apart, the cost of a list is not a question per household."""

    def queries(group: int) -> int:
        sitting = hall.ready("zp", group=group)
        with CaptureQueriesContext(connection) as seen:
            hall.close(sitting)
        return len(seen)

    for number in range(1, 4):
        make_case(number=number, group=1)
    for number in range(4, 34):
        make_case(number=number, group=2)
    few, many = queries(1), queries(2)
    assert few <= many <= few + 6  # many rows take their keys beforehand and go by COPY: some statements a table, none a household


def test_the_meetings_of_another_procedure_are_held_with_no_new_code(hall, three, round_):
    """ruling 18: 新疆某乡 up to its first notice; the 清查组 has its five and its 四关 there too."""
    round_.procedure = "xjx"
    round_.save()
    Case.objects.update(stage="sq")
    for stage in ("sq", "fy", "qc", "yj"):
        assert hall.decide(stage).counts["agree"] == 3
    assert stages() == [("g1", "open", 1)] * 3
