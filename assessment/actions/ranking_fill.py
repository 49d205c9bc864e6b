"""按排队结果填意见: ballots for the households of which queue and score say the same; the others stay, each with its reason (A9-02, A9-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment import clock
from assessment.actions.ballots import BallotEntry, fill_ballot
from assessment.actions.casework import facts_of
from assessment.actions.ranking import QUEUE_STALE
from assessment.actions.sitting_steps import lock_list, locked_sitting, place_in, require_open
from assessment.meeting import area_name, default_category, is_stale, refused_reasons
from assessment.models import Ballot, Case, Opinion, Sitting
from assessment.procedures import Stage
from assessment.ranked_list import Fill, RankedList, ranked_list, why_not_filled
from assessment.recusal import kin_on_panel
from assessment.workflow import Actor, CaseFacts, exclusions_standing, papers_missing
from core.actions import Origin, acting, once
from core.errors import BadInput, Replayed, StaleVersion, WrongState
from core.scope import Scope


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of one household; `reason` is empty when its answer was filled in."""

    case: Case
    reason: str = ""


def fill_ballots(*, scope: Scope, sitting: str, mark: str, key: str = "", origin: Origin | None = None) -> list[Filled]:
    """One result a household of the queue, in its order; [] for a repeat of the same click. `mark` is that of the queue the caller saw.

    Raises NotFound, Denied, WrongState (over, no line), StaleVersion.
    """
    try:
        with acting(scope, "ranking.fill", origin) as act:
            meeting, actor = locked_sitting(scope, sitting)
            require_open(meeting)
            remember = once(scope, "ranking.fill", key, [sitting, mark])
            cases, stage = lock_list(meeting), place_in(meeting)[1]
            found = ranked_list(stage, meeting, cases)
            if found is None or found.queue.mark != mark:
                raise StaleVersion(QUEUE_STALE)
            if not found.drawn:
                raise WrongState("还没有按现在的队列划线，不能按排队结果填意见。", code="no_line")
            results = _results(scope, meeting, found, cases, actor)
            done = sum(1 for result in results if not result.reason)
            if done:
                meeting.version += 1
                meeting.save(update_fields=["version"])
            group = area_name(meeting).split(" ")[-1]
            counts = {"filled": done, "skipped": len(results) - done}
            act.audit("sitting", str(meeting.uuid), place=meeting, round=meeting.round.code, stage=stage.name, group=group, counts=counts)
            remember(str(meeting.uuid))
    except Replayed:
        return []
    return results


def _results(scope: Scope, meeting: Sitting, found: RankedList, cases: Sequence[Case], actor: Actor) -> list[Filled]:
    procedure, stage = place_in(meeting)
    facts, ranks = facts_of(cases), found.ranks()
    kin = kin_on_panel(meeting, [case.household_id for case in cases])
    ballots = {ballot.case_id: ballot for ballot in meeting.ballots.all()}
    made, results, by_uuid = [], [], {str(case.uuid): case for case in cases}
    for row in found.queue.rows:
        case = by_uuid[row.case]
        asked = Fill(
            **_said(stage, case, ballots), refused=refused_reasons(procedure, facts[case.pk], stage, actor), category=default_category(case),
            rank=ranks[row.case], kin=kin.get(case.household_id, ()),
            lacking=papers_missing(procedure, stage.code, default_category(case), facts[case.pk].papers),
            excluded=exclusions_standing(stage, facts[case.pk], default_category(case)),
        )  # fmt: skip
        reason = why_not_filled(asked) or _put(made, scope, meeting, case, facts[case.pk], actor)
        results.append(Filled(case, reason))
    Ballot.objects.bulk_create(made)
    return results


def _said(stage: Stage, case: Case, ballots: Mapping[int, Ballot]) -> dict[str, object]:
    ballot = ballots.get(case.pk)
    return {"word": stage.words.of(ballot.opinion) if ballot else "", "stale": bool(ballot and is_stale(ballot, case))}


def _put(made: list[Ballot], scope: Scope, meeting: Sitting, case: Case, facts: CaseFacts, actor: Actor) -> str:
    """One more answer, as if it had been typed; what the engine says against it is the reason to leave it out. Nobody of the panel lives
    here: such a household was left out before."""
    ballot = Ballot(sitting=meeting, case=case, by_id=scope.actor_id, at=clock.now(), version=meeting.version + 1)
    try:
        fill_ballot(meeting, case, ballot, BallotEntry(Opinion.AGREE), facts, (), actor)
    except BadInput as refused:
        return refused.reasons[0]
    made.append(ballot)
    return ""
