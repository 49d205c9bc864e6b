"""One household's answer while the meeting is open: what is refused, where, and why."""

import pytest

from assessment.actions.ballots import FIELD_OF, clear_ballot
from assessment.models import Ballot, Case, Sitting, Verdict
from assessment.procedures import PROCEDURES, Mode
from assessment.procedures.reasons import OTHER, REASONS, reason_words, reasons_for
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from households.secrets import reveal
from tests.assessment.meetings import Hall


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def case(make_case):
    return make_case(number=1, points=58)


def refusal(call) -> BadInput:
    with pytest.raises(BadInput) as refused:
        call()
    return refused.value


def test_an_answer_is_kept_with_its_note_sealed(hall, case):
    ballot = hall.ballot(hall.ready("zp"), case, "reject", reasons=["vehicle"], note="有一辆面包车")
    stored = Ballot.objects.get()
    assert (stored.opinion, stored.reasons, reveal(stored, "note")) == ("reject", ["vehicle"], "有一辆面包车")
    assert "面包车" not in stored.note_enc
    assert ballot.version == ballot.sitting.version == Sitting.objects.get().version


def test_an_answer_leaves_no_audit_row_but_a_refusal_does(hall, case):
    sitting = hall.ready("zp")
    hall.ballot(sitting, case)
    assert not AuditRow.objects.filter(action="ballot.save").exists()
    refusal(lambda: hall.ballot(sitting, case, "reject", note=""))
    assert AuditRow.objects.get(action="ballot.save").result == "failed"


FAULTS = [
    ("zp", "maybe", {}, "opinion"),
    ("zp", "return", {}, "opinion"),
    ("zp", "reject", {"note": " "}, "reasons"),
    ("zp", "reject", {"reasons": ["no_such"]}, "reasons"),
    ("zp", "reject", {"reasons": [OTHER], "note": ""}, "note"),
    ("zp", "reject", {"reasons": ["look_misses"]}, "reasons"),
    ("zp", "agree", {"category": "YIBAN", "note": ""}, "reasons"),
    ("zp", "agree", {"category": "RICH"}, "category"),
    ("zp", "agree", {"votes_for": 2, "votes_against": 3}, "votes_for"),
    ("zp", "agree", {"votes_for": 5, "votes_against": 1}, "votes_for"),
    ("zp", "agree", {"votes_for": -1, "votes_against": 1}, "votes_for"),
    ("zp", "agree", {"votes_for": 3, "votes_against": 10_000}, "votes_against"),
    ("zp", "reject", {"votes_for": 4, "votes_against": 1}, "votes_for"),
    ("zp", "reject", {"votes_for": 2, "votes_against": 4}, "votes_for"),
    ("zp", "agree", {"note": "长" * 401}, "note"),
    ("zp", "agree", {"checks_failed": ["clan"]}, "checks_failed"),
    ("cy", "agree", {"votes_for": 2, "votes_against": 0}, "votes_for"),
    ("xh", "agree", {"checks_failed": ["clan"]}, "checks_failed"),
    ("xh", "return", {"return_to": "xd"}, "return_to"),
    ("xh", "return", {"return_to": "", "reasons": ["no_proof"]}, "return_to"),
    ("xh", "return", {"note": ""}, "reasons"),
]


@pytest.mark.parametrize(("stage", "opinion", "over", "field"), FAULTS)
def test_a_wrong_answer_is_refused_where_it_is_typed(hall, case, stage, opinion, over, field):
    hall.up_to(stage)
    sitting = hall.ready(stage)
    over = {"return_to": ""} | over if opinion == "return" and stage == "zp" else over
    assert field in refusal(lambda: hall.ballot(sitting, case, opinion, **over)).fields
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("stage", "opinion", "over"),
    [
        ("zp", "agree", {}),
        ("zp", "agree", {"votes_for": 3, "votes_against": 1}),
        ("zp", "agree", {"category": "YIBAN", "reasons": ["better_off"], "note": ""}),
        ("zp", "reject", {"votes_for": 1, "votes_against": 4}),
        ("cy", "return", {"reasons": ["no_proof"], "note": ""}),
        ("xh", "reject", {"checks_failed": ["clan"], "reasons": ["check_failed"]}),
        ("xd", "return", {"return_to": "cy", "note": "请再议"}),
    ],
)
def test_a_right_answer_is_what_closing_then_decides(hall, case, stage, opinion, over):
    hall.up_to(stage)
    sitting = hall.ready(stage)
    hall.ballot(sitting, case, opinion, **over)
    hall.close(sitting, rest_agree=False)
    verdict = Verdict.objects.get(stage=stage)
    assert verdict.opinion == opinion
    assert verdict.return_to == (over.get("return_to") or "zp" if opinion == "return" else "")
    if stage == "zp" and opinion == "agree":
        assert (verdict.votes_for, verdict.votes_against) == (over.get("votes_for", 5), over.get("votes_against", 0))
        assert verdict.category == over.get("category", "DIBAO")


def test_votes_may_be_left_out_before_anybody_has_said_who_is_there(hall, case):
    ballot = hall.ballot(hall.open("zp"), case)
    assert (ballot.votes_for, ballot.votes_against) == (None, None)


