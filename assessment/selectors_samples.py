"""Samples of a meeting with what was found, and the 清查组's reckonings; a few queries, however long the list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from assessment.income_checks import Gap
from assessment.meeting import same_list
from assessment.models import (
    Case,
    IncomeCheck,
    Recheck,
    Round,
    Sample,
    SampleLine,
    Score,
    Sitting,
    SittingKind,
    SittingStatus,
)
from assessment.rechecks import Errors, errors_of
from assessment.sampling import size_of
from core.errors import NotFound
from households.codes import TIER
from households.fields import INCOME
from households.models import Household
from households.quality.lines import poverty_line
from households.selectors_quality import county_rules


@dataclass(frozen=True, slots=True)
class Drawn:
    """A household of a sample; `result` is what counts now, `earlier` what was said before, the oldest first."""

    line: SampleLine
    result: Recheck | None
    earlier: tuple[Recheck, ...]

    @property
    def case(self) -> Case:
        return self.line.case

    @property
    def points(self) -> int | None:
        """As the household was drawn, or stands: before any re-visit."""
        score = self._score
        return score.points if score else None

    @property
    def tier_name(self) -> str:
        score = self._score
        return TIER.label(score.tier) if score else ""

    @property
    def _score(self) -> Score | None:
        return self.case.score or (self.case.survey.score if self.case.survey_id else None)

    @property
    def seen(self) -> int:
        """How many results there are: the version that a form is opened with."""
        return len(self.earlier) + (self.result is not None)


@dataclass(frozen=True, slots=True)
class Sampled:
    """Everything drawn from the list of one meeting."""

    samples: tuple[Sample, ...]
    drawn: tuple[Drawn, ...]

    @property
    def errors(self) -> Errors:
        return errors_of((row.result.outcome, row.result.changes_tier) if row.result else ("", False) for row in self.drawn)

    def of(self, case_id: int) -> Drawn | None:
        return next((row for row in self.drawn if row.case.pk == case_id), None)

    def lines_of(self, sample: Sample) -> tuple[Drawn, ...]:
        return tuple(row for row in self.drawn if row.line.sample_id == sample.pk)


def same_meeting(sitting: Sitting) -> QuerySet[Sitting]:
    """The meeting and those of the same list that were cancelled before it: cancelling one does not undo what was drawn there."""
    if sitting.kind == SittingKind.REVIEW:
        return Sitting.objects.filter(pk=sitting.pk)
    return same_list(sitting).filter(number=sitting.number)


def sampled(sitting: Sitting) -> Sampled:
    """Three queries, one where nothing was drawn. A result of an earlier pass of the case counts no more: it judged another form."""
    samples = tuple(Sample.objects.filter(sitting__in=same_meeting(sitting)).select_related("by").order_by("number"))
    if not samples:
        return Sampled((), ())
    rows = SampleLine.objects.filter(sample__in=samples).select_related("case__household", "case__group", "case__survey__score", "case__score")
    lines = list(rows.order_by("sample__number", "position"))
    said: dict[int, list[Recheck]] = defaultdict(list)
    for row in Recheck.objects.filter(line__in=lines).select_related("by", "line__sample__sitting", "survey__score__rubric").order_by("pk"):
        said[row.line_id].append(row)
    over = sitting.status != SittingStatus.OPEN
    return Sampled(samples, tuple(_drawn(line, said[line.pk], over) for line in lines))


def _drawn(line: SampleLine, said: Sequence[Recheck], over: bool) -> Drawn:
    counts = said[-1] if said and (over or _still_counts(said[-1], line.case)) else None
    return Drawn(line, counts, tuple(said[:-1] if counts else said))


def _still_counts(row: Recheck, case: Case) -> bool:
    """While the case waits at the stage it was visited for, in the pass; what has moved on is shown as it was found."""
    return case.pass_no == row.pass_no or case.stage != row.line.sample.sitting.stage or case.state != "open"


def found_before(sitting: Sitting, case: Case) -> Recheck | None:
    """What an earlier meeting of the stage found in the same pass, where the household was left over: it still counts (`tiers_found`)."""
    rows = Recheck.objects.filter(line__case=case, pass_no=case.pass_no, line__sample__sitting__stage=sitting.stage)
    return rows.select_related("by", "survey__score__rubric").order_by("-pk").first()


def unvisited(found: Sampled, cases: Iterable[Case]) -> tuple[str, ...]:
    """Heads of the households that were drawn, still wait here, and have no result: what stands between the meeting and its close."""
    here = {case.pk for case in cases}
    return tuple(row.case.household.head_name for row in found.drawn if row.result is None and row.case.pk in here)


def tiers_found(cases: Sequence[Case]) -> dict[int, str]:
    """Case → tier that a re-visit at its stage and in its pass has found, where it is not the form's; one query (`workflow.recheck_faults`)."""
    if not cases:
        return {}
    rows = Recheck.objects.filter(
        line__case_id__in=[case.pk for case in cases], pass_no=F("line__case__pass_no"), line__sample__sitting__stage=F("line__case__stage")
    )
    last = {case: (tier, before) for case, tier, before in rows.order_by("pk").values_list("line__case_id", "tier", "tier_before")}
    return {case: tier for case, (tier, before) in last.items() if tier and tier != before}


