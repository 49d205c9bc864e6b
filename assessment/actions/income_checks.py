"""算账: the 清查组's own reckoning of a household's income, kept beside what was reported (A9-04)."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils import timezone

from assessment import clock
from assessment.actions.casework import facts_of
from assessment.actions.samples import LONGEST_NOTE
from assessment.actions.sitting_steps import lock_case, locked_sitting, place_in, require_open
from assessment.models import Case, IncomeCheck, Sitting
from assessment.selectors_samples import income_checks, line_of, reported_of
from core.actions import Origin, acting, once
from core.errors import BadInput, Denied, Replayed, StaleVersion, WrongState
from core.scope import FieldClass, Scope
from households.fields import INCOME
from households.income import COUNTED, FIRST_YEAR, reckon, running_year
from households.secrets import seal

MOST_PERSONS, HIGHEST = 99, Decimal(99_999_999)
ZERO, CENT = Decimal(0), Decimal("0.01")
STALE = "这一户已有别人算过账，请看过再保存。"


def save_income_check(
    *, scope: Scope, sitting: str, case: str, seen: int, year: int, parts: Mapping[str, Decimal | None], persons: int, rest_zero: bool = False,
    note: str = "", key: str = "", origin: Origin | None = None,
) -> IncomeCheck:  # fmt: skip
    """Keep one reckoning; `parts` in 元 by counted column of `fields.INCOME`, `seen` = id of the one the caller saw, 0 for none.

    It must add up: a group that nobody asked about is no income (`rest_zero` says they were asked and are 0). Raises NotFound, Denied,
    WrongState (not open, the caller made this household's form), StaleVersion, BadInput by column, persons, year, note.
    """
    body = [sitting, case, seen, year, {name: str(amount) for name, amount in parts.items()}, persons, rest_zero, note]
    try:
        with acting(scope, "income.check", origin) as act:
            row, _ = locked_sitting(scope, sitting)
            remember = once(scope, "income.check", key, body)
            require_open(row)
            stage = place_in(row)[1]
            if not stage.inspects:
                raise WrongState(f"{stage.name}不作抽查和算账，由乡镇一级的审核办理。", code="not_inspected")
            if not scope.may_see(FieldClass.FINANCE, row):
                raise Denied
            home = lock_case(row, case)
            if scope.actor_id in facts_of([home])[home.pk].makers:
                raise WrongState("您在本批次录入或修改过这一户，不能为它算账；请换一个账号。", code="maker")
            last = income_checks(row).get(home.pk)
            if (last.pk if last else 0) != seen:
                raise StaleVersion(STALE)
            made = _reckoned(scope, row, home, year, _amounts(parts, rest_zero), persons, note.strip())
            act.audit("case", home.household.code, place=row, round=row.round.code, stage=stage.name, sitting=str(row.uuid), year=year)  # no amounts
            act.feed("sitting", str(row.uuid), place=row)
            remember(str(made.uuid))
    except Replayed as earlier:
        return IncomeCheck.objects.get(uuid=earlier.object_code)
    return made


def _amounts(parts: Mapping[str, Decimal | None], rest_zero: bool) -> dict[str, Decimal | None]:
    return {name: ZERO if rest_zero and parts.get(name) is None else parts.get(name) for name in COUNTED}


def _reckoned(scope: Scope, sitting: Sitting, case: Case, year: int, amounts: Mapping[str, Decimal | None], persons: int, note: str) -> IncomeCheck:
    _refuse_faults(year, amounts, persons, note)
    reckoned = reckon(amounts, persons)
    made = IncomeCheck(
        sitting=sitting, case=case, year=year, parts={name: str(amount) for name, amount in amounts.items() if amount is not None},
        persons=persons, net=reckoned.net, per_head=reckoned.per_head, reported=reported_of(case.household, year),
        poverty_line=line_of(sitting.county_id, year), allowed=sitting.round.income_departure, by_id=scope.actor_id, at=clock.now(),
    )  # fmt: skip
    seal(made, "note", note)
    made.save()
    return made


def _refuse_faults(year: int, amounts: Mapping[str, Decimal | None], persons: int, note: str) -> None:
    faults: dict[str, list[str]] = {}
    running = running_year(timezone.localdate())
    if not FIRST_YEAR <= year <= running:
        faults["year"] = [f"收入年度须在 {FIRST_YEAR} 至 {running} 之间。"]
    if not 1 <= persons <= MOST_PERSONS:
        faults["persons"] = [f"人口须在 1 至 {MOST_PERSONS} 之间，否则算不出人均。"]
    for name, amount in amounts.items():
        if amount is not None and not (amount.is_finite() and ZERO <= amount <= HIGHEST and amount == amount.quantize(CENT)):
            faults[name] = [f"须在 0 至 {HIGHEST:,} 元之间，最多两位小数。"]
    if len(note) > LONGEST_NOTE:
        faults["note"] = [f"说明最多 {LONGEST_NOTE} 字，现有 {len(note)} 字。"]
    if not faults and (unasked := reckon(amounts, persons).unasked):
        first = next(name for name in COUNTED if amounts[name] is None and INCOME.named[name])
        faults[first] = [f"{'、'.join(unasked)}一项也没有填，算不出人均。没有的填 0，或勾选“都问过了”。"]
    if faults:
        raise BadInput(f"有 {len(faults)} 处要改，没有保存。", fields=faults)
