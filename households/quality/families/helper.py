"""Family 13: who helps the household (brief 3.13 no. 13, B-24). Pure."""

from households.quality.facts import HouseholdView
from households.quality.families.declare import HINT, POOR, WARNING, declared, household_rule


def _of_the_house(household: HouseholdView, limits) -> bool:
    return bool(household["helper_name"]) and household["helper_name"] in {member.name for member in household.members}


none = household_rule(
    "Q-13-01", HINT, "没有帮扶责任人", "在册贫困户没有登记帮扶责任人", lambda h, _: h.listed and h["attribute"] in POOR and not h["helper_name"],
    field="helper_name", weight=65, remedy="在户信息“帮扶”一节填帮扶责任人和单位。",
)  # fmt: skip
poor = household_rule(
    "Q-13-02", WARNING, "帮扶责任人是贫困户", "帮扶责任人与本村贫困户的户主同名", lambda h, _: h.helper_is_poor and not _of_the_house(h, None),
    field="helper_name", weight=70, reads=("helper_name",), remedy="换帮扶责任人；只是同名的写明单位和职务。",
)  # fmt: skip
own = household_rule(
    "Q-13-03", WARNING, "帮扶责任人是本户成员", "帮扶责任人与本户成员同名", _of_the_house, field="helper_name", weight=75, reads=("helper_name",),
    remedy="帮扶责任人不能是本户的人，改成结对的干部。",
)  # fmt: skip
unit = household_rule(
    "Q-13-04", HINT, "帮扶人和单位不全", "帮扶责任人和帮扶单位只填了一项", lambda h, _: bool(h["helper_name"]) != bool(h["helper_unit"]) and (h["helper_name"] or not h.listed),
    field="helper_unit", remedy="帮扶责任人和帮扶单位都要填。",
)  # fmt: skip

RULES = declared(globals())
