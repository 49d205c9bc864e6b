"""The engine of the list: what may happen to a case now, and what then becomes of it (architecture "Workflow"; rulings 15-18).

`allowed_steps` makes the buttons, `advance` guards the post; both read the same procedure. Values in, values with reasons out. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assessment.procedures.model import LADDER, LEVEL_NAMES, POOR, Level, Majority, Mode, Procedure, Stage

LIVE_STATES = ("open", "held")


class Step(StrEnum):
    AGREE = "agree"
    RETURN = "return"
    REJECT = "reject"
    RUN_OUT = "run_out"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Where a case stands and who had a hand in it. `makers`: who entered or changed household or form by hand in this round;
    `deciders`: separated stage → who decided it, in any pass (ruling 16). Persons are account ids."""

    stage: str
    pass_no: int = 1
    state: str = "open"
    has_survey: bool = True
    makers: frozenset[int] = frozenset()
    deciders: Mapping[str, frozenset[int]] = field(default_factory=dict)
    blocked: bool = False
    exclusions: tuple[str, ...] = ()
    """Names of the exclusion conditions that hold and have no confirmed reason (D6-02); read where the stage asks for them."""
    papers: frozenset[str] = frozenset()
    """Kinds of signed papers of the household that count in this round (A8-01)."""
    recheck: str = ""
    """Tier that a 抽查复核 at this stage found, where it is not the form's (D6-09)."""

    @property
    def all_deciders(self) -> frozenset[int]:
        """Whoever decided it, at any stage and in any pass."""
        return frozenset().union(*self.deciders.values())


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account id (None = the clock) and the levels whose right holds in the case's place."""

    person: int | None
    levels: frozenset[Level] = frozenset()
    principals: Mapping[Level, int] = field(default_factory=dict)
    """Level → in whose place the actor holds it, where it is not his own (委托代办)."""

    def principal_at(self, stage: Stage) -> int | None:
        """In whose place the actor would decide there; None when in his own name."""
        used = stage.level if stage.level in self.levels else _above(stage.level)
        return self.principals.get(used) if used else None


@dataclass(frozen=True, slots=True)
class Allowed:
    """One step with its button word; `reasons` say why not, `who` says who can."""

    step: Step
    word: str
    reasons: tuple[str, ...] = ()
    who: str = ""
    returns_to: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided. `category` is the decided tier, `default_category` the score's. Votes are None where the stage does not vote."""

    step: Step
    category: str = ""
    default_category: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""
    return_to: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    present: int | None = None
    checks_failed: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()
    """Names of the panel that step back from this household; `present` is without them."""

    @property
    def has_ground(self) -> bool:
        return bool(self.reasons or self.note.strip())


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of the case. `voids` are the stages whose standing verdicts no longer count; `stage` stays put when it ends."""

    stage: str
    pass_no: int
    state: str
    voids: tuple[str, ...] = ()


class ListKind(StrEnum):
    """What one meeting's 同意 puts a household on (A9-03): those found poor, those who may leave the register, and the rest of the village."""

    ENTRY = "贫困户"
    EXIT = "脱贫户"
    NONE = "未列入贫困户"


def list_kind(category: str, *, on_register: bool) -> ListKind:
    """`on_register`: the household is kept on the national register (建档立卡), whatever its class there."""
    if category in POOR or not category:
        return ListKind.ENTRY
    return ListKind.EXIT if on_register else ListKind.NONE


