"""Answers that follow from facts on file, each with its reason (根据户信息自动带出). Pure.

None is "not known" and derives nothing: a guess would look like a fact. A rule gives the option's label, and it only
counts where the county's rubric has this indicator, by code and name, with exactly this option; a county that moved a
threshold therefore never receives an answer by the old threshold. Contradictions are 疑点 for people (rulings 11).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assessment.answers import decode
from assessment.facts import HouseholdFacts, MemberFacts
from assessment.rubric import Rubric, fold

__all__ = ["Contradiction", "Derived", "HouseholdFacts", "MemberFacts", "contradictions", "derive"]

FULL_LABOUR = frozenset({"01", "02"})  # AAB010: ordinary, skilled
SKILLED, WEAK_LABOUR = "02", "05"
SERIOUS_ILLNESS, CHRONIC, DISABLED = "03", "02", "04"  # AAB017
NOT_IN_SCHOOL, PRIMARY, SENIOR = "01", "03", "07"  # AAB009
JUNIOR_GRADUATE, SENIOR_GRADUATE = "03", "04"  # AAB008; 06 is a child before school, not the highest level
EDUCATION_LABELS = {
    "01": "文盲半文盲或无劳动力", "02": "小学", "03": "初中", "04": "高中或中职", "05": "大专及以上或有技能资质证书",
}  # fmt: skip
STEADY_MONTHS = 6
WORKING_AGE = 16
COMPULSORY_AGES = range(6, 16)


@dataclass(frozen=True)
class Derived:
    option_code: str
    reason: str


@dataclass(frozen=True)
class Contradiction:
    code: str
    answer_label: str
    derived_label: str
    reason: str


Finding = tuple[str, str] | None  # option label, reason


def _band(value: Decimal, bands: tuple[tuple[int | str, str], ...], top: str) -> str:
    """The label of the first band whose upper end lies above the value; the lower end belongs to the band."""
    return next((label for end, label in bands if value < Decimal(end)), top)


def _number(value: Decimal) -> str:
    return format(value.quantize(Decimal("0.01")).normalize(), "f")


# --- one rule an indicator ------------------------------------------------------------------------------------

STRUCTURES = {
    "none": "无房",
    "thatch": "竹草土坯、土窑洞",
    "other": "其他（土木、石木等）",
    "brick_wood": "砖瓦砖木、砖石窑洞",
    "brick_concrete": "砖混材料或钢筋混凝土",
}


def _structure(facts: HouseholdFacts) -> Finding:
    label = STRUCTURES.get(facts.structure or "")
    return label and (label, f"住房结构登记为{label}")


def _danger(facts: HouseholdFacts) -> Finding:
    if facts.structure == "none":
        return "无房或D级", "登记为无房，按D级"
    if facts.danger_level not in ("A", "B", "C", "D"):
        return None
    label = "无房或D级" if facts.danger_level == "D" else f"{facts.danger_level}级"
    return label, f"危房鉴定等级为{facts.danger_level}级"


def _area(facts: HouseholdFacts) -> Finding:
    if facts.structure == "none":
        return "无房", "登记为无房"
    if facts.area_m2 is None or facts.area_m2 <= 0 or facts.head_count is None:
        return None
    each = facts.area_m2 / facts.head_count
    label = _band(each, ((10, "10平方米以下"), (18, "10至18平方米"), (25, "18至25平方米")), "25平方米及以上")
    return label, f"住房{_number(facts.area_m2)}㎡，{facts.head_count}人，人均{_number(each)}㎡"


def _water(facts: HouseholdFacts) -> Finding:
    if facts.water_safe is None or facts.water_difficult is None:
        return None
    if not facts.water_safe:
        return ("困难且不安全", "饮水困难且不安全") if facts.water_difficult else ("困难或不安全", "饮水不困难但不安全")
    if facts.water_difficult:
        return "困难或不安全", "饮水安全但困难"
    if facts.tap_water is None:
        return None
    if facts.tap_water:
        return "安全且自来水入户", "饮水安全，自来水已入户"
    return "安全但未入户", "饮水安全，自来水未入户"


ROADS = {
    "mud": "通电，泥土路",
    "gravel": "通电，砂石路",
    "cement": "通电，水泥路或沥青路",
    "asphalt": "通电，水泥路或沥青路",
}


def _power(facts: HouseholdFacts) -> Finding:
    if facts.electricity is False:
        return "未通生活用电", "登记为未通生活用电"
    label = ROADS.get(facts.road or "")
    return (label, f"登记为{label}") if facts.electricity and label else None


def _land(facts: HouseholdFacts) -> Finding:
    if facts.cultivated_mu is None or facts.head_count is None:
        return None
    if facts.cultivated_mu <= 0:
        return "无耕地", "登记耕地面积为0"
    each = facts.cultivated_mu / facts.head_count
    label = _band(each, (("0.5", "0.5亩以下"), (1, "0.5至1亩"), (2, "1至2亩")), "2亩及以上")
    return label, f"耕地{_number(facts.cultivated_mu)}亩，{facts.head_count}人，人均{_number(each)}亩"


def _business(facts: HouseholdFacts) -> Finding:
    if facts.business_income is None or facts.business_expense is None or facts.head_count is None:
        return None
    each = (facts.business_income - facts.business_expense) / facts.head_count
    if each <= 0:
        return "无", "生产经营净收入不为正"
    label = _band(each, ((500, "500元以下"), (1500, "500至1500元"), (3000, "1500至3000元")), "3000元及以上")
    return label, f"生产经营净收入人均{_number(each)}元"


def _appliances(facts: HouseholdFacts) -> Finding:
    owned = facts.appliances
    if owned is None:
        return None
    basic = len(owned & {"tv", "fridge", "washer"})
    luxury = bool(owned & {"computer", "aircon", "heater"})
    if basic == 0 and luxury:
        return None  # the table has no option for a computer without a television: a person decides
    if basic == 3 and luxury:
        return "三件齐全且有电脑空调热水器之一", "电视、冰箱、洗衣机齐全，另有电脑、空调或热水器"
    label = ("无", "电视冰箱洗衣机有一件", "有两件", "三件齐全")[basic]
    return label, f"电视、冰箱、洗衣机登记有{basic}件"


VEHICLES = {
    "none": "无",
    "bicycle": "自行车或电动自行车",
    "motorcycle": "摩托车或三轮车",
    "car": "轿车、客运车或货运车",
}
MACHINES = {"none": "无", "small1": "小型机具一件", "small2": "小型机具两件及以上", "large": "大中型农机或加工设备"}


def _vehicle(facts: HouseholdFacts) -> Finding:
    label = VEHICLES.get(facts.vehicle or "")
    return label and (label, f"交通工具登记为{label}")


def _machines(facts: HouseholdFacts) -> Finding:
    label = MACHINES.get(facts.machines or "")
    return label and (label, f"生产机具登记为{label}")


def _savings(facts: HouseholdFacts) -> Finding:
    # Amounts of deposits and debts are field-class data (rulings 6): reasons name the band, never the amount.
    if facts.savings is None:
        return None
    bands = ((1000, "1000元以下"), (5000, "1000至5000元"), (20000, "5000至20000元"))
    label = _band(facts.savings, bands, "20000元及以上")
    return label, f"登记的存款属于{label}"


def _debt(facts: HouseholdFacts) -> Finding:
    if facts.debt is None:
        return None
    if facts.debt <= 0:
        return "无负债", "登记为无非生产性负债"
    if facts.yearly_income is None:
        return None
    if facts.debt >= facts.yearly_income:
        return "达到或超过年收入", "非生产性负债达到或超过年收入"
    if facts.debt * 2 >= facts.yearly_income:
        return "年收入的一半至一倍", "非生产性负债为年收入的一半至一倍"
    return "不足年收入一半", "非生产性负债不足年收入一半"


def _steady_cash(facts: HouseholdFacts) -> Finding:
    # One direction only: other sources (rent, pension) are asked on the doorstep.
    if any((member.work_months or 0) >= STEADY_MONTHS for member in facts.members):
        return "有稳定来源", f"有成员务工满{STEADY_MONTHS}个月"
    if any((member.post_months or 0) >= STEADY_MONTHS for member in facts.members):
        return "有稳定来源", f"有成员公益性岗位满{STEADY_MONTHS}个月"
    return ("有稳定来源", "收支表登记有资产收益分红") if facts.dividend and facts.dividend > 0 else None


def _is_child(member: MemberFacts) -> bool:
    return member.age is not None and member.age < WORKING_AGE


def _labour(facts: HouseholdFacts) -> Finding:
    members = facts.all_members
    if members is None or any(member.skill is None and not _is_child(member) for member in members):
        return None
    halves = sum(2 if m.skill in FULL_LABOUR else 1 if m.skill == WEAK_LABOUR else 0 for m in members)
    persons = len(members)
    reason = f"{persons}人，劳动力{_number(Decimal(halves) / 2)}人（弱半劳动力按0.5）"
    if halves == 0:
        return "无劳动力", reason
    if halves * 3 < persons * 2:
        return "不足三分之一", reason
    return ("三分之一至二分之一" if halves < persons else "二分之一及以上"), reason


def _illness(member: MemberFacts) -> str | None:
    """'serious', 'light', 'none', or None when it cannot be told (a disability without its grade)."""
    if not member.health:
        return None
    if SERIOUS_ILLNESS in member.health or member.disability_grade in (1, 2):
        return "serious"
    if DISABLED in member.health and member.disability_grade is None:
        return None
    return "light" if member.health & {CHRONIC, DISABLED} else "none"


def _health(facts: HouseholdFacts) -> Finding:
    found = [_illness(member) for member in facts.members]
    serious = found.count("serious")
    if serious >= 2:
        return "两人及以上患大病或重残", f"{serious}人患大病或一、二级残疾"
    if facts.all_members is None or None in found:
        return None
    if serious:
        return "一人患大病或重残", "1人患大病或一、二级残疾"
    if "light" in found:
        return "仅有慢性病或轻残", f"{found.count('light')}人有慢性病或三、四级残疾，无人患大病"
    return "全部健康", "全部成员登记为健康"


def _best_labour_education(members: tuple[MemberFacts, ...]) -> str | None:
    """Highest AAB008 among the workers: '' without workers, None when a worker's level is not known."""
    workers = [member for member in members if member.skill in FULL_LABOUR or member.skill == WEAK_LABOUR]
    levels = [member.education for member in workers]
    if any(level not in EDUCATION_LABELS for level in levels):
        return None
    return max(levels, default="")


