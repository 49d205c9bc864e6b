"""What a meeting still lacks before it can close, and the decision that a ballot, or 其余全部同意, means for a household.

The page that shows an open meeting and the action that closes it ask the same functions, so that they never disagree. Reads only.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from assessment.models import Ballot, Case, Sitting, SittingKind, SittingStatus
from assessment.procedures import LADDER, PanelRule, Stage
from assessment.recusal import sitters
from assessment.workflow import Actor, CaseFacts, Decision, Step, actor_reasons, level_reasons
from households.secrets import reveal

UNGROUPED_NAME = "未分组农户"
NAMED = 3
MISSING_NAMED = 6
Faults = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Missing:
    """Names of what is missing, in order, and what they are: 组 or 村."""

    names: tuple[str, ...] = ()
    unit: str = "组"

    def __bool__(self) -> bool:
        return bool(self.names)

    @property
    def listed(self) -> str:
        """芭蕉溪村、两河口村 等 8 个村: a township has forty."""
        more = f" 等 {len(self.names)} 个{self.unit}" if len(self.names) > MISSING_NAMED else ""
        return "、".join(self.names[:MISSING_NAMED]) + more


@dataclass(frozen=True, slots=True)
class Attendance:
    """应到 and 实到; counted from the panel's ticks where the numbers were left out."""

    expected: int
    present: int
    seated: int


def attendance(sitting: Sitting) -> Attendance:
    seated = sum(1 for member in sitting.panel if member.get("present"))
    expected = len(sitting.panel) if sitting.expected is None else sitting.expected
    return Attendance(expected, seated if sitting.present is None else sitting.present, seated)


def head_faults(
    stage: Stage, sitting: Sitting, missing: Missing | None = None, unsigned: Sequence[str] = (), unranked: Sequence[str] = (),
    unvisited: Sequence[str] = (),
) -> Faults:  # fmt: skip
    """Field → sentences: what stands between this meeting and its close. `missing` are groups or villages that still stand before the stage,
    `unsigned` those whose households have not signed in their two thirds, in words (B-19); `unranked` what 逐户排队 still lacks (A9-02);
    `unvisited` heads of households that were drawn for a re-visit and have no result (D6-09)."""
    faults: Faults = {}
    needed = {"held_on": "请填开会日期。", "held_at": "请填地点。", "chair": "请填主持人。"}
    for name, sentence in needed.items():
        if not getattr(sitting, name):
            faults[name] = [sentence]
    if stage.needs_document and not sitting.document_no:
        faults["document_no"] = ["请填文号。"]
    if missing and not sitting.missing_reason:
        faults["missing_reason"] = [f"{missing.listed}还有户没有走到{stage.name}，请写明缺{missing.unit}原因。"]
    if unsigned:
        faults["signatures"] = [f"三分之二以上的农户还没有签字认可：{'、'.join(unsigned)}。请先在各组的签字页登记。"]
    if unvisited:
        named = "、".join(unvisited[:NAMED]) + (f" 等 {len(unvisited)} 户" if len(unvisited) > NAMED else "")
        faults["sample"] = [f"抽查到的户还没有复核结果：{named}。请先在“抽查和算账”里记下。"]
    found = (("panel", _panel_faults(stage, sitting)), ("present", _attendance_faults(stage, sitting)), ("ranking", list(unranked)))
    for name, sentences in found:
        if sentences:
            faults[name] = sentences
    return faults | _check_faults(stage, sitting)


def _panel_faults(stage: Stage, sitting: Sitting) -> list[str]:
    rule, there = stage.panel, attendance(sitting)
    if rule is None:
        return []
    fault = rule.fault(there.present if rule.quorum else there.seated)
    return [fault] if fault else []


def _attendance_faults(stage: Stage, sitting: Sitting) -> list[str]:
    there = attendance(sitting)
    faults = []
    if stage.votes and not there.present:
        faults.append("请填实到人数。")
    if there.present < there.seated:
        faults.append(f"实到 {there.present} 人，少于到会的组成人员 {there.seated} 人。")
    if there.expected and there.present > there.expected:
        faults.append(f"实到 {there.present} 人，多于应到 {there.expected} 人。")
    return faults + _quorum_faults(stage.panel, there)


def _quorum_faults(rule: PanelRule | None, there: Attendance) -> list[str]:
    if rule is None or rule.quorum is None:
        return []
    share, whole = rule.quorum
    if not there.expected:
        return ["请填应到人数。"]
    if there.present * whole < there.expected * share:
        return [f"到会不足{whole}分之{share}：应到 {there.expected} 人，实到 {there.present} 人。"]
    return []


def _check_faults(stage: Stage, sitting: Sitting) -> Faults:
    """四关: a bad answer for the whole list stops it; a bad answer for one household is that household's ballot (ruling 17)."""
    faults: Faults = {}
    for check in stage.checks:
        answer = sitting.checks.get(check.code)
        if answer is None:
            faults[f"check-{check.code}"] = [f"四关“{check.question}”还没有答。"]
        elif answer is not check.good:
            faults[f"check-{check.code}"] = [
                f"四关“{check.question}”答“{'是' if answer else '否'}”，全名单不能锁定；只是个别户有问题的，请在那一户上记明。"
            ]
    return faults


