"""Meetings: opened for a list that waits, their head filled, closed with one decision a household, or dropped (rulings 15-18, 21).

Closing is the only way in which a meeting decides: it writes every verdict, seals the list and moves the cases in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from assessment import clock
from assessment.actions import ranking
from assessment.actions.casework import actor_of, facts_of
from assessment.actions.closing import close_sitting
from assessment.actions.sitting_steps import (
    authorise,
    lock_list,
    locked_sitting,
    mark_blocked,
    place_in,
    require_open,
    require_version,
    waiting,
)
from assessment.masking import has_number, scan
from assessment.meeting import Faults, closed_before, same_list, seat_of, takes_over
from assessment.missing_below import missing_below
from assessment.models import Case, Panel, Round, RoundStatus, Sitting, SittingKind, SittingStatus
from assessment.procedures import Mode, Stage, procedure_of
from assessment.selectors_steps import groups_of_list
from assessment.workflow import actor_reasons
from core.actions import Act, Origin, acting, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope
from households.secrets import seal
from villages.models import Village, VillagerGroup

__all__ = ["SittingHead", "close_sitting", "drop_sitting", "members_fault", "open_sitting", "save_head"]

LONGEST = {
    "held_at": 64, "chair": 32, "recorder": 32, "panel_name": 64, "document_no": 64, "missing_reason": 200, "minutes": 4000,
}  # fmt: skip
MOST_MEMBERS, MOST_PRESENT, LONGEST_NAME = 200, 9999, 32
SHORTEST_REASON = 4
UNSAID, NO_NUMBER = "原因不写证件号码、电话和病情。", "不写证件号码、银行卡号和电话。"
TEXTS = ("held_at", "chair", "recorder", "panel_name", "document_no", "missing_reason")


@dataclass(frozen=True, slots=True)
class SittingHead:
    """Everything of a meeting but its decisions, as typed; what is still missing is asked for on closing."""

    held_on: date | None = None
    held_at: str = ""
    chair: str = ""
    recorder: str = ""
    panel: Sequence[Mapping[str, object]] = ()
    panel_name: str = ""
    expected: int | None = None
    present: int | None = None
    document_no: str = ""
    checks: Mapping[str, bool] = field(default_factory=dict)
    minutes: str = ""
    missing_reason: str = ""


def open_sitting(
    *, scope: Scope, round_code: str, stage: str, village_code: str, group_code: str = "", ungrouped: bool = False,
    missing_reason: str = "", key: str = "", origin: Origin | None = None,
) -> Sitting:  # fmt: skip
    """The meeting for a list that waits; the one that is open already, if there is one.

    Raises NotFound, Denied, BadInput (wrong area, `missing_reason`), WrongState (nothing waits, round closed).
    """
    body = [round_code, stage, village_code, group_code, ungrouped, missing_reason]
    try:
        with acting(scope, "sitting.open", origin) as act:
            sitting, plan = _planned(scope, round_code, stage, village_code, group_code, ungrouped)
            actor = actor_of(scope, sitting)
            if plan.level not in actor.levels and not takes_over(plan, actor):
                raise Denied(f"{plan.name}不归您这一级办理。")
            remember = once(scope, "sitting.open", key, body)
            standing = _open_one(sitting)
            if standing is None:
                authorise(sitting, actor)
                standing = _begin(act, sitting, plan, missing_reason.strip())
            remember(str(standing.uuid))
    except Replayed as earlier:
        return Sitting.objects.visible_to(scope).get(uuid=earlier.object_code)
    except IntegrityError:  # another opened it between our look and our insert (trust 73)
        standing = _open_one(sitting)
        if standing is None:
            raise
    return standing


def _planned(
    scope: Scope, round_code: str, code: str, village_code: str, group_code: str, ungrouped: bool
) -> tuple[Sitting, Stage]:
    """The meeting as it would be, not saved: round, stage, village and group are there and fit each other."""
    village = Village.objects.visible_to(scope).select_related("county", "township").filter(code=village_code).first()
    round_ = Round.objects.visible_to(scope).select_related("rubric").filter(code=round_code).first()
    if village is None or round_ is None or round_.county_id != village.county_id:
        raise NotFound
    stage = procedure_of(round_.procedure).by_code.get(code)
    if stage is None or stage.mode is not Mode.SITTING:
        raise BadInput("这一批次的程序没有这样的会议。", fields={"stage": ["请选择阶段。"]})
    group = _group_of(stage, village, group_code, ungrouped)
    sitting = Sitting(
        round=round_, stage=code, village=village, county=village.county, township=village.township, group=group,
        ungrouped=bool(ungrouped and not group), opened_by_id=scope.actor_id,
    )  # fmt: skip
    return sitting, stage


def _group_of(stage: Stage, village: Village, group_code: str, ungrouped: bool) -> VillagerGroup | None:
    if not stage.per_group:
        if group_code or ungrouped:
            raise BadInput(f"{stage.name}按村办理，不分组。", fields={"group": [f"{stage.name}按村办理。"]})
        return None
    if bool(group_code) == bool(ungrouped):
        raise BadInput(f"{stage.name}按组办理，请选择组。", fields={"group": ["请选择组。"]})
    if ungrouped:
        return None
    group = VillagerGroup.objects.filter(groups_of_list(village), code=group_code).first()
    if group is None:
        raise NotFound
    return group


def _open_one(sitting: Sitting) -> Sitting | None:
    return same_list(sitting).filter(status=SittingStatus.OPEN).select_related("round", "village", "group").first()


def _begin(act: Act, sitting: Sitting, stage: Stage, missing_reason: str) -> Sitting:
    if sitting.round.status != RoundStatus.OPEN:
        raise WrongState(f"{sitting.round.name}已经结束，不能再开会。", code="round_closed")
    if not waiting(sitting).exists():
        raise WrongState(_where_now(sitting, stage), code="nothing_waits")
    _require_all_below(sitting, stage, missing_reason)
    earlier = closed_before(sitting)
    sitting.number = earlier + 1
    sitting.kind = SittingKind.SUPPLEMENTARY if earlier else SittingKind.REGULAR
    sitting.opened_at = clock.now()
    _seat_saved_panel(sitting, stage)
    sitting.save()
    _leave_traces(act, sitting)
    return sitting


def _where_now(sitting: Sitting, stage: Stage) -> str:
    """Nothing waits here: say where the households stand instead (procedure order)."""
    rows = Case.objects.live().filter(round=sitting.round, village=sitting.village)
    at = list(rows.order_by().values_list("stage", flat=True))
    procedure = procedure_of(sitting.round.procedure)
    there = [f"{other.name} {at.count(other.code)} 户" for other in procedure.stages if other.code in at]
    return f"{stage.name}没有等待办理的农户。" + (
        f"本村名单现在：{'，'.join(there)}。" if there else "本村没有正在办理的农户。"
    )


def _require_all_below(sitting: Sitting, stage: Stage, reason: str) -> None:
    missing = missing_below(sitting.round, stage, sitting.village)
    if not missing and not stage.waits_for_whole_village:
        return
    sitting.missing, sitting.missing_reason = list(missing.names), reason
    if scan(reason):
        raise BadInput("没有开会。", fields={"missing_reason": [UNSAID]})
    if len(reason) > LONGEST["missing_reason"]:
        raise BadInput("没有开会。", fields={"missing_reason": [f"原因最多 {LONGEST['missing_reason']} 字。"]})
    if missing and len(reason) < SHORTEST_REASON:
        sentence = (
            f"{missing.listed}还有户没有走到{stage.name}。要先{'开' if stage.votes else '办'}{stage.name}，请写明缺{missing.unit}原因，至少 {SHORTEST_REASON} 字。"
        )
        raise BadInput(f"缺 {missing.listed}，没有开会。", fields={"missing_reason": [sentence]})


def _seat_saved_panel(sitting: Sitting, stage: Stage) -> None:
    """The saved panel of the area, when there is just one (ruling 17); the meeting keeps its own copy."""
    if stage.panel is None:
        return
    rows = Panel.objects.filter(kind=stage.panel.kind, township_id=sitting.township_id, retired_at__isnull=True)
    if stage.panel.kind != "inspection":
        rows = rows.filter(seat_of(sitting))
    saved = list(rows[:2])
    if len(saved) == 1:
        sitting.panel_name = saved[0].name
        sitting.panel = [
            {"name": row["name"], "post": row.get("post", ""), "present": True} for row in saved[0].members
        ]


def _leave_traces(act: Act, sitting: Sitting, **detail) -> None:
    group = sitting.group.name if sitting.group_id else None
    act.audit(
        "sitting",
        str(sitting.uuid),
        place=sitting,
        round=sitting.round.code,
        stage=place_in(sitting)[1].name,
        group=group,
        **detail,
    )
    act.feed("sitting", str(sitting.uuid), place=sitting)


def save_head(*, scope: Scope, sitting: str, version: int, head: SittingHead, origin: Origin | None = None) -> Sitting:
    """Keep the head as far as it is filled. Raises NotFound, Denied, WrongState, StaleVersion, BadInput (shape only)."""
    with acting(scope, "sitting.head", origin) as act:
        row, _ = locked_sitting(scope, sitting)
        require_open(row)
        require_version(row, version)
        _, stage = place_in(row)
        faults = _shape_faults(stage, head, row)
        if faults:
            raise BadInput("会议情况有误，没有保存。", fields=faults)
        for name in TEXTS:
            setattr(row, name, getattr(head, name).strip())
        row.held_on, row.expected, row.present = head.held_on, head.expected, head.present
        row.panel = [_member(member) for member in head.panel]
        row.checks = {check.code: head.checks[check.code] for check in stage.checks if check.code in head.checks}
        seal(row, "minutes", head.minutes.strip())
        row.version += 1
        row.save()
        _leave_traces(act, row)
    return row


def _member(member: Mapping[str, object]) -> dict[str, object]:
    return {
        "name": str(member.get("name", "")).strip(), "post": str(member.get("post", "")).strip(),
        "present": bool(member.get("present")),
    }  # fmt: skip


def _shape_faults(stage: Stage, head: SittingHead, sitting: Sitting) -> Faults:
    faults: Faults = {
        name: [f"最多 {most} 字，现有 {len(getattr(head, name))} 字。"]
        for name, most in LONGEST.items()
        if len(getattr(head, name)) > most
    }
    for name in TEXTS:  # kept in the clear (trust C5)
        if has_number(getattr(head, name), phones=name == "document_no"):
            faults.setdefault(name, [NO_NUMBER])
    if scan(head.missing_reason):
        faults["missing_reason"] = [UNSAID]
    if head.held_on and head.held_on > timezone.localdate():
        faults["held_on"] = ["开会日期不能晚于今天。"]
    elif head.held_on and head.held_on < timezone.localdate(sitting.round.opened_at):
        faults["held_on"] = [f"开会日期不能早于批次开启的日期 {timezone.localdate(sitting.round.opened_at):%Y-%m-%d}。"]
    for name in ("expected", "present"):
        number = getattr(head, name)
        if number is not None and not 0 <= number <= MOST_PRESENT:
            faults[name] = [f"人数须在 0 至 {MOST_PRESENT} 之间。"]
    if unknown := set(head.checks) - {check.code for check in stage.checks}:
        faults["checks"] = [f"{stage.name}没有这样的检查项（{len(unknown)} 项）。"]
    if not all(isinstance(answer, bool) for answer in head.checks.values()):
        faults["checks"] = ["四关请答是或否。"]
    if sentence := members_fault(head.panel):
        faults["panel"] = [sentence]
    return faults


def members_fault(members: Sequence[Mapping[str, object]]) -> str:
    """Chinese reason why these rows are no list of persons; "" when they are. Also asked of a saved panel."""
    names = [str(member.get("name", "")).strip() for member in members]
    if len(names) > MOST_MEMBERS:
        return f"最多 {MOST_MEMBERS} 人。"
    if not all(names):
        return "每一行都要有姓名。"
    if any(len(name) > LONGEST_NAME for name in names) or any(
        len(str(m.get("post", ""))) > LONGEST_NAME for m in members
    ):
        return f"姓名和职务最多 {LONGEST_NAME} 字。"
    if any(has_number(f"{m.get('name', '')} {m.get('post', '')}") for m in members):
        return f"姓名和职务里{NO_NUMBER}"
    twice = sorted({name for name in names if names.count(name) > 1})
    return f"{'、'.join(twice[:3])}重复；同名的请加注区别。" if twice else ""


def drop_sitting(*, scope: Scope, sitting: str, key: str = "", origin: Origin | None = None) -> Sitting:
    """Cancel an open meeting: what was entered goes, no household moves. Households that the caller may not decide are left to another
    person from then on (ruling 16): so a list that is all the caller's own can be handed over."""
    try:
        with acting(scope, "sitting.drop", origin) as act:
            row, actor = locked_sitting(scope, sitting)
            remember = once(scope, "sitting.drop", key, [sitting])
            require_open(row)
            procedure, stage = place_in(row)
            cases = lock_list(row)
            facts = facts_of(cases)
            own = [case for case in cases if actor_reasons(procedure, facts[case.pk], stage, actor)]
            mark_blocked([case for case in own if case.blocked_stage != stage.code], stage)
            row.ballots.all().delete()
            ranking.forget(row)
            row.status, row.closed_at, row.closed_by_id = SittingStatus.DROPPED, clock.now(), scope.actor_id
            row.version += 1
            row.save()
            _leave_traces(act, row, blocked=len(own))
            remember(str(row.uuid))
    except Replayed as earlier:
        return Sitting.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row
