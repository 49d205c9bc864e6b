"""How far a round is: one grouped query per figure, added up per group, village or township (issue 3.1; ui.md)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet, When
from django.db.models import Case as CaseWhen
from django.utils import timezone

from assessment.models import Case, CaseState, Notice, NoticeLine, NoticeStatus, Round, Survey, SurveyStatus
from assessment.procedures import Level, Mode, Procedure, Stage, procedure_of
from assessment.selectors_consent import short_of_papers
from core.scope import Scope
from households.models import Household
from villages.models import Village

SURVEY, CONCLUDED = "survey", "concluded"
PENDING_NOTICES = (NoticeStatus.PREPARING, NoticeStatus.OPEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """So many cases of a group that stand alike. `posted`: on a notice that is being posted or is open; `blocked`: this stage must be
    decided by another person (ruling 16); `lacking`: a paper of the household's own is missing; `oldest`: since when the first of them waits, `opened`: since when the first is on the list."""

    village: int
    group: int | None
    stage: str
    state: str
    posted: bool
    blocked: bool
    returned: bool
    lacking: bool
    number: int
    oldest: datetime
    opened: datetime


@dataclass(frozen=True, slots=True)
class HouseholdFigure:
    village: int
    group: int | None
    surveyed: bool
    number: int


@dataclass(slots=True)
class StageSum:
    """`waiting` stand at the stage, `passed` need nothing there any more (decided on, or at an end)."""

    waiting: int = 0
    passed: int = 0
    held: int = 0
    blocked: int = 0
    unposted: int = 0
    returned: int = 0
    lacking: int = 0
    oldest: datetime | None = None
    opened: datetime | None = None


@dataclass(slots=True)
class Progress:
    """What is known of a place: households due, forms, stages, ends."""

    due: int = 0
    surveyed: int = 0
    cases: int = 0
    concluded: int = 0
    rejected: int = 0
    ended: int = 0
    stages: dict[str, StageSum] = field(default_factory=lambda: defaultdict(StageSum))

    @property
    def lacking(self) -> int:
        """Households that wait for papers of their own (申请书, 意愿书)."""
        return sum(stage.lacking for stage in self.stages.values())

    @property
    def unsurveyed(self) -> int:
        return self.due - self.surveyed

    def waiting_at(self, code: str) -> int:
        return self.unsurveyed if code == SURVEY else self.stages[code].waiting

    def passed_by(self, code: str) -> int:
        if code == SURVEY:
            return self.surveyed
        return self.concluded if code == CONCLUDED else self.stages[code].passed


def household_figures(scope: Scope, round_: Round, gone: Sequence[int] | None = None, **place) -> list[HouseholdFigure]:
    """Registered households of the caller's area with and without a submitted form, by village and group. Whoever is on the list of a
    village that was merged away is due there, so that each row of the board is done when its own list is (ruling 2). `gone`: the villages
    merged away, where a page has read them already."""
    form = Survey.objects.filter(round=round_, status=SurveyStatus.SUBMITTED)
    rows = Household.objects.visible_to(scope).registered().filter(county_id=round_.county_id)
    if gone is None:
        gone = list(Village.objects.filter(county_id=round_.county_id, merged_into__isnull=False).values_list("pk", flat=True))
    listed = Case.objects.visible_to(scope).filter(round=round_, village__in=gone, household__closed_on__isnull=True)
    found = _surveyed(rows.exclude(pk__in=listed.values("household_id")) if gone else rows, form.filter(household=OuterRef("pk")), place)
    return found + _surveyed(listed, form.filter(household=OuterRef("household_id")), place) if gone else found


def _surveyed(rows: QuerySet, form: QuerySet[Survey], place: dict[str, object]) -> list[HouseholdFigure]:
    grouped = rows.filter(**place).annotate(surveyed=Exists(form)).order_by().values_list("village_id", "group_id", "surveyed")
    return [HouseholdFigure(*row) for row in grouped.annotate(n=Count("pk"))]


def case_figures(scope: Scope, round_: Round, **place) -> list[Figure]:
    """Cases of the caller's area by village, group, stage and state."""
    rows = with_marks(Case.objects.visible_to(scope).filter(round=round_, **place))
    grouped = rows.order_by().values_list("village_id", "group_id", "stage", "state", "posted", "blocked", "returned", "lacking")
    return [Figure(*row) for row in grouped.annotate(n=Count("pk"), oldest=Min("stage_since"), opened=Min("opened_at"))]


