"""The engine by table and by property: values in, reasons out, nothing stored."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.procedures import PROCEDURES, procedure_of
from assessment.procedures.checking import faults_of
from assessment.procedures.identify import QXN, XINJIANG
from assessment.procedures.model import Level, Mode, PanelRule, PaperNeed
from assessment.workflow import (
    Actor,
    CaseFacts,
    Decision,
    Refused,
    Step,
    actor_reasons,
    advance,
    allowed_steps,
    send_back,
    who_may,
)

ALL = frozenset(Level)
AGREE = Decision(Step.AGREE, category="DIBAO", default_category="DIBAO", votes_for=5, votes_against=0, present=5)


def at(stage: str, **more) -> CaseFacts:
    return CaseFacts(stage, **({"papers": frozenset({"application", "wish", "survey", "income"})} | more))


def by(level: Level, person: int = 1) -> Actor:
    return Actor(person, frozenset({level}))


@pytest.mark.parametrize(
    "stage, level, following",
    [("zp", Level.GROUP, "cy"), ("cy", Level.VILLAGE, "xh"), ("xh", Level.TOWNSHIP, "xd"), ("xd", Level.COUNTY, "gs")],
)
def test_each_level_moves_its_stage_one_on(stage, level, following):
    assert advance(QXN, at(stage), AGREE, by(level)).stage == following


@pytest.mark.parametrize("stage", ["zp", "cy", "xh", "xd"])
def test_no_other_level_decides_a_stage(stage):
    own = QXN.by_code[stage].level
    with pytest.raises(Refused, match="一级办理"):
        advance(QXN, at(stage), AGREE, Actor(1, ALL - {own}))


def test_the_clock_concludes_the_last_stage():
    move = advance(QXN, at("gs"), Decision(Step.RUN_OUT), Actor(None))
    assert (move.stage, move.state) == ("gs", "concluded")


@pytest.mark.parametrize("category", ["DOUDI", "DIBAO", "YIBAN"])
@pytest.mark.parametrize("papers, missing", [((), "申请书、脱贫意愿书"), (("wish",), "申请书"), (("application",), "脱贫意愿书"), (("income",), "申请书、脱贫意愿书")])
def test_the_clock_finds_nobody_poor_who_has_not_signed(category, papers, missing):
    """A8-01, A8-13: 确定为贫困户的，需要贫困农户填写."""
    with pytest.raises(Refused, match=f"本户签字的{missing}，"):
        advance(QXN, at("gs", papers=frozenset(papers)), Decision(Step.RUN_OUT, category=category), Actor(None))


def test_a_household_that_is_not_found_poor_signs_nothing():
    assert advance(QXN, at("gs", papers=frozenset()), Decision(Step.RUN_OUT, category="TUOPIN"), Actor(None)).state == "concluded"


@pytest.mark.parametrize("stage", ["zp", "cy", "xh", "xd"])
def test_the_papers_of_qxn_stop_nobody_before_the_notice_ends(stage):
    assert advance(QXN, at(stage, papers=frozenset()), AGREE, by(QXN.by_code[stage].level)).state == "open"


def test_the_papers_of_qxn_are_asked_for_once_the_county_has_decided():
    asked = {stage.code: [need.kind for need in QXN.papers_due(stage.code, "DIBAO")] for stage in QXN.stages}
    assert asked == {"zp": [], "cy": [], "xh": [], "xd": [], "gs": ["application", "wish"]}
    assert QXN.papers_due("gs", "TUOPIN") == ()


def test_in_xinjiang_the_first_meeting_needs_the_application():
    """A9-01."""
    with pytest.raises(Refused, match="申请书，补齐以前不能同意"):
        advance(XINJIANG, at("sq", papers=frozenset({"wish"})), AGREE, by(Level.GROUP))
    assert advance(XINJIANG, at("sq", papers=frozenset()), replace(AGREE, step=Step.REJECT, note="不申请"), by(Level.GROUP)).state == "rejected"
    assert XINJIANG.papers_due("fy", "DIBAO") == ()


@pytest.mark.parametrize("need", [PaperNeed("wish", "某", before="nowhere"), PaperNeed("wish", "某", after="nowhere"), PaperNeed("wish", "某", before="zp", after="xd")])
def test_a_paper_that_names_a_stage_wrongly_is_no_procedure(need):
    assert any("材料某" in fault for fault in faults_of(replace(QXN, papers=(need,))))


def test_a_stage_that_ranks_meets_by_group_with_a_panel():
    stages = [replace(stage, ranked=True) if stage.code == "cy" else stage for stage in QXN.stages]
    assert any("逐户排队在按组开的会上办" in fault for fault in faults_of(replace(QXN, stages=tuple(stages))))


def test_nobody_agrees_a_notice_away():
    with pytest.raises(Refused):
        advance(QXN, at("gs"), AGREE, Actor(1, ALL))


@pytest.mark.parametrize("state", ["concluded", "rejected", "ended"])
def test_a_closed_case_takes_no_step(state):
    assert allowed_steps(QXN, at("xd", state=state), Actor(1, ALL)) == ()


def test_a_household_under_objection_does_not_move():
    with pytest.raises(Refused, match="异议"):
        advance(QXN, at("xh", state="held"), AGREE, by(Level.TOWNSHIP))
    with pytest.raises(Refused, match="异议"):
        advance(QXN, at("gs", state="held"), Decision(Step.RUN_OUT), Actor(None))


@pytest.mark.parametrize("stage, level", [("cy", Level.VILLAGE), ("xh", Level.TOWNSHIP), ("xd", Level.COUNTY)])
def test_the_maker_decides_at_none_of_the_three_stages(stage, level):
    with pytest.raises(Refused, match="录入或修改过"):
        advance(QXN, at(stage, makers=frozenset({1})), AGREE, by(level))


def test_recording_the_group_meeting_is_not_deciding():
    assert advance(QXN, at("zp", makers=frozenset({1})), AGREE, by(Level.GROUP)).stage == "cy"


def test_one_person_decides_one_of_the_three_stages_only():
    facts = at("xd", deciders={"cy": frozenset({1})})
    with pytest.raises(Refused, match="村议决定过"):
        advance(QXN, facts, AGREE, by(Level.COUNTY))


def test_the_same_person_may_repeat_a_stage_after_a_return():
    facts = at("cy", pass_no=2, deciders={"cy": frozenset({1}), "zp": frozenset({1})})
    assert advance(QXN, facts, AGREE, by(Level.VILLAGE)).stage == "xh"


def test_the_next_level_up_decides_only_what_is_blocked():
    with pytest.raises(Refused, match="乡镇一级办理"):
        advance(QXN, at("xh"), AGREE, by(Level.COUNTY))
    assert advance(QXN, at("xh", blocked=True), AGREE, by(Level.COUNTY)).stage == "xd"


def test_the_way_out_is_named():
    assert who_may(QXN.by_code["xh"]) == "乡镇一级没有经手这一户的账号，或县一级的账号"
    assert who_may(QXN.by_code["xd"]) == "县一级没有经手这一户的账号"


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"category": "YIBAN"}, "须写明理由"),
        ({"category": ""}, "没有类别"),
        ({"votes_for": None}, "请填同意票"),
        ({"votes_for": 4, "votes_against": 3}, "多于实到"),
        ({"votes_for": 2, "votes_against": 3}, "没有超过"),
        ({"checks_failed": ("clan",)}, "没有过"),
    ],
)
def test_an_agreement_says_what_it_lacks(change, reason):
    with pytest.raises(Refused, match=reason):
        advance(QXN, at("zp"), replace(AGREE, **change), by(Level.GROUP))


def test_village_votes_need_more_than_half_of_those_present():
    decision = replace(AGREE, votes_for=10, votes_against=0, present=20)
    with pytest.raises(Refused, match="实到人数 20"):
        advance(QXN, at("cy"), decision, by(Level.VILLAGE))


def test_another_category_passes_with_a_reason():
    decision = replace(AGREE, category="YIBAN", note="儿子已稳定务工")
    assert advance(QXN, at("zp"), decision, by(Level.GROUP)).stage == "cy"


@pytest.mark.parametrize("step", [Step.RETURN, Step.REJECT])
def test_a_no_needs_a_ground(step):
    with pytest.raises(Refused, match="须写明理由"):
        advance(QXN, at("xh"), Decision(step, return_to="cy"), by(Level.TOWNSHIP))


def test_a_return_names_an_earlier_stage_of_the_table():
    with pytest.raises(Refused, match="退回到哪"):
        advance(QXN, at("xh"), Decision(Step.RETURN, return_to="xd", note="缺证明"), by(Level.TOWNSHIP))


def test_a_return_opens_the_next_pass_and_voids_from_there_on():
    move = advance(QXN, at("xd", pass_no=1), Decision(Step.RETURN, return_to="cy", note="缺签字"), by(Level.COUNTY))
    assert (move.stage, move.pass_no, move.voids) == ("cy", 2, ("cy", "xh", "xd"))


def test_a_household_without_a_form_is_not_agreed():
    with pytest.raises(Refused, match="评估表"):
        advance(QXN, at("zp", has_survey=False), AGREE, by(Level.GROUP))


STEPS = st.sampled_from(list(Step))
PATHS = st.lists(
    st.builds(
        Decision,
        step=STEPS,
        category=st.sampled_from(["", "DIBAO", "YIBAN"]),
        default_category=st.just("DIBAO"),
        note=st.sampled_from(["", "有理由"]),
        return_to=st.sampled_from(["", "zp", "cy", "xh", "sq", "fy", "sh"]),
        votes_for=st.integers(0, 9),
        votes_against=st.integers(0, 9),
        present=st.just(9),
    ),
    max_size=25,
)


@given(st.sampled_from(sorted(PROCEDURES)), PATHS)
def test_whatever_is_posted_a_case_goes_one_on_or_back_and_never_leaves_an_end(code, decisions):
    procedure = procedure_of(code)
    facts = at(procedure.first.code)
    for decision in decisions:
        try:
            move = advance(
                procedure, facts, decision, Actor(1, ALL) if decision.step is not Step.RUN_OUT else Actor(None)
            )
        except Refused as refused:
            assert refused.reasons
            continue
        assert facts.state == "open"
        here, there = procedure.index(facts.stage), procedure.index(move.stage)
        assert there in (here, here + 1) or (there < here and move.pass_no == facts.pass_no + 1)
        if move.state == "concluded":
            assert procedure.after(facts.stage) is None
        facts = replace(facts, stage=move.stage, pass_no=move.pass_no, state=move.state)


@pytest.mark.parametrize("code", sorted(PROCEDURES))
def test_the_buttons_and_the_guard_agree(code):
    """What `allowed_steps` offers, `advance` takes; what it refuses, `advance` refuses."""
    procedure = procedure_of(code)
    for stage in procedure.stages:
        for level in Level:
            actor = Actor(None) if stage.mode is Mode.NOTICE else by(level)
            for step in allowed_steps(procedure, at(stage.code), actor):
                decision = replace(AGREE, step=step.step, note="有理由", return_to=(step.returns_to or ("",))[0])
                if step.ok:
                    advance(procedure, at(stage.code), decision, actor)
                else:
                    with pytest.raises(Refused):
                        advance(procedure, at(stage.code), decision, actor)


def test_a_change_sends_back_to_the_first_stage_from_anywhere():
    for stage in QXN.stages[1:]:
        move = send_back(QXN, at(stage.code), "zp")
        assert move.stage == "zp" and move.voids[0] == "zp" and move.voids[-1] == stage.code


@pytest.mark.parametrize(
    "rule, size, good",
    [(PanelRule("g", "评议小组", minimum=4), 3, False), (PanelRule("g", "评议小组", minimum=4), 4, True),
     (PanelRule("i", "清查组", exactly=5), 6, False), (PanelRule("i", "清查组", exactly=5), 5, True)],
)  # fmt: skip
def test_a_panel_has_its_size(rule, size, good):
    assert (rule.fault(size) == "") is good


def test_only_the_policy_gate_is_good_with_yes():
    assert {check.code for check in QXN.by_code["xh"].checks if check.good} == {"policy"}


def test_the_second_procedure_posts_twice():
    assert [stage.code for stage in XINJIANG.stages if stage.mode is Mode.NOTICE] == ["g1", "g2"]


SENT_BACK = [(procedure, stage, target) for procedure in PROCEDURES.values() for stage in procedure.stages for target in procedure.returns_from(stage.code)]


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.code)
def test_a_stage_that_sends_back_may_name_every_earlier_meeting_the_usual_one_first(procedure):
    for stage in procedure.stages:
        named = procedure.returns_from(stage.code)
        earlier = {other.code for other in procedure.before(stage.code) if other.mode is Mode.SITTING}
        assert set(named) == (earlier if stage.returns_to else set())
        assert named[: len(stage.returns_to)] == stage.returns_to


@pytest.mark.parametrize(("procedure", "stage", "target"), SENT_BACK, ids=lambda value: getattr(value, "code", value))
def test_a_return_opens_the_next_pass_at_the_named_stage(procedure, stage, target):
    back = replace(AGREE, step=Step.RETURN, note="有理由", return_to=target)
    move = advance(procedure, at(stage.code), back, by(stage.level))
    assert (move.stage, move.pass_no, move.voids[0], move.voids[-1]) == (target, 2, target, stage.code)


@pytest.mark.parametrize(("facts", "refused"), [
    ({"makers": frozenset({7})}, True), ({"makers": frozenset({1})}, True), ({"deciders": {"cy": frozenset({7})}}, True),
    ({"deciders": {"xh": frozenset({7})}}, False), ({"makers": frozenset({8})}, False),
], ids=["principal made", "stand-in made", "principal decided before", "principal in an earlier pass", "somebody else made"])  # fmt: skip
def test_separation_asks_of_the_stand_in_and_of_the_principal(facts, refused):
    stand_in = Actor(1, frozenset({Level.TOWNSHIP}), {Level.TOWNSHIP: 7})
    assert bool(actor_reasons(QXN, at("xh", **facts), QXN.by_code["xh"], stand_in)) is refused


def test_a_stand_in_one_level_up_who_takes_over_is_asked_of_that_level():
    above = Actor(1, frozenset({Level.COUNTY}), {Level.COUNTY: 7})
    assert above.principal_at(QXN.by_code["xh"]) == 7
    assert Actor(1, frozenset({Level.TOWNSHIP, Level.COUNTY}), {Level.COUNTY: 7}).principal_at(QXN.by_code["xh"]) is None
