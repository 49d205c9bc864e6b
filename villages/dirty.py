"""Dirty marks of villages: bumped among the last statements of every action that can move a figure (ruling 24)."""

from collections.abc import Iterable

from django.db.models import F

from core.actions import Act
from villages.models import DirtyMark, Village


def mark(act: Act, village_ids: Iterable[int]) -> None:
    """Bump the counters of the villages when the action ends, in sorted order so that two actions never lock crosswise."""
    wanted = sorted({pk for pk in village_ids if pk is not None})
    if wanted:
        act.at_end(lambda: _bump(wanted))


def mark_county(act: Act, county_id: int) -> None:
    """Population, merges and catalogue changes touch every village."""
    mark(act, Village.objects.filter(county_id=county_id).values_list("pk", flat=True))


def _bump(village_ids: list[int]) -> None:
    marks = [DirtyMark(village_id=pk, n=0) for pk in village_ids]
    DirtyMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=500)
    locked = list(DirtyMark.objects.select_for_update().filter(pk__in=village_ids).order_by("pk").values_list("pk", flat=True))
    DirtyMark.objects.filter(pk__in=locked).update(n=F("n") + 1)
