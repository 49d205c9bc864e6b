"""锁定名单: one meeting closes, every household of its list gets its decision, the list is sealed; all in one transaction (ruling 21).

Nothing is left out in silence (trust 80): a household that cannot be decided as entered stops the whole close and is named; one that
only somebody else may decide stays, is counted and marked (ruling 16).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assessment import clock
from assessment.actions import casework, ranking
from assessment.actions.casework import Settled, facts_of, move_of, settle
from assessment.actions.sitting_steps import (
    lock_list,
    locked_sitting,
    mark_blocked,
    place_in,
    require_open,
    require_version,
)
from assessment.meeting import (
    attendance,
    counts_of,
    decision_of,
    default_category,
    head_faults,
    is_stale,
    list_mark,
    vote_faults,
)
from assessment.missing_below import missing_below
from assessment.models import Ballot, Case, Sitting, SittingStatus, Verdict
from assessment.procedures import Procedure, Stage
from assessment.procedures.reasons import reason_words
from assessment.ranked_list import RankedList, ranked_list
from assessment.recusal import kin_on_panel, recusal_faults
from assessment.sealing import list_document, ranking_seal
from assessment.seals import canonical
from assessment.selectors_samples import sampled, unvisited
from assessment.selectors_signing import unsigned_groups
from assessment.workflow import (
    Actor,
    CaseFacts,
    Step,
    actor_reasons,
    exclusions_standing,
    level_reasons,
    papers_missing,
    who_may,
)
from core.actions import Act, Origin, acting, once
from core.crypto import seal_mac
from core.errors import BadInput, Replayed, StaleVersion, WrongState
from core.scope import Scope
from households.codes import TIER
from households.secrets import reveal

NAMED = 5


@dataclass(slots=True)
class Plan:
    """What closing would do with each household; `faults` are (name, sentence) of those that stop it."""

    settled: list[Settled] = field(default_factory=list)
    blocked: list[Case] = field(default_factory=list)
    left: list[Case] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """Who decides, where, with how many present."""

    procedure: Procedure
    stage: Stage
    actor: Actor
    present: int | None
    rest_agree: bool
    kin: Mapping[int, tuple[str, ...]]
    """Household → who of the panel lives in it (`assessment.recusal`)."""
    conflicts: Mapping[str, str]
    """Case uuid → 得分说甲，排队说乙: such a household is decided by name, never among the rest (A9-02)."""


def close_sitting(
    *, scope: Scope, sitting: str, version: int, rest_agree: bool, count: int, mark: str = "", key: str = "",
    origin: Origin | None = None,
) -> Sitting:  # fmt: skip
    """Decide the whole list. `count` (and `mark`, if the page sends it) is the list as the caller saw it.

    Raises NotFound, Denied, WrongState (closed already, nothing decided, a household that cannot be decided so: `reasons` names them),
    StaleVersion (meeting or list changed since), BadInput (head not complete, by field).
    """
    try:
        with acting(scope, "sitting.close", origin) as act:
            row, actor = locked_sitting(scope, sitting)
            remember = once(scope, "sitting.close", key, [sitting, version, rest_agree, count, mark])
            require_open(row)
            require_version(row, version)
            cases = lock_list(row)
            _require_same_list(cases, count, mark)
            procedure, stage = place_in(row)
            queue = ranked_list(stage, row, cases)
            _require_head(row, stage, cases, queue)
            kin = kin_on_panel(row, [case.household_id for case in cases])
            conflicts = {uuid: rank.conflict for uuid, rank in queue.ranks().items() if rank.conflict} if queue else {}
            desk = Desk(procedure, stage, actor, attendance(row).present or None, rest_agree, kin, conflicts)
            plan = _plan(desk, row, cases)
            _require_sound(plan, desk)
            _write(act, row, desk, plan)
            remember(str(row.uuid))
    except Replayed as earlier:
        return Sitting.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def _require_same_list(cases: Sequence[Case], count: int, mark: str) -> None:
    if len(cases) != count:
        raise StaleVersion(
            f"名单在您打开之后有变化：原来 {count} 户，现在 {len(cases)} 户。没有锁定，请看过新名单再办。"
        )
    if mark and mark != list_mark(cases):
        raise StaleVersion("名单上有户在您打开之后有变化。没有锁定，请看过新名单再办。")


def _require_head(sitting: Sitting, stage: Stage, cases: Sequence[Case], queue: RankedList | None) -> None:
    missing = missing_below(sitting.round, stage, sitting.village)
    sitting.missing = list(missing.names)
    unsigned = unsigned_groups(sitting.round, stage, cases)
    waits = unvisited(sampled(sitting), cases) if stage.inspects else ()
    faults = head_faults(stage, sitting, missing, unsigned, queue.wanting if queue else (), waits)
    if faults:
        sentences = [line for lines in faults.values() for line in lines]
        raise BadInput("会议情况还没有填好，没有锁定名单。", fields=faults, reasons=sentences)


def _plan(desk: Desk, sitting: Sitting, cases: Sequence[Case]) -> Plan:
    facts = facts_of(cases)
    ballots = {ballot.case_id: ballot for ballot in sitting.ballots.all()}
    plan = Plan()
    for case in cases:
        _place(plan, desk, case, facts[case.pk], ballots.get(case.pk))
    return plan


def _place(plan: Plan, desk: Desk, case: Case, facts: CaseFacts, ballot: Ballot | None) -> None:
    name = case.household.head_name
    if refused := level_reasons(facts, desk.stage, desk.actor):
        plan.left.append(case)
        if ballot is not None:
            plan.faults.append((name, refused[0]))
    elif actor_reasons(desk.procedure, facts, desk.stage, desk.actor):
        plan.blocked.append(case)
    elif ballot is not None and is_stale(ballot, case):
        plan.faults.append((name, f"这一户重新回到{desk.stage.name}，请重新填意见。"))
    elif ballot is None and exclusions_standing(desk.stage, facts, default_category(case)):
        plan.left.append(case)
        plan.excluded += 1
    elif ballot is None and (not desk.rest_agree or papers_missing(desk.procedure, desk.stage.code, default_category(case), facts.papers)):
        plan.left.append(case)
    elif ballot is None and (conflict := desk.conflicts.get(str(case.uuid))):
        plan.faults.append((name, f"{conflict}，请逐户填意见；类别与得分不同的，写明理由。"))
    else:
        _decide(plan, desk, case, facts, ballot)


def _decide(plan: Plan, desk: Desk, case: Case, facts: CaseFacts, ballot: Ballot | None) -> None:
    decision = decision_of(desk.stage, case, ballot, desk.present)
    try:
        move = move_of(desk.procedure, facts, decision, desk.actor, case.household.head_name)
    except WrongState as refused:
        plan.faults.append((case.household.head_name, refused.reasons[0]))
        return
    own = (ballot.recused, ballot.namesakes) if ballot else ((), ())
    if sentences := [*recusal_faults(desk.kin.get(case.household_id, ()), *own), *vote_faults(desk.stage, decision)]:
        plan.faults.append((case.household.head_name, sentences[0]))
    plan.settled.append(Settled(case, decision, move))


def _require_sound(plan: Plan, desk: Desk) -> None:
    if plan.faults:
        lines = [f"{name}：{sentence}" for name, sentence in plan.faults]
        more = f" 等 {len(lines)} 户" if len(lines) > NAMED else ""
        raise WrongState(
            f"有户不能这样决定，名单没有锁定：{'、'.join(name for name, _ in plan.faults[:NAMED])}{more}。",
            code="step_refused", reasons=lines,
        )  # fmt: skip
    if plan.settled:
        return
    if plan.blocked:
        raise WrongState(
            f"名单上的 {len(plan.blocked)} 户您都不能决定。请取消这次会议，由{who_may(desk.stage)}办理。",
            code="all_blocked",
        )
    if desk.rest_agree and plan.excluded:
        raise WrongState("名单上其余的户都有排除情形，没有乡镇确认的列入理由，不能同意。请先办理排除情形，或逐户填写意见。", code="excluded")
    if desk.rest_agree:
        raise WrongState("名单上的户都还缺本户签字的材料，不能同意。请先补齐，或逐户填写意见。", code="papers_missing")
    raise WrongState("还没有一户有意见，不能锁定名单。请逐户填写，或选“其余全部同意”。", code="nothing_decided")


def _write(act: Act, sitting: Sitting, desk: Desk, plan: Plan) -> None:
    now = clock.now()
    mark_blocked([case for case in plan.blocked if case.blocked_stage != desk.stage.code], desk.stage)
    opinions = Counter(item.decision.step.value for item in plan.settled)
    there = attendance(sitting)
    sitting.expected, sitting.present = (there.expected, there.present) if desk.stage.panel else (None, None)
    sitting.status, sitting.closed_by_id, sitting.closed_at = SittingStatus.CLOSED, act.scope.actor_id, now
    behalf = casework.delegation_of(act.scope, desk.stage, sitting)
    sitting.delegation_id = behalf.row if behalf else None
    sitting.counts = counts_of(opinions, len(plan.blocked), len(plan.left))
    sitting.version += 1
    ranking.freeze(sitting, [*(item.case for item in plan.settled), *plan.blocked, *plan.left], now)
    verdicts = settle(act, plan.settled, casework.Origin(now, sitting=sitting, by=act.scope.actor_id))
    sitting.list_seal = _list_seal(sitting, verdicts)
    sitting.save()
    _leave_traces(act, sitting, desk, plan)


def _list_seal(sitting: Sitting, verdicts: Sequence[Verdict]) -> str:
    return seal_mac(
        canonical(list_document(sitting, reveal(sitting, "minutes"), [verdict.leaf for verdict in verdicts]))
    )


def _leave_traces(act: Act, sitting: Sitting, desk: Desk, plan: Plan) -> None:
    """One row for the meeting, one for each household that did not simply pass: what anybody will ask about later."""
    stage, round_ = desk.stage, sitting.round.code
    counts = {name: number for name, number in sitting.counts.items() if name != "left"} | {
        "stays": sitting.counts["left"]
    }
    act.audit(
        "sitting",
        str(sitting.uuid),
        place=sitting,
        round=round_,
        stage=stage.name,
        counts=counts,
        list_seal=sitting.list_seal,
        **({"ranking": seal} if (seal := ranking_seal(sitting)) else {}),
        **({"on_behalf_of": sitting.delegation.principal.login} if sitting.delegation_id else {}),
    )
    for item in plan.settled:
        decision = item.decision
        if decision.step is Step.AGREE and decision.category == decision.default_category:
            continue
        act.audit(
            "case", item.case.household.code, place=item.case, round=round_, stage=stage.name,
            opinion=stage.words.of(decision.step), reasons=reason_words(decision.reasons),
            back_to=desk.procedure.by_code[decision.return_to].name if decision.step is Step.RETURN else "",
            category=TIER.items.get(decision.category, "") if decision.step is Step.AGREE else "",
        )  # fmt: skip
    act.feed("sitting", str(sitting.uuid), place=sitting)
