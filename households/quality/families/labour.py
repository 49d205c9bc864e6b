"""Family 6: ability to work against age, health and schooling (brief 3.13 no. 6). Pure."""

from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    HEALTHY,
    HINT,
    NOT_WORKERS,
    SERIOUS,
    SOME_LABOUR,
    WARNING,
    WORKERS,
    aged,
    declared,
    in_school,
    limit,
    money,
    person_rule,
    works,
)  # fmt: skip

THRESHOLDS = (
    limit("severe_grade", "重度残疾等级", 2, "级"),
    limit("labour_oldest", "普通或技能劳动力的最大年龄", 75, "岁"),
)

REMEDY = "核对劳动技能、健康状况和出生日期，在成员信息里改正。"


def _healthy_without(member: MemberView, household: HouseholdView, limits) -> bool:
    healthy = member.health == {HEALTHY} and not member["disability_grade"]
    return (
        healthy
        and member["skill"] in NOT_WORKERS
        and aged(member, limits["labour_from"], limits["labour_to"])
        and not in_school(member)
    )


def _old_idle(member: MemberView, household: HouseholdView, limits) -> bool:
    old = member["skill"] in WORKERS and aged(member, limits["labour_to"] + 1, 200)
    return old and member["work_months"] in (None, 0) and not works(member) and money(household, "business") == 0


healthy_without = person_rule(
    "Q-06-01", WARNING, "健康青壮年登记为无劳动力", "登记为健康，又在劳动年龄内，却登记为丧失或无劳动力", _healthy_without,
    field="skill", weight=75, limits=("labour_from", "labour_to"), remedy=REMEDY,
)  # fmt: skip
child = person_rule(
    "Q-06-02", WARNING, "未成年人登记为劳动力", "未满劳动年龄，却登记有劳动力",
    lambda m, h, limits: m["skill"] in SOME_LABOUR and aged(m, 0, limits["labour_from"] - 1), field="skill", weight=75, limits=("labour_from",), remedy=REMEDY,
)  # fmt: skip
old_idle = person_rule(
    "Q-06-03", HINT, "超龄劳动力无务工无经营", "已过劳动年龄仍登记为劳动力，却没有务工，户里也没有生产经营收入", _old_idle,
    field="skill", limits=("labour_to",), remedy=REMEDY,
)  # fmt: skip
severe = person_rule(
    "Q-06-04", WARNING, "重度残疾登记为劳动力", "残疾等级为重度，却登记为普通或技能劳动力",
    lambda m, h, limits: m["disability_grade"] and m["disability_grade"] <= limits["severe_grade"] and m["skill"] in WORKERS,
    field="skill", weight=65, limits=("severe_grade",), remedy=REMEDY,
)  # fmt: skip
ill = person_rule(
    "Q-06-05", HINT, "大病登记为劳动力", "登记患有大病，又登记为普通或技能劳动力", lambda m, h, _: SERIOUS in m.health and m["skill"] in WORKERS,
    field="skill", remedy=REMEDY,
)  # fmt: skip
student = person_rule(
    "Q-06-06", HINT, "在校生登记为劳动力", "登记为在校生，又登记为普通或技能劳动力",
    lambda m, h, limits: in_school(m) and m["skill"] in WORKERS and aged(m, limits["labour_from"], 200), field="skill", limits=("labour_from",), remedy=REMEDY,
)  # fmt: skip
too_old = person_rule(
    "Q-06-07", HINT, "高龄登记为劳动力", "年事已高，仍登记为普通或技能劳动力",
    lambda m, h, limits: m["skill"] in WORKERS and aged(m, limits["labour_oldest"] + 1, 200), field="skill", limits=("labour_oldest",), remedy=REMEDY,
)  # fmt: skip
certificate = person_rule(
    "Q-06-08", HINT, "有证书却无劳动力", "有技能资质证书，却登记为丧失或无劳动力", lambda m, h, _: m["skilled_certificate"] and m["skill"] in NOT_WORKERS,
    field="skill", remedy=REMEDY,
)  # fmt: skip

RULES = declared(globals())
