"""Family 11: land, house and distance: sizes that are unusual or do not fit together (brief 3.13 no. 11). Pure."""

from households.quality.facts import HouseholdView
from households.quality.families.declare import HINT, WARNING, declared, household_rule, limit

THRESHOLDS = (
    limit("land_household", "一户耕地偏多", 10, "亩"),
    limit("land_person", "人均耕地偏多", 50, "亩"),
    limit("forest_household", "一户林地偏多", 50, "亩"),
    limit("forest_person", "人均林地偏多", 70, "亩"),
    limit("house_most", "住房面积过大", 500, "㎡"),
    limit("road_far", "离主干路偏远", 5, "公里"),
)

REMEDY = "对照确权证和鉴定表核对面积，单位是亩和平方米。"


def _more_each(household: HouseholdView, name: str, most) -> bool:
    persons = len(household.members)
    return bool(persons) and (household[name] or 0) > most * persons


def _returned(household: HouseholdView, limits) -> bool:
    if household["returned_mu"] is None or (household["forest_mu"] is None and household["pasture_mu"] is None):
        return False
    return household["returned_mu"] > (household["forest_mu"] or 0) + (household["pasture_mu"] or 0)


def _irrigated(household: HouseholdView, limits) -> bool:
    return (
        household["irrigated_mu"] is not None
        and household["cultivated_mu"] is not None
        and household["irrigated_mu"] > household["cultivated_mu"]
    )


land = household_rule(
    "Q-11-01", HINT, "耕地偏多", "一户的耕地面积偏多", lambda h, limits: (h["cultivated_mu"] or 0) > limits["land_household"],
    field="cultivated_mu", limits=("land_household",), reads=("cultivated_mu",), remedy=REMEDY,
)  # fmt: skip
land_each = household_rule(
    "Q-11-02", WARNING, "人均耕地过多", "人均耕地面积过多，像是单位填错", lambda h, limits: _more_each(h, "cultivated_mu", limits["land_person"]),
    field="cultivated_mu", weight=55, limits=("land_person",), reads=("cultivated_mu",), remedy=REMEDY,
)  # fmt: skip
forest = household_rule(
    "Q-11-03", HINT, "林地偏多", "一户的林地面积偏多", lambda h, limits: (h["forest_mu"] or 0) > limits["forest_household"],
    field="forest_mu", limits=("forest_household",), reads=("forest_mu",), remedy=REMEDY,
)  # fmt: skip
forest_each = household_rule(
    "Q-11-04", WARNING, "人均林地过多", "人均林地面积过多，像是单位填错", lambda h, limits: _more_each(h, "forest_mu", limits["forest_person"]),
    field="forest_mu", weight=55, limits=("forest_person",), reads=("forest_mu",), remedy=REMEDY,
)  # fmt: skip
irrigated = household_rule(
    "Q-11-05", WARNING, "灌溉面积大于耕地", "有效灌溉面积大于耕地面积", _irrigated,
    field="irrigated_mu", weight=65, reads=("irrigated_mu", "cultivated_mu"), remedy="有效灌溉面积是耕地里能灌上水的部分。",
)  # fmt: skip
returned = household_rule(
    "Q-11-06", WARNING, "退耕面积大于林草地", "退耕还林面积大于林地和牧草地面积之和", _returned,
    field="returned_mu", weight=60, reads=("returned_mu", "forest_mu", "pasture_mu"), remedy="退耕还林后的地应计在林地或牧草地里。",
)  # fmt: skip
house = household_rule(
    "Q-11-07", WARNING, "住房面积过大", "住房面积过大，像是多填了位数", lambda h, limits: (h["area_m2"] or 0) >= limits["house_most"],
    field="area_m2", weight=60, limits=("house_most",), reads=("area_m2",), remedy=REMEDY,
)  # fmt: skip
road = household_rule(
    "Q-11-08", HINT, "离主干路偏远", "与村主干路的距离偏远，像是单位填成了米或里", lambda h, limits: (h["road_km"] or 0) > limits["road_far"],
    field="road_km", limits=("road_far",), reads=("road_km",), remedy="距离的单位是公里。",
)  # fmt: skip
small = household_rule(
    "Q-11-09", HINT, "住房面积过小", "住房面积过小，像是填成了人均",
    lambda h, limits: not h.exited and h["structure"] != "none" and h["area_m2"] is not None and h["area_m2"] < limits["area_least"],
    field="area_m2", weight=55, limits=("area_least",), reads=("area_m2",), remedy="面积填全家合计；没有住房的，房屋结构选无房。",
)  # fmt: skip

RULES = declared(globals())
