"""Reads of rounds, forms and work to do, each through the gate of its rows."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts import roles
from assessment.answers import MISSING
from assessment.locks import FORM_FIXED
from assessment.models import Case, Round, RubricStatus, RubricVersion, Survey, SurveyPurpose, SurveyStatus
from core.errors import NotFound
from core.scope import Scope
from households.models import Doubt, Household
from households.selectors_doubts import pressing

SERVED = (RubricStatus.PUBLISHED, RubricStatus.RETIRED)
_DRAFTS = Q(status=SurveyStatus.DRAFT, purpose=SurveyPurpose.ASSESS)  # a 复核 is no work of the village


def rounds(scope: Scope) -> QuerySet[Round]:
    return Round.objects.visible_to(scope).select_related("county", "rubric")


def current_round(scope: Scope) -> Round | None:
    """The newest open round of the caller's county."""
    return rounds(scope).open().order_by("-reference_date", "-pk").first()


def round_of(scope: Scope, household: Household, code: str = "") -> Round:
    """The round named, or the newest open one (or the newest at all) of the household's county; NotFound when there is none."""
    rows = rounds(scope).filter(county_id=household.county_id)
    found = rows.filter(code=code) if code else rows.order_by(F("status").desc(), "-reference_date", "-pk")
    round_ = found.first()
    if round_ is None:
        raise NotFound("没有找到这个识别批次。" if code else "本县还没有识别批次，请县扶贫办先建立批次。")
    return round_


def reference_day_of(household: Household) -> date | None:
    """The reference date of the open round of the household's county (ruling 20)."""
    found = Round.objects.open().filter(county_id=household.county_id).order_by("-reference_date", "-pk").first()
    return found.reference_date if found else None


def household_of(scope: Scope, code: str) -> Household:
    """The household in the caller's area; NotFound otherwise."""
    rows = Household.objects.visible_to(scope).select_related("county", "township", "village", "group")
    household = rows.filter(code=code).first()
    if household is None:
        raise NotFound
    return household


def rubric_versions() -> QuerySet[RubricVersion]:
    return RubricVersion.objects.filter(status__in=SERVED)


def rubric_version(code: str) -> RubricVersion:
    version = rubric_versions().filter(code=code).first()
    if version is None:
        raise NotFound
    return version


def revisions(scope: Scope, household: Household) -> list[Survey]:
    """Submitted and superseded forms of the household, newest first."""
    rows = Survey.objects.visible_to(scope).filter(household=household).exclude(status=SurveyStatus.DRAFT)
    return list(
        rows.select_related("round", "score__rubric", "entered_by").order_by("-round__reference_date", "-revision")
    )


# --- work list ------------------------------------------------------------------------------------------------

DRAFT, DOUBT, TO_SURVEY = "draft", "doubt", "todo"


@dataclass(frozen=True)
class WorkItem:
    kind: str
    household_code: str
    head_name: str
    group_name: str
    persons: int
    what: str
    url: str
    saved_at: datetime | None = None


@dataclass(frozen=True)
class WorkList:
    """Counts of the round in the caller's area, and what to do next: drafts first, then open doubts, then households not surveyed."""

    to_survey: int = 0
    drafts: int = 0
    submitted: int = 0
    total: int = 0
    doubts: int = 0
    items: tuple[WorkItem, ...] = field(default=())


def work_list(scope: Scope, round_: Round | None, limit: int = 50) -> WorkList:
    """What the caller has to fill in the round. Whoever may not fill forms gets the counts without items."""
    if round_ is None:
        return WorkList()
    households = Household.objects.visible_to(scope).registered().filter(county_id=round_.county_id)
    forms = Survey.objects.visible_to(scope).filter(round=round_)
    doubts = _doubts_to_settle(scope, round_)
    mine = scope.narrowed_to(roles.SURVEY_FILL)
    untouched = without_form(households, round_)
    counts = forms.aggregate(
        drafts=Count("pk", filter=_drafts_to_finish(round_)),
        submitted=Count("pk", filter=Q(status=SurveyStatus.SUBMITTED)),
    )
    items: list[WorkItem] = []
    if mine.rows:
        items += _draft_items(forms.visible_to(mine).filter(_drafts_to_finish(round_)), limit)
        items += _doubt_items(doubts.visible_to(mine))
        items += _untouched_items(untouched.visible_to(mine), limit - len(items))
    return WorkList(
        to_survey=untouched.count(), total=households.count(), doubts=doubts.count(), items=tuple(items), **counts
    )


def _drafts_to_finish(round_: Round) -> Q:
    """Drafts that may still be submitted: one begun anew before the list was locked leads nowhere until a 变更 opens it."""
    decided = Case.objects.filter(round=round_, household=OuterRef("household"), state__in=FORM_FIXED)
    return _DRAFTS & Q(household__hold=False) & ~Q(Exists(decided))


def _doubts_to_settle(scope: Scope, round_: Round) -> QuerySet[Doubt]:
    """Open doubts of households that may still change: a list that is locked or decided has taken the others along as they were."""
    decided = Case.objects.filter(round=round_, household=OuterRef("household"), state__in=FORM_FIXED)
    rows = pressing().visible_to(scope).filter(county_id=round_.county_id, household__hold=False)
    return rows.exclude(Exists(decided))


def without_form(households: QuerySet[Household], round_: Round) -> QuerySet[Household]:
    """Households with no form in the round, not even a draft."""
    own = Survey.objects.filter(round=round_, household=OuterRef("pk")).exclude(status=SurveyStatus.SUPERSEDED)
    return households.exclude(Exists(own))


def _draft_items(forms: QuerySet[Survey], limit: int) -> list[WorkItem]:
    rows = forms.select_related("household__group").order_by("-saved_at")[:limit]
    return [_item(DRAFT, row.household, _said_of_draft(row), row.saved_at) for row in rows]


def _said_of_draft(row: Survey) -> str:
    left = row.answers.count(MISSING)
    return f"草稿，还有 {left} 项未答" if left else "草稿已答完，待提交"


def _doubt_items(doubts: QuerySet[Doubt]) -> list[WorkItem]:
    """One row, however many doubts: it leads to today's list, which can be finished."""
    count = doubts.aggregate(n=Count("pk"), homes=Count("household_id", distinct=True))
    if not count["n"]:
        return []
    what = f"{count['n']:,} 处要改或说明，今天先办最要紧的几户"
    return [WorkItem(DOUBT, "", f"{count['homes']:,} 户有疑点", "", 0, what, reverse("doubts_today"))]


def _untouched_items(households: QuerySet[Household], limit: int) -> list[WorkItem]:
    rows = households.select_related("group").order_by("code")[: max(0, limit)]
    return [_item(TO_SURVEY, row, "还没有评估") for row in rows]


def _item(kind: str, household: Household, what: str, saved_at: datetime | None = None) -> WorkItem:
    group = household.group.name if household.group else "未分组"
    address = reverse("survey", args=[household.code])
    return WorkItem(kind, household.code, household.head_name, group, household.persons, what, address, saved_at)
