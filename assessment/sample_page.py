"""What the pages of 抽查 and 算账 show, and what the desk shows of them. Presentation only.

Single answers tell of illness and deposits, so they need both field classes, notes too; points, tiers and counts do not. Amounts need FINANCE.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from assessment.answers import chosen
from assessment.docket import Docket
from assessment.models import Case, IncomeCheck, Recheck, Sample, Sitting
from assessment.sampling import place_of
from assessment.selectors_samples import (
    Drawn,
    found_before,
    gap_of,
    income_checks,
    income_labels,
    least_size,
    move_of,
    sampled,
)
from core.scope import FieldClass, Scope
from households.codes import TIER
from households.income import Reckoning, reckon
from households.secrets import reveal

SEALED = (FieldClass.HEALTH, FieldClass.FINANCE)
COLOURS = {"same": "done", "differs": "no", "missed": "back", "": "todo"}
SHOWN = 16


@dataclass(frozen=True, slots=True)
class Found:
    """A result in words. `details` and `note` are empty for those who may not read them."""

    word: str
    colour: str
    move: str
    changes_tier: bool
    who: str
    visited_on: object
    at: object
    by: str
    details: tuple[str, ...] = ()
    note: str = ""


def reads(scope: Scope, place: object) -> bool:
    return all(scope.may_see(kind, place) for kind in SEALED)


def found_of(row: Recheck, *, read: bool) -> Found:
    return Found(
        row.get_outcome_display(), COLOURS[row.outcome], move_of(row), row.changes_tier, "、".join(row.visitors), row.visited_on, row.at, row.by.name,
        tuple(_details(row)) if read else (), reveal(row, "note") if read else "",
    )  # fmt: skip


def _details(row: Recheck) -> list[str]:
    """房屋主要结构：土坯 → 砖混; then the income lines that differ."""
    if not row.changes or row.survey is None:
        answers = []
    else:
        rubric = row.survey.score.rubric.value
        now = chosen(rubric, row.survey.answers)
        answers = [f"{item.name}：{_label(now[item.code])} → {_option(item, row.changes[item.code])}" for item in rubric.indicators if item.code in row.changes]
    income = income_labels(row)
    return answers + ([f"收入有出入：{'、'.join(income)}"] if income else [])


def _label(option) -> str:
    return option.label if option else "没有答"


def _option(item, code: str) -> str:
    return next((option.label for option in item.options if option.code == code), code)


# --- on the desk ----------------------------------------------------------------------------------------------


def on_desk(scope: Scope, table: Docket, case: Case | None) -> dict[str, object]:
    """Head of the list and the household's card; {} at a stage that re-visits nobody."""
    if table.sampled is None:
        return {}
    base = reverse("sitting_sample", args=[table.sitting.uuid])
    found = table.sampled
    context: dict[str, object] = {
        "sample_url": base, "sample_say": found.errors.say if found.samples else "", "sample_errors": found.errors,
        "sampled_uuids": {str(row.case.uuid) for row in found.drawn},
    }  # fmt: skip
    if case is not None:
        context |= _on_card(scope, table, case, found.of(case.pk))
    return context


def _on_card(scope: Scope, table: Docket, case: Case, drawn: Drawn | None) -> dict[str, object]:
    uuid, read = table.sitting.uuid, reads(scope, case)
    check = income_checks(table.sitting).get(case.pk) if scope.may_see(FieldClass.FINANCE, case) else None
    writes = table.open and table.may_decide
    before = found_before(table.sitting, case)
    result = drawn.result if drawn else before
    return {
        "drawn": drawn, "revisit": found_of(result, read=read) if result else None,
        "recheck_url": reverse("sitting_recheck", args=[uuid, case.uuid]) if drawn and writes else "",
        "income_check": check, "income_gap": gap_of(check) if check else None,
        "income_url": reverse("sitting_income", args=[uuid, case.uuid]) if writes and scope.may_see(FieldClass.FINANCE, case) else "",
    }  # fmt: skip