def with_marks(rows: QuerySet[Case]) -> QuerySet[Case]:
    """`posted`, `blocked`, `returned` (a later pass), `lacking` (a paper) beside each case."""
    line = NoticeLine.objects.filter(
        case=OuterRef("pk"),
        pass_no=OuterRef("pass_no"),
        notice__stage=OuterRef("stage"),
    ).filter(Q(notice__status__in=PENDING_NOTICES) | Q(notice__status=NoticeStatus.ENDED, category=OuterRef("category")))
    return rows.annotate(
        posted=Exists(line),
        blocked=ExpressionWrapper(Q(blocked_stage=F("stage")), output_field=BooleanField()),
        returned=ExpressionWrapper(Q(pass_no__gt=1), output_field=BooleanField()),
        lacking=CaseWhen(When(short_of_papers(), then=True), default=False, output_field=BooleanField()),
    )


def add_up(
    procedure: Procedure,
    households: Iterable[HouseholdFigure],
    cases: Iterable[Figure],
    place: Callable[[HouseholdFigure | Figure], object],
) -> dict[object, Progress]:
    """Place → progress; `place` says where a figure belongs."""
    made: dict[object, Progress] = defaultdict(Progress)
    for row in households:
        progress = made[place(row)]
        progress.due += row.number
        progress.surveyed += row.number if row.surveyed else 0
    for row in cases:
        _add_case(procedure, made[place(row)], row)
    return made


def _add_case(procedure: Procedure, progress: Progress, row: Figure) -> None:
    progress.cases += row.number
    if row.state not in (CaseState.OPEN, CaseState.HELD):
        for stage in procedure.stages:
            progress.stages[stage.code].passed += row.number
        setattr(progress, row.state, getattr(progress, row.state) + row.number)
        return
    for stage in procedure.before(row.stage):
        progress.stages[stage.code].passed += row.number
    at = progress.stages[row.stage]
    at.waiting += row.number
    at.held += row.number if row.state == CaseState.HELD else 0
    at.blocked += row.number if row.blocked else 0
    at.returned += row.number if row.returned else 0
    at.lacking += row.number if row.lacking else 0
    at.unposted += row.number if row.state == CaseState.OPEN and not row.posted else 0
    at.oldest = min(filter(None, (at.oldest, row.oldest)))
    at.opened = min(filter(None, (at.opened, row.opened)))


# --- dates ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the board: a stage with its day. `days` until then, negative when it has passed."""

    code: str
    name: str
    level: Level | None
    deadline: date | None = None
    days: int | None = None
    is_notice: bool = False

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def days_late(self) -> int:
        return -self.days if self.late else 0


def heads_of(round_: Round, day: date) -> list[Head]:
    """六看评估, then the procedure's stages."""
    procedure = procedure_of(round_.procedure)
    survey = round_.survey_deadline
    heads = [Head(SURVEY, "六看评估", Level.GROUP, survey, _days(survey, day))]
    for stage in procedure.stages:
        due = deadline_of(round_, stage.code)
        heads.append(Head(stage.code, stage.name, stage.level, due, _days(due, day), stage.mode is Mode.NOTICE))
    return heads


def deadline_of(round_: Round, stage: str) -> date | None:
    if stage == SURVEY:
        return round_.survey_deadline
    text = (round_.stage_deadlines or {}).get(stage)
    return date.fromisoformat(text) if text else None


def due_of(round_: Round, stage: Stage, oldest: datetime | None, opened: datetime | None = None) -> date | None:
    """The day by which the households at the stage should be through: the soonest of the round's deadline, the procedure's limit for the
    stage (since `oldest` came there) and its limit for the whole way (since `opened`)."""
    limits = ((oldest, stage.limit_days), (opened, procedure_of(round_.procedure).limit_days))
    days = [timezone.localdate(since) + timedelta(days=limit) for since, limit in limits if since and limit is not None]
    return min((day for day in (deadline_of(round_, stage.code), *days) if day), default=None)


def _days(due: date | None, day: date) -> int | None:
    return (due - day).days if due else None


def pending_notices(scope: Scope, round_: Round, **place) -> list[Notice]:
    """Notices being posted or open, with how many sheets there are (`sheet_count`) and how many of them hang (`posted_count`)."""
    rows = Notice.objects.visible_to(scope).filter(round=round_, status__in=PENDING_NOTICES, **place)
    counted = rows.annotate(
        sheet_count=Count("sheets"), posted_count=Count("sheets", filter=Q(sheets__posted_at__isnull=False))
    )
    return list(counted.select_related("village").order_by("started_at"))
