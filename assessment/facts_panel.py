"""户信息 beside each look: what is on file, in words. Amounts and numbers of documents are not among it, only what follows from them."""

from assessment.form_state import FormState
from assessment.household_facts import members_of
from assessment.rubric import Look
from core.periods import age_on
from core.scope import FieldClass, Scope
from households import codes
from households.models import Household, Membership

Fact = tuple[str, str]
UNKNOWN = "未登记"


def facts_of(scope: Scope, household: Household, look: Look, state: FormState, day) -> list[Fact]:
    """Facts for a look: those of its subject, then what follows from the facts for its indicators."""
    tell = {"A": _house, "B": _land, "C": _equipment, "E": _people, "F": _school}.get(look.code)
    rows = tell(scope, household, day) if tell else []
    follows = [(item.name, state.derived[item.code].reason) for item in look.indicators if item.code in state.derived]
    return rows + [row for row in follows if look.code == "D" or not rows]


def summary_of(household: Household) -> list[Fact]:
    """The household in four lines."""
    return [
        ("户主", household.head_name or UNKNOWN),
        ("人口", f"{household.persons} 人"),
        ("贫困户属性", codes.ATTRIBUTE.items.get(household.attribute, UNKNOWN)),
        ("主要致贫原因", codes.CAUSE.items.get(household.cause, UNKNOWN)),
    ]


def _house(scope: Scope, household: Household, day) -> list[Fact]:
    area = f"{household.area_m2.normalize():f} ㎡" if household.area_m2 is not None else UNKNOWN
    if household.area_m2 and household.persons:
        area += f"，人均 {household.area_m2 / household.persons:.1f} ㎡"
    return [
        ("房屋结构", codes.STRUCTURE.items.get(household.structure, UNKNOWN)),
        ("危房级别", codes.DANGER.items.get(household.danger_level, UNKNOWN)),
        ("住房面积", area),
        ("饮水安全", _yes(household.water_safe)),
        ("饮水困难", _yes(household.water_difficult)),
        ("自来水入户", _yes(household.tap_water)),
        ("通生活用电", _yes(household.electricity)),
        ("入户路", codes.ROAD.items.get(household.road, UNKNOWN)),
    ]


def _land(scope: Scope, household: Household, day) -> list[Fact]:
    land = f"{household.cultivated_mu.normalize():f} 亩" if household.cultivated_mu is not None else UNKNOWN
    if household.cultivated_mu and household.persons:
        land += f"，人均 {household.cultivated_mu / household.persons:.2f} 亩"
    return [("耕地面积", land)]


def _equipment(scope: Scope, household: Household, day) -> list[Fact]:
    owned = household.appliances
    names = UNKNOWN if owned is None else "、".join(codes.APPLIANCES.items.get(name, name) for name in owned) or "无"
    return [
        ("家用电器", names),
        ("交通工具", codes.VEHICLE.items.get(household.vehicle, UNKNOWN)),
        ("生产机具", codes.MACHINES.items.get(household.machines, UNKNOWN)),
    ]


def _people(scope: Scope, household: Household, day) -> list[Fact]:
    may = scope.may_see(FieldClass.HEALTH, household)
    return [(row.person.name, _person(row, day, may)) for row in members_of(household)]


def _person(row: Membership, day, may_see_health: bool) -> str:
    parts = [codes.RELATION.items.get(row.relation, "")]
    if row.person.birth and row.person.birth <= day:
        parts.append(f"{age_on(row.person.birth, day)} 岁")
    if may_see_health and row.health:
        parts.append("、".join(codes.HEALTH.items.get(code, code) for code in row.health.split(",")))
    parts.append(codes.EDUCATION.items.get(row.education, ""))
    parts.append(codes.SKILL.items.get(row.skill, ""))
    if row.work_months is not None:
        parts.append(f"务工 {row.work_months} 个月" if row.work_months else "未务工")
    return "，".join(part for part in parts if part)


def _school(scope: Scope, household: Household, day) -> list[Fact]:
    rows = [row for row in members_of(household) if row.schooling]
    return [(row.person.name, codes.SCHOOLING.items.get(row.schooling, row.schooling)) for row in rows]


def _yes(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, UNKNOWN)
