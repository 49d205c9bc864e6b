"""Family 9: age, school and education (brief 3.6 AAB008/009, 3.13 no. 9). Pure."""

from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    HEALTHY,
    HINT,
    NOT_IN_SCHOOL,
    PRIMARY,
    WARNING,
    aged,
    declared,
    dropped_out,
    in_school,
    in_senior_school,
    limit,
    person_rule,
)  # fmt: skip

KINDERGARTEN, COLLEGE, JUNIOR = "02", "16", frozenset(("04", "05", "06"))
BEFORE_SCHOOL = "06"
SINGLE_YEARS = frozenset(f"{code:02d}" for code in range(4, 16))
"""Grades of one year; 小学 and 大专及以上 last several."""
LEAST_AGE = {"02": 10, "03": 13, "04": 16, "05": 18}
"""文化程度 of who has left school, by the earliest age it can be had."""
LEAST_POLITICAL = {"01": 18, "02": 18, "03": 13, "04": 18}
"""政治面貌 by the earliest age."""

THRESHOLDS = (
    limit("senior_from", "高中的最小年龄", 15, "岁"),
    limit("primary_from", "小学的最小年龄", 6, "岁"),
    limit("primary_to", "小学的最大年龄", 14, "岁"),
    limit("primary_late", "仍在小学的年龄", 16, "岁"),
    limit("junior_from", "初中的最小年龄", 11, "岁"),
    limit("junior_to", "初中的最大年龄", 17, "岁"),
    limit("college_from", "大专以上的最小年龄", 17, "岁"),
    limit("student_to", "在校生的年龄上限（不含）", 30, "岁"),
    limit("kindergarten_to", "学前教育的最大年龄", 7, "岁"),
)

REMEDY = "核对出生日期、在校生状况和文化程度，在成员信息“上学”里改正。"
REMEDY_DROPOUT = "核对是否失学辍学：在校的改在校生状况；失学的填原因并报告，控辍保学。"


def _both(member: MemberView, household: HouseholdView, limits) -> bool:
    return in_school(member) and member["education"] not in (None, BEFORE_SCHOOL)


def _repeats(member: MemberView, household: HouseholdView, limits) -> bool:
    last = member.last_schooling
    return len(last) >= 3 and len(set(last[:3])) == 1 and last[0] in SINGLE_YEARS


def _too_young_for(member: MemberView, household: HouseholdView, limits) -> bool:
    least = LEAST_AGE.get(member["education"])
    return least is not None and not in_school(member) and aged(member, 0, least - 1)


def _primary_age(member: MemberView, household: HouseholdView, limits) -> bool:
    odd = member.age is not None and not limits["primary_from"] <= member.age <= limits["primary_to"]
    return member["schooling"] == PRIMARY and odd and member.age < limits["primary_late"]


def _junior_age(member: MemberView, household: HouseholdView, limits) -> bool:
    return (
        member["schooling"] in JUNIOR
        and member.age is not None
        and not limits["junior_from"] <= member.age <= limits["junior_to"]
    )


