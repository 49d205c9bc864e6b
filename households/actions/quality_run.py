"""核对 of a whole area as a job: chunk by chunk, each a transaction that holds its households; killed, it is run again and comes to the
same (ruling 10). Two runs beside each other, or a run beside a save, follow each other household by household."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts import roles
from accounts.models import Assignment
from core.actions import Origin, acting
from core.errors import NotFound
from core.jobs import JobHandle, enqueue
from core.models import Job
from core.scope import Scope
from households.actions.doubt_store import Outcome, settle_households, settle_villages
from households.models import Doubt, DoubtDay, DoubtState, Household, QualityRun
from households.quality import rules
from households.quality_sources import brought_for
from households.selectors_doubts import PRESSING
from households.selectors_findings import findings_of
from households.selectors_quality import CountyRules, county_rules, village_views
from villages import dirty
from villages.models import County, Place, Township, Village

KIND = "quality"
CHUNK = 50  # on SQLite a chunk holds the one writer; households are held for a moment, not for a run
VILLAGE_CHUNK = 20
IMPORTED, RULES_CHANGED = "导入名册", "规则改动"
STANDING = (DoubtState.OPEN, DoubtState.KEPT)


@dataclass(slots=True)
class _Check:
    """A run on its way."""

    handle: JobHandle
    measured: CountyRules
    total: int = 0
    done: int = 0
    outcome: Outcome = field(default_factory=Outcome)

    def step(self, note: str) -> None:
        self.handle.progress(self.done, max(self.total, 1), note)


def request_check(*, scope: Scope, area: str, origin: Origin | None = None) -> Job:
    """Queue a check of a county, township or village where the caller has the right; one that waits already is not queued twice."""
    with acting(scope, "quality.request", origin) as act:
        place = area_to_check(scope, area)
        job = _live(place, scope.actor_id) or _queue(place, scope.actor_id, "")
        act.audit("quality", place.code, place=place, job=str(job.pk))
    return job


def area_to_check(scope: Scope, code: str) -> Place:
    """The place of that code where the caller may check; NotFound otherwise."""
    narrowed = scope.narrowed_to(roles.QUALITY_RUN)
    for model in (Village, Township, County):
        place = model.objects.visible_to(narrowed).filter(code=code).first()
        if place is not None:
            return place
    raise NotFound


def request_county(county: County, user_id: int, reason: str) -> Job:
    """A step of an action that changed the rules."""
    return _queue(county, user_id, reason)


def request_villages(county: County, village_ids: Sequence[int], user_id: int) -> Job:
    """A step of an import: the villages it touched are checked after it."""
    codes = sorted(Village.objects.filter(pk__in=village_ids).values_list("code", flat=True))
    params = {"county": county.code, "villages": codes, "reason": IMPORTED}
    return enqueue(KIND, title=f"核对疑点 {len(codes)} 个村", user_id=user_id, params=params)


def keep_up() -> int:
    """By the clock: the day's figures, and a run of each county whose rules are not those of its newest run. How many were queued."""
    queued = 0
    for county in County.objects.filter(pk__in=Household.objects.registered().order_by().values("county_id")):
        if not DoubtDay.objects.filter(county=county, day=timezone.localdate()).exists():
            with transaction.atomic():
                note_day(county, timezone.localdate())
        last = QualityRun.objects.filter(county=county, township=None, village=None).exclude(reason=IMPORTED).order_by("-at").first()
        officer = Assignment.objects.in_force(timezone.localdate()).filter(county=county, role=roles.COUNTY).order_by("pk").first()
        fresh = last is not None and last.rules_digest == county_rules(county.pk).digest
        if officer and not fresh and not _live(county):
            with transaction.atomic():
                _queue(county, officer.user_id, RULES_CHANGED)
            queued += 1
    return queued


def _queue(place: Place, user_id: int, reason: str) -> Job:
    name = getattr(place, "short_name", place.name)
    return enqueue(KIND, title=f"核对疑点 {name}", user_id=user_id, params={"area": place.code, "reason": reason})


def _live(place: Place, user_id: int | None = None) -> Job | None:
    rows = Job.objects.filter(kind=KIND, state__in=Job.LIVE, params__area=place.code, params__reason__in=("", RULES_CHANGED))
    return (rows.filter(requested_by_id=user_id) if user_id else rows).first()


