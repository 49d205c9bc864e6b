"""Family 4: the causes of poverty against the facts (brief 3.6 AAC007/008, 3.13 no. 4, B-23). Pure."""

from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    CHRONIC,
    HINT,
    SERIOUS,
    WARNING,
    WORKERS,
    causes,
    declared,
    disabled,
    household_rule,
    in_senior_school,
    limit,
)  # fmt: skip

ILL, DISABLED_CAUSE, STUDY, NO_LAND, NO_WATER, NO_SKILL, NO_LABOUR, NO_MONEY, NO_ROAD = (
    "01",
    "02",
    "03",
    "05",
    "06",
    "07",
    "08",
    "09",
    "10",
)
FARMER = "05"

Members = tuple[MemberView, ...]

THRESHOLDS = (
    limit("labour_many", "算缺劳力的最多劳动力", 2, "人"),
    limit("labour_share", "算缺劳力的最高劳动力占比（2021年起）", 25, "%"),
    limit("land_enough", "人均耕地够用", 2, "亩"),
    limit("road_near", "离主干路近", 1, "公里"),
)

REMEDY = "核对主要和其他致贫原因：原因不成立的改原因，成员信息漏填的补成员信息。"


def workers(household: HouseholdView) -> int:
    """普通 and 技能劳动力."""
    return sum(member["skill"] in WORKERS for member in household.members)


def nobody_ill(members: Members) -> bool:
    """Everybody's health is on file and nobody is ill."""
    return _healths_known(members) and not any(member.health & {CHRONIC, SERIOUS} for member in members)


def nobody_disabled(members: Members) -> bool:
    """Everybody's health is on file and nobody is disabled, nor holds a card."""
    return _healths_known(members) and not any(disabled(member) for member in members)


def _healths_known(members: Members) -> bool:
    return bool(members) and all(member.health for member in members)


def _nobody_studies(household: HouseholdView, limits) -> bool:
    """高中 and above; a household where nobody's schooling is on file is a blank, not a contradiction."""
    known = any(member["schooling"] or member["education"] for member in household.members)
    return bool(
        known and STUDY in causes(household) and not any(in_senior_school(member) for member in household.members)
    )


def _land_enough(household: HouseholdView, limits) -> bool:
    land, persons = household["cultivated_mu"], len(household.members)
    return (
        household["cause"] == NO_LAND and land is not None and bool(persons) and land >= limits["land_enough"] * persons
    )


def _road_good(household: HouseholdView, limits) -> bool:
    near = household["road_km"] is not None and household["road_km"] <= limits["road_near"]
    return household["cause"] == NO_ROAD and household["road"] in ("cement", "asphalt") and near