# --- the list ------------------------------------------------------------------------------------------------


def list_mark(cases: Iterable[Case]) -> str:
    """Short mark of exactly these households as they stand: another mark = the list has changed since it was looked at."""
    text = ",".join(sorted(f"{case.pk}.{case.version}" for case in cases))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def default_category(case: Case) -> str:
    """What the list says of the household so far; before any decision, the tier of its score (ruling 15)."""
    score = case.score or (case.survey.score if case.survey_id else None)
    return case.category or (score.tier if score else "")


def refused_reasons(procedure, facts: CaseFacts, stage: Stage, actor: Actor) -> tuple[str, ...]:
    """Why the actor may not decide this household here: another level's, or separation (ruling 16)."""
    return level_reasons(facts, stage, actor) + actor_reasons(procedure, facts, stage, actor)


def takes_over(stage: Stage, actor: Actor) -> bool:
    """The actor is of the next level up and not of the stage's own: may take only what separation has blocked."""
    place = LADDER.index(stage.level) + 1
    return stage.level not in actor.levels and place < len(LADDER) and LADDER[place] in actor.levels


def is_stale(ballot: Ballot, case: Case) -> bool:
    """Entered before the household came (back) to this stage: an old form posted after a return (trust 72)."""
    return ballot.at < case.stage_since


def decision_of(stage: Stage, case: Case, ballot: Ballot | None, present: int | None) -> Decision:
    """The decision of a ballot; without one 同意 with the default category and everybody's vote."""
    default = default_category(case)
    if ballot is None:
        return Decision(Step.AGREE, default, default, present=present, **_votes(stage, Step.AGREE, None, None, present))
    step = Step(ballot.opinion)
    away = len(sitters(ballot.sitting.panel) & set(ballot.recused)) if ballot.recused else 0  # who only presides has no vote to lose
    present = None if present is None else max(0, present - away)
    return Decision(
        step, category=(ballot.category or default) if step is Step.AGREE else "", default_category=default,
        reasons=tuple(ballot.reasons), note=reveal(ballot, "note"), return_to=ballot.return_to, present=present,
        checks_failed=tuple(ballot.checks_failed), recused=tuple(ballot.recused), **_votes(stage, step, ballot.votes_for, ballot.votes_against, present),
    )  # fmt: skip


def _votes(
    stage: Stage, step: Step, for_: int | None, against: int | None, present: int | None
) -> dict[str, int | None]:
    """Votes left out with 同意 are everybody's; other answers may go without a count."""
    if stage.votes and step is Step.AGREE and for_ is None and against is None:
        for_, against = present, 0
    if for_ is not None or against is not None:
        for_, against = for_ or 0, against or 0
    return {"votes_for": for_, "votes_against": against}


def vote_faults(stage: Stage, decision: Decision) -> list[str]:
    """What the engine does not ask of 退回 and 不同意: that the votes can be cast, and that they do not say 同意."""
    if decision.step is Step.AGREE or decision.votes_for is None:
        return []
    cast = decision.votes_for + decision.votes_against
    if decision.present is not None and cast > decision.present:
        return [f"票数合计 {cast}，多于实到 {decision.present} 人。"]
    if decision.step is Step.REJECT and decision.votes_for * 2 > cast:
        return [f"同意票 {decision.votes_for} 过了半数，不能记为{stage.words.reject}。"]
    return []


# --- meetings of the same list ---------------------------------------------------------------------------------


def area_name(sitting: Sitting) -> str:
    group = sitting.group.name if sitting.group_id else (UNGROUPED_NAME if sitting.ungrouped else "")
    return f"{sitting.village.short_name} {group}".strip()


def seat_of(sitting: Sitting) -> Q:
    """Which saved panels sit for it: a group's go with the group when its village is merged away, a village's stay with its list."""
    return Q(group_id=sitting.group_id) if sitting.group_id else Q(village_id=sitting.village_id, group__isnull=True)


def same_list(sitting: Sitting):
    """Meetings of the same round, stage and area, 异议定案 left out: those are held over one household by name."""
    rows = Sitting.objects.filter(
        round_id=sitting.round_id, stage=sitting.stage, village_id=sitting.village_id, group_id=sitting.group_id,
        ungrouped=sitting.ungrouped,
    )  # fmt: skip
    return rows.exclude(kind=SittingKind.REVIEW)


def counts_of(opinions: Mapping[str, int], blocked: int, left: int) -> dict[str, int]:
    """`Sitting.counts`: households by answer, those another person must decide, those that stay where they were."""
    return {step.value: opinions.get(step.value, 0) for step in (Step.AGREE, Step.RETURN, Step.REJECT)} | {
        "blocked": blocked, "left": left,
    }  # fmt: skip


def closed_before(sitting: Sitting) -> int:
    """Highest number among the closed meetings of the same list; 0 when this is the first."""
    rows = same_list(sitting).filter(status=SittingStatus.CLOSED).order_by("-number")
    return rows.values_list("number", flat=True).first() or 0