def least_size(round_: Round, households: int) -> int:
    return size_of(households, round_.sample_percent, round_.sample_least)


# --- in words -------------------------------------------------------------------------------------------------


def move_of(row: Recheck) -> str:
    """原 58 分 低保贫困户 → 复核 73 分 一般贫困户; "" where nothing was scored again."""
    if row.points is None or row.points_before is None or (row.points, row.tier) == (row.points_before, row.tier_before):
        return ""
    return f"原 {row.points_before} 分 {TIER.label(row.tier_before)} → 复核 {row.points} 分 {TIER.label(row.tier)}"


def income_labels(row: Recheck) -> list[str]:
    return [INCOME.named[name].label for name in row.income_lines if name in INCOME.named]


# --- 算账 -----------------------------------------------------------------------------------------------------


def income_checks(sitting: Sitting) -> dict[int, IncomeCheck]:
    """Case → the reckoning that counts; one query."""
    rows = IncomeCheck.objects.filter(sitting__in=same_meeting(sitting)).select_related("by").order_by("pk")
    return {row.case_id: row for row in rows}


def gap_of(row: IncomeCheck) -> Gap:
    """As it was compared then: what the household reports later does not move it."""
    return Gap(row.per_head, row.reported, row.poverty_line, row.allowed)


def line_of(county_id: int, year: int) -> int | None:
    """The poverty line of the year: the county's own where it has set one (`poverty_line` of the thresholds), else the nation's."""
    own = county_rules(county_id).limits.get("poverty_line")
    return int(own) if own else poverty_line(year)


def reported_of(household: Household, year: int) -> int | None:
    """What is on file a head: the sheet of that year, without one what the register says."""
    sheet = household.income_years.filter(year=year).values_list("per_head", flat=True).first()
    return household.net_income_per_head if sheet is None else sheet


def case_on(sitting: Sitting, uuid: object) -> Case:
    """A household that stands, or stood, on the meeting's list; the meeting comes from its gate. NotFound otherwise."""
    rows = Case.objects.filter(round_id=sitting.round_id, village_id=sitting.village_id)
    found = rows.select_related("household__village", "group", "survey__score__rubric", "score").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


def findings_of(cases: Iterable[int]) -> Mapping[int, list[Recheck | IncomeCheck]]:
    """Case → re-visits and reckonings, for its file; two queries."""
    ids = list(cases)
    found: dict[int, list[Recheck | IncomeCheck]] = defaultdict(list)
    for row in Recheck.objects.filter(line__case_id__in=ids).select_related("by", "line").order_by("pk"):
        found[row.line.case_id].append(row)
    for row in IncomeCheck.objects.filter(case_id__in=ids).select_related("by").order_by("pk"):
        found[row.case_id].append(row)
    return found


def inspected(household: Household, round_: Round) -> list[str]:
    """What the 清查组 found and reckoned of a household in a round, as sentences for its score sheet; the caller may read amounts."""
    rows = findings_of(Case.objects.filter(round=round_, household=household).values_list("pk", flat=True))
    last = {(case, type(row)): row for case, found in rows.items() for row in found}
    return [_sentence(row) for row in last.values()]


def _sentence(row: Recheck | IncomeCheck) -> str:
    if isinstance(row, Recheck):
        return f"{row.visited_on:%Y-%m-%d} {'、'.join(row.visitors)}抽查复核：{row.get_outcome_display()}" + (f"，{move}" if (move := move_of(row)) else "") + "。"
    gap = gap_of(row)
    reported = f"，户里报 {gap.reported:,} 元" if gap.reported is not None else ""
    return f"清查组算账：{row.year} 年度人均纯收入 {gap.reckoned:,} 元{reported}" + (f"，{gap.side}" if gap.side else "") + "。"
