"""Phase 2: what was checked, in one short transaction (ruling 11). All sealing and loading happens before it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError
from django.utils import timezone

from assessment import clock
from assessment.actions.cases import open_cases
from assessment.actions.locking import wait_for_first_meetings
from assessment.importing.checking import Part
from assessment.importing.folder import imports_dir
from assessment.importing.spool import Spool
from assessment.importing.surveys import SurveyPlan, build_surveys, check_surveys, surveyor_accounts, write_surveys
from assessment.models import Round, RoundStatus
from assessment.rubric import Rubric
from core.actions import Act, Origin, acting
from core.errors import WrongState
from core.scope import Scope
from households.actions.quality_run import request_villages
from households.importing import undo
from households.importing.compare import CHANGED, NEW, SAME
from households.importing.stored import BATCH, batches
from households.importing.write import CHECK_AGAIN, BatchBuilder, check_versions, leave, leavings, write
from households.models import UndoPart
from villages import dirty
from villages.models import Village
from villages.selectors import require_in_force


@dataclass
class Plan:
    """Rows ready to be written, set aside in batches, and what must be known of all of them at once."""

    code: str
    round: Round
    households: Spool
    """(HouseholdBatch, what undoing needs of it), the latter read before the rows were built, and sealed."""
    surveys: Spool
    """SurveyBatch"""
    expected: dict[str, int] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    forms: dict[str, int] = field(default_factory=dict)
    written: dict[str, undo.Form] = field(default_factory=dict)
    leaving: list[tuple[int, date, str]] = field(default_factory=list)
    villages: set[int] = field(default_factory=set)
    form_villages: set[int] = field(default_factory=set)
    counts: dict[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.expected) + len(self.written)


def year_start(round_: Round) -> date:
    """The day from which newly imported households and members count: the round's year must hold them whole."""
    return date(round_.reference_date.year, 1, 1)


class Preparing:
    """Builds and seals the rows of what was compared. Nothing is written and no lock is held."""

    note = "再次核对，加密"

    def __init__(self, code: str, round_: Round, rubric: Rubric) -> None:
        self.plan = Plan(code, round_, Spool(imports_dir()), Spool(imports_dir()))
        self.rubric = rubric

    def households(self, part: Part) -> None:
        plan = self.plan
        before = [undo.remember(one) for one in part.differences if one.op != SAME]
        builder = BatchBuilder(year_start(plan.round), part.indexes, part.persons)
        for difference in part.differences:
            plan.expected[difference.roster.code] = difference.version  # the builder raises it
            builder.add(difference)
        batch = builder.batch
        plan.new += [row.code for row in batch.new]
        plan.changed += [row.code for row in batch.changed]
        plan.leaving += leavings(batch)
        plan.villages |= {row.village_id for row in batch.touched}
        plan.households.add((batch, undo.sealed(before)))

    def surveys(self, plans: list[SurveyPlan]) -> None:
        plan = self.plan
        accounts = surveyor_accounts((one.target.village.id for one in plans), timezone.localdate())
        batch = build_surveys(plans, plan.round, self.rubric, accounts, clock.now())
        for one in plans:
            plan.expected.setdefault(one.target.code, one.target.stored)
        plan.forms |= batch.expected
        for code, row in zip(batch.codes, batch.new, strict=True):
            plan.written[code] = undo.Form(str(row.uuid), batch.expected[code], row.household_version)
        plan.form_villages |= {row.village_id for row in batch.new}
        plan.surveys.add(batch)


def commit_plan(
    scope: Scope, plan: Plan, *, origin: Origin | None = None, keep: Callable[[UndoPart], None] = lambda part: None,
    final: Callable[[], None] = lambda: None,
) -> dict[str, object]:  # fmt: skip
    """Write the plan: all of it or nothing. `keep` is given what undoing needs, `final` runs last in the same transaction (the run's and the
    job's last update)."""
    with acting(scope, "import.commit", origin) as act:
        _check_round(plan.round)
        act.recheck(lambda: _check_villages(plan.villages | plan.form_villages))
        wait_for_first_meetings(plan.round.code, plan.form_villages)
        homes = check_versions(plan.expected, {*plan.changed})
        check_surveys(plan.forms, plan.written, plan.round)
        try:
            _write(act, plan, homes, keep)
        except IntegrityError as taken:  # somebody registered the same person or form in the meantime
            raise WrongState(CHECK_AGAIN, code="checked_state_moved") from taken
        _leave_traces(act, plan)
        if touched := plan.villages | plan.form_villages:
            request_villages(plan.round.county, sorted(touched), scope.actor_id)
        final()
    return plan.counts


def _write(act: Act, plan: Plan, homes: dict[str, int], keep: Callable[[UndoPart], None]) -> None:
    """Batch by batch, each dropped when it is written. `homes` gets the keys of the new households."""
    leave(plan.leaving)
    for batch, part in plan.households:
        write(batch)
        for row in batch.touched:
            homes[row.code] = row.pk
            act.feed("household", row.code, place=row)
        keep(part)
    for forms in batches(plan.written.items()):
        keep(undo.sealed([undo.of_form(code, form) for code, form in forms]))
    for batch in plan.surveys:
        write_surveys(batch, homes, plan.round.reference_date)
        open_cases(act, plan.round, batch.new, clock.now())
        for code, row in zip(batch.codes, batch.new, strict=True):
            act.feed("survey", f"{code}@{plan.round.code}", place=row)


def _check_round(round_: Round) -> None:
    if not Round.objects.filter(pk=round_.pk, status=RoundStatus.OPEN).exists():
        raise WrongState("这个识别批次已经结束，不能再导入。")


def _check_villages(ids: set[int]) -> None:
    """A village that was merged away while the rows were prepared takes none of them."""
    for village in Village.objects.select_related("merged_into").filter(pk__in=ids, valid_to__isnull=False):
        require_in_force(village)


def _leave_traces(act: Act, plan: Plan) -> None:
    """One audit row a batch of codes, one mark a village; a feed row an object stands there already (rulings 8, 24, 25)."""
    lists = {NEW: plan.new, CHANGED: plan.changed, "surveys": list(plan.written)}
    county = plan.round.county
    act.audit("import", plan.code, place=county, round=plan.round.code, counts=plan.counts)
    for name, codes in lists.items():
        for number, batch in enumerate(batches(codes, BATCH), start=1):
            act.audit("import", plan.code, place=county, part=name, number=number, codes=batch)
    dirty.mark(act, plan.villages | plan.form_villages)