class Refused(Exception):
    """The step is not allowed; `reasons` are Chinese sentences."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("；".join(reasons))
        self.reasons = reasons


def separation_reasons(procedure: Procedure, case: CaseFacts, stage: Stage, person: int | None) -> tuple[str, ...]:
    """Why this person may not decide this household at this stage (ruling 16)."""
    if not stage.separated or person is None:
        return ()
    reasons = []
    if person in case.makers:
        reasons.append("您在本批次录入或修改过这一户，不能再决定它。")
    for other in procedure.stages:
        if other.code != stage.code and other.separated and person in case.deciders.get(other.code, frozenset()):
            reasons.append(f"您已在{other.name}决定过这一户，{stage.name}须由另一人决定。")
    return tuple(reasons)


def actor_reasons(procedure: Procedure, case: CaseFacts, stage: Stage, actor: Actor) -> tuple[str, ...]:
    """Separation of the one who decides and of the one in whose place: a stand-in is no way round three different persons."""
    own = separation_reasons(procedure, case, stage, actor.person)
    principal = actor.principal_at(stage)
    if principal is None:
        return own
    theirs = separation_reasons(procedure, case, stage, principal)
    return own + tuple(f"您代办的委托人不能决定这一户：{reason.replace('您', '他')}" for reason in theirs)


def _above(level: Level) -> Level | None:
    position = LADDER.index(level) + 1
    return LADDER[position] if position < len(LADDER) else None


def who_may(stage: Stage) -> str:
    """Who can take a household over that this person may not decide."""
    position = LADDER.index(stage.level)
    above = f"，或{LEVEL_NAMES[LADDER[position + 1]]}一级的账号" if position + 1 < len(LADDER) else ""
    return f"{LEVEL_NAMES[stage.level]}一级没有经手这一户的账号{above}"


def level_reasons(case: CaseFacts, stage: Stage, actor: Actor) -> tuple[str, ...]:
    """A stage is its level's; the next level up only where separation has blocked the household."""
    if stage.level in actor.levels:
        return ()
    position = LADDER.index(stage.level)
    if case.blocked and position + 1 < len(LADDER) and LADDER[position + 1] in actor.levels:
        return ()
    return (f"{stage.name}由{LEVEL_NAMES[stage.level]}一级办理。",)


def allowed_steps(procedure: Procedure, case: CaseFacts, actor: Actor) -> tuple[Allowed, ...]:
    """Every step of the stage where the case stands, allowed or not, with reasons."""
    stage = procedure.by_code[case.stage]
    if case.state not in LIVE_STATES:
        return ()
    if stage.mode is Mode.NOTICE:
        held = ("有异议正在核查，结论出来之前不能办结。",) if case.state == "held" else ()
        return (Allowed(Step.RUN_OUT, "期满办结", held, "公示期满后由系统办结"),)
    common = _common_reasons(procedure, case, stage, actor)
    steps = [
        Allowed(Step.AGREE, stage.words.agree, common + _survey_reasons(case, stage), who_may(stage)),
        Allowed(Step.REJECT, stage.words.reject, common, who_may(stage)),
    ]
    if targets := procedure.returns_from(stage.code):
        steps.insert(1, Allowed(Step.RETURN, stage.words.back, common, who_may(stage), targets))
    return tuple(steps)


def advance(procedure: Procedure, case: CaseFacts, decision: Decision, actor: Actor) -> Move:
    """The move that the decision makes, or Refused with every reason."""
    allowed = {step.step: step for step in allowed_steps(procedure, case, actor)}
    if not allowed:
        raise Refused("这一户已经办结，不能再作决定。")
    step = allowed.get(decision.step)
    if step is None:
        raise Refused(f"{procedure.by_code[case.stage].name}没有这一种决定。")
    stage = procedure.by_code[case.stage]
    reasons = [*step.reasons, *decision_faults(procedure, stage, decision), *paper_faults(procedure, case, decision), *exclusion_faults(stage, case, decision)]
    reasons += recheck_faults(case, decision)
    if reasons:
        raise Refused(*reasons)
    if decision.step is Step.RETURN:
        return send_back(procedure, case, decision.return_to)
    if decision.step is Step.REJECT:
        return Move(case.stage, case.pass_no, "rejected")
    following = procedure.after(case.stage)
    return Move(following.code, case.pass_no, "open") if following else Move(case.stage, case.pass_no, "concluded")


def send_back(procedure: Procedure, case: CaseFacts, target: str) -> Move:
    """The next pass, from `target` on: what was decided there and later no longer counts. Also used by a 变更 and by an objection."""
    voids = tuple(stage.code for stage in procedure.stages[procedure.index(target) : procedure.index(case.stage) + 1])
    return Move(target, case.pass_no + 1, "open", voids)


def papers_missing(procedure: Procedure, stage: str, category: str, papers: Iterable[str]) -> tuple[str, ...]:
    """Names of the papers without which a household of the category does not pass `stage`; `papers` are the kinds that are there."""
    there = set(papers)
    return tuple(need.name for need in procedure.papers_before(stage, category) if need.kind not in there)