def run_check(handle: JobHandle, scope: Scope) -> None:
    """The body of the job. The right is asked again: it is read when the work is done (trust 21)."""
    place, ids = _asked(handle, scope)
    check = _Check(handle, county_rules(place.county_id))
    homes = list(Household.objects.registered().filter(village_id__in=ids).order_by("pk").values_list("pk", flat=True))
    check.total = len(homes) + len(ids)
    for chunk in _chunks(homes, CHUNK):
        check.step("核对农户")
        _check_households(check, chunk)
    for chunk in _chunks(ids, VILLAGE_CHUNK):
        check.step("核对全村")
        _check_villages(check, chunk)
    with acting(scope, "quality.run") as act, handle.final() as result:
        _mend_closed(ids)
        note_day(County.objects.get(pk=place.county_id), timezone.localdate())
        run = _record(check, place, ids, len(homes), scope)
        result |= {"households": len(homes), "counts": run.counts}
        dirty.mark(act, ids)
        act.audit("quality", place.code, place=place, households=len(homes), counts=run.counts, digest=check.measured.digest)


def _asked(handle: JobHandle, scope: Scope) -> tuple[Place, list[int]]:
    """(place, its villages) of a run. That of an import holds the villages it touched, as far as the importer may check them."""
    if codes := handle.params.get("villages"):
        mine = Village.objects.visible_to(scope.narrowed_to(roles.QUALITY_RUN)).filter(code__in=codes, valid_to__isnull=True)
        return County.objects.get(code=handle.params["county"]), list(mine.values_list("pk", flat=True))
    place = area_to_check(scope, handle.params["area"])
    column = {County: "county_id", Township: "township_id", Village: "pk"}[type(place)]
    return place, list(Village.objects.filter(**{column: place.pk}, valid_to__isnull=True).values_list("pk", flat=True))


def _chunks(ids: Sequence[int], size: int) -> Iterator[list[int]]:
    yield from (list(ids[start : start + size]) for start in range(0, len(ids), size))


def _check_households(check: _Check, ids: Sequence[int]) -> None:
    of = ("self",) if connection.features.has_select_for_update_of else ()
    with transaction.atomic():
        rows = list(Household.objects.select_for_update(of=of, no_key=True).registered().filter(pk__in=ids).order_by("pk"))
        found = findings_of(rows, check.measured) + brought_for([row.pk for row in rows])
        check.outcome.add(settle_households(rows, found, timezone.now(), touch=True))
    check.done += len(ids)


def _check_villages(check: _Check, ids: Sequence[int]) -> None:
    today = timezone.localdate()
    with transaction.atomic():
        rows = list(Village.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
        views = village_views(rows, today)
        found = [
            (row, finding)
            for row in rows
            for finding in rules.check_village(views[row.pk], check.measured.limits, check.measured.severities, today.year)
        ]
        check.outcome.add(settle_villages(rows, found, timezone.now()))
    check.done += len(ids)


def _mend_closed(village_ids: Sequence[int]) -> None:
    """A household that was closed since its last check is asked nothing any more."""
    over = Doubt.objects.filter(village_id__in=village_ids, household__closed_on__isnull=False, state__in=STANDING)
    Doubt.objects.filter(pk__in=over.values("pk")).update(
        state=DoubtState.MENDED, closed_by=None, closed_at=timezone.now(), version=F("version") + 1
    )


def note_day(county: County, day: date) -> None:
    """The points of the trend for a day, of the whole county, errors and warnings; the last of the day stays. Two writers follow each
    other at the county."""
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    counted = Doubt.objects.filter(county=county, severity__in=PRESSING).order_by().values("township_id", "village_id", "rule").annotate(
        open=Count("pk", filter=Q(state=DoubtState.OPEN)), closed=Count("pk", filter=~Q(state=DoubtState.OPEN))
    )
    points = [DoubtDay(county=county, day=day, **row) for row in counted]
    DoubtDay.objects.filter(county=county, day=day).delete()
    DoubtDay.objects.bulk_create(points, batch_size=1000)


def _record(check: _Check, place: Place, village_ids: Sequence[int], households: int, scope: Scope) -> QualityRun:
    rows = Doubt.objects.filter(village_id__in=village_ids, state=DoubtState.OPEN).order_by().values_list("severity")
    return QualityRun.objects.create(
        county_id=place.county_id, township_id=None if isinstance(place, County) else place.township_id if isinstance(place, Village) else place.pk,
        village_id=place.pk if isinstance(place, Village) else None, job=check.handle.job, rules_digest=check.measured.digest,
        reason=check.handle.params.get("reason", ""), at=timezone.now(), households=households, counts=dict(rows.annotate(Count("pk"))),
        by_id=scope.actor_id,
    )  # fmt: skip