def _education(facts: HouseholdFacts) -> Finding:
    if any(m.skilled_certificate or m.skill == SKILLED for m in facts.members):
        return EDUCATION_LABELS["05"], "有技能劳动力或技能资质证书"
    members = facts.all_members
    if members is None or any(member.skill is None and not _is_child(member) for member in members):
        return None
    best = _best_labour_education(members)
    if best is None:
        return None
    label = EDUCATION_LABELS[best or "01"]
    return label, f"劳动力最高文化程度为{label}" if best else "无劳动力"


def _work(facts: HouseholdFacts) -> Finding:
    steady = sum((member.work_months or 0) >= STEADY_MONTHS for member in facts.members)
    if steady >= 2:
        return "两人及以上满6个月", f"{steady}人务工满6个月"
    members = facts.all_members
    if members is None or any(member.work_months is None and not _is_child(member) for member in members):
        return None
    if steady:
        return "一人满6个月", "1人务工满6个月"
    if any(member.work_months for member in members):
        return "有人务工但不足6个月", "有人务工，均不足6个月"
    return "无人务工", "没有成员登记务工"


def _school(member: MemberFacts) -> str | None:
    """AAB009. Education and schooling are never both filled (brief 3.6), so an education level means not in school."""
    return member.schooling or (NOT_IN_SCHOOL if member.education else None)