senior_too_young = person_rule(
    "Q-09-01", WARNING, "年龄过小却在高中以上", "登记在高中（中职）及以上就读，年龄却过小",
    lambda m, h, limits: in_senior_school(m) and aged(m, 0, limits["senior_from"] - 1), field="schooling", weight=80, limits=("senior_from",), remedy=REMEDY,
)  # fmt: skip
primary_too_old = person_rule(
    "Q-09-02", WARNING, "年龄过大却在小学", "登记在小学就读，年龄却过大",
    lambda m, h, limits: m["schooling"] == PRIMARY and aged(m, limits["primary_late"], 200), field="schooling", weight=75, limits=("primary_late",), remedy=REMEDY,
)  # fmt: skip
old_student = person_rule(
    "Q-09-03", WARNING, "大龄在校生", "登记为在校生，年龄却过大",
    lambda m, h, limits: in_school(m) and m["schooling"] != PRIMARY and aged(m, limits["student_to"], 200),
    field="schooling", weight=70, limits=("student_to",), remedy=REMEDY,
)  # fmt: skip
primary_age = person_rule(
    "Q-09-04", HINT, "小学年龄异常", "登记在小学就读，年龄却不在小学年龄段", _primary_age,
    field="schooling", limits=("primary_from", "primary_to", "primary_late"), remedy=REMEDY,
)  # fmt: skip
not_in_school = person_rule(
    "Q-09-05", WARNING, "适龄儿童不在校", "健康的义务教育适龄儿童，却登记为非在校生",
    lambda m, h, limits: aged(m, limits["primary_from"], limits["primary_to"]) and m.health == {HEALTHY} and m["schooling"] == NOT_IN_SCHOOL,
    field="schooling", weight=90, limits=("primary_from", "primary_to"), remedy=REMEDY_DROPOUT,
)  # fmt: skip
no_reason = person_rule(
    "Q-09-06", HINT, "失学没有原因", "义务教育阶段不在校，却没有失学或辍学原因", lambda m, h, _: dropped_out(m) and not m["dropout_reason"],
    field="dropout_reason", weight=60, remedy=REMEDY_DROPOUT,
)  # fmt: skip
reason_in_school = person_rule(
    "Q-09-07", WARNING, "在校却有辍学原因", "登记为在校生，却填了失学或辍学原因", lambda m, h, _: in_school(m) and m["dropout_reason"],
    field="dropout_reason", weight=60, remedy=REMEDY_DROPOUT,
)  # fmt: skip
repeats = person_rule(
    "Q-09-08", WARNING, "三年同一年级", "连续三年登记在同一年级，多为没有逐年更新", _repeats, field="schooling", weight=65, remedy=REMEDY,
)  # fmt: skip
both = person_rule(
    "Q-09-09", WARNING, "文化程度和在校生都填了", "在校生同时填了文化程度，两项只填一项", _both,
    field="education", weight=55, remedy="在校的清空文化程度；已毕业的在校生状况改为非在校生。",
)  # fmt: skip
education_too_young = person_rule(
    "Q-09-10", WARNING, "文化程度与年龄不符", "不在校而文化程度高于这个年龄可能达到的程度", _too_young_for, field="education", weight=65, remedy=REMEDY,
)  # fmt: skip
still_before_school = person_rule(
    "Q-09-11", WARNING, "大龄登记为学龄前儿童", "文化程度是学龄前儿童，年龄却已过学龄",
    lambda m, h, limits: m["education"] == BEFORE_SCHOOL and aged(m, limits["kindergarten_to"] + 1, 200),
    field="education", weight=60, limits=("kindergarten_to",), remedy=REMEDY,
)  # fmt: skip
kindergarten = person_rule(
    "Q-09-12", HINT, "学前教育年龄异常", "登记在学前教育，年龄却已过学龄",
    lambda m, h, limits: m["schooling"] == KINDERGARTEN and aged(m, limits["kindergarten_to"] + 1, limits["student_to"] - 1),
    field="schooling", limits=("kindergarten_to", "student_to"), remedy=REMEDY,
)  # fmt: skip
junior_age = person_rule(
    "Q-09-13", HINT, "初中年龄异常", "登记在初中就读，年龄却不在初中年龄段", _junior_age,
    field="schooling", limits=("junior_from", "junior_to"), remedy=REMEDY,
)  # fmt: skip
college_too_young = person_rule(
    "Q-09-14", HINT, "大专以上年龄异常", "登记在大专及以上就读，年龄却偏小", lambda m, h, limits: m["schooling"] == COLLEGE and aged(m, limits["senior_from"], limits["college_from"] - 1),
    field="schooling", limits=("senior_from", "college_from"), remedy=REMEDY,
)  # fmt: skip
young_member = person_rule(
    "Q-09-15", WARNING, "政治面貌与年龄不符", "登记为党员、预备党员、共青团员或民主党派成员，年龄却不到",
    lambda m, h, limits: m["political"] in LEAST_POLITICAL and aged(m, 0, LEAST_POLITICAL[m["political"]] - 1), field="political", weight=55, remedy="核对出生日期和政治面貌。",
)  # fmt: skip

RULES = declared(globals())
