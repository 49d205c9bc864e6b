"""撤并村 as its page shows it: what would move, what stands in the way, what has been merged and what undoing would leave behind. Reads only."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts import roles
from accounts.models import ApiToken, Assignment
from assessment.models import Case, Notice, Objection, Panel, Sitting, SittingStatus, Survey, SurveyStatus
from assessment.models.cases import LIVE
from assessment.procedures import procedure_of
from assessment.selectors_rounds import PENDING_NOTICES
from core.models import Job
from core.scope import Scope
from households.models import Household, ImportRun, Transfer, TransferState
from villages.models import RegisteredPopulation, Village, VillageMerge, VillagerGroup
from villages.selectors import gone_words

LONGEST_NAME = 64
TITLES = {
    "households": "户", "persons": "人", "closed": "已销户的档案", "groups": "村民小组", "posts": "岗位", "tokens": "接口令牌", "panels": "评议小组",
    "drafts": "没有提交的评估表", "transfers": "等答复的转户、迁移申请", "cases": "没有办结的评议户", "meetings": "没有结束的会议", "notices": "没有办结的公示", "objections": "没有办结的异议",
}  # fmt: skip
IN_ANY_ORDER = ("quality", "rollup")
"""Jobs that may run beside a merge: they look at each village or household under its lock, and the marks of a merge make them run again."""
KEEP_PLACE = ("cases", "meetings", "notices", "objections")
"""What keeps the old village until it is done (ruling 2); the others go along."""


@dataclass(frozen=True, slots=True)
class GroupMove:
    """A group as it is called and numbered in its old village, and in the new one. Its code stays (ruling 2)."""

    pk: int
    code: str
    number: int
    name: str
    new_number: int
    new_name: str


@dataclass(frozen=True, slots=True)
class Year:
    """Registered households and persons of a year: what goes along, what is there, and both together."""

    year: int
    moving: tuple[int, int]
    there: tuple[int, int]

    @property
    def together(self) -> tuple[int, int]:
        return self.moving[0] + self.there[0], self.moving[1] + self.there[1]


@dataclass(frozen=True, slots=True)
class Plan:
    """A dry run. `digest` is over everything shown: what is confirmed is what was read."""

    source: Village
    target: Village
    counts: Mapping[str, int]
    groups: tuple[GroupMove, ...]
    years: tuple[Year, ...]
    stages: tuple[tuple[str, int], ...]
    obstacles: tuple[str, ...]

    @property
    def digest(self) -> str:
        shown = {
            "from": self.source.code, "to": self.target.code, "counts": dict(self.counts), "groups": [asdict(one) for one in self.groups],
            "years": [asdict(one) for one in self.years], "stages": self.stages, "obstacles": self.obstacles,
        }  # fmt: skip
        return hashlib.sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def moving(self) -> list[tuple[str, int]]:
        return [(title, self.counts[name]) for name, title in TITLES.items() if name not in KEEP_PLACE]

    @property
    def staying(self) -> list[tuple[str, int]]:
        return [(title, self.counts[name]) for name, title in TITLES.items() if name in KEEP_PLACE]


def mergeable(scope: Scope) -> QuerySet[Village]:
    """Villages of today in the counties whose places the caller keeps."""
    rows = Village.objects.visible_to(scope.narrowed_to(roles.COUNTY_SETTINGS)).filter(valid_to__isnull=True)
    return rows.select_related("township").order_by("code")


def merges(scope: Scope) -> QuerySet[VillageMerge]:
    rows = VillageMerge.objects.visible_to(scope.narrowed_to(roles.COUNTY_SETTINGS))
    return rows.select_related("source", "target", "township", "by", "undone_by")


def plan_of(source: Village, target: Village) -> Plan:
    """What merging `source` into `target` would do now; some twenty queries, whatever the size."""
    here = Household.objects.filter(village=source)
    live = here.registered().aggregate(households=Count("pk"), persons=Sum("persons"))
    groups = tuple(_renamed(source, target))
    counts = {
        "households": live["households"], "persons": live["persons"] or 0, "closed": here.filter(closed_on__isnull=False).count(), "groups": len(groups),
        "posts": posts_of(source).count(), "tokens": tokens_of(source).count(), "panels": Panel.objects.filter(group__village=source).count(),
        "drafts": Survey.objects.filter(household__village=source, status=SurveyStatus.DRAFT).count(),
        "transfers": transfers_of(source).count(),
        "cases": Case.objects.live().filter(village=source).count(),
        "meetings": Sitting.objects.filter(village=source, status=SittingStatus.OPEN).count(),
        "notices": Notice.objects.filter(village=source, status__in=PENDING_NOTICES).count(),
        "objections": Objection.objects.filter(village=source).open().count(),
    }  # fmt: skip
    return Plan(source, target, counts, groups, tuple(_years(source, target)), tuple(_stages(source)), tuple(_obstacles(source, target)))


def posts_of(village: Village) -> QuerySet[Assignment]:
    """Posts in the village that have not ended, proposals and those to come among them."""
    return Assignment.objects.filter(village=village).filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))


def transfers_of(village: Village) -> QuerySet[Transfer]:
    """Requests that wait for an answer, the village on either side."""
    return Transfer.objects.filter(Q(village=village) | Q(other_village=village), state=TransferState.ASKED)


def tokens_of(village: Village) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(village=village, revoked_at__isnull=True)


def _renamed(source: Village, target: Village) -> Iterable[GroupMove]:
    """Groups go with their rows, so that every frozen form, meeting and seal still names the group it named. A taken number or name gives way."""
    taken = list(VillagerGroup.objects.filter(village=target).values_list("number", "name"))
    numbers, names = {number for number, _ in taken}, {name for _, name in taken}
    following = max(numbers, default=0)
    for group in VillagerGroup.objects.filter(village=source).order_by("number"):
        number, name = group.number, group.name
        if number in numbers:
            following += 1
            number = following
        if name in names:
            tail = f"（原{source.short_name}）"
            name = next(one for one in _names(group.name[: LONGEST_NAME - len(tail) - 2], tail) if one not in names)
        numbers.add(number)
        names.add(name)
        following = max(following, number)
        yield GroupMove(group.pk, group.code, group.number, group.name, number, name)


def _names(name: str, tail: str) -> Iterable[str]:
    yield f"{name}{tail}"
    yield from (f"{name}{tail}{number}" for number in range(2, 99))


def _years(source: Village, target: Village) -> Iterable[Year]:
    found: dict[int, dict[int, tuple[int, int]]] = {}
    rows = RegisteredPopulation.objects.filter(village__in=(source, target)).order_by("year").values_list("year", "village_id")
    for year, village, homes, persons in rows.annotate(homes=Sum("households"), people=Sum("persons")):
        found.setdefault(year, {})[village] = (homes, persons)
    return [Year(year, one.get(source.pk, (0, 0)), one.get(target.pk, (0, 0))) for year, one in found.items()]


def _stages(source: Village) -> Iterable[tuple[str, int]]:
    rows = Case.objects.live().filter(village=source).order_by("round__code", "stage")
    rows = rows.values_list("round__name", "round__procedure", "stage").annotate(n=Count("pk"))
    return [(f"{name} {procedure_of(procedure).by_code[stage].name}", n) for name, procedure, stage, n in rows]


def _obstacles(source: Village, target: Village) -> Iterable[str]:
    if source.pk == target.pk:
        return ["请选两个不同的村。"]
    if words := [gone_words(village) for village in (source, target) if village.valid_to]:
        return words
    if source.township_id != target.township_id:
        return [f"{source.short_name}和{target.short_name}不在同一个乡镇，不能直接并村：乡镇也要变的，先办乡镇的撤并。"]
    found = []
    if runs := ImportRun.objects.filter(county_id=source.county_id, job__state__in=Job.LIVE).count():
        found.append(f"本县有 {runs} 次名册导入正在处理，请等它办完，或先取消。")
    codes = {source.code, target.code}
    jobs = Job.objects.filter(state__in=Job.LIVE).exclude(kind__in=IN_ANY_ORDER)
    titles = [job.title for job in jobs if codes & set(_texts(job.params))]
    if titles:
        found.append(f"这两个村有正在处理的事：{'、'.join(titles[:5])}。请等它办完。")
    between = Q(village=source, other_village=target) | Q(village=target, other_village=source)
    if asked := transfers_of(source).filter(between).count():
        found.append(f"这两个村之间有 {asked} 份转户、迁移申请在等答复，请先答复或撤回。")
    return found


def _texts(value: object) -> Iterable[str]:
    """Every text in the parameters of a job."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