def paper_faults(procedure: Procedure, case: CaseFacts, decision: Decision) -> tuple[str, ...]:
    """四不: nobody is found poor without having asked for it (A8-01, A8-13)."""
    if decision.step not in (Step.AGREE, Step.RUN_OUT):
        return ()
    missing = papers_missing(procedure, case.stage, decision.category, case.papers)
    return (f"还没有本户签字的{'、'.join(missing)}，补齐以前不能{'办结' if decision.step is Step.RUN_OUT else '同意'}。",) if missing else ()


def exclusions_standing(stage: Stage, case: CaseFacts, category: str) -> tuple[str, ...]:
    """Names of the conditions that keep a household of the category from 同意 at this stage; a 脱贫户 applies for nothing."""
    return case.exclusions if stage.checks_exclusions and category in POOR else ()


def exclusion_faults(stage: Stage, case: CaseFacts, decision: Decision) -> tuple[str, ...]:
    """原则上不纳入 (D6-02): only with a reason on paper that the township has confirmed."""
    if decision.step is not Step.AGREE or not (names := exclusions_standing(stage, case, decision.category)):
        return ()
    return (f"有排除情形：{'、'.join(names)}。没有乡镇确认的列入理由，不能同意列为贫困户；请先在“排除情形”里办理，或退回、不予通过。",)


def recheck_faults(case: CaseFacts, decision: Decision) -> tuple[str, ...]:
    """The form was wrong by a whole tier: 同意 with any other tier than the one found says why (D6-09)."""
    if decision.step is not Step.AGREE or not case.recheck or decision.category == case.recheck or decision.has_ground:
        return ()
    return ("抽查复核后的档次与评估表不同，照评估表同意须写明理由；也可以退回复核，或改定类别。",)


def decision_faults(procedure: Procedure, stage: Stage, decision: Decision) -> tuple[str, ...]:
    """What the decision itself lacks: grounds, votes, a good stage to return to (rulings 15 and 17)."""
    if stage.mode is Mode.NOTICE:
        return ()
    faults = []
    if decision.step is Step.RETURN and decision.return_to not in procedure.returns_from(stage.code):
        faults.append("请选择退回到哪一个阶段。")
    if decision.step in (Step.RETURN, Step.REJECT) and not decision.has_ground:
        faults.append(f"{stage.words.of(decision.step)}须写明理由。")
    if decision.step is Step.AGREE:
        if not stage.needs_survey:  # before 入户调查 there is no form and no tier (D6-06)
            pass
        elif not decision.category:
            faults.append("没有类别，不能同意：请先提交评估表或选定类别。")
        elif decision.category != decision.default_category and not decision.has_ground:
            faults.append("类别与得分档次（或上一阶段定的类别）不同，须写明理由。")
        if decision.checks_failed:
            faults.append("有一关没有过，不能同意，请退回或不同意。")
        faults += _vote_faults(stage, decision)
    return tuple(faults)


def _vote_faults(stage: Stage, decision: Decision) -> list[str]:
    if not stage.votes:
        return []
    if decision.votes_for is None or decision.votes_against is None:
        return ["请填同意票和不同意票。"]
    cast = decision.votes_for + decision.votes_against
    if decision.present is not None and cast > decision.present:
        return [f"票数合计 {cast}，多于实到 {decision.present} 人。"]
    base = decision.present if stage.majority is Majority.OF_PRESENT and decision.present else cast
    if decision.votes_for * 2 <= base:
        what = "实到人数" if base != cast else "所投票数"
        return [f"同意票 {decision.votes_for} 没有超过{what} {base} 的半数。"]
    return []


def _common_reasons(procedure: Procedure, case: CaseFacts, stage: Stage, actor: Actor) -> tuple[str, ...]:
    reasons = level_reasons(case, stage, actor) + actor_reasons(procedure, case, stage, actor)
    return (("有异议正在核查，结论出来之前不能再作决定。",) if case.state == "held" else ()) + reasons


def _survey_reasons(case: CaseFacts, stage: Stage) -> tuple[str, ...]:
    return ("还没有提交的评估表，不能同意。",) if stage.needs_survey and not case.has_survey else ()