def test_votes_that_no_longer_fit_those_present_stop_the_close(hall, case):
    sitting = hall.ready("zp")
    hall.ballot(sitting, case, "reject", votes_for=0, votes_against=5)
    hall.head(sitting, present=4, expected=4, panel=[{"name": f"甲{n}", "present": True} for n in range(4)])
    with pytest.raises(WrongState) as refused:
        hall.close(sitting)
    assert "多于实到 4 人" in refused.value.reasons[0]


def test_votes_are_dropped_where_the_stage_does_not_vote(hall, case):
    hall.up_to("xh")
    assert hall.ballot(hall.ready("xh"), case, votes_for=3, votes_against=0).votes_for is None


# --- two at one household ---------------------------------------------------------------------------------------


def test_of_two_who_fill_one_household_the_second_is_told(hall, case):
    sitting = hall.ready("zp")
    first = hall.ballot(sitting, case, version=0)
    with pytest.raises(StaleVersion):
        hall.ballot(sitting, case, "reject", by="lead", version=0)
    assert hall.ballot(sitting, case, "reject", by="lead", version=first.version).opinion == "reject"


def test_a_cleared_and_refilled_answer_is_another_one(hall, case, scope):
    sitting = hall.ready("zp")
    first = hall.ballot(sitting, case)
    clear_ballot(scope=scope("lead"), sitting=str(sitting.uuid), case=str(case.uuid), version=first.version)
    assert not Ballot.objects.exists()
    hall.ballot(sitting, case, "reject", by="lead")
    with pytest.raises(StaleVersion):
        hall.ballot(sitting, case, version=first.version)


def test_an_answer_that_has_been_cleared_is_not_brought_back_by_an_old_page(hall, case, scope):
    sitting = hall.ready("zp")
    first = hall.ballot(sitting, case)
    clear_ballot(scope=scope("lead"), sitting=str(sitting.uuid), case=str(case.uuid), version=first.version)
    with pytest.raises(StaleVersion):
        hall.ballot(sitting, case, version=first.version)


def test_clearing_nothing_changes_nothing(hall, case, scope):
    sitting = hall.ready("zp")
    meeting = clear_ballot(scope=scope("cadre"), sitting=str(sitting.uuid), case=str(case.uuid), version=0)
    assert meeting.version == sitting.version


# --- who, where, when --------------------------------------------------------------------------------------------


def test_the_maker_may_not_fill_in_the_household_at_the_township(hall, make_case, cast):
    """ruling 16; trust 74."""
    case = make_case(surveyor=cast.township)
    hall.up_to("xh")
    with pytest.raises(WrongState, match="录入或修改过.*乡镇一级没有经手这一户的账号") as refused:
        hall.ballot(hall.ready("xh"), case)
    assert refused.value.code == "step_refused"
    assert not Ballot.objects.exists()


def test_another_level_or_area_fills_in_nothing(hall, case):
    sitting = hall.ready("zp")
    for login, error in (("township", Denied), ("viewer", Denied), ("cadre2", NotFound), ("auditor", NotFound)):
        with pytest.raises(error):
            hall.ballot(sitting, case, by=login)


def test_a_household_of_another_group_is_not_on_this_list(hall, case, make_case):
    other = make_case(number=2, group=2)
    sitting = hall.ready("zp")
    with pytest.raises(NotFound):
        hall.ballot(sitting, other)


def test_a_household_held_by_an_objection_takes_no_answer(hall, case):
    sitting = hall.ready("zp")
    Case.objects.filter(pk=case.pk).update(state="held")
    with pytest.raises(NotFound):
        hall.ballot(sitting, case)


def test_after_the_close_no_answer_is_taken(hall, case, scope):
    sitting = hall.decide("zp")
    with pytest.raises(WrongState, match="已结束"):
        hall.ballot(sitting, case)
    with pytest.raises(WrongState):
        clear_ballot(scope=scope("cadre"), sitting=str(sitting.uuid), case=str(case.uuid), version=0)


def test_a_household_without_a_form_may_be_rejected_but_not_agreed(hall, case):
    Case.objects.filter(pk=case.pk).update(survey=None)
    sitting = hall.ready("zp")
    assert "opinion" in refusal(lambda: hall.ballot(sitting, case)).fields
    assert hall.ballot(sitting, case, "reject").opinion == "reject"


# --- reasons -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opinion", ["agree", "return", "reject"])
def test_every_stage_of_every_procedure_offers_reasons_that_have_words(opinion):
    for procedure in PROCEDURES.values():
        for stage in procedure.stages:
            if stage.mode is Mode.SITTING:
                offered = reasons_for(stage, opinion)
                assert len(dict(offered)) == len(offered) > 3
                assert all(REASONS[code] == word for code, word in offered)


def test_no_reason_tells_of_an_illness():
    assert not [word for word in REASONS.values() if any(mark in word for mark in ("病", "残", "精神"))]


def test_an_unknown_reason_reads_as_other():
    assert reason_words(["vehicle", "gone"]) == ["有小汽车或大型农机", "其他"]


def test_every_sentence_of_the_engine_finds_its_field():
    assert {name for _, name in FIELD_OF} == {"return_to", "reasons", "category", "checks_failed", "votes_for"}
