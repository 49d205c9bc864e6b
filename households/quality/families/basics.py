"""Family 10: 两不愁三保障: of exited households what must hold, of all what contradicts itself (brief 3.13 no. 10, B-22). Pure."""

from households.quality.facts import HouseholdView
from households.quality.families.declare import (
    ERROR,
    HEALTHY,
    HINT,
    WARNING,
    aged,
    declared,
    dropped_out,
    household_rule,
    limit,
    member_of_household_rule,
    money,
    person_rule,
)  # fmt: skip

UNSAFE, SAFE = frozenset("CD"), frozenset("AB")
FIRST_LISTED = 2014

THRESHOLDS = (limit("area_least", "住房面积过小", 10, "㎡"),)

REMEDY_HOUSE = "对照住房安全鉴定表改危房级别和危房户。"
REMEDY_EXITED = "核对是否漏改；问题属实的，先解决再确认脱贫。"


def unsafe_house(household: HouseholdView) -> bool:
    return bool(household["dangerous_house"]) or household["danger_level"] in UNSAFE or household["structure"] == "none"


def unsafe_water(household: HouseholdView) -> bool:
    return household["water_safe"] is False or bool(household["water_difficult"])


def _uninsured(household: HouseholdView, limits) -> list:
    if not household.exited:
        return []
    return [m for m in household.members if m["medical_resident"] is False and not m["medical_employee"]]


def _not_covered(household: HouseholdView, limits) -> list:
    return [m for m in household.members if m["serious_illness_insured"] is False] if household.exited else []


def _small(household: HouseholdView, limits) -> bool:
    area = household["area_m2"]
    return area is not None and area < limits["area_least"]


