"""Family 8: work away from home and public posts (brief 3.13 no. 8). Pure."""

from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    ERROR,
    HINT,
    NOT_WORKERS,
    OUTSIDE_COUNTY,
    WARNING,
    aged,
    declared,
    in_school,
    limit,
    person_rule,
    works,
)  # fmt: skip

YEAR = 12

THRESHOLDS = (
    limit("work_from", "可务工的最小年龄", 16, "岁"),
    limit("post_to", "公益性岗位年龄上限（不含）", 70, "岁"),
    limit("work_old", "外出务工的最大年龄", 70, "岁"),
    limit("student_months", "在校生假期务工月数", 2, "月"),
)

REMEDY = "核对务工状况、务工时间和务工企业，在成员信息“劳动和务工”里改正。"
REMEDY_POST = "核对公益性岗位的类型、月数和年龄条件，在成员信息“劳动和务工”里改正。"


def _impossible_months(member: MemberView, household: HouseholdView, limits) -> bool:
    return any(member[name] is not None and not 0 <= member[name] <= YEAR for name in ("work_months", "post_months"))


def _overlap(member: MemberView, household: HouseholdView, limits) -> bool:
    """A post that is itself the work away from home stands in both months."""
    if member["channel"] == "post":
        return False
    parts = [member[name] or 0 for name in ("work_months", "post_months")]
    return all(0 < part <= YEAR for part in parts) and sum(parts) > YEAR


def _post(member: MemberView) -> bool:
    return bool(member["post_kind"] or member["post_months"] or member["channel"] == "post")


impossible_months = person_rule(
    "Q-08-01", ERROR, "务工月数不可能", "务工或公益岗的月数不在零到十二之间", _impossible_months, field="work_months", weight=80, remedy=REMEDY,
)  # fmt: skip
place_without_months = person_rule(
    "Q-08-02", WARNING, "有务工地没有月数", "登记了务工状况，却没有务工时间", lambda m, h, _: m["work_place"] and not m["work_months"],
    field="work_months", weight=60, remedy=REMEDY,
)  # fmt: skip
months_without_place = person_rule(
    "Q-08-03", WARNING, "有月数没有务工地", "登记了务工时间，却没有务工状况、所在地或企业",
    lambda m, h, _: m["work_months"] and not (m["work_place"] or m["work_region"] or m["employer"] or m["abroad"]),
    field="work_place", weight=60, remedy=REMEDY,
)  # fmt: skip
without_labour = person_rule(
    "Q-08-04", WARNING, "无劳动力却务工", "登记为丧失或无劳动力，却有务工或公益岗", lambda m, h, _: m["skill"] in NOT_WORKERS and works(m),
    field="skill", weight=75, remedy=REMEDY,
)  # fmt: skip
overlap = person_rule(
    "Q-08-05", WARNING, "务工与公益岗时间重叠", "务工和公益岗的月数合计超过一年，时间重叠", _overlap,
    field="post_months", weight=60, reads=("work_months", "post_months"), remedy=REMEDY_POST,
)  # fmt: skip
student = person_rule(
    "Q-08-06", WARNING, "在校生务工", "登记为在校生，务工或公益岗的时间却超过假期",
    lambda m, h, limits: in_school(m) and max(m["work_months"] or 0, m["post_months"] or 0) > limits["student_months"],
    field="schooling", weight=70, limits=("student_months",), remedy="已离校的改在校生状况和文化程度；仍在校的改务工时间。",
)  # fmt: skip
post_age = person_rule(
    "Q-08-07", WARNING, "公益岗年龄不符", "在公益性岗位，年龄却不在岗位要求之内",
    lambda m, h, limits: _post(m) and m.age is not None and not limits["work_from"] <= m.age < limits["post_to"],
    field="post_kind", weight=65, limits=("work_from", "post_to"), remedy=REMEDY_POST,
)  # fmt: skip
post_outside = person_rule(
    "Q-08-08", WARNING, "公益岗或车间在县外", "就业渠道是公益性岗位或扶贫车间，务工地却在县外",
    lambda m, h, _: (_post(m) or m["channel"] == "shop") and m["work_place"] in OUTSIDE_COUNTY, field="work_place", weight=60, remedy=REMEDY_POST,
)  # fmt: skip
child = person_rule(
    "Q-08-09", WARNING, "童工", "未满十六周岁，却登记有务工", lambda m, h, limits: aged(m, 0, limits["work_from"] - 1) and works(m),
    field="work_months", weight=85, limits=("work_from",), remedy="核对出生日期和务工；属实的立即报告乡镇。",
)  # fmt: skip
old = person_rule(
    "Q-08-10", HINT, "高龄外出务工", "年事已高，仍登记在县外务工",
    lambda m, h, limits: aged(m, limits["work_old"], 200) and m["work_place"] in OUTSIDE_COUNTY, field="work_place", limits=("work_old",), remedy=REMEDY,
)  # fmt: skip
abroad = person_rule(
    "Q-08-11", HINT, "国外务工与务工状况不符", "登记为国外务工，务工状况却在国内", lambda m, h, _: m["abroad"] and m["work_place"] in ("01", "02", "03"),
    field="abroad", remedy=REMEDY,
)  # fmt: skip
post_months = person_rule(
    "Q-08-12", HINT, "公益岗类型与月数不全", "公益性岗位只填了类型或只填了月数", lambda m, h, _: bool(m["post_kind"]) != bool(m["post_months"]),
    field="post_months", remedy=REMEDY_POST,
)  # fmt: skip

RULES = declared(globals())
