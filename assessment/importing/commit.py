"""Phase 2: what was checked, in one short transaction (ruling 11). All sealing and loading happens before it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from assessment import clock
from assessment.actions.cases import open_cases
from assessment.actions.locking import wait_for_first_meetings
from assessment.importing.checking import Checked
from assessment.importing.surveys import SurveyBatch, build_surveys, check_surveys, surveyor_accounts, write_surveys
from assessment.models import Round, RoundStatus
from assessment.rubric import Rubric
from core.actions import Act, Origin, acting
from core.errors import WrongState
from core.scope import Scope
from households.actions.quality_run import request_villages
from households.importing import undo
from households.importing.compare import CHANGED, NEW, SAME
from households.importing.stored import BATCH, batches
from households.importing.write import CHECK_AGAIN, BatchBuilder, HouseholdBatch, check_versions, write
from households.models import Household
from villages import dirty
from villages.models import Village
from villages.selectors import require_in_force


@dataclass
class Plan:
    """Rows ready to be written, and what the audit says about them."""

    code: str
    round: Round
    households: HouseholdBatch
    surveys: SurveyBatch
    counts: dict[str, object]
    before: dict[str, dict] = field(default_factory=dict)
    """What undoing needs, read before the rows are built."""


def year_start(round_: Round) -> date:
    """The day from which newly imported households and members count: the round's year must hold them whole."""
    return date(round_.reference_date.year, 1, 1)


def prepare(code: str, round_: Round, rubric: Rubric, checked: Checked) -> Plan:
    """Build and seal every row. Nothing is written and no lock is held."""
    before = {one.roster.code: undo.remember(one) for one in checked.differences if one.op != SAME}
    builder = BatchBuilder(year_start(round_), checked.indexes, checked.persons)
    for difference in checked.differences:
        builder.add(difference)
    rows = builder.batch.by_code()
    rows |= {plan.target.code: plan.target.row for plan in checked.plans if plan.target.code not in rows}
    accounts = surveyor_accounts((plan.target.village.id for plan in checked.plans), timezone.localdate())
    surveys = build_surveys(checked.plans, rows, round_, rubric, accounts, clock.now())
    for plan in checked.plans:
        if plan.target.code not in builder.batch.expected:
            builder.batch.expected[plan.target.code] = plan.target.row.version
    return Plan(code, round_, builder.batch, surveys, checked.counts(), before)


def commit_plan(
    scope: Scope, plan: Plan, *, origin: Origin | None = None, final: Callable[[], None] = lambda: None
) -> dict[str, object]:
    """Write the plan: all of it or nothing. `final` runs in the same transaction (the run's and the job's last update)."""
    with acting(scope, "import.commit", origin) as act:
        _check_round(plan.round)
        act.recheck(lambda: _check_villages(_villages(plan.households.touched, plan.surveys.new)))
        wait_for_first_meetings(plan.round.code, _villages((), plan.surveys.new))
        check_versions(plan.households)
        check_surveys(plan.surveys, plan.round)
        try:
            write(plan.households)
            write_surveys(plan.surveys)
            open_cases(act, plan.round, plan.surveys.new, clock.now())
        except IntegrityError as taken:  # somebody registered the same person or form in the meantime
            raise WrongState(CHECK_AGAIN, code="checked_state_moved") from taken
        _leave_traces(act, plan)
        if touched := _villages(plan.households.touched, plan.surveys.new):
            request_villages(plan.round.county, sorted(touched), scope.actor_id)
        final()
    return plan.counts


def _check_round(round_: Round) -> None:
    if not Round.objects.filter(pk=round_.pk, status=RoundStatus.OPEN).exists():
        raise WrongState("这个识别批次已经结束，不能再导入。")


def _check_villages(ids: set[int]) -> None:
    """A village that was merged away while the rows were prepared takes none of them."""
    for village in Village.objects.select_related("merged_into").filter(pk__in=ids, valid_to__isnull=False):
        require_in_force(village)


def _leave_traces(act: Act, plan: Plan) -> None:
    """One audit row a batch of codes, a feed row an object, one mark a village (rulings 8, 24, 25)."""
    surveys = {survey.household.code: survey for survey in plan.surveys.new}
    lists = {
        NEW: [row.code for row in plan.households.new],
        CHANGED: [row.code for row in plan.households.changed],
        "surveys": list(surveys),
    }
    county = plan.round.county
    act.audit("import", plan.code, place=county, round=plan.round.code, counts=plan.counts)
    for name, codes in lists.items():
        for number, batch in enumerate(batches(codes, BATCH), start=1):
            act.audit("import", plan.code, place=county, part=name, number=number, codes=batch)
    for row in plan.households.touched:
        act.feed("household", row.code, place=row)
    for code, survey in surveys.items():
        act.feed("survey", f"{code}@{plan.round.code}", place=survey)
    dirty.mark(act, _villages(plan.households.touched, surveys.values()))


def _villages(households: Iterable[Household], surveys: Iterable) -> set[int]:
    return {row.village_id for row in households} | {survey.village_id for survey in surveys}