# --- the page -------------------------------------------------------------------------------------------------


def page_of(scope: Scope, table: Docket) -> dict[str, object]:
    """Samples with their households, the list to reckon, what may still be drawn."""
    sitting, found = table.sitting, table.sampled or sampled(table.sitting)
    read, sees_amounts = reads(scope, sitting), scope.may_see(FieldClass.FINANCE, sitting)
    waits = {line.case.pk for line in table.lines} if table.open else set()
    drawn = {row.case.pk for row in found.drawn}
    left = len(waits - drawn)
    checks = income_checks(sitting) if sees_amounts else {}
    writes = table.open and table.may_decide
    return {
        "sitting": sitting, "stage": table.stage, "area_name": table.area, "errors": found.errors, "say": found.errors.say if found.samples else "",
        "samples": [_sample(sample, found, sitting, waits, read=read, writes=writes) for sample in found.samples], "writes": writes, "left": left,
        "least": 1 if found.samples else least_size(sitting.round, left), "usual": least_size(sitting.round, left), "further": bool(found.samples),
        "sees_amounts": sees_amounts, "incomes": [_income(sitting, line.case, checks.get(line.case.pk), writes) for line in table.lines] if sees_amounts else [],
        "reckoned": len(checks),
    }  # fmt: skip


def _sample(sample: Sample, found, sitting: Sitting, waits: set[int], *, read: bool, writes: bool) -> dict[str, object]:
    rows = [_row(row, sitting, waits, read=read, writes=writes) for row in found.lines_of(sample)]
    taken = {row["code"] for row in rows}
    frame = [{"code": code, "tier": TIER.label(tier) if tier else "没有得分", "place": place_of(sample.seed, code)[:SHOWN], "taken": code in taken} for code, tier in sample.frame]
    return {"row": sample, "rows": rows, "frame": sorted(frame, key=lambda one: one["place"])}


def _row(row: Drawn, sitting: Sitting, waits: set[int], *, read: bool, writes: bool) -> dict[str, object]:
    case, here = row.case, row.case.pk in waits
    return {
        "position": row.line.position, "uuid": str(case.uuid), "name": case.household.head_name, "code": case.household.code,
        "group": case.group.name if case.group_id else "未分组", "points": row.points, "tier_name": row.tier_name,
        "found": found_of(row.result, read=read) if row.result else None, "earlier": [found_of(one, read=read) for one in row.earlier],
        "gone": not here and not row.result, "url": reverse("sitting_recheck", args=[sitting.uuid, case.uuid]) if writes and here else "",
        "desk": f"{reverse('sitting', args=[sitting.uuid])}?case={case.uuid}",
    }  # fmt: skip


def _income(sitting: Sitting, case: Case, check: IncomeCheck | None, writes: bool) -> dict[str, object]:
    return {
        "name": case.household.head_name, "group": case.group.name if case.group_id else "未分组", "check": check,
        "gap": gap_of(check) if check else None, "reported": check.reported if check else case.household.net_income_per_head,
        "url": reverse("sitting_income", args=[sitting.uuid, case.uuid]) if writes or check else "",
    }  # fmt: skip


# --- one reckoning --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Both:
    """A line of the formula on both sides; None = not filled."""

    label: str
    sign: int
    theirs: Decimal | None
    ours: Decimal | None


def reckoning_of(row: IncomeCheck) -> Reckoning:
    return reckon({name: Decimal(amount) for name, amount in row.parts.items()}, row.persons)


def both_sides(theirs: Reckoning | None, ours: Reckoning) -> list[Both]:
    """Line by line: what the household's sheet says, what the 清查组 reckons."""
    known: Mapping[str, Decimal | None] = {line.field: line.amount for line in theirs.lines} if theirs else {}
    return [Both(line.label, line.sign, known.get(line.field), line.amount) for line in ours.lines]


def panel_names(sitting: Sitting) -> Sequence[str]:
    return [name for member in sitting.panel if (name := str(member.get("name", "")).strip())]