exited_house = household_rule(
    "Q-10-01", WARNING, "已脱贫仍是危房", "登记为已脱贫，住房却是危房或无房", lambda h, _: h.exited and unsafe_house(h), field="dangerous_house", weight=95, remedy=REMEDY_EXITED,
)  # fmt: skip
exited_water = household_rule(
    "Q-10-02", WARNING, "已脱贫饮水没有保障", "登记为已脱贫，饮水却不安全或困难", lambda h, _: h.exited and unsafe_water(h), field="water_safe", weight=95, remedy=REMEDY_EXITED,
)  # fmt: skip
exited_dropout = member_of_household_rule(
    "Q-10-03", WARNING, "已脱贫有失学儿童", "登记为已脱贫，却有义务教育阶段的孩子不在校", lambda h, _: [m for m in h.members if dropped_out(m)] if h.exited else [],
    field="schooling", weight=95, remedy=REMEDY_EXITED,
)  # fmt: skip
exited_insurance = member_of_household_rule(
    "Q-10-04", WARNING, "已脱贫未参加医保", "登记为已脱贫，却有成员没有参加基本医疗保险", _uninsured, field="medical_resident", weight=90, remedy=REMEDY_EXITED,
)  # fmt: skip
exited_serious = member_of_household_rule(
    "Q-10-05", WARNING, "已脱贫未参加大病保险", "登记为已脱贫，却有成员没有参加大病保险", _not_covered, field="serious_illness_insured", weight=80, remedy=REMEDY_EXITED,
)  # fmt: skip
exited_small = household_rule(
    "Q-10-06", WARNING, "已脱贫住房面积过小", "登记为已脱贫，住房面积却是零或过小", lambda h, limits: h.exited and _small(h, limits),
    field="area_m2", weight=85, limits=("area_least",), reads=("area_m2",), remedy=REMEDY_EXITED,
)  # fmt: skip
exited_dark = household_rule(
    "Q-10-07", WARNING, "已脱贫不通电", "登记为已脱贫，却不通生活用电", lambda h, _: h.exited and h["electricity"] is False, field="electricity", weight=90, remedy=REMEDY_EXITED,
)  # fmt: skip
danger_denied = household_rule(
    "Q-10-11", ERROR, "危房级别与危房户不符", "危房级别是C级或D级，危房户却登记为否", lambda h, _: h["danger_level"] in UNSAFE and h["dangerous_house"] is False,
    field="dangerous_house", weight=90, remedy=REMEDY_HOUSE,
)  # fmt: skip
danger_claimed = household_rule(
    "Q-10-12", ERROR, "安全住房登记为危房户", "住房是A级或B级，危房户却登记为是", lambda h, _: h["danger_level"] in SAFE and h["dangerous_house"],
    field="dangerous_house", weight=90, remedy=REMEDY_HOUSE,
)  # fmt: skip
homeless_area = household_rule(
    "Q-10-13", ERROR, "无房却有面积", "房屋结构登记为无房，却有住房面积", lambda h, _: h["structure"] == "none" and (h["area_m2"] or 0) > 0,
    field="structure", weight=85, remedy="无房的面积填零或不填；有房的改房屋结构。",
)  # fmt: skip
homeless_safe = household_rule(
    "Q-10-14", WARNING, "无房却有安全等级", "房屋结构登记为无房，却有A级或B级鉴定", lambda h, _: h["structure"] == "none" and h["danger_level"] in SAFE,
    field="danger_level", weight=70, remedy=REMEDY_HOUSE,
)  # fmt: skip
dark_appliances = household_rule(
    "Q-10-15", WARNING, "不通电却有家电", "登记为不通生活用电，却有家用电器", lambda h, _: h["electricity"] is False and h["appliances"],
    field="electricity", weight=75, reads=("appliances",), remedy="核对是否通电，家电是否能用。",
)  # fmt: skip
tap_difficult = household_rule(
    "Q-10-16", WARNING, "自来水入户却饮水困难", "登记自来水已入户，饮水却登记为困难", lambda h, _: h["tap_water"] and h["water_difficult"],
    field="water_difficult", weight=75, remedy="水量不够或常停水的写明；否则改饮水困难或自来水入户。",
)  # fmt: skip
tap_unsafe = household_rule(
    "Q-10-17", HINT, "自来水入户却饮水不安全", "登记自来水已入户，饮水却登记为不安全", lambda h, _: h["tap_water"] and h["water_safe"] is False,
    field="water_safe", weight=60, remedy="水质不达标的报乡镇；否则改饮水安全。",
)  # fmt: skip
safe_difficult = household_rule(
    "Q-10-28", HINT, "饮水安全却饮水困难", "饮水登记为安全，又登记为困难；取水不便或水量不足不算饮水安全", lambda h, _: h["water_safe"] and h["water_difficult"] and not h["tap_water"],
    field="water_difficult", weight=60, remedy="入户看水源、取水往返和水量，改饮水安全或饮水困难。",
)  # fmt: skip
dark_production = household_rule(
    "Q-10-18", HINT, "不通生活用电却通生产用电", "登记为不通生活用电，却通生产用电", lambda h, _: h["electricity"] is False and h["production_power"],
    field="electricity", remedy="核对两种用电。",
)  # fmt: skip
dark_broadcast = household_rule(
    "Q-10-19", HINT, "不通电却通广播电视", "登记为不通生活用电，却通广播电视", lambda h, _: h["electricity"] is False and h["broadcast"], field="broadcast", remedy="核对通电和广播电视。",
)  # fmt: skip
exit_year_early = household_rule(
    "Q-10-20", WARNING, "未脱贫却有脱贫年度", "登记为未脱贫，却填了脱贫年度", lambda h, _: h["exit_status"] == "0" and h["exit_year"],
    field="exit_year", weight=70, remedy="核对脱贫属性；未脱贫的清空脱贫年度。",
)  # fmt: skip
exit_year_future = household_rule(
    "Q-10-21", WARNING, "脱贫年度在今后", "脱贫年度还没有到", lambda h, _: h["exit_year"] and h["exit_year"] > h.on.year and h["exit_status"] != "5",
    field="exit_year", weight=70, reads=("exit_year",), remedy="改脱贫年度；还没有脱贫的选预脱贫。",
)  # fmt: skip
exited_idle = household_rule(
    "Q-10-22", HINT, "已脱贫没有增收来源", "登记为已脱贫，收支表却没有工资也没有经营收入",
    lambda h, _: h.exited and money(h, "wage") == 0 and money(h, "business") == 0, field="income_project", weight=60, source="B-22",
    remedy="核对收支表；确实没有增收产业的，落实帮扶。",
)  # fmt: skip
both_medical = person_rule(
    "Q-10-23", WARNING, "医疗保险重复参加", "同一人既参加城乡居民医保，又参加城镇职工医保", lambda m, h, _: m["medical_resident"] and m["medical_employee"],
    field="medical_resident", weight=55, remedy="核对参保，医保不能重复参加，只留实际参加的一种。",
)  # fmt: skip
both_pensions = person_rule(
    "Q-10-24", WARNING, "养老保险重复参加", "同一人既参加城乡居民养老保险，又参加城镇职工养老保险", lambda m, h, _: m["pension_resident"] and m["pension_employee"],
    field="pension_resident", weight=50, remedy="核对参保，只留正在缴费或领取的一种。",
)  # fmt: skip
young_pension = person_rule(
    "Q-10-25", WARNING, "未成年参加养老保险", "未满十六周岁，却登记参加养老保险",
    lambda m, h, limits: (m["pension_resident"] or m["pension_employee"]) and aged(m, 0, limits["adult_age"] - 1),
    field="pension_resident", weight=55, limits=("adult_age",), remedy="核对出生日期；未满十六周岁的不参加养老保险。",
)  # fmt: skip
exit_before_list = household_rule(
    "Q-10-26", WARNING, "脱贫年度早于建档立卡", "脱贫年度早于二〇一四年建档立卡", lambda h, _: h["exit_year"] and h["exit_year"] < FIRST_LISTED,
    field="exit_year", weight=65, reads=("exit_year",), remedy="核对脱贫年度，最早是二〇一四年。",
)  # fmt: skip
aid_healthy = person_rule(
    "Q-10-27", WARNING, "接受大病救助却登记健康", "接受大病医疗救助，健康状况却只登记健康", lambda m, h, _: m["illness_aid"] and m.health == {HEALTHY},
    field="health", weight=60, remedy="核对病情：患病的改健康状况；没有救助的改大病医疗救助。",
)  # fmt: skip

RULES = declared(globals())
