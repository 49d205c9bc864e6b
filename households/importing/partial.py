"""What only the national sheets bring: income years, and rows that name some of a household's people (brief 3.7, 3.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.sheets.problems import shown
from households.fields import INCOME
from households.importing.model import Faults, IncomeSaid
from households.importing.national import HOUSEHOLD_TITLES, PERSON_TITLES
from households.income import Reckoning, reckon
from households.models import IncomeYear
from households.secrets import id_index

if TYPE_CHECKING:
    from households.importing.compare import Difference

HEAD = "01"


@dataclass(frozen=True)
class IncomeChange:
    """An income year to write: all its items after the import, reckoned with `persons`."""

    said: IncomeSaid
    stored: IncomeYear | None
    parts: Mapping[str, Decimal | None]
    persons: int
    made: Reckoning


def compare_incomes(difference: Difference) -> None:
    """Income years that the file changes; the household takes over the newest reckoned 人均纯收入, as when it is typed in."""
    roster, stored = difference.roster, difference.stored
    before = stored.incomes if stored else {}
    persons = len(roster.members) if stored is None else stored.row.persons
    heads = {year: row.per_head for year, row in before.items()}
    for said in roster.incomes:
        row = before.get(said.year)
        parts = {name: getattr(row, name, None) for name in INCOME.named}
        changed = row is None or any(parts[name] != value for name, value in said.parts.items())
        divisor = row.persons if row else persons
        made = reckon(parts | said.parts, divisor)
        heads[said.year] = made.per_head
        if changed:
            difference.incomes.append(IncomeChange(said, row, parts | said.parts, divisor, made))
    newest = max((year for year, per_head in heads.items() if per_head is not None), default=None)
    if newest is not None and not roster.whole:
        difference.values = {**roster.facts, "net_income_per_head": heads[newest]}


def judge_partial(difference: Difference, faults: Faults) -> None:
    """Rows of the national sheets against what is stored: one head, a new household with its people, sums that differ."""
    roster = difference.roster
    here = faults.at(roster.sheet)
    if difference.stored is None and not roster.members:
        reason = "这一户还没有登记，文件里也没有这一户的成员"
        here.error(roster.row, HOUSEHOLD_TITLES["household"], roster.code, reason, "请在同一个文件里加上人口表（有户主），或先用花名册登记")
    elif roster.members:
        _judge_head(difference, faults)
    _judge_said_head(difference, here)
    _judge_income(difference, here)


def _judge_head(difference: Difference, faults: Faults) -> None:
    roster, stored = difference.roster, difference.stored
    heads = [member for member in roster.members if member.relation == HEAD]
    staying = [row for row in difference.kept if row.relation == HEAD]
    if len(heads) + len(staying) > 1:
        last = heads[-1]
        other = staying[0].person.name if staying else heads[0].name
        remedy = "一户只能有一名户主；换户主的，请把原户主一行也写上并改与户主关系"
        faults.at(last.sheet).error(last.row, PERSON_TITLES["relation"], "户主", f"这一户已有户主{other}", remedy)
    elif not heads and not staying and not (stored and stored.row.head_pending):
        first = roster.members[0]
        reason = "导入后这一户没有户主" if stored else "这一户还没有登记，文件里没有户主"
        faults.at(first.sheet).error(first.row, PERSON_TITLES["relation"], roster.code, reason, "请把户主一行也写上")


def _judge_said_head(difference: Difference, faults: Faults) -> None:
    name, number = difference.roster.said_head
    if name and difference.head_name and name != difference.head_name:
        faults.warn(difference.roster.row, HOUSEHOLD_TITLES["head_name"], name, f"系统中的户主是{difference.head_name}", "户表不换户主；请核对，换户主请用人口表")
    if number and difference.stored is not None:
        heads = [index for index, row in difference.stored.members.items() if row.relation == HEAD and row.person.id_index]
        if heads and id_index(number) not in heads:
            value = shown(number, secret=True)
            faults.warn(difference.roster.row, HOUSEHOLD_TITLES["head_identity"], value, "与系统中户主的证件号码不同", "请核对户主证件号码")


def _judge_income(difference: Difference, faults: Faults) -> None:
    roster = difference.roster
    for change in difference.incomes:
        said, made = change.said, change.made
        if said.per_head is not None and made.per_head is not None and abs(said.per_head - made.per_head) > 1:
            reason = f"按分项和{change.persons}人算得 {made.per_head} 元，以算得的为准"
            faults.warn(said.row, HOUSEHOLD_TITLES["per_head"], said.per_head, reason, "请核对分项和家庭人口数")
        elif made.net is None:
            faults.warn(said.row, HOUSEHOLD_TITLES["net"], "", f"还没有填：{'、'.join(made.unasked)}，算不出人均纯收入", "请补填，没有的填0")
    given, kept = roster.facts.get("net_income_per_head"), difference.values.get("net_income_per_head")
    if given is not None and given != kept:
        faults.warn(roster.row, HOUSEHOLD_TITLES["per_head"], given, f"收支表算得 {kept} 元，以收支表为准", "请核对人均纯收入")