def _students(facts: HouseholdFacts) -> Finding:
    found = [_school(member) for member in facts.members]
    count = sum(grade is not None and grade >= SENIOR for grade in found)
    reason = f"{count}人就读高中、中职及以上"
    if count >= 3:
        return "三人及以上", reason
    if facts.all_members is None or None in found:
        return None
    return ("无", "一人", "两人")[count], reason


def _education_debt(facts: HouseholdFacts) -> Finding:
    if facts.education_debt is None:
        return None
    if facts.education_debt <= 0:
        return "无", "登记为无教育负债"
    label = _band(facts.education_debt, ((10000, "10000元以下"),), "10000元及以上")
    return label, f"登记的教育负债属于{label}"


def _dropped_out(member: MemberFacts) -> bool | None:
    """A child of 6 to 15, not in school, not disabled; None when a fact is missing."""
    if member.age is None:
        return None
    if member.age not in COMPULSORY_AGES:
        return False
    school = _school(member)
    if school is None or not member.health:
        return None
    return school == NOT_IN_SCHOOL and DISABLED not in member.health


def _return(facts: HouseholdFacts) -> Finding:
    dropped = [_dropped_out(member) for member in facts.members]
    if True in dropped:
        return "有适龄儿童失学辍学", f"{dropped.count(True)}名6至15岁儿童不在校且非残疾"
    members = facts.all_members
    if members is None or None in dropped or any(_school(member) is None for member in members):
        return None
    if any(m.education in ("04", "05") and (m.work_months or 0) >= STEADY_MONTHS for m in members):
        return "已有高中中职以上毕业并就业者", "有高中中职及以上毕业成员务工满6个月"
    label = "在校生均正常就读，或无在校生但有初中以上毕业劳动力"
    if any(_school(member) >= PRIMARY for member in members):
        return label, "在校生均正常就读"
    best = _best_labour_education(members)
    if best is None:
        return None
    if best >= JUNIOR_GRADUATE:
        return label, "无在校生，有初中以上毕业劳动力"
    return "无在校生也无初中以上毕业劳动力", "无在校生，劳动力均未达到初中毕业"


