"""Family 2: what is not filled in (brief 3.13 no. 2). One hint a section, never one an item: a list of blanks would hide the rest. Pure."""

from collections.abc import Callable

from households.fields import HOUSEHOLD, MEMBER
from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    DIBAO_HOUSEHOLDS,
    HINT,
    NOT_IN_SCHOOL,
    POOR,
    WARNING,
    WUBAO_HOUSEHOLDS,
    aged,
    checked,
    declared,
    household_rule,
    in_school,
    limit,
    per_head,
    village_rule,
)  # fmt: skip
from households.quality.model import Hit, Level, Rule

NAMED = 4
"""How many of the blanks are named."""

THRESHOLDS = (
    limit("school_from", "应填在校生状况的最小年龄", 6, "岁"),
    limit("school_to", "应填在校生状况的最大年龄", 23, "岁"),
    limit("labour_from", "劳动年龄下限", 16, "岁"),
    limit("labour_to", "劳动年龄上限", 65, "岁"),
    limit("same_phone", "同一电话的户数", 1, "户"),
    limit("same_bank_card", "同一银行卡的户数", 1, "户"),
)


def _empty(household: HouseholdView, section: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    fields = {one.name: one.label for one in HOUSEHOLD.section(section).fields}
    return [(name, fields[name]) for name in names if household[name] is None]


def _words(title: str, labels: list[str]) -> str:
    more = "等" if len(labels) > NAMED else ""
    return f"{title}：还有 {len(labels)} 项未填（{'、'.join(labels[:NAMED])}{more}）"


def _section_rule(
    code: str, section: str, missing: Callable[[HouseholdView], list[tuple[str, str]]], weight: int
) -> Rule:
    title = HOUSEHOLD.section(section).title

    @checked(
        code,
        Level.HOUSEHOLD,
        HINT,
        f"{title}有空项",
        weight=weight,
        remedy=f"在户信息“{title}”一节补填；不清楚的入户问清再填。",
    )
    def rule(household: HouseholdView, limits):
        empty = missing(household)
        if empty:
            yield Hit(
                _words(title, [label for _, label in empty]),
                field=empty[0][0],
                detail=",".join(name for name, _ in empty),
            )

    return rule


def _plain(section: str, *names: str) -> Callable[[HouseholdView], list[tuple[str, str]]]:
    return lambda household: _empty(household, section, names)


def _home(household: HouseholdView) -> list[tuple[str, str]]:
    names = (
        "attribute",
        "exit_status",
        *(("exit_year",) if household.exited else ()),
        *(("standard",) if household.listed else ()),
    )
    sealed = (("phone", household.phone_known), ("bank_card", household.bank_card_known))
    return _empty(household, "home", names) + [
        (name, HOUSEHOLD.named[name].label) for name, known in sealed if not known
    ]


def _house(household: HouseholdView) -> list[tuple[str, str]]:
    homeless = household["structure"] == "none"
    return _empty(household, "house", ("structure", "dangerous_house", *(() if homeless else ("area_m2", "toilet"))))


def _support(household: HouseholdView) -> list[tuple[str, str]]:
    """The six items of B-24; who helps has rules of its own."""
    names = ("needs", "plan", "measures_taken", "income_project", "funding")
    return _empty(household, "support", names) if household.listed and household["attribute"] in POOR else []


def _monitor(household: HouseholdView) -> list[tuple[str, str]]:
    return _empty(household, "monitor", ("monitored_on", "risks")) if household["monitor_kind"] else []


home = _section_rule("Q-02-01", "home", _home, 40)
house = _section_rule("Q-02-02", "house", _house, 45)
utilities = _section_rule(
    "Q-02-03", "utilities", _plain("utilities", "water_safe", "water_difficult", "tap_water", "electricity", "broadcast", "road", "road_km", "fuel"), 45,
)  # fmt: skip
land = _section_rule(
    "Q-02-04", "land", _plain("land", "cultivated_mu", "irrigated_mu", "forest_mu", "returned_mu", "cooperative"), 35
)
assets = _section_rule("Q-02-05", "assets", _plain("assets", "appliances", "vehicle", "machines"), 40)
support = _section_rule("Q-02-06", "support", _support, 30)
monitor = _section_rule("Q-02-07", "monitor", _monitor, 60)

no_cause = household_rule(
    "Q-02-08", WARNING, "没有主要致贫原因", "在册贫困户没有登记主要致贫原因", lambda h, _: h.listed and h["attribute"] in POOR and not h["cause"],
    field="cause", weight=70, remedy="在户信息“户”一节选最主要的一个原因。",
)  # fmt: skip


no_income = household_rule(
    "Q-02-09", HINT, "收入没有填完", "没有人均纯收入：收支表没有填，或还有没问的项", lambda h, _: h.members and per_head(h) is None,
    field="net_income_per_head", weight=50, remedy="填本年度的收支表；没有的项填零，不要空着。",
)  # fmt: skip


# --- the members of a household: one hint a section, whoever it is about ---------------------------------------------


def _no_schooling(member: MemberView, household: HouseholdView, limits) -> bool:
    """Neither 文化程度 nor 在校生状况; a child below school age is asked for neither."""
    return not member["education"] and not member["schooling"] and not aged(member, 0, limits["school_from"] - 1)


def _no_state_of_school(member: MemberView, household: HouseholdView, limits) -> bool:
    return (
        not member["schooling"]
        and bool(member["education"])
        and aged(member, limits["school_from"], limits["school_to"])
    )


def _no_labour(member: MemberView, household: HouseholdView, limits) -> bool:
    return not member["skill"] and aged(member, limits["labour_from"], limits["labour_to"]) and not in_school(member)


def _no_cover(member: MemberView, household: HouseholdView, limits) -> bool:
    return member["medical_resident"] is None and member["medical_employee"] is None


def _no_aid(member: MemberView, household: HouseholdView, limits) -> bool:
    """Who of a 低保户 or 五保户 draws it."""
    name = {True: "dibao", False: "wubao"}[household["attribute"] in DIBAO_HOUSEHOLDS]
    return household["attribute"] in DIBAO_HOUSEHOLDS | WUBAO_HOUSEHOLDS and member[name] is None


Item = tuple[str, str, Callable[..., bool]]


def _member_rule(code: str, title: str, remedy: str, items: tuple[Item, ...], weight: int) -> Rule:
    @checked(
        code,
        Level.HOUSEHOLD,
        HINT,
        f"成员{title}有空项",
        weight=weight,
        limits=tuple(one.code for one in THRESHOLDS[:4]),
        remedy=remedy,
    )
    def rule(household: HouseholdView, limits):
        empty = [
            (m, name, label)
            for name, label, missing in items
            for m in household.members
            if missing(m, household, limits)
        ]
        if empty:
            member, name, _ = empty[0]
            persons, labels = len({m.key for m, _, _ in empty}), list(dict.fromkeys(label for _, _, label in empty))
            words = f"成员{title}：{persons} 人还有空项（{'、'.join(labels)}）"
            yield Hit(
                words, field=name, member=member.key, detail=",".join(sorted(f"{m.key}.{n}" for m, n, _ in empty))
            )

    return rule


def _label(name: str) -> str:
    return MEMBER.named[name].label


basic = _member_rule(
    "Q-02-11", "身份", "在成员信息里补填。", (("ethnicity", "民族", lambda m, h, _: not m.ethnicity), ("sex", "性别", lambda m, h, _: not m.sex), ("birth", "出生日期", lambda m, h, _: not m.birth)), 45,
)  # fmt: skip
school = _member_rule(
    "Q-02-12", "上学", "在校的填在校生状况，不在校的填文化程度。",
    (("education", "文化程度或在校生状况", _no_schooling), ("schooling", _label("schooling"), _no_state_of_school)), 45,
)  # fmt: skip
health = _member_rule(
    "Q-02-13", "健康", "在成员信息里填健康状况。", (("health", _label("health"), lambda m, h, _: not m.health),), 45
)
labour = _member_rule("Q-02-14", "劳动", "在成员信息里填劳动技能。", (("skill", _label("skill"), _no_labour),), 45)
cover = _member_rule(
    "Q-02-15", "保障", "在成员信息“保障”里逐人填写。",
    (("medical_resident", "医疗保险", _no_cover), ("dibao", "低保或特困供养", _no_aid)), 40,
)  # fmt: skip

left_school_without_education = household_rule(
    "Q-02-16", HINT, "非在校生没有文化程度", "有成员登记为非在校生，却没有文化程度",
    lambda h, limits: any(m["schooling"] == NOT_IN_SCHOOL and not m["education"] and not aged(m, 0, limits["school_from"] - 1) for m in h.members),
    field="members", weight=45, limits=("school_from",), remedy="在成员信息“上学”里补填文化程度。",
)  # fmt: skip

same_phone = village_rule(
    "Q-02-21", WARNING, "多户同一电话", "有多户登记了同一个联系电话", lambda v, limits: v.same_phone >= limits["same_phone"],
    limits=("same_phone",), weight=65, remedy="逐户核对联系电话，代登的改成本户能接通的号码。",
)  # fmt: skip
same_bank_card = village_rule(
    "Q-02-22", WARNING, "多户同一银行卡", "有两户以上登记了同一个银行卡号", lambda v, limits: v.same_bank_card >= limits["same_bank_card"],
    limits=("same_bank_card",), weight=75, remedy="逐户核对一卡通，补贴应发到本户账户。",
)  # fmt: skip

RULES = declared(globals())
