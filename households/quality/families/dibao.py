"""Family 5: 低保 and 五保 (特困供养): the attribute, the members and the money (brief 3.13 no. 5). Pure."""

from households.quality.facts import HouseholdView
from households.quality.families.declare import (
    DIBAO_HOUSEHOLDS,
    HINT,
    WARNING,
    WORKERS,
    WUBAO_HOUSEHOLDS,
    aged,
    declared,
    household_rule,
    limit,
    member_of_household_rule,
    money,
    nobody,
    person_rule,
)  # fmt: skip

PLAIN = frozenset(("01", "05"))

THRESHOLDS = (
    limit("dibao_money_least", "低保金偏少", 200, "元"),
    limit("wubao_money_least", "五保金偏少", 200, "元"),
    limit("wubao_worker_to", "五保户劳动力年龄上限", 59, "岁"),
)

REMEDY = "对照民政低保、特困供养名单，改贫困户属性或成员的享受情况。"
REMEDY_MONEY = "对照一卡通流水改收支表；收入填在另一项的移过来。"


def _draws(household: HouseholdView, name: str) -> bool:
    return any(member[name] for member in household.members)


def _little(amount, least) -> bool:
    return amount is not None and 0 < amount < least


dibao_nobody = household_rule(
    "Q-05-01", WARNING, "低保户无人享受低保", "贫困户属性是低保户，成员却没有一人享受低保",
    lambda h, _: h["attribute"] in DIBAO_HOUSEHOLDS and nobody(h.members, "dibao"), field="attribute", weight=85, remedy=REMEDY,
)  # fmt: skip
plain_dibao = member_of_household_rule(
    "Q-05-02", WARNING, "一般户有人享受低保", "贫困户属性是一般户，却有成员享受低保",
    lambda h, _: [m for m in h.members if m["dibao"]] if h["attribute"] in PLAIN else [], field="dibao", weight=80, remedy=REMEDY,
)  # fmt: skip
both_moneys = household_rule(
    "Q-05-03", WARNING, "低保金和五保金都有", "收支表里低保金和五保金都有数", lambda h, _: money(h, "dibao_money") and money(h, "wubao_money"),
    field="dibao_money", weight=80, remedy=REMEDY_MONEY,
)  # fmt: skip
dibao_zero = household_rule(
    "Q-05-04", WARNING, "享受低保却没有低保金", "属性或成员享受低保，收支表的低保金却是零",
    lambda h, _: (h["attribute"] in DIBAO_HOUSEHOLDS or _draws(h, "dibao")) and money(h, "dibao_money") == 0, field="dibao_money", weight=75, remedy=REMEDY_MONEY,
)  # fmt: skip
dibao_little = household_rule(
    "Q-05-05", HINT, "低保金偏少", "收支表的低保金偏少，像是一个月的", lambda h, limits: _little(money(h, "dibao_money"), limits["dibao_money_least"]),
    field="dibao_money", limits=("dibao_money_least",), remedy="低保金填一年合计。",
)  # fmt: skip
wubao_worker = member_of_household_rule(
    "Q-05-06", WARNING, "五保户有劳动力", "贫困户属性是五保户，却有劳动年龄内的普通或技能劳动力",
    lambda h, limits: [m for m in h.members if m["skill"] in WORKERS and aged(m, 16, limits["wubao_worker_to"])] if h["attribute"] in WUBAO_HOUSEHOLDS else [],
    field="skill", weight=80, limits=("wubao_worker_to",), remedy="核对劳动技能和是否符合特困供养条件。",
)  # fmt: skip
dibao_money_without = household_rule(
    "Q-05-07", WARNING, "非低保户有低保金", "贫困户属性不是低保户，收支表却有低保金",
    lambda h, _: h["attribute"] and h["attribute"] not in DIBAO_HOUSEHOLDS and money(h, "dibao_money"),
    field="dibao_money", weight=75, remedy=REMEDY_MONEY,
)  # fmt: skip
wubao_money_without = household_rule(
    "Q-05-08", WARNING, "非五保户有五保金", "贫困户属性不是五保户，收支表却有五保金",
    lambda h, _: h["attribute"] and h["attribute"] not in WUBAO_HOUSEHOLDS and not _draws(h, "wubao") and money(h, "wubao_money"),
    field="wubao_money", weight=75, remedy=REMEDY_MONEY,
)  # fmt: skip
wubao_nobody = household_rule(
    "Q-05-09", WARNING, "五保户无人特困供养", "贫困户属性是五保户，成员却没有一人是特困供养人员",
    lambda h, _: h["attribute"] in WUBAO_HOUSEHOLDS and nobody(h.members, "wubao"), field="attribute", weight=80, remedy=REMEDY,
)  # fmt: skip
plain_wubao = member_of_household_rule(
    "Q-05-10", WARNING, "非五保户有特困供养人员", "贫困户属性不是五保户，却有成员登记为特困供养人员",
    lambda h, _: [m for m in h.members if m["wubao"]] if h["attribute"] and h["attribute"] not in WUBAO_HOUSEHOLDS else [],
    field="wubao", weight=75, remedy=REMEDY,
)  # fmt: skip
both = person_rule(
    "Q-05-11", WARNING, "同时享受低保和特困供养", "同一人登记为享受低保，又登记为特困供养人员", lambda m, h, _: m["dibao"] and m["wubao"],
    field="dibao", weight=80, remedy=REMEDY,
)  # fmt: skip
wubao_zero = household_rule(
    "Q-05-12", WARNING, "五保户没有五保金", "属性是五保户，收支表的五保金却是零",
    lambda h, _: h["attribute"] in WUBAO_HOUSEHOLDS and money(h, "wubao_money") == 0, field="wubao_money", weight=75, remedy=REMEDY_MONEY,
)  # fmt: skip
wubao_little = household_rule(
    "Q-05-13", HINT, "五保金偏少", "收支表的五保金偏少，像是一个月的", lambda h, limits: _little(money(h, "wubao_money"), limits["wubao_money_least"]),
    field="wubao_money", limits=("wubao_money_least",), remedy="五保金填一年合计。",
)  # fmt: skip

RULES = declared(globals())
