"""Family 14: households watched against falling back (brief 3.11, 3.13 no. 14). Pure."""

from datetime import date

from households.quality.facts import HouseholdView
from households.quality.families.basics import SAFE, unsafe_house, unsafe_water
from households.quality.families.causes import nobody_disabled, nobody_ill, workers
from households.quality.families.declare import (
    HINT,
    NOT_WORKERS,
    WARNING,
    checked,
    declared,
    dropped_out,
    household_rule,
    in_school,
    limit,
    money,
    per_head,
)  # fmt: skip
from households.quality.model import Hit, Level, Rule

ILL, STUDY, WORK, HOUSE, WATER, OTHER = "ill", "study", "work", "house", "water", "other"
BY_HELP, NATURAL = "help", "natural"

MATCHING = {
    WATER: ("Q-14-03", "饮水安全", "饮水安全保障", {"06"}),
    HOUSE: ("Q-14-04", "安全住房", "住房安全保障或搬迁", {"05", "12"}),
    STUDY: ("Q-14-05", "因学", "义务教育保障或其他教育帮扶", {"08", "09"}),
    ILL: ("Q-14-14", "因病", "健康帮扶", {"07"}),
    WORK: ("Q-14-15", "务工就业不稳", "就业帮扶、公益岗位帮扶或产业帮扶", {"01", "02", "04"}),
}
"""What a risk asks for: rule, risk, measures in words and codes."""

THRESHOLDS = (
    limit("monitor_range", "监测范围的人均纯收入", 7_300, "元"),
    limit("measure_months", "识别后应有措施的期限", 1, "月"),
    limit("removal_months", "风险消除的最短时间", 2, "月"),
    limit("most_risks", "风险最多几项", 5, "项"),
)

REMEDY = "在户信息“监测”一节补填或改正。"


