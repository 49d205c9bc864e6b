"""Family 7: the income sheet (brief 3.9, 3.13 no. 7). Amounts never stand in a message. Pure."""

from decimal import Decimal

from households.quality.facts import HouseholdView
from households.quality.families.declare import (
    HINT,
    POOR,
    WARNING,
    aged,
    declared,
    household_rule,
    limit,
    member_of_household_rule,
    money,
    per_head,
)  # fmt: skip

THRESHOLDS = (
    limit("wage_least", "工资性收入偏少", 300, "元"),
    limit("per_head_least", "人均纯收入过低", 500, "元"),
    limit("per_head_most", "人均纯收入过高", 30_000, "元"),
    limit("unexited_most", "未脱贫户人均纯收入过高", 20_000, "元"),
    limit("pension_age", "领养老金的年龄", 60, "岁"),
    limit("savings", "排除情形的存款", 5_000, "元"),
    limit("poverty_line", "扶贫标准（填0按国家各年标准）", 0, "元"),
    limit("wage_a_month", "月工资过高", 20_000, "元"),
)

LUXURIES = frozenset(("computer", "aircon", "heater"))

REMEDY = "对照收支台账和一卡通流水改收支表。"
REMEDY_WORK = "核对收支表的工资性收入和成员的务工时间，改错的一处。"


def _months(household: HouseholdView) -> int:
    return sum((member["work_months"] or 0) + (member["post_months"] or 0) for member in household.members)


def _reckoned(household: HouseholdView, least=None, most=None) -> bool:
    value = per_head(household)
    return value is not None and ((least is not None and value <= least) or (most is not None and value > most))


def _below_line(household: HouseholdView, limits) -> bool:
    value, line = per_head(household), limits["poverty_line"] or household.income_line
    return bool(household.exited and line and value is not None and value < line)


def _wage_a_month(household: HouseholdView) -> Decimal | None:
    """None = no wage or no months; those have rules of their own."""
    wage, months = money(household, "wage"), _months(household)
    return wage / months if wage and months else None


def _old_members(household: HouseholdView, age) -> list:
    return [member for member in household.members if aged(member, age, 200)]


def _nobody_old(household: HouseholdView, limits) -> bool:
    ages = [member.age for member in household.members]
    return bool(money(household, "pension") and ages and None not in ages and max(ages) < limits["pension_age"])


