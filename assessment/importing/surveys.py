"""Imported forms: compared with what is stored, scored, written set by set (rulings 4, 5, 11, 16)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import F, Max

from accounts.models import Assignment
from accounts.roles import VILLAGE_ROLES
from assessment.importing.sheet import CODE, SurveySheetRow
from assessment.locks import forms_fixed
from assessment.models import Round, RubricVersion, Score, Survey, SurveyStatus
from assessment.rubric import Rubric
from assessment.scoring import fast_scorer
from core import bulk
from core.errors import WrongState
from households.importing.compare import CHANGED, NEW, SAME, Difference
from households.importing.grouping import NOT_YOURS, KnownVillage
from households.importing.model import Faults
from households.importing.stored import StoredHousehold, batches
from households.importing.write import CHECK_AGAIN
from households.models import Household
from households.selectors_cohorts import cohorts_of

LOCKED = "这一户已锁定，须先办变更"
_NOBODY = Household()


@dataclass(slots=True)
class Target:
    """The household of a form as it will be when the form is written: every input of a figure (ruling 4). `stored`: its version now."""

    code: str
    village: KnownVillage
    group_id: int | None
    persons: int
    attribute: str
    cause: str
    held: bool = False
    stored: int = 0
    version: int = 0


@dataclass
class SurveyPlan:
    """One form to write. `current` is the submitted form it replaces (0 = none), `revision` its own number."""

    sheet: SurveySheetRow
    target: Target
    op: str
    current: int = 0
    revision: int = 1


def target_of_difference(difference: Difference) -> Target:
    stored, facts = difference.stored.row if difference.stored else _NOBODY, difference.roster.facts
    attribute, cause = facts.get("attribute", stored.attribute), facts.get("cause", stored.cause)
    version = difference.version + (difference.op != SAME)
    return Target(
        difference.roster.code, difference.village, difference.group_id, difference.persons, attribute, cause, stored.hold, difference.version, version
    )


def target_of_stored(stored: StoredHousehold, village: KnownVillage) -> Target:
    row = stored.row
    return Target(row.code, village, row.group_id, row.persons, row.attribute, row.cause, row.hold, row.version, row.version)


def plan_surveys(
    sheets: Iterable[SurveySheetRow], targets: Mapping[str, Target], round_: Round, faults: Faults, named: Collection[str] = ()
) -> list[SurveyPlan]:
    """Forms with what they replace. A form for a household that is neither in the file nor stored in the area is an error;
    one whose household rows have errors (`named`, but without a target) is left to those errors."""
    rows = list(sheets)
    current, fixed = _current(round_, [row.code for row in rows]), forms_fixed(round_, [row.code for row in rows])
    plans = []
    for row in rows:
        target = targets.get(row.code)
        if target is None and row.code in named:
            continue
        if target is None:
            reason = f"这一户不在花名册中，也{NOT_YOURS}"
            faults.error(row.row, CODE, row.code, reason, "请核对户编号，或在花名册中补上这一户")
            continue
        plan = _plan(row, target, current.get(row.code))
        if plan.op != SAME:
            if row.code in fixed:
                faults.error(row.row, CODE, row.code, fixed[row.code], "请从文件中删去这一户的评估表")
            elif target.held:
                faults.error(row.row, CODE, row.code, LOCKED, "请从文件中删去这一户的评估表，或由村里办变更后再导入")
        if plan.op == CHANGED:
            faults.warn(row.row, CODE, row.code, "这一户已有提交的评估表，导入后由新表代替", "原表保留，可在农户页查看")
        plans.append(plan)
    return plans


def _plan(row: SurveySheetRow, target: Target, current: Mapping | None) -> SurveyPlan:
    if current is None:
        return SurveyPlan(row, target, NEW)
    if current["status"] != SurveyStatus.SUBMITTED:
        return SurveyPlan(row, target, NEW, 0, current["last"] + 1)
    same = (
        (current["answers"], current["surveyed_on"], current["surveyor_name"])
        == (row.answers, row.surveyed_on, row.surveyor)
        and (current["persons"], current["attribute"], current["cause"])
        == (target.persons, target.attribute, target.cause)
        and (current["group_id"], current["village_id"]) == (target.group_id, target.village.id)
    )
    return SurveyPlan(row, target, SAME if same else CHANGED, current["pk"], current["last"] + 1)


_STORED = (
    "pk", "household__code", "answers", "surveyed_on", "surveyor_name", "persons", "attribute", "cause", "group_id",
    "village_id", "status",
)  # fmt: skip


def _current(round_: Round, codes: Iterable[str]) -> dict[str, dict]:
    """{household code: its submitted form, or whatever it has, with the last revision number}."""
    found: dict[str, dict] = {}
    for batch in batches(codes):
        rows = Survey.objects.filter(round=round_, household__code__in=batch)
        last = dict(rows.order_by().values_list("household__code").annotate(Max("revision")))
        for row in rows.values(*_STORED):
            code = row["household__code"]
            if code not in found or row["status"] == SurveyStatus.SUBMITTED:
                found[code] = row | {"last": last[code]}
    return found


def surveyor_accounts(village_ids: Iterable[int], day: date) -> dict[tuple[int, str], int]:
    """{(village, name): account} where exactly one account of that name works in the village (ruling 16)."""
    held = Assignment.objects.in_force(day).filter(village_id__in=set(village_ids), role__in=VILLAGE_ROLES)
    found: dict[tuple[int, str], set[int]] = {}
    for village_id, name, user_id in held.values_list("village_id", "user__name", "user_id"):
        found.setdefault((village_id, name), set()).add(user_id)
    return {place: next(iter(users)) for place, users in found.items() if len(users) == 1}


@dataclass
class SurveyBatch:
    """Rows ready to be written, with the codes of their households."""

    replaced: list[int] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    new: list[Survey] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)


def build_surveys(
    plans: Iterable[SurveyPlan], round_: Round, rubric: Rubric, accounts: Mapping[tuple[int, str], int], now: datetime
) -> SurveyBatch:
    batch = SurveyBatch()
    points_of = fast_scorer(rubric)
    version: RubricVersion = round_.rubric
    for plan in plans:
        batch.expected[plan.sheet.code] = plan.current
        if plan.op == SAME:
            continue
        if plan.current:
            batch.replaced.append(plan.current)
        points, looks, tier = points_of(plan.sheet.answers)
        look_points = ",".join(map(str, looks))
        batch.codes.append(plan.sheet.code)
        batch.new.append(_survey(plan, round_, look_points, accounts, now))
        batch.scores.append(
            bulk.fresh(Score, rubric_id=version.pk, rubric_digest=version.digest, points=points, look_points=look_points, tier=tier.code, at=now)
        )
    return batch


def _survey(
    plan: SurveyPlan, round_: Round, look_points: str, accounts: Mapping[tuple[int, str], int], now: datetime
) -> Survey:
    sheet, target, village = plan.sheet, plan.target, plan.target.village
    return bulk.fresh(
        Survey, round_id=round_.pk, county_id=village.county_id, township_id=village.township_id,
        village_id=village.id, group_id=target.group_id, revision=plan.revision, status=SurveyStatus.SUBMITTED,
        answers=sheet.answers, look_points=look_points, persons=target.persons, attribute=target.attribute,
        cause=target.cause, household_version=target.version, surveyed_on=sheet.surveyed_on, surveyor_name=sheet.surveyor,
        # Importing is loading, not making: no entered_by; the named surveyor is the maker if that is an account (ruling 16).
        surveyor_id=accounts.get((village.id, sheet.surveyor)), entered_by=None, imported=True,
        created_at=now, saved_at=now, submitted_at=now,
    )  # fmt: skip


def check_surveys(expected: Mapping[str, int], new: Collection[str], round_: Round) -> None:
    """The submitted forms must still be those that the check saw, and no list has locked or decided a household since. The caller
    has locked the households."""
    for codes in batches(sorted(expected)):
        rows = Survey.objects.filter(round=round_, household__code__in=codes, status=SurveyStatus.SUBMITTED)
        found = dict(rows.values_list("household__code", "pk"))
        if any(found.get(code, 0) != expected[code] for code in codes):
            raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    for codes in batches(sorted(new)):
        if forms_fixed(round_, codes) or Household.objects.filter(code__in=codes, hold=True).exists():
            raise WrongState(CHECK_AGAIN, code="checked_state_moved")


def write_surveys(batch: SurveyBatch, homes: Mapping[str, int], day: date) -> None:
    """A form and its score name each other: both keys are known beforehand, and references are looked at when the transaction ends.
    `homes`: keys of the households, whose members have been written by now; `day`: whose people count on it."""
    if batch.replaced:
        rows = Survey.objects.filter(pk__in=batch.replaced)
        rows.update(status=SurveyStatus.SUPERSEDED, version=F("version") + 1)
    people = cohorts_of([homes[code] for code in batch.codes], day)
    keys = zip(bulk.ids(Survey, len(batch.new)), bulk.ids(Score, len(batch.new)), strict=True)
    for code, row, score, (pk, score_pk) in zip(batch.codes, batch.new, batch.scores, keys, strict=True):
        row.household_id, row.people = homes[code], people[homes[code]]
        row.pk = score.survey_id = pk
        row.score_id = score.pk = score_pk
    bulk.insert(Survey, batch.new)
    bulk.insert(Score, batch.scores)


def survey_counts(plans: Iterable[SurveyPlan]) -> dict[str, int]:
    counts = {NEW: 0, CHANGED: 0, SAME: 0}
    for plan in plans:
        counts[plan.op] += 1
    return counts