# --- undoing ---------------------------------------------------------------------------------------------------


def why_not_undone(merge: VillageMerge) -> list[str]:
    """Chinese reasons against undoing; [] when it may be undone."""
    if merge.undone_at:
        return ["这次撤并已经撤销。"]
    both = (merge.source_id, merge.target_id)
    later = VillageMerge.objects.filter(Q(source__in=both) | Q(target__in=both), undone_at__isnull=True, at__gte=merge.at).exclude(pk=merge.pk)
    if later.exists():
        return ["这两个村后来又有撤并，请先撤销后来的一次。"]
    ours = Q(household__in=merge.moved["households"]) | Q(group__in=[pk for pk, *_ in merge.moved["groups"]])
    begun = Case.objects.filter(ours, village=merge.target_id, state__in=LIVE, opened_at__gte=merge.at)
    if number := begun.count():
        return [f"并入的户有 {number} 户已列入{merge.target.short_name}的名单，没有办结，不能撤销。"]
    return []


def homes_to_return(merge: VillageMerge) -> QuerySet[Household]:
    """Households that still sit where the merge put them: in the village, and in a group that came along or in none."""
    groups = [pk for pk, *_ in merge.moved["groups"]]
    rows = Household.objects.filter(pk__in=merge.moved["households"], village=merge.target)
    return rows.filter(Q(group__in=groups) | Q(group__isnull=True))


def homes_that_stay(merge: VillageMerge) -> list[str]:
    """Codes of the households that undoing leaves in the other village: moved on since, or registered since in a group that goes back."""
    groups = [pk for pk, *_ in merge.moved["groups"]]
    back = homes_to_return(merge).values("pk")
    gone_on = Household.objects.filter(pk__in=merge.moved["households"]).exclude(pk__in=back)
    new = Household.objects.filter(village=merge.target, group__in=groups).exclude(pk__in=merge.moved["households"])
    return sorted({*gone_on.values_list("code", flat=True), *new.values_list("code", flat=True)})


def moved_count(merge: VillageMerge) -> Sequence[tuple[str, int]]:
    return [(TITLES[name], number) for name, number in merge.counts.items() if name in TITLES and number]
