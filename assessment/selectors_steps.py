"""The next step of each list for this caller: which meeting to hold, which notice to start, or who must do it (issue 3.1, 3.7)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts import roles
from assessment.models import Case, Notice, NoticeStatus, Round, RoundStatus, Sitting, SittingStatus
from assessment.procedures import LADDER, LEVEL_NAMES, Level, Mode, Procedure, Stage, procedure_of
from assessment.selectors_rounds import Figure, Progress, StageSum, add_up, due_of
from core.scope import Scope
from villages.models import Village, VillagerGroup

UNGROUPED = "未分组"
GROUPS_NAMED = 4


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do for a village or group. `why` is empty when the caller may do it, else it says who does."""

    stage: Stage
    village: Village
    group_name: str
    words: str
    number: int
    since: datetime | None
    due: date | None
    url: str = ""
    why: str = ""
    note: str = ""
    begun: bool = False

    @property
    def ok(self) -> bool:
        return not self.why

    @property
    def place(self) -> str:
        return f"{self.village.short_name} {self.group_name}".strip()


@dataclass(frozen=True, slots=True)
class Ground:
    """What the steps are read from; the same few rows for one village or a whole county."""

    scope: Scope
    round: Round
    villages: Sequence[Village]
    groups: dict[int, VillagerGroup]
    cases: Sequence[Figure]
    sittings: Sequence[Sitting]
    notices: Sequence[Notice]

    @property
    def procedure(self) -> Procedure:
        return procedure_of(self.round.procedure)


def open_sittings(scope: Scope, round_: Round, **place) -> list[Sitting]:
    return list(Sitting.objects.visible_to(scope).filter(round=round_, status=SittingStatus.OPEN, **place))


def groups_by_id(scope: Scope, village: Village | None = None) -> dict[int, VillagerGroup]:
    """Groups of the caller's area, or of one village: a merged one's are those of its list, wherever they are today (ruling 2)."""
    rows = VillagerGroup.objects.visible_to(scope)
    rows = rows if village is None else rows.filter(groups_of_list(village))
    return {group.pk: group for group in rows.only("code", "name", "number", "village_id", "valid_to")}


def groups_of_list(village: Village) -> Q:
    """Groups that a list of the village may name: its own, and of a village merged away those that its cases have frozen."""
    own = Q(village=village)
    return own | Q(pk__in=Case.objects.filter(village=village).values("group_id")) if village.merged_into_id else own


def next_steps(ground: Ground) -> list[NextStep]:
    """Every step that some list waits for, in the order of villages, stages and groups."""
    by_village = add_up(ground.procedure, (), ground.cases, lambda row: row.village)
    by_group: dict[int, dict[int | None, Progress]] = defaultdict(dict)
    for (village, group), progress in add_up(
        ground.procedure, (), ground.cases, lambda row: (row.village, row.group)
    ).items():
        by_group[village][group] = progress
    steps: list[NextStep] = []
    for village in ground.villages:
        for stage in ground.procedure.stages:
            found = _steps_of(ground, village, stage, by_village[village.pk], by_group[village.pk])
            if found and stage.level is Level.COUNTY and stage.mode is Mode.SITTING:
                found = [replace(step, note="；".join(filter(None, (_below(ground, village, stage, by_village), step.note)))) for step in found]
            steps += found
    return steps


def _below(ground: Ground, village: Village, stage: Stage, by_village: dict[int, Progress]) -> str:
    """Other villages of the township that have not come as far: the county decides before them only for a reason."""
    earlier = [one.code for one in ground.procedure.before(stage.code)]
    others = (one for one in ground.villages if one.township_id == village.township_id and one.pk != village.pk)
    late = sum(any(by_village[one.pk].stages[code].waiting for code in earlier) for one in others)
    return f"本乡镇还有 {late} 个村没到{stage.name}，不等齐就办须写明原因" if late else ""


def _steps_of(
    ground: Ground, village: Village, stage: Stage, whole: Progress, groups: dict[int | None, Progress]
) -> list[NextStep]:
    if stage.mode is Mode.NOTICE:
        return _notice_steps(ground, village, stage, whole.stages[stage.code])
    if not stage.per_group:
        at = whole.stages[stage.code]
        return [_meeting(ground, village, stage, None, at, _missing(ground, stage, groups))] if _undecided(at) else []
    order = sorted(groups, key=lambda pk: (pk is None, ground.groups[pk].number if pk in ground.groups else 0))
    waiting = [(pk, groups[pk].stages[stage.code]) for pk in order]
    return [_meeting(ground, village, stage, pk, at, "", per_group=True) for pk, at in waiting if _undecided(at)]


def _undecided(at: StageSum) -> int:
    """Households held by an objection wait for its outcome, not for a meeting."""
    return at.waiting - at.held