RULES: dict[str, tuple[str, Callable[[HouseholdFacts], Finding]]] = {
    "A1": ("房屋主要结构", _structure),
    "A2": ("住房安全等级", _danger),
    "A3": ("人均住房面积", _area),
    "A4": ("饮水", _water),
    "A5": ("用电与入户路", _power),
    "B1": ("人均耕地面积", _land),
    "B3": ("人均种养经营净收入", _business),
    "C1": ("家用电器", _appliances),
    "C2": ("交通工具", _vehicle),
    "C3": ("生产机具", _machines),
    "D1": ("家庭存款", _savings),
    "D2": ("非生产性负债", _debt),
    "D3": ("稳定现金收入来源", _steady_cash),
    "E1": ("劳动力占家庭人口比例", _labour),
    "E2": ("家庭成员健康状况", _health),
    "E3": ("劳动力最高文化与技能", _education),
    "E4": ("务工就业", _work),
    "F1": ("非义务教育阶段在校生", _students),
    "F2": ("教育负债", _education_debt),
    "F3": ("教育回报与义务教育保障", _return),
}


def derive(rubric: Rubric, facts: HouseholdFacts) -> dict[str, Derived]:
    """{indicator code: option and reason} for every indicator of this rubric that follows from the facts."""
    derived: dict[str, Derived] = {}
    for item in rubric.indicators:
        name, rule = RULES.get(item.code, ("", None))
        if rule is None or fold(name) != fold(item.name):
            continue
        finding = rule(facts)
        if finding is None:
            continue
        label, reason = finding
        option = next((option for option in item.options if fold(option.label) == fold(label)), None)
        if option is not None:
            derived[item.code] = Derived(option.code, reason)
    return derived


def contradictions(rubric: Rubric, answers: str, derived: Mapping[str, Derived]) -> tuple[Contradiction, ...]:
    """Answers given that differ from what the facts say, in rubric order. A missing answer contradicts nothing."""
    found = []
    for code, ordinal in decode(rubric, answers).items():
        if ordinal is None or code not in derived:
            continue
        item = rubric.by_code[code]
        answer, by_facts = item.option(ordinal), derived[code]
        if answer.code != by_facts.option_code:
            label = next(option.label for option in item.options if option.code == by_facts.option_code)
            found.append(Contradiction(code, answer.label, label, by_facts.reason))
    return tuple(found)
