"""Inner steps that opening, filling, balloting and closing a meeting share; each inside the action's transaction."""

from collections.abc import Sequence

from assessment.actions.cases import CASE_ROWS, in_area
from assessment.actions.casework import actor_of
from assessment.actions.locking import lock_households
from assessment.meeting import takes_over
from assessment.models import Case, RoundStatus, Sitting, SittingStatus
from assessment.procedures import Procedure, Stage, procedure_of
from assessment.workflow import Actor
from core.actions import lock
from core.errors import Denied, StaleVersion, WrongState
from core.scope import Scope

STALE = "这次会议在您打开之后已被别人修改，请看过新内容再办。"


def place_in(sitting: Sitting) -> tuple[Procedure, Stage]:
    procedure = procedure_of(sitting.round.procedure)
    return procedure, procedure.by_code[sitting.stage]


def locked_sitting(scope: Scope, uuid: str) -> tuple[Sitting, Actor]:
    """The meeting, locked, with the caller as its actor. NotFound; Denied for another level (ruling 17)."""
    sitting = lock(Sitting.objects.visible_to(scope).select_related("round", "village", "group"), uuid=uuid)
    actor = actor_of(scope, sitting)
    authorise(sitting, actor)
    return sitting, actor


def authorise(sitting: Sitting, actor: Actor) -> None:
    """The stage's own level; the next level up only while separation has blocked households there (ruling 16). Of a meeting that is
    over, its state is the answer, not the right: who closed it and clicks again hears that it is closed."""
    stage = place_in(sitting)[1]
    if stage.level in actor.levels:
        return
    over = sitting.status != SittingStatus.OPEN
    if takes_over(stage, actor) and (over or waiting(sitting).filter(blocked_stage=stage.code).exists()):
        return
    raise Denied(f"{stage.name}不归您这一级办理。")


def require_open(sitting: Sitting) -> None:
    if sitting.status != SittingStatus.OPEN:
        word = SittingStatus(sitting.status).label
        raise WrongState(f"这次会议{word}，不能再改。", code="sitting_not_open")
    if sitting.round.status != RoundStatus.OPEN:
        raise WrongState(f"{sitting.round.name}已经结束，不能再办。", code="round_closed")


def require_version(sitting: Sitting, version: int) -> None:
    if sitting.version != version:
        raise StaleVersion(STALE)


def waiting(sitting: Sitting):
    """Cases that wait for this meeting's decision."""
    return Case.objects.filter(in_area(sitting)).at_stage(sitting.stage)


def lock_list(sitting: Sitting) -> list[Case]:
    """The waiting cases, locked, in the order of the list. Households first, as every writer of a household does: no deadlock with a
    变更 or a form that comes in at the same moment, and what is sealed is what stands."""
    lock_households(waiting(sitting).values_list("household_id", flat=True))
    rows = waiting(sitting).select_related("household", "group", "survey__score", "score").order_by("household__code")
    cases = list(rows.select_for_update(of=("self",), no_key=True))
    for case in cases:  # one round and village for all, not a copy each
        case.round, case.village = sitting.round, sitting.village
    return cases


def lock_case(sitting: Sitting, uuid: str) -> Case:
    """One case of the list, for a ballot; NotFound when it does not wait here."""
    return lock(waiting(sitting).select_related(*CASE_ROWS), uuid=uuid)


def mark_blocked(cases: Sequence[Case], stage: Stage) -> None:
    """Only someone else may decide these: another account of the level or the next level up (ruling 16)."""
    for case in cases:
        case.blocked_stage, case.version = stage.code, case.version + 1
    Case.objects.bulk_update(cases, ("blocked_stage", "version"), batch_size=200)