def _meeting(
    ground: Ground,
    village: Village,
    stage: Stage,
    group: int | None,
    at: StageSum,
    note: str,
    *,
    per_group: bool = False,
) -> NextStep:
    row = ground.groups.get(group) if group else None
    name = (row.name if row else UNGROUPED) if per_group else ""
    begun = _open_meeting(ground, village, stage, group, per_group=per_group)
    number = _undecided(at)
    verb = f"继续{stage.name}" if begun else f"{_verb(stage)}{stage.name}"
    query = {"round": ground.round.code, "stage": stage.code, "village": village.code}
    if per_group:
        query["group"] = row.code if row else "none"
    blocked = f"{at.blocked} 户须由他人决定" if at.blocked else ""
    return NextStep(
        stage, village, name, " ".join(filter(None, (verb, name, f"{number} 户"))), number, at.oldest,
        due_of(ground.round, stage, at.oldest, at.opened),
        url=address("sitting", str(begun.uuid)) if begun else address("sitting_new") + "?" + urlencode(query),
        why=_why_not(ground, stage, village, roles.SITTING_RIGHTS[stage.level], at),
        note="；".join(filter(None, (note, blocked))), begun=begun is not None,
    )  # fmt: skip


def _verb(stage: Stage) -> str:
    return "开" if stage.votes else "办"


def _open_meeting(
    ground: Ground, village: Village, stage: Stage, group: int | None, *, per_group: bool
) -> Sitting | None:
    for sitting in ground.sittings:
        alike = sitting.village_id == village.pk and sitting.stage == stage.code and sitting.group_id == group
        if alike and sitting.ungrouped == (per_group and group is None):
            return sitting
    return None


def _missing(ground: Ground, stage: Stage, groups: dict[int | None, Progress]) -> str:
    """Groups that are still at an earlier stage; the village may go on without them for a reason (ruling 17)."""
    if not stage.waits_for_whole_village:
        return ""
    earlier = [one.code for one in ground.procedure.before(stage.code)]
    late = {pk: sum(progress.stages[code].waiting for code in earlier) for pk, progress in groups.items()}
    late = {pk: number for pk, number in late.items() if number}
    if not late:
        return ""
    names = [
        ground.groups[pk].name if pk in ground.groups else UNGROUPED for pk in sorted(late, key=lambda pk: pk or 0)
    ]
    named = "、".join(names[:GROUPS_NAMED]) + (f" 等 {len(names)} 个组" if len(names) > GROUPS_NAMED else "")
    return f"{named}还有 {sum(late.values())} 户没到{stage.name}，不等齐就开须写明原因"


def _why_not(ground: Ground, stage: Stage, village: Village, right: str, at: StageSum | None = None) -> str:
    """Why this caller may not do it; households that separation blocks may also be decided one level up (ruling 16)."""
    if ground.round.status != RoundStatus.OPEN:
        return f"{ground.round.name}已经结束。"
    if ground.scope.may(right, village):
        return ""
    position = LADDER.index(stage.level) + 1
    if (
        at
        and at.blocked
        and position < len(LADDER)
        and ground.scope.may(roles.SITTING_RIGHTS[LADDER[position]], village)
    ):
        return ""
    return f"{stage.name}由{_office(right, stage)}办理。"


def _office(right: str, stage: Stage) -> str:
    labels = [label for role, label in roles.ROLE_LABELS.items() if role in roles.RIGHTS[right]]
    return "、".join(labels) or LEVEL_NAMES[stage.level]


def _notice_steps(ground: Ground, village: Village, stage: Stage, at: StageSum) -> list[NextStep]:
    steps = [
        _posting(ground, notice, stage)
        for notice in ground.notices
        if notice.village_id == village.pk and notice.stage == stage.code
    ]
    if not at.unposted:
        return steps
    query = {"round": ground.round.code, "stage": stage.code, "village": village.code}
    start = NextStep(
        stage, village, "", f"发起{stage.name} {at.unposted} 户", at.unposted, at.oldest, due_of(ground.round, stage, at.oldest, at.opened),
        url=address("notice_new") + "?" + urlencode(query), why=_why_not(ground, stage, village, roles.NOTICE_STARTS[stage.level]),
    )  # fmt: skip
    return [*steps, start]


def _posting(ground: Ground, notice: Notice, stage: Stage) -> NextStep:
    """A notice that is to be put up, or hangs and runs."""
    url, due = address("notice", str(notice.uuid)), due_of(ground.round, stage, notice.started_at)
    if notice.status == NoticeStatus.PREPARING:
        left = notice.sheet_count - notice.posted_count
        why = _why_not(ground, stage, notice.village, roles.NOTICE_POSTS[stage.notice.where])
        return NextStep(
            stage,
            notice.village,
            "",
            f"张贴{stage.name} {left} 个组" if stage.per_group else f"张贴{stage.name}",
            left,
            notice.started_at,
            due,
            url,
            why,
            begun=True,
        )
    return NextStep(
        stage, notice.village, "", f"{stage.name}中", notice.sheet_count, notice.opened_at, due, url,
        why="公示期满后由系统办结。", note="期满自动办结", begun=True,
    )  # fmt: skip


def address(name: str, *args: str) -> str:
    """A page of a neighbouring subject; "" as long as it is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def by_stage(steps: Iterable[NextStep]) -> dict[str, list[NextStep]]:
    found: dict[str, list[NextStep]] = defaultdict(list)
    for step in steps:
        found[step.stage.code].append(step)
    return found