ill = household_rule(
    "Q-04-01", WARNING, "因病致贫但全家健康", "致贫原因有因病，成员却没有一人登记患病", lambda h, _: ILL in causes(h) and nobody_ill(h.members),
    field="cause", weight=85, remedy=REMEDY,
)  # fmt: skip
study = household_rule(
    "Q-04-02", WARNING, "因学致贫但无高中以上学生", "致贫原因有因学，成员却没有高中（中职）及以上在校生", _nobody_studies, field="cause", weight=85, remedy=REMEDY,
)  # fmt: skip
disability = household_rule(
    "Q-04-03", WARNING, "因残致贫但无残疾人", "致贫原因有因残，成员却没有一人登记残疾", lambda h, _: DISABLED_CAUSE in causes(h) and nobody_disabled(h.members),
    field="cause", weight=85, remedy=REMEDY,
)  # fmt: skip
labour = household_rule(
    "Q-04-04", WARNING, "缺劳力但劳动力多", "致贫原因有缺劳力，普通和技能劳动力却不少",
    lambda h, limits: NO_LABOUR in causes(h) and workers(h) > limits["labour_many"],
    field="cause", weight=75, limits=("labour_many",), years=(None, 2020), remedy=REMEDY,
)  # fmt: skip
labour_share = household_rule(
    "Q-04-05", WARNING, "缺劳力但劳动力占比高", "致贫原因有缺劳力，普通和技能劳动力在家庭人口里的占比却不低",
    lambda h, limits: NO_LABOUR in causes(h) and bool(h.members) and workers(h) * 100 > limits["labour_share"] * len(h.members),
    field="cause", weight=75, limits=("labour_share",), years=(2021, None), remedy=REMEDY,
)  # fmt: skip
repeated = household_rule(
    "Q-04-06", WARNING, "其他致贫原因重复", "其他致贫原因与主要原因相同，或同一原因填了两次",
    lambda h, _: len(set(causes(h))) < len(causes(h)), field="other_causes", weight=60, remedy="去掉重复的原因。",
)  # fmt: skip
too_many = household_rule(
    "Q-04-07", WARNING, "其他致贫原因超过两个", "其他致贫原因填了两个以上", lambda h, _: len(h["other_causes"] or ()) > 2,
    field="other_causes", weight=60, remedy="只留最要紧的两个。",
)  # fmt: skip
others_only = household_rule(
    "Q-04-08", WARNING, "只有其他原因没有主要原因", "填了其他致贫原因，却没有主要致贫原因", lambda h, _: h["other_causes"] and not h["cause"],
    field="cause", weight=65, remedy="先选一个最主要的原因。",
)  # fmt: skip
not_poor = household_rule(
    "Q-04-09", HINT, "一般农户有致贫原因", "贫困户属性是一般农户，却登记了致贫原因", lambda h, _: h["attribute"] == FARMER and h["cause"],
    field="attribute", remedy="核对贫困户属性；不是贫困户的清空致贫原因。",
)  # fmt: skip
farmer_standing = household_rule(
    "Q-04-15", HINT, "一般农户有脱贫属性", "贫困户属性是一般农户，却登记了未脱贫、已脱贫或返贫", lambda h, _: h["attribute"] == FARMER and not h["cause"] and (h.listed or h.exited),
    field="attribute", remedy="核对贫困户属性；不是贫困户的清空脱贫属性。",
)  # fmt: skip
land = household_rule(
    "Q-04-10", HINT, "缺土地但耕地不少", "主要致贫原因是缺土地，人均耕地却不少", _land_enough,
    field="cause", limits=("land_enough",), reads=("cultivated_mu",), remedy=REMEDY,
)  # fmt: skip
water = household_rule(
    "Q-04-11", HINT, "缺水但饮水不困难", "主要致贫原因是缺水，饮水却登记为安全且不困难",
    lambda h, _: h["cause"] == NO_WATER and h["water_safe"] and h["water_difficult"] is False, field="cause", remedy="缺的是灌溉用水的写明；不缺水的改原因。",
)  # fmt: skip
road = household_rule(
    "Q-04-12", HINT, "交通落后但路好路近", "主要致贫原因是交通条件落后，入户路却已硬化且离主干路很近", _road_good,
    field="cause", limits=("road_near",), remedy=REMEDY,
)  # fmt: skip
skilled = household_rule(
    "Q-04-13", HINT, "缺技术但有技能劳动力", "主要致贫原因是缺技术，成员却有技能劳动力或技能资质证书",
    lambda h, _: h["cause"] == NO_SKILL and any(m["skill"] == "02" or m["skilled_certificate"] for m in h.members), field="cause", remedy=REMEDY,
)  # fmt: skip
money = household_rule(
    "Q-04-14", HINT, "缺资金但有存款", "主要致贫原因是缺资金，却登记有达到排除情形数额的存款",
    lambda h, limits: h["cause"] == NO_MONEY and h.savings is not None and h.savings >= limits["savings"],
    field="cause", limits=("savings",), remedy="核对存款和致贫原因。",
)  # fmt: skip

RULES = declared(globals())
