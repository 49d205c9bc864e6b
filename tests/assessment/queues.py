"""逐户排队 for tests: sheets and a line through the actions, as the pages do it."""

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.actions.ranking import choose_way, draw_line, save_sheet
from assessment.actions.sitting_steps import place_in, waiting
from assessment.models import Case, Ranking, RankingSheet, Sitting
from assessment.ranked_list import RankedList, ranked_list
from assessment.ranking_entry import SheetEntry


def listed(sitting: Sitting) -> list[Case]:
    return list(waiting(sitting).select_related("household", "survey__score", "score").order_by("household__code"))


def found(sitting: Sitting) -> RankedList:
    sitting = Sitting.objects.select_related("round", "village", "group").get(pk=sitting.pk)
    return ranked_list(place_in(sitting)[1], sitting, listed(sitting))


def sheet(scope: Any, sitting: Sitting, scorer: str, places: Sequence[int | None] | Mapping[str, int], *, version: int | None = None, **more: Any) -> RankingSheet:
    """`places`: of the households by their number, None for one that has none yet."""
    if not isinstance(places, Mapping):
        places = {str(case.uuid): place for case, place in zip(listed(sitting), places, strict=False) if place is not None}
    stored = RankingSheet.objects.filter(sitting=sitting, scorer=scorer).first()
    known = (stored.version if stored else 0) if version is None else version
    names = {name: more.pop(name) for name in ("stepped_back", "namesakes", "mark") if name in more}
    return save_sheet(scope=scope, sitting=str(sitting.uuid), scorer=scorer, version=known, entry=SheetEntry(places, **names), **more)


def line(scope: Any, sitting: Sitting, taken: int, **more: Any) -> Ranking:
    return draw_line(scope=scope, sitting=str(sitting.uuid), taken=taken, **({"mark": found(sitting).queue.mark} | more))


def rank_by_score(scope: Any, sitting: Sitting) -> None:
    """The panel as one ranks by points and takes those whom the score calls poor: nobody contradicts the score."""
    cases = listed(sitting)
    if len(cases) < 2 or Ranking.objects.filter(sitting=sitting).exists():
        return
    ordered = sorted(cases, key=lambda case: -case.survey.score.points)
    choose_way(scope=scope, sitting=str(sitting.uuid), way="joint")
    sheet(scope, sitting, "", {str(case.uuid): place for place, case in enumerate(ordered, 1)})
    line(scope, sitting, sum(1 for case in cases if case.survey.score.tier != "TUOPIN"))
