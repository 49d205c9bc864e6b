"""异议: who may handle one, which result is possible, and what the result makes of the case (ruling 19, N5; ruling 16).

Words of kinds and results are those of the models; persons are account ids. Values in, values with reasons out. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from assessment.procedures.model import Procedure
from assessment.workflow import CaseFacts, Move, Step, send_back, separation_reasons

OMITTED = "omitted"
MOST_PHOTOS = 3
"""Of one objection on the public page."""
KEEP, CHANGE, RETURN, REMOVE, ADD = "keep", "change", "return", "remove", "add"
STEPS = {CHANGE: Step.AGREE, RETURN: Step.RETURN, REMOVE: Step.REJECT, ADD: Step.RETURN}
WHO_HANDLES = "乡镇扶贫办或县扶贫办没有录入、决定过这一户的另一个账号"
WHO_CONFIRMS = "县扶贫办没有核查过这件异议的另一个账号"


class Standing(StrEnum):
    """Where the household stands, seen from the notice that was objected to."""

    POSTED = "posted"
    MOVING = "moving"
    REJECTED = "rejected"
    ENDED = "ended"
    CONCLUDED = "concluded"
    UNLISTED = "unlisted"


def standing_of(stage: str, state: str, notice_stage: str) -> Standing:
    """`state` is "" for a household without a case."""
    if not state:
        return Standing.UNLISTED
    if state in ("open", "held"):
        return Standing.POSTED if stage == notice_stage else Standing.MOVING
    return Standing(state)


_LISTED = {
    Standing.POSTED: (KEEP, CHANGE, RETURN, REMOVE),
    Standing.MOVING: (RETURN,),
    Standing.REJECTED: (REMOVE,),
    Standing.ENDED: (KEEP,),
    Standing.CONCLUDED: (KEEP,),
    Standing.UNLISTED: (KEEP,),
}
_OMITTED = {
    Standing.POSTED: (KEEP,),
    Standing.CONCLUDED: (KEEP,),
}


def possible_outcomes(kind: str, standing: Standing) -> tuple[str, ...]:
    """A household that an earlier result has already sent back or struck off gets that same result; nothing is done twice."""
    return _OMITTED.get(standing, (KEEP, ADD)) if kind == OMITTED else _LISTED[standing]


def changes_the_case(outcome: str, standing: Standing) -> bool:
    """False where the result only has to be written down: kept, or done by another result already."""
    if outcome == ADD:
        return standing in (Standing.REJECTED, Standing.ENDED)
    return outcome in (CHANGE, RETURN, REMOVE) and standing is Standing.POSTED


def handler_reasons(
    person: int | None, makers: Iterable[int], deciders: Iterable[int], recorder: int | None, name: str = "您"
) -> tuple[str, ...]:
    """Why this person is not independent: had a hand in the household's data, in a decision on it, or took the objection down. `name`:
    whom the sentence is about."""
    reasons = []
    if person in set(makers):
        reasons.append(f"{name}在本批次录入或修改过这一户，不能核查对它的异议。")
    if person in set(deciders):
        reasons.append(f"{name}参与决定过这一户，不能核查对它的异议。")
    if person is not None and person == recorder:
        reasons.append(f"这件异议是{name}登记的，须由另一人核查。")
    return tuple(reasons)


def confirmer_reasons(
    procedure: Procedure, facts: CaseFacts, notice_stage: str, person: int | None, handler: int | None
) -> tuple[str, ...]:
    """定案 is a decision at the stage before the notice: separated from the handler, the makers and the earlier deciders."""
    handled = ("这件异议是您核查的，须由另一人定案。",) if person is not None and person == handler else ()
    stage = replace(procedure.decision_before(notice_stage), separated=True)
    return handled + separation_reasons(procedure, facts, stage, person)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a result is written down: a verdict with `step` at (`stage`, `pass_no`), then the move."""

    step: Step
    stage: str
    pass_no: int
    return_to: str
    move: Move


def plan_of(procedure: Procedure, facts: CaseFacts, notice_stage: str, outcome: str, *, still_held: bool) -> Plan:
    """The case goes back to the decision before the notice, in the next pass; what was decided there no longer counts. From
    there it moves on by the new verdict: to the notice stage, to the first stage, or off the list."""
    decision = procedure.decision_before(notice_stage)
    step, state = STEPS[outcome], "held" if still_held else "open"
    reached = {procedure.index(decision.code), procedure.index(facts.stage), procedure.index(notice_stage)}
    back = send_back(procedure, replace(facts, stage=procedure.stages[max(reached)].code), decision.code)
    here = replace(facts, stage=procedure.stages[max(reached)].code, pass_no=back.pass_no)
    if step is Step.RETURN:
        first = procedure.first.code
        again = send_back(procedure, here, first)
        return Plan(step, decision.code, back.pass_no, first, Move(first, again.pass_no, state, again.voids))
    if step is Step.REJECT:
        return Plan(step, decision.code, back.pass_no, "", Move(decision.code, back.pass_no, "rejected", back.voids))
    return Plan(step, decision.code, back.pass_no, "", Move(notice_stage, back.pass_no, state, back.voids))


def change_faults(category: str, current: str, tiers: Iterable[str]) -> tuple[str, ...]:
    """改定类别 names another class of the round's form; the finding is its ground."""
    if category not in set(tiers):
        return ("请选择改定的类别。",)
    return ("改定的类别和原来一样；结果不变请选“维持原结果”。",) if category == current else ()
