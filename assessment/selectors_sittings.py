"""Meetings: what waits to be held, what is open, what has been held; each through the gate of its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from urllib.parse import urlencode

from django.db.models import Case as When_
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts import roles
from assessment.meeting import UNGROUPED_NAME, Missing
from assessment.missing_below import missing_below
from assessment.models import Case, Round, RoundStatus, Sitting, SittingStatus
from assessment.procedures import LADDER, Mode, Stage, procedure_of
from assessment.selectors import rounds
from assessment.selectors_steps import groups_of_list
from core.api.paging import Keyset
from core.errors import NotFound
from core.scope import Scope, area_condition
from villages.models import Village, VillagerGroup

QUEUE_CAP = 200
OPEN_FIRST = Keyset(("rank", "-id"))
UNGROUPED = "none"



@dataclass(frozen=True, slots=True)
class Waiting:
    """Households of one village (or one of its groups) that wait at a stage which is the caller's."""

    round: Round
    stage: Stage
    township_name: str
    village: Village
    group_code: str
    group_name: str
    count: int
    late: int
    blocked: int
    oldest: datetime
    takeover: bool
    behalf: str = ""
    """Name of whoever the caller stands in for there."""

    @property
    def deadline(self) -> date | None:
        return deadline_of(self.round, self.stage.code)

    @property
    def overdue(self) -> bool:
        return is_past(self.deadline)

    @property
    def url(self) -> str:
        query = {"round": self.round.code, "stage": self.stage.code, "village": self.village.code}
        return reverse("sitting_new") + "?" + urlencode(query | ({"group": self.group_code} if self.group_code else {}))


def deadline_of(round_: Round, stage: str) -> date | None:
    return parse_date(round_.stage_deadlines.get(stage) or "")


def is_past(deadline: date | None) -> bool:
    return deadline is not None and deadline < timezone.localdate()


def sitting_of(scope: Scope, uuid: object) -> Sitting:
    """The meeting in the caller's area; NotFound otherwise."""
    rows = Sitting.objects.visible_to(scope)
    found = rows.select_related("round__rubric", "county", "township", "village", "group", "opened_by", "closed_by", "delegation__principal").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


# --- what waits -----------------------------------------------------------------------------------------------


def waiting(scope: Scope, among: Iterable[Round]) -> list[Waiting]:
    """What the caller may hold a meeting about and nobody has opened yet; the nearest deadline first, then the oldest."""
    known = {round_.pk: round_ for round_ in among if round_.status == RoundStatus.OPEN}
    condition = _mine(scope, known)
    if condition is None:
        return []
    cases = _without_open_sitting(Case.objects.visible_to(scope).filter(condition, state="open"))
    rows = cases.order_by().values(
        "round_id", "stage", "county_id", "township_id", "village_id", "township__name", "village__code", "village__name", "group__code", "group__name", "group__number",
    ).annotate(
        n=Count("pk"), late=Count("pk", filter=Q(supplementary=True)), blocked=Count("pk", filter=Q(blocked_stage=F("stage"))),
        oldest=Min("stage_since"),
    )  # fmt: skip
    merged: dict[tuple, dict] = {}
    for row in rows:
        _merge(merged, row, procedure_of(known[row["round_id"]].procedure).by_code[row["stage"]])
    found = [_waiting(known[row["round_id"]], row, scope) for row in merged.values()]
    return sorted(found, key=lambda item: (item.deadline or date.max, item.village.code, item.stage.code, item.group_code))


def _mine(scope: Scope, known: Mapping[int, Round]) -> Q | None:
    """Cases at stages of the caller's level; of the level below only those that separation has blocked there (ruling 16)."""
    condition: Q | None = None
    for level, right in roles.SITTING_RIGHTS.items():
        area = area_condition(scope.grants_for(right), Case.SCOPE_COLUMNS)
        if area is None:
            continue
        place = LADDER.index(level)
        for round_ in known.values():
            stages = [stage for stage in procedure_of(round_.procedure).stages if stage.mode is Mode.SITTING]
            own = Q(stage__in=[stage.code for stage in stages if stage.level == level])
            below = Q(stage__in=[stage.code for stage in stages if place and stage.level == LADDER[place - 1]], blocked_stage=F("stage"))
            part = area & Q(round=round_) & (own | below)
            condition = part if condition is None else condition | part
    return condition


def _without_open_sitting(cases: QuerySet[Case]) -> QuerySet[Case]:
    same = {name: OuterRef(name) for name in ("round", "stage", "village")}
    open_ones = Sitting.objects.filter(status=SittingStatus.OPEN, **same)
    whole = Q(group=OuterRef("group")) | Q(group__isnull=True, ungrouped=False)
    cases = cases.exclude(Exists(open_ones.filter(whole)))
    return cases.exclude(Q(group__isnull=True) & Exists(open_ones.filter(ungrouped=True)))