business_without_expense = household_rule(
    "Q-07-01", WARNING, "有经营收入没有支出", "有生产经营性收入，却没有生产经营性支出", lambda h, _: money(h, "business") and not money(h, "expense"),
    field="expense", weight=65, remedy="补填种子、化肥、饲料、进货等成本。",
)  # fmt: skip
wage_little = household_rule(
    "Q-07-02", HINT, "工资性收入偏少", "工资性收入有数却很少，像是少填了位数或只填了几天", lambda h, limits: 0 < (money(h, "wage") or 0) < limits["wage_least"],
    field="wage", limits=("wage_least",), remedy=REMEDY,
)  # fmt: skip
wage_without_months = household_rule(
    "Q-07-03", WARNING, "有工资没有务工时间", "有工资性收入，成员却没有一人有务工或公益岗的月数", lambda h, _: h.members and money(h, "wage") and not _months(h),
    field="wage", weight=70, remedy=REMEDY_WORK,
)  # fmt: skip
months_without_wage = household_rule(
    "Q-07-04", WARNING, "有务工时间没有工资", "成员有务工或公益岗的月数，工资性收入却是零", lambda h, _: money(h, "wage") == 0 and _months(h),
    field="wage", weight=70, remedy=REMEDY_WORK,
)  # fmt: skip
very_low = household_rule(
    "Q-07-05", WARNING, "人均纯收入过低", "人均纯收入过低，一般是漏填了收入", lambda h, limits: _reckoned(h, least=limits["per_head_least"]),
    field="net_income_per_head", weight=65, limits=("per_head_least",), remedy=REMEDY,
)  # fmt: skip
very_high = household_rule(
    "Q-07-06", WARNING, "人均纯收入过高", "人均纯收入过高，一般是多填了位数或漏填了支出", lambda h, limits: _reckoned(h, most=limits["per_head_most"]),
    field="net_income_per_head", weight=65, limits=("per_head_most",), remedy=REMEDY,
)  # fmt: skip
exited_below = household_rule(
    "Q-07-07", WARNING, "已脱贫但收入低于标准", "登记为已脱贫，人均纯收入却低于当年扶贫标准", _below_line,
    field="net_income_per_head", weight=85, limits=("poverty_line",), remedy="核对收支表；确实下降的，按返贫风险报告。",
)  # fmt: skip
unexited_high = household_rule(
    "Q-07-08", WARNING, "未脱贫但收入高", "登记为未脱贫或返贫的贫困户，人均纯收入却很高",
    lambda h, limits: h.listed and h["attribute"] in POOR and _reckoned(h, most=limits["unexited_most"]),
    field="net_income_per_head", weight=75, limits=("unexited_most",), remedy="核对收支表和人口；收入属实的，核对脱贫属性。",
)  # fmt: skip
pension_nobody = household_rule(
    "Q-07-09", WARNING, "有养老金但无老人", "收支表有养老保险金，户里却没有到领取年龄的人", _nobody_old,
    field="pension", weight=65, limits=("pension_age",), remedy="核对是不是别的补贴，或漏登了老人。",
)  # fmt: skip
old_without_pension = member_of_household_rule(
    "Q-07-10", HINT, "老人没有养老金", "户里有到领取年龄的人，收支表的养老保险金却是零",
    lambda h, limits: _old_members(h, limits["pension_age"]) if money(h, "pension") == 0 else [], field="pension_resident", limits=("pension_age",),
    remedy="核对养老保险参保和领取；领了的补进收支表。",
)  # fmt: skip
ecology = household_rule(
    "Q-07-11", WARNING, "有生态补偿金没有退耕面积", "收支表有生态补偿金，却没有退耕还林面积", lambda h, _: money(h, "ecology") and not h["returned_mu"],
    field="returned_mu", weight=55, remedy="补填退耕还林面积；是公益林、草原补助的写明。",
)  # fmt: skip
loss = household_rule(
    "Q-07-12", HINT, "经营亏损", "生产经营性支出大于生产经营性收入",
    lambda h, _: (money(h, "expense") or 0) > (money(h, "business") or 0), field="expense", remedy="核对收入和支出是否同一年度、同一口径。",
)  # fmt: skip
dividend = household_rule(
    "Q-07-13", HINT, "有分红却无带动", "有资产收益分红，却没有登记加入合作组织、龙头企业或致富带头人带动",
    lambda h, _: money(h, "dividend") and h["cooperative"] is False and h["leading_firm"] is False and not h["leader_led"],
    field="cooperative", remedy="核对分红来源，补填带动情况。",
)  # fmt: skip
persons_differ = household_rule(
    "Q-07-14", HINT, "收支表人口与户人口不同", "收支表按另一个人口数算人均，与现在的在户人口不同",
    lambda h, _: h.sheet and h.sheet.persons and h.sheet.persons != h.persons, field="net_income_per_head", remedy="人口变化以后重新保存收支表，人均按在册人口算。",
)  # fmt: skip
savings = household_rule(
    "Q-07-15", WARNING, "在册户存款达到排除情形", "登记为在册贫困户，存款却达到不纳入的数额",
    lambda h, limits: h.listed and h["attribute"] in POOR and h.savings is not None and h.savings >= limits["savings"],
    field="savings", weight=80, limits=("savings",), remedy="核对存款；属实的在“排除情形”里核定或说明仍应列入的理由。",
)  # fmt: skip
luxury = household_rule(
    "Q-07-16", WARNING, "在册户有车或大型农机", "登记为在册贫困户，却有轿车、客货运车或大型农机",
    lambda h, _: h.listed and h["attribute"] in POOR and (h["vehicle"] == "car" or h["machines"] == "large"),
    field="vehicle", weight=80, remedy="核对车辆和农机归谁；属实的在“排除情形”里核定或说明仍应列入的理由。",
)  # fmt: skip
luxuries = household_rule(
    "Q-07-17", HINT, "在册户有高档家电", "登记为在册贫困户，却有电脑、空调或热水器", lambda h, _: h.listed and h["attribute"] in POOR and LUXURIES & set(h["appliances"] or ()),
    field="appliances", reads=("appliances",), source="D6-02", remedy="核对是否能用、归谁；在“排除情形”里说明。",
)  # fmt: skip
wage_months = household_rule(
    "Q-07-18", WARNING, "工资与务工月数不称", "工资性收入摊到成员的务工月数，每月高得不像", lambda h, limits: (_wage_a_month(h) or 0) > limits["wage_a_month"],
    field="wage", weight=65, limits=("wage_a_month",), remedy=REMEDY_WORK,
)  # fmt: skip

RULES = declared(globals())
