"""Writes of reports: stored figures, and the jobs that compute them or make files (rulings 8, 10, 24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core import bulk
from core.actions import Act, Origin, acting
from core.errors import Denied, NotFound
from core.jobs import JobHandle, enqueue
from core.models import Job
from core.scope import Grant, Scope
from reports.catalog import CATALOG_VERSION
from reports.models import Tally, TallyState
from reports.rollup import SOURCES, Area, Figures, Key, base_figures
from villages.models import DirtyMark, Village
from villages.selectors import heirs

FULL_PASS_ABOVE = 0.3
"""Above this share of dirty villages one pass over the county is cheaper than naming them (speed.md)."""
_STEPS = len(SOURCES) + 1


@dataclass(frozen=True, slots=True)
class RollUp:
    """What a roll-up did."""

    round_code: str
    villages: int
    recomputed: int
    full: bool

    def as_result(self) -> dict[str, object]:
        return {"round": self.round_code, "villages": self.villages, "recomputed": self.recomputed, "full": self.full}


def roll_up(
    *,
    scope: Scope,
    round_code: str,
    villages: Sequence[str] | None = None,
    full: bool = False,
    origin: Origin | None = None,
    job: JobHandle | None = None,
) -> RollUp:
    """Bring stored figures up to date: villages whose dirty counter or catalogue has moved, or all with `full`.

    `villages` limits it to these village codes; a code outside the caller's area is NotFound. Figures, their state and the end of the
    job are written in one transaction.
    """
    round_ = find_round(scope, round_code)
    wanted = _candidates(scope, round_, villages)
    marks = dict(
        DirtyMark.objects.filter(village_id__in=wanted).values_list("village_id", "n")
    )  # before the data (ruling 24)
    seen = {pk: marks.get(pk, 0) for pk in wanted}
    dirty = wanted if full else sorted(_families(_stale(round_, seen)))
    done = RollUp(round_.code, len(wanted), len(dirty), full)
    step = _stepper(job)
    figures = base_figures(round_, _area(round_, wanted, dirty), step) if dirty else {}
    step("保存汇总结果")
    with acting(scope, "table.roll_up", origin) as act, _final(job, done):
        _store(round_, dirty, seen, figures)
        _audit(act, round_, done)
    return done


def stale_villages(round_: Round, village_ids: Sequence[int]) -> list[int]:
    """Villages of these whose stored figures are missing or older than the last change, there or in a village merged into them."""
    into, asked = heirs(), set(village_ids)
    wanted = asked | {old for old, new in into.items() if new in asked}
    marks = dict(DirtyMark.objects.filter(village_id__in=wanted).values_list("village_id", "n"))
    stale = _stale(round_, {pk: marks.get(pk, 0) for pk in wanted})
    return sorted({into.get(pk, pk) if into.get(pk) in asked else pk for pk in stale} & asked)


def find_round(scope: Scope, code: str) -> Round:
    round_ = Round.objects.visible_to(scope).select_related("county", "rubric").filter(code=code).first()
    if round_ is None:
        raise NotFound
    return round_


def request_roll_up(*, scope: Scope, round_code: str, full: bool = False, origin: Origin | None = None) -> Job:
    """Queue a roll-up of everything in the caller's area."""
    with acting(scope, "table.request_roll_up", origin) as act:
        if not scope.has(roles.TABLE_BUILD):
            raise Denied
        round_ = find_round(scope, round_code)
        job = enqueue(
            "rollup", title=f"汇总 {round_.name}", user_id=scope.actor_id, params={"round": round_.code, "full": full}
        )
        act.audit("round", round_.code, place=round_.county, job=str(job.pk), full=full)
    return job


def _candidates(scope: Scope, round_: Round, codes: Sequence[str] | None) -> list[int]:
    if not scope.has(roles.TABLE_BUILD):
        raise Denied
    rows = Village.objects.visible_to(scope.narrowed_to(roles.TABLE_BUILD)).filter(county_id=round_.county_id)
    if codes:
        rows = rows.filter(code__in=codes)
        if rows.count() != len(set(codes)):
            raise NotFound
    return sorted(_families(rows.values_list("pk", flat=True)))


def _families(village_ids: Iterable[int]) -> set[int]:
    """The villages, where those merged away are counted today, and all that are counted there: their figures move together."""
    into = heirs()
    today = {into.get(pk, pk) for pk in village_ids}
    return today | {old for old, new in into.items() if new in today}


def _stale(round_: Round, seen: dict[int, int]) -> set[int]:
    states = TallyState.objects.filter(round=round_, village_id__in=seen, catalog_version=CATALOG_VERSION)
    computed = dict(states.values_list("village_id", "n"))
    return {pk for pk, n in seen.items() if computed.get(pk) != n}


def _area(round_: Round, wanted: Sequence[int], dirty: Sequence[int]) -> Area:
    """The whole county in one pass when many of its villages are dirty; figures of clean ones are then thrown away."""
    county = Village.objects.filter(county_id=round_.county_id).count()
    whole = len(wanted) == county and len(dirty) > FULL_PASS_ABOVE * county
    return Area(round_.county_id, None if whole else tuple(dirty), heirs())


def _store(round_: Round, dirty: Sequence[int], seen: dict[int, int], figures: dict[Key, Figures]) -> None:
    """Replace the rows of the dirty villages. The round's row is locked so that two roll-ups follow each other, but weakly: a form
    that refers to the round is not held up."""
    Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    places = dict(Village.objects.filter(pk__in=dirty).values_list("pk", "township_id"))
    Tally.objects.filter(round=round_, village_id__in=dirty).delete()
    TallyState.objects.filter(round=round_, village_id__in=dirty).delete()
    rows = [
        Tally(
            round=round_,
            county_id=round_.county_id,
            township_id=places[village],
            village_id=village,
            group_id=group,
            values=values,
        )
        for (village, group), values in sorted(figures.items(), key=lambda item: (item[0][0], item[0][1] or 0))
        if village in places
    ]
    bulk.insert(Tally, rows)
    now = timezone.now()
    states = [
        TallyState(round=round_, village_id=pk, n=seen[pk], catalog_version=CATALOG_VERSION, computed_at=now)
        for pk in sorted(dirty)
    ]
    bulk.insert(TallyState, states)


def _audit(act: Act, round_: Round, done: RollUp) -> None:
    act.audit(
        "round", round_.code, place=round_.county, villages=done.villages, recomputed=done.recomputed, full=done.full
    )


def _final(job: JobHandle | None, done: RollUp):
    return nullcontext() if job is None else job.final(done.as_result())


def _stepper(job: JobHandle | None) -> Callable[[str], None]:
    taken = iter(range(_STEPS))

    def step(note: str) -> None:
        if job is not None:
            job.progress(next(taken), _STEPS, note)

    return step


def system_scope(round_: Round) -> Scope:
    """The caller of `manage.py rollup`: the machine itself, in the round's county, with this one right."""
    grant = Grant("system", county_id=round_.county_id)
    return Scope(
        actor_label="命令行",
        login="command",
        rows=(grant,),
        rights={roles.TABLE_BUILD: (grant,), roles.TABLE_VIEW: (grant,)},
    )