def _merge(merged: dict[tuple, dict], row: dict, stage: Stage) -> None:
    """Groups of a village are one line where the stage meets for the whole village."""
    group = row["group__code"] if stage.per_group else None
    key = (row["round_id"], row["stage"], row["village__code"], group)
    if key not in merged:
        merged[key] = row | {"per_group": stage.per_group}
        return
    old = merged[key]
    old["oldest"] = min(old["oldest"], row["oldest"])
    for name in ("n", "late", "blocked"):
        old[name] += row[name]


def _waiting(round_: Round, row: dict, scope: Scope) -> Waiting:
    stage = procedure_of(round_.procedure).by_code[row["stage"]]
    code, name = "", ""
    if row["per_group"]:
        code, name = row["group__code"] or UNGROUPED, row["group__name"] or UNGROUPED_NAME
    village = Village(code=row["village__code"], name=row["village__name"])
    place = SimpleNamespace(**{name: row[name] for name in ("county_id", "township_id", "village_id")})
    takeover = not scope.may(roles.SITTING_RIGHTS[stage.level], place)
    return Waiting(
        round_, stage, row["township__name"], village, code, name, row["n"], row["late"], row["blocked"], row["oldest"], takeover,
        behalf.name if (behalf := scope.behalf(roles.SITTING_RIGHTS[stage.level], place)) else "",
    )  # fmt: skip


# --- meetings -------------------------------------------------------------------------------------------------


def sittings(scope: Scope) -> QuerySet[Sitting]:
    """With what a line shows; `rank` puts those that are open first."""
    rank = When_(When(status=SittingStatus.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Sitting.objects.visible_to(scope).annotate(rank=rank).select_related("round", "township", "village", "group", "closed_by", "delegation__principal")


# --- a meeting about to be opened -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a meeting would be about, shown before it is opened."""

    round: Round
    stage: Stage
    village: Village
    group: VillagerGroup | None
    ungrouped: bool
    tiers: Mapping[str, int]
    late: int
    blocked: int
    oldest: datetime | None
    missing: Missing
    open_one: Sitting | None

    @property
    def count(self) -> int:
        return sum(self.tiers.values())

    @property
    def area_name(self) -> str:
        if self.group or self.ungrouped:
            return f"{self.village.short_name} {self.group.name if self.group else UNGROUPED_NAME}"
        return self.village.short_name


def proposed(scope: Scope, *, round_code: str, stage_code: str, village_code: str, group_code: str = "") -> Proposed:
    """NotFound for a round, stage, village or group that is not there or not in the caller's area."""
    round_ = rounds(scope).filter(code=round_code).first()
    village = Village.objects.visible_to(scope).select_related("county", "township").filter(code=village_code).first()
    stage = procedure_of(round_.procedure).by_code.get(stage_code) if round_ else None
    if round_ is None or village is None or stage is None or stage.mode is not Mode.SITTING or bool(group_code) != stage.per_group:
        raise NotFound
    ungrouped = group_code == UNGROUPED
    named = VillagerGroup.objects.filter(groups_of_list(village), code=group_code)
    group = named.first() if group_code and not ungrouped else None
    if group_code and not ungrouped and group is None:
        raise NotFound
    area = Q(group=group) if stage.per_group else Q()
    cases = Case.objects.visible_to(scope).filter(area, round=round_, village=village, stage=stage.code, state="open")
    facts = cases.order_by().aggregate(
        late=Count("pk", filter=Q(supplementary=True)), blocked=Count("pk", filter=Q(blocked_stage=F("stage"))), oldest=Min("stage_since")
    )
    tiers = dict(cases.order_by().values_list("survey__score__tier").annotate(Count("pk")))
    mine = Sitting.objects.visible_to(scope).filter(round=round_, stage=stage.code, village=village, status=SittingStatus.OPEN)
    mine = mine.filter(group=group, ungrouped=ungrouped)
    missing = missing_below(round_, stage, village)
    return Proposed(round_, stage, village, group, ungrouped, tiers, missing=missing, open_one=mine.first(), **facts)


def may_open(scope: Scope, plan: Proposed) -> bool:
    """The stage's own level; the next one up only for households that separation has blocked (ruling 16)."""
    place = SimpleNamespace(county_id=plan.village.county_id, township_id=plan.village.township_id, village_id=plan.village.pk)
    if scope.may(roles.SITTING_RIGHTS[plan.stage.level], place):
        return True
    above = LADDER.index(plan.stage.level) + 1
    return bool(plan.blocked) and above < len(LADDER) and scope.may(roles.SITTING_RIGHTS[LADDER[above]], place)
