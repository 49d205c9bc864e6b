"""Which papers of a household's own are there when the list asks for them (四不; A8-01, A8-13, A9-01), and which are missing. Reads only.

A paper counts for the round it was signed in, as long as it is not set aside. The procedure says which one is asked for when.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.models import Case, Round, Survey, SurveyStatus
from assessment.models.cases import LIVE
from assessment.procedures import PROCEDURES, procedure_of
from core.scope import Scope
from households.models import Household, Paper
from households.paper_context import PaperContext


def papers_of_round(round_: Round, household_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """Household → kinds of its papers that count in the round: those of the round, and those of no round (the income sheet is of a year)
    that were filed since it opened. One query."""
    counts = Q(round_code=round_.code) | Q(round_code="", at__gte=round_.opened_at)
    rows = Paper.objects.filter(counts, household_id__in=list(household_ids), set_aside__isnull=True)
    found: dict[int, set[str]] = defaultdict(set)
    for household, kind in rows.order_by().values_list("household_id", "kind"):
        found[household].add(kind)
    return {household: frozenset(kinds) for household, kinds in found.items()}


def short_of_papers(at: datetime | None = None) -> Q:
    """Condition on cases: the stage where the case stands does not let it pass, because a paper is missing (was, at that moment)."""
    counts = Q(round_code=OuterRef("round__code")) | Q(round_code="", at__gte=OuterRef("round__opened_at"))
    paper = Paper.objects.filter(counts, household=OuterRef("household"), set_aside__isnull=True)
    paper = paper.filter(at__lte=at) if at else paper
    found = Q(pk__in=[])
    for procedure in PROCEDURES.values():
        for need in procedure.papers:
            asked = Q(category__in=need.categories) | Q(category="", survey__score__tier__in=need.categories)
            here = Q(round__procedure=procedure.code, stage=procedure.stops_at(need), state__in=LIVE)
            found |= here & asked & ~Exists(paper.filter(kind=need.kind))
    return found


def missing_papers(round_: Round, cases: Sequence[Case]) -> dict[int, tuple[str, ...]]:
    """Case → names of the papers it is asked for by now and does not have; cases that lack none are left out. One query.

    The cases come with `survey__score`, whose tier counts before the first decision.
    """
    procedure = procedure_of(round_.procedure)
    asked = {case.pk: procedure.papers_due(case.stage, category_of(case)) for case in cases if case.state in LIVE}
    wanted = [case for case in cases if asked.get(case.pk)]
    if not wanted:
        return {}
    there = papers_of_round(round_, [case.household_id for case in wanted])
    names = {
        case.pk: tuple(need.name for need in asked[case.pk] if need.kind not in there.get(case.household_id, ()))
        for case in wanted
    }
    return {pk: lacking for pk, lacking in names.items() if lacking}


def paper_context(household: Household) -> PaperContext:
    """For the app below: the round in which the household is judged (or the newest open one of its county), its form, what is asked for now."""
    case = Case.objects.filter(household=household).live().select_related("round", "survey__score").first()
    opened = Round.objects.open().filter(county_id=household.county_id).order_by("-reference_date", "-pk")
    round_ = case.round if case else opened.first()
    if round_ is None:
        return PaperContext()
    forms = Survey.objects.filter(round=round_, household=household, status=SurveyStatus.SUBMITTED)
    asked = procedure_of(round_.procedure).papers_due(case.stage, category_of(case)) if case else ()
    revision = forms.values_list("revision", flat=True).first()
    return PaperContext(round_.code, round_.name, revision, tuple(need.kind for need in asked))


def category_of(case: Case) -> str:
    """The decided tier so far; before any decision that of the score."""
    return case.category or (case.survey.score.tier if case.survey_id and case.survey.score else "")


def waiting_for_papers(scope: Scope, round_: Round) -> QuerySet[Case]:
    """Households of the caller's area that cannot pass their stage, the longest waiting first."""
    rows = Case.objects.visible_to(scope).filter(short_of_papers(), round=round_)
    return rows.select_related("household", "village", "group", "survey__score").order_by("stage_since", "household__code")
