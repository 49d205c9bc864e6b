"""How often a decided category departs from the score: by village of a round, and the households with their reasons (ruling 15)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from assessment.differing import Differing, count
from assessment.models import Case, Opinion, Round, Verdict
from assessment.procedures import procedure_of
from assessment.procedures.reasons import reason_words
from core.scope import Scope
from villages.models import Village

PLACES_SHOWN = 12
DIFFERS = "differs"
"""What the filter of a village's list calls them."""


def with_tier(cases: QuerySet[Case]) -> QuerySet[Case]:
    """`scored_tier`: that of the pinned score, before a seal that of the form."""
    return cases.annotate(scored_tier=Coalesce("score__tier", "survey__score__tier"))


def departing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those decided otherwise than scored; what has not been decided yet departs from nothing."""
    return with_tier(cases).exclude(category="").exclude(category=F("scored_tier")).filter(scored_tier__isnull=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A village with households decided otherwise than scored; its list opens on those."""

    township: str
    village: str
    url: str
    differing: Differing


@dataclass(frozen=True, slots=True)
class Places:
    total: Differing
    shown: tuple[Place, ...]
    more: int


def by_place(scope: Scope, round_: Round, township_code: str = "") -> Places:
    """Villages of the caller's area, the most first, cut at a dozen; one query."""
    order = [tier.code for tier in round_.rubric.value.tiers]
    rows = departing(Case.objects.visible_to(scope).filter(round=round_)).order_by()
    if township_code:
        rows = rows.filter(township__code=township_code)
    names = ("township__name", "village__code", "village__name")
    found: dict[tuple[str, str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for *place, tier, category, number in rows.values_list(*names, "scored_tier", "category").annotate(n=Count("pk")):
        found[tuple(place)][tier, category] = number
    places = [_place(round_, place, count(order, pairs)) for place, pairs in found.items()]
    places.sort(key=lambda place: (-place.differing.total, place.url))
    return Places(sum((place.differing for place in places), Differing()), tuple(places[:PLACES_SHOWN]), max(0, len(places) - PLACES_SHOWN))


def _place(round_: Round, place: tuple[str, str, str], differing: Differing) -> Place:
    township, code, name = place
    url = f"{reverse('village_list', args=[round_.code, code])}?state={DIFFERS}"
    return Place(township, Village(name=name).short_name, url, differing)


def of_village(scope: Scope, round_: Round, village: Village) -> Differing:
    order = [tier.code for tier in round_.rubric.value.tiers]
    rows = departing(Case.objects.visible_to(scope).filter(round=round_, village=village)).order_by()
    return count(order, {(tier, category): number for tier, category, number in rows.values_list("scored_tier", "category").annotate(n=Count("pk"))})


def reasons_of(round_: Round, cases: Sequence[Case]) -> dict[int, str]:
    """Case → 村议：突发变故, of the first standing decision that gave the category; one query, for those cases that depart."""
    ids = [case.pk for case in cases if _departs(case)]
    if not ids:
        return {}
    stages = procedure_of(round_.procedure).by_code
    rows = Verdict.objects.standing().filter(case_id__in=ids, opinion=Opinion.AGREE, category=F("case__category"), sitting__isnull=False)
    found: dict[int, str] = {}
    for case, stage, reasons in rows.filter(~Q(category=F("score__tier"))).order_by("pk").values_list("case_id", "stage", "reasons"):
        found.setdefault(case, f"{stages[stage].name}：{'、'.join(reason_words(reasons)) or '见说明'}")
    return found


def _departs(case: Case) -> bool:
    score = case.score or (case.survey.score if case.survey_id else None)
    return bool(score and case.category and case.category != score.tier)