def _months_between(first: date, last: date) -> int:
    """Full calendar months from the first day to the last."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _risks(household: HouseholdView) -> set[str]:
    return set(household["risks"] or ())


def _measures(household: HouseholdView) -> set[str]:
    return set(household["monitor_measures"] or ())


def _removed(household: HouseholdView) -> bool:
    return bool(household["removal"] or household["removed_on"])


def _below_range(household: HouseholdView, limits) -> bool:
    value = per_head(household)
    return (
        not household["monitor_kind"] and not household.listed and value is not None and value < limits["monitor_range"]
    )


def _late_without(household: HouseholdView, limits) -> bool:
    since = household["monitored_on"]
    late = since is not None and _months_between(since, household.on) >= limits["measure_months"]
    return bool(late and not _measures(household) and not _removed(household))


def _too_soon(household: HouseholdView, limits) -> bool:
    since, until = household["monitored_on"], household["removed_on"]
    known = since is not None and until is not None and since <= until and household["removal"] != NATURAL
    return known and _months_between(since, until) < limits["removal_months"]


def _appears_again(household: HouseholdView, limits) -> bool:
    return _removed(household) and (
        unsafe_house(household) or unsafe_water(household) or any(dropped_out(m) for m in household.members)
    )


def _removed_by_help(household: HouseholdView) -> bool:
    return bool(household["monitor_kind"]) and household["removal"] == BY_HELP


def _unfounded(household: HouseholdView, limits) -> bool:
    """A standing risk of illness, disability, study or want of labour that no member bears out."""
    if _removed(household) or not household["monitor_kind"]:
        return False
    return any(risk in _risks(household) and away(household, limits) for risk, away in UNFOUNDED)


def _already_safe(household: HouseholdView, limits) -> bool:
    risks = _risks(household) if household["monitor_kind"] and not _removed(household) else set()
    dry = WATER in risks and household["water_safe"] and household["water_difficult"] is False
    return bool(dry or (HOUSE in risks and household["danger_level"] in SAFE and not unsafe_house(household)))


def _nobody_works(household: HouseholdView) -> bool:
    return bool(household.members) and all(m["skill"] in NOT_WORKERS for m in household.members)


UNFOUNDED = (
    (ILL, lambda h, _: nobody_ill(h.members)),
    ("disabled", lambda h, _: nobody_disabled(h.members)),
    (STUDY, lambda h, _: bool(h.members) and not any(in_school(m) for m in h.members)),
    ("labour", lambda h, limits: workers(h) > limits["labour_many"]),
)


def _matching_rule(risk: str) -> Rule:
    code, said, measures, codes = MATCHING[risk]

    @checked(
        code, Level.HOUSEHOLD, WARNING, f"{said}风险没有对应措施", weight=70, remedy=f"核对帮扶措施，应有{measures}。"
    )
    def rule(household: HouseholdView, limits):
        if risk in _risks(household) and not _measures(household) & codes and not _removed(household):
            yield Hit(f"致贫返贫风险有{said}，监测帮扶措施里却没有{measures}", field="monitor_measures")

    return rule


not_listed = household_rule(
    "Q-14-01", WARNING, "收入在监测范围却未纳入", "人均纯收入低于监测范围，却没有纳入监测", _below_range,
    field="monitor_kind", weight=80, limits=("monitor_range",), years=(2021, None), remedy="入户核实，符合条件的按程序纳入监测对象。",
)  # fmt: skip
no_measures = household_rule(
    "Q-14-02", WARNING, "识别后没有帮扶措施", "纳入监测已满期限，却没有一项帮扶措施", _late_without,
    field="monitor_measures", weight=85, limits=("measure_months",), remedy="对着风险落实帮扶措施并登记。",
)  # fmt: skip
water = _matching_rule(WATER)
house = _matching_rule(HOUSE)
study = _matching_rule(STUDY)
ill = _matching_rule(ILL)
work = _matching_rule(WORK)
removed_without = household_rule(
    "Q-14-06", WARNING, "帮扶消除却没有措施", "风险消除方式是帮扶消除，却没有一项帮扶措施", lambda h, _: h["removal"] == BY_HELP and not _measures(h),
    field="monitor_measures", weight=75, remedy=REMEDY,
)  # fmt: skip
too_soon = household_rule(
    "Q-14-07", WARNING, "风险消除过快", "纳入监测不久就登记风险消除，又不是自然消除", _too_soon,
    field="removed_on", weight=70, limits=("removal_months",), reads=("monitored_on", "removed_on"), remedy="核对两个日期；收入不稳定的不应消除。",
)  # fmt: skip
ill_unpaid = household_rule(
    "Q-14-08", WARNING, "因病风险却无自付支出", "致贫返贫风险有因病，收支表的合规自付支出却是零", lambda h, _: ILL in _risks(h) and money(h, "medical_paid") == 0,
    field="medical_paid", weight=60, remedy="核对医疗票据，补填报销以后自己付的合规费用。",
)  # fmt: skip
other_without_note = household_rule(
    "Q-14-09", WARNING, "其他风险没有说明", "致贫返贫风险选了其他，却没有说明", lambda h, _: OTHER in _risks(h) and not h["risk_note"],
    field="risk_note", weight=65, remedy="在其他风险说明里写清是什么风险。",
)  # fmt: skip
again = household_rule(
    "Q-14-10", WARNING, "消除后又有问题", "风险已消除，却有危房、饮水不安全或失学", _appears_again,
    field="removal", weight=85, reads=("dangerous_house", "danger_level", "structure", "water_safe", "water_difficult"), remedy="核对问题是否属实，属实的重新纳入监测。",
)  # fmt: skip
no_kind = household_rule(
    "Q-14-11", HINT, "没有监测类别", "填了监测日期、风险或措施，却没有监测对象类别",
    lambda h, _: not h["monitor_kind"] and (h["monitored_on"] or _risks(h) or _measures(h) or _removed(h)), field="monitor_kind", weight=55, remedy=REMEDY,
)  # fmt: skip
dates = household_rule(
    "Q-14-12", WARNING, "监测日期倒置", "风险消除日期早于纳入监测日期，或日期还没有到",
    lambda h, _: (h["monitored_on"] and h["removed_on"] and h["removed_on"] < h["monitored_on"]) or any(h[name] and h[name] > h.on for name in ("monitored_on", "removed_on")),
    field="removed_on", weight=70, reads=("monitored_on", "removed_on"), remedy=REMEDY,
)  # fmt: skip
half_removed = household_rule(
    "Q-14-13", WARNING, "风险消除登记不全", "风险消除只填了方式或只填了日期", lambda h, _: bool(h["removal"]) != bool(h["removed_on"]),
    field="removed_on", weight=55, remedy=REMEDY,
)  # fmt: skip
kind_and_standing = household_rule(
    "Q-14-16", WARNING, "监测类别与脱贫属性不符", "脱贫不稳定户应是已脱贫户，边缘易致贫户应是没有建档的农户，与脱贫属性不符",
    lambda h, _: h["exit_status"] and ((h["monitor_kind"] == "unstable" and not h.exited) or (h["monitor_kind"] == "marginal" and (h.exited or h.listed))),
    field="monitor_kind", weight=70, remedy="核对监测对象类别和脱贫属性。",
)  # fmt: skip
many_risks = household_rule(
    "Q-14-17", WARNING, "风险过多", "致贫返贫风险填得过多", lambda h, limits: len(_risks(h)) > limits["most_risks"],
    field="risks", limits=("most_risks",), remedy="只留最要紧的几项。",
)  # fmt: skip
no_risk = household_rule(
    "Q-14-18", WARNING, "监测对象没有风险", "登记为监测对象，却没有一项致贫返贫风险", lambda h, _: h["monitor_kind"] and h["risks"] is not None and not h["risks"],
    field="risks", weight=70, remedy="选纳入监测时的风险；没有风险的核对监测对象类别。",
)  # fmt: skip
unfounded = household_rule(
    "Q-14-19", WARNING, "风险与成员情况不符", "监测的风险有因病、因残、因学或缺劳动力，成员里却没有相应的人或劳动力不少", _unfounded,
    field="risks", weight=70, reads=("risks",), limits=("labour_many",), remedy="核对风险；成员的健康、上学或劳动力漏填的补成员信息。",
)  # fmt: skip
already_safe = household_rule(
    "Q-14-20", HINT, "住房饮水风险与现状不符", "监测的风险有安全住房或安全饮水，现状却登记为安全，风险又没有消除", _already_safe,
    field="risks", weight=60, reads=("risks",), remedy="已经解决的按程序消除风险；没有解决的改住房或饮水。",
)  # fmt: skip
removed_low = household_rule(
    "Q-14-21", WARNING, "收入低却消除风险", "风险登记为帮扶消除，人均纯收入却还在监测范围以内",
    lambda h, limits: _removed_by_help(h) and per_head(h) is not None and per_head(h) < limits["monitor_range"],
    field="removal", weight=80, limits=("monitor_range",), years=(2021, None), remedy="核对收支表；收入没有稳定超过监测范围的不应消除。",
)  # fmt: skip
removed_helpless = household_rule(
    "Q-14-22", WARNING, "无劳动能力户消除风险", "全户都丧失或没有劳动能力，风险却登记为帮扶消除", lambda h, _: _removed_by_help(h) and _nobody_works(h),
    field="removal", weight=70, remedy="无劳动能力的户落实兜底措施，继续跟踪，暂不标注消除。",
)  # fmt: skip

RULES = declared(globals())
