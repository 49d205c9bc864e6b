"""A household on and off the list: opened by a submitted form, changed by a named 变更, ended by what ends it (rulings 14, 16, 19)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from accounts import roles
from assessment import clock
from assessment.actions.casework import facts_of, live_cases_of, refresh_holds, send_case_back
from assessment.locks import AMEND_SUBJECTS, LONGEST_REASON, SHORTEST_REASON
from assessment.models import (
    Amendment,
    Case,
    CaseState,
    EndReason,
    Round,
    RoundStatus,
    Sitting,
    SittingStatus,
    Survey,
)
from assessment.procedures import procedure_of
from assessment.workflow import send_back
from core import bulk
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope
from households.models import Household
from households.secrets import seal
from villages import dirty

BATCH = 500


def open_cases(act: Act, round_: Round, surveys: Sequence[Survey], now: datetime) -> None:
    """Inner step of a submission or an import: each submitted form has its case at the first stage (ruling 14).

    A case that has not been decided yet takes the new form. After the first meeting of its group a newcomer is 补充评议.
    """
    for start in range(0, len(surveys), BATCH):
        _open_batch(round_, surveys[start : start + BATCH], now)
    act.recheck(lambda: require_open_round(round_))


def require_open_round(round_: Round) -> None:
    if not Round.objects.filter(pk=round_.pk, status=RoundStatus.OPEN).exists():
        raise WrongState(f"{round_.name}已经结束，不能再列入名单。", code="round_closed")


def _open_batch(round_: Round, surveys: Sequence[Survey], now: datetime) -> None:
    procedure = procedure_of(round_.procedure)
    ids = [survey.household_id for survey in surveys]
    refuse_two_lists(round_, ids)
    known = {case.household_id: case for case in Case.objects.filter(round=round_, household_id__in=ids)}
    met = groups_that_met(round_, procedure.first.code, {survey.village_id for survey in surveys})
    new, taken = [], []
    for survey in surveys:
        case = known.get(survey.household_id)
        if case is None:
            new.append(_new_case(round_, survey, now, late=(survey.village_id, survey.group_id) in met))
        elif case.state == CaseState.OPEN and (case.stage == procedure.first.code or procedure.by_code[case.stage].visits):
            case.survey, case.group_id, case.version = survey, survey.group_id, case.version + 1
            taken.append(case)
    bulk.insert(Case, new)
    bulk.update(Case, taken, ("survey", "group", "version"))


def refuse_two_lists(round_: Round, household_ids: Sequence[int]) -> None:
    """A household is on one list at a time; the other round must come to its end first."""
    others = Case.objects.live().exclude(round=round_).filter(household_id__in=household_ids)
    other = others.select_related("round", "household").first()
    if other is not None:
        raise WrongState(f"户 {other.household.code} 还在{other.round.name}的名单里办理，不能同时列入另一份名单。", code="on_another_list")


def groups_that_met(round_: Round, stage: str, village_ids: set[int]) -> set[tuple[int, int | None]]:
    """(village, group) of first meetings that have closed; a group that came along from a merged village has met where it is today."""
    here = Q(village_id__in=village_ids) | Q(group__village_id__in=village_ids)
    rows = Sitting.objects.filter(here, round=round_, stage=stage, status=SittingStatus.CLOSED)
    return {(now or village, group) for village, group, now in rows.values_list("village_id", "group_id", "group__village_id")}


def _new_case(round_: Round, survey: Survey, now: datetime, *, late: bool) -> Case:
    procedure = procedure_of(round_.procedure)
    return Case(
        round=round_, household_id=survey.household_id, kind=procedure.kinds[0], county_id=survey.county_id,
        township_id=survey.township_id, village_id=survey.village_id, group_id=survey.group_id, survey=survey,
        stage=procedure.first.code, supplementary=late, opened_at=now, stage_since=now,
    )  # fmt: skip


def amend_case(
    *, scope: Scope, household_code: str, subject: str, reason: str, key: str = "", origin: Origin | None = None
) -> Case:
    """变更 of a locked household: its seal is broken by name, it goes back to the first stage and may be edited; nobody else's
    seal is touched (issue 3.4). Raises NotFound, Denied, WrongState (not locked), BadInput."""
    now = clock.now()
    try:
        with acting(scope, "case.amend", origin) as act:
            household = lock(Household.objects.visible_to(scope), code=household_code)
            if not scope.may(roles.CASE_AMEND, household):
                raise Denied
            remember = once(scope, "case.amend", key, [household_code, subject, reason])
            _check_amendment(subject, reason)
            case = _locked_case(household)
            procedure = procedure_of(case.round.procedure)
            move = send_back(procedure, facts_of([case])[case.pk], procedure.first.code)
            amendment = Amendment(
                case=case, county_id=case.county_id, township_id=case.township_id, village_id=case.village_id, subject=subject,
                from_stage=case.stage, back_to=move.stage, by_id=scope.actor_id, at=now,
            )  # fmt: skip
            seal(amendment, "reason", reason.strip())
            amendment.save()
            send_case_back(act, case, move, at=now, amendment=amendment)
            act.audit(
                "case", household.code, place=case, round=case.round.code, subject=AMEND_SUBJECTS[subject],
                stage=amendment.from_stage, back_to=move.stage,
            )  # fmt: skip
            remember(str(case.uuid))
    except Replayed as earlier:
        return Case.objects.visible_to(scope).get(uuid=earlier.object_code)
    return case


def _check_amendment(subject: str, reason: str) -> None:
    faults = {}
    if subject not in AMEND_SUBJECTS:
        faults["subject"] = ["请选择变更事项。"]
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        faults["reason"] = [f"请写明变更理由，{SHORTEST_REASON} 至 {LONGEST_REASON} 字。"]
    if faults:
        raise BadInput("变更没有办理。", fields=faults)


def _locked_case(household: Household) -> Case:
    case = live_cases_of(household.pk).first()
    if case is None or not household.hold:
        raise WrongState("这一户没有锁定，可以直接修改，不用办变更。", code="not_locked")
    if case.round.status != RoundStatus.OPEN:
        raise WrongState(f"{case.round.name}已经结束，不能再变更。", code="round_closed")
    if case.state == CaseState.HELD:
        raise WrongState("这一户有异议正在核查，核查结束之前不能变更。", code="case_held")
    return Case.objects.select_for_update(of=("self",), no_key=True).select_related(*CASE_ROWS).get(pk=case.pk)


CASE_ROWS = ("round", "household", "village", "group", "survey__score", "score")


def end_case(
    *, scope: Scope, household_code: str, reason: str, note: str, key: str = "", origin: Origin | None = None
) -> Case:
    """A case ends without a decision: 自愿放弃 (signed), 死亡, 外迁, 整户外出 (ruling 19)."""
    now = clock.now()
    try:
        with acting(scope, "case.end", origin) as act:
            household = lock(Household.objects.visible_to(scope), code=household_code)
            if not scope.may(roles.CASE_END, household):
                raise Denied
            remember = once(scope, "case.end", key, [household_code, reason, note])
            if reason not in EndReason.values:
                raise BadInput("没有办理。", fields={"reason": ["请选择终止原因。"]})
            if len(note.strip()) < SHORTEST_REASON:
                raise BadInput("没有办理。", fields={"note": [f"请写明情况，至少 {SHORTEST_REASON} 字。"]})
            case = live_cases_of(household.pk).select_for_update(of=("self",), no_key=True).first()
            if case is None:
                raise NotFound("这一户没有正在办理的评议。")
            if case.state == CaseState.HELD:
                raise WrongState("这一户有异议正在核查，核查结束之前不能终止。", code="case_held")
            case.state, case.end_reason, case.concluded_at, case.version = CaseState.ENDED, reason, now, case.version + 1
            case.ended_by_id = scope.actor_id
            seal(case, "end_note", note.strip())
            case.save(update_fields=["state", "end_reason", "end_note_enc", "ended_by", "concluded_at", "version"])
            refresh_holds([case])
            dirty.mark(act, [case.village_id])
            act.audit("case", household.code, place=case, round=case.round.code, end_reason=EndReason(reason).label, stage=case.stage)
            act.feed("case", f"{household.code}@{case.round.code}", place=case)
            remember(str(case.uuid))
    except Replayed as earlier:
        return Case.objects.visible_to(scope).get(uuid=earlier.object_code)
    return case


def in_area(sitting: Sitting) -> Q:
    """Cases of a sitting's area: a village's, or one group's, or those of the village without a group."""
    area = Q(round_id=sitting.round_id, village_id=sitting.village_id)
    if sitting.group_id:
        return area & Q(group_id=sitting.group_id)
    return area & Q(group__isnull=True) if sitting.ungrouped else area
