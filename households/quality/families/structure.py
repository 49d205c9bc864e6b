"""Family 3: the household and its members (brief 3.5, 3.13 no. 3). Pure."""

from collections import Counter

from households.codes import RELATION_SEX
from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import (
    ERROR,
    HEAD,
    HINT,
    SPOUSE,
    WARNING,
    aged,
    checked,
    declared,
    household_rule,
    limit,
    member_of_household_rule,
    person_rule,
    village_rule,
)  # fmt: skip
from households.quality.model import Hit, Level

CHILDREN, PARENTS = frozenset(("03", "04")), frozenset(("11", "12"))
GRANDCHILDREN, GRANDPARENTS = frozenset(("07", "08", "09", "10")), frozenset(("17", "18", "19", "20"))
WIFES_PARENTS, HUSBANDS_PARENTS = frozenset(("13", "14")), frozenset(("15", "16"))
MARRIED = frozenset((SPOUSE, "05", "06", "26"))
ONE_ONLY = ("11", "12", "13", "14", "15", "16")

THRESHOLDS = (
    limit("many_members", "一户人口偏多", 7, "人"),
    limit("parent_gap", "父母与子女最小年龄差", 14, "岁"),
    limit("parent_gap_most", "父母与子女最大年龄差", 60, "岁"),
    limit("grandparent_gap", "祖孙最小年龄差", 28, "岁"),
    limit("spouse_gap_most", "夫妻最大年龄差", 30, "岁"),
    limit("wife_age", "女方结婚年龄", 20, "岁"),
    limit("husband_age", "男方结婚年龄", 22, "岁"),
    limit("adult_age", "可作户主和劳动力的年龄", 16, "岁"),
    limit("most_age", "年龄上限", 120, "岁"),
    limit("ungrouped_share", "未分组户占比", 5, "%"),
    limit("without_survey_share", "未调查户占比", 20, "%"),
)

REMEDY_RELATION = "对照户口簿核对与户主关系、性别和出生日期，在成员信息里改正。"


def _having(household: HouseholdView, relation: str) -> list[MemberView]:
    return [member for member in household.members if member.relation == relation]


def _older_by(elder: MemberView | None, younger: MemberView | None) -> int | None:
    """Full years between two births, negative where the elder is the younger; None where one is not known."""
    if not elder or not younger or not elder.birth or not younger.birth:
        return None
    first, second = elder.birth, younger.birth
    return second.year - first.year - ((second.month, second.day) < (first.month, first.day))


def _gap(member: MemberView, household: HouseholdView, down: frozenset, up: frozenset) -> int | None:
    """How many years the generation above the head or the member is older; None where the relation says nothing."""
    if member.relation in down:
        return _older_by(household.head, member)
    return _older_by(member, household.head) if member.relation in up else None


def _parent_gap(member, household):
    return _gap(member, household, CHILDREN, PARENTS)


def _too_close(gap: int | None, least) -> bool:
    return gap is not None and gap < least


def _same_sex(household: HouseholdView, limits) -> list[MemberView]:
    head = household.head
    return [one for one in _having(household, SPOUSE) if head and head.sex and one.sex == head.sex]


def _twice(household: HouseholdView, limits) -> list[MemberView]:
    """The second and later rows with the same name and birth."""
    seen: set[tuple] = set()
    found = []
    for member in household.members:
        mark = (member.name, member.birth)
        if all(mark) and mark in seen:
            found.append(member)
        seen.add(mark)
    return found


def _doubled(household: HouseholdView, limits) -> list[MemberView]:
    often = {
        relation
        for relation, count in Counter(one.relation for one in household.members).items()
        if count > 1 and relation in ONE_ONLY
    }
    return [one for one in household.members if one.relation in often]


def _young_couple(member: MemberView, household: HouseholdView, limits) -> bool:
    if member.relation not in MARRIED or member.age is None:
        return False
    return member.age < (limits["husband_age"] if member.sex == "M" else limits["wife_age"])


def _wrong_in_laws(member: MemberView, household: HouseholdView, limits) -> bool:
    sex = household.head.sex if household.head else ""
    return (member.relation in WIFES_PARENTS and sex == "F") or (member.relation in HUSBANDS_PARENTS and sex == "M")


no_head = household_rule(
    "Q-03-01", ERROR, "没有户主", "有成员，却没有一人登记为户主", lambda h, _: h.members and not h.head and not h.head_pending,
    field="relation", weight=95, remedy="在“家庭变化”里指定户主。",
)  # fmt: skip
head_pending = household_rule(
    "Q-03-02", WARNING, "户主待定", "户主已离户，还没有指定新户主", lambda h, _: h.members and h.head_pending,
    field="relation", weight=80, remedy="在“家庭变化”里指定新户主。",
)  # fmt: skip
two_heads = member_of_household_rule(
    "Q-03-03", ERROR, "两个户主", "有两人以上登记为户主", lambda h, _: _having(h, HEAD) if len(_having(h, HEAD)) > 1 else [],
    field="relation", weight=95, remedy="只留一名户主，其余成员改为实际关系。",
)  # fmt: skip
two_spouses = member_of_household_rule(
    "Q-03-04", ERROR, "两个配偶", "有两人以上登记为户主的配偶", lambda h, _: _having(h, SPOUSE) if len(_having(h, SPOUSE)) > 1 else [],
    field="relation", weight=90, remedy=REMEDY_RELATION,
)  # fmt: skip
same_sex = member_of_household_rule(
    "Q-03-05", ERROR, "户主与配偶同性别", "户主和配偶登记为同一性别", _same_sex, field="sex", weight=90, remedy=REMEDY_RELATION,
)  # fmt: skip


@checked("Q-03-06", Level.PERSON, ERROR, "关系与性别不符", weight=85, remedy=REMEDY_RELATION)
def relation_and_sex(member: MemberView, household: HouseholdView, limits):
    implied = RELATION_SEX.get(member.relation)
    if implied and member.sex and member.sex != implied:
        relation, sex = ("男", "女") if implied == "M" else ("女", "男")
        yield Hit(
            f"与户主关系应为{relation}性，性别却登记为{sex}",
            field="relation",
            member=member.key,
            detail=member.relation,
        )


many = household_rule(
    "Q-03-07", HINT, "人口偏多", "一户人口偏多，可能有已分家或已迁出的人", lambda h, limits: len(h.members) >= limits["many_members"],
    field="relation", limits=("many_members",), remedy="核对是否已分户、迁出或去世，按实际办理家庭变化。",
)  # fmt: skip
nobody_there = household_rule(
    "Q-03-08", ERROR, "空挂户", "户还在册，却没有一名在户成员", lambda h, _: not h.members, field="relation", weight=95,
    remedy="补登成员；全户已不在的，按整户外迁、并户或全户去世办理。",
)  # fmt: skip
child_gap = person_rule(
    "Q-03-09", WARNING, "父母子女年龄差过小", "登记为户主的子女或父母，与户主的年龄差不够做父母子女",
    lambda m, h, limits: _too_close(_parent_gap(m, h), limits["parent_gap"]),
    field="relation", weight=80, limits=("parent_gap",), remedy=REMEDY_RELATION,
)  # fmt: skip
child_gap_most = person_rule(
    "Q-03-10", HINT, "父母子女年龄差过大", "登记为户主的子女或父母，与户主的年龄差过大",
    lambda m, h, limits: (_parent_gap(m, h) or 0) > limits["parent_gap_most"],
    field="relation", limits=("parent_gap_most",), remedy=REMEDY_RELATION,
)  # fmt: skip
grandchild_gap = person_rule(
    "Q-03-11", WARNING, "祖孙年龄差过小", "登记为户主的孙辈或祖辈，与户主的年龄差不够做祖孙",
    lambda m, h, limits: _too_close(_gap(m, h, GRANDCHILDREN, GRANDPARENTS), limits["grandparent_gap"]),
    field="relation", weight=70, limits=("grandparent_gap",), remedy=REMEDY_RELATION,
)  # fmt: skip
young_spouse = person_rule(
    "Q-03-12", WARNING, "配偶未到结婚年龄", "登记为配偶、儿媳、女婿或兄弟媳妇，年龄却未到法定结婚年龄", _young_couple,
    field="relation", weight=70, limits=("wife_age", "husband_age"), remedy=REMEDY_RELATION,
)  # fmt: skip
spouse_gap = person_rule(
    "Q-03-13", HINT, "夫妻年龄差过大", "户主与配偶的年龄差过大",
    lambda m, h, limits: m.relation == SPOUSE and abs(_older_by(h.head, m) or 0) > limits["spouse_gap_most"],
    field="relation", limits=("spouse_gap_most",), remedy=REMEDY_RELATION,
)  # fmt: skip
young_head = person_rule(
    "Q-03-14", WARNING, "户主未成年", "户主年龄过小，户里却另有成年人",
    lambda m, h, limits: m.relation == HEAD and aged(m, 0, limits["adult_age"] - 1) and any(one.age is not None and one.age >= limits["adult_age"] for one in h.members),
    field="relation", weight=70, limits=("adult_age",), remedy="对照户口簿核对户主。",
)  # fmt: skip
in_laws = person_rule(
    "Q-03-15", WARNING, "岳父母公婆与户主性别不符", "岳父岳母是男户主的，公公婆婆是女户主的，与户主性别不符", _wrong_in_laws,
    field="relation", weight=60, remedy=REMEDY_RELATION,
)  # fmt: skip
two_parents = member_of_household_rule(
    "Q-03-16", WARNING, "父母关系重复", "有两人登记为户主的同一位父母或岳父母、公婆", _doubled, field="relation", weight=60, remedy=REMEDY_RELATION,
)  # fmt: skip
only_children = household_rule(
    "Q-03-17", WARNING, "全户都未成年", "在户成员都未成年，没有监护人在户",
    lambda h, limits: h.members and all(aged(one, 0, limits["adult_age"] - 1) for one in h.members),
    field="relation", weight=75, limits=("adult_age",), remedy="核对监护人在哪一户；确属孤儿的写明监护情况。",
)  # fmt: skip
same_person_twice = member_of_household_rule(
    "Q-03-18", WARNING, "同户重复登记", "户里有两人姓名和出生日期都相同", _twice, field="name", weight=80,
    remedy="是同一人的，按误登更正离户；是双胞胎同名的写明。",
)  # fmt: skip
count_differs = household_rule(
    "Q-03-19", ERROR, "人口数与成员不符", "户人口数与在户成员数不同", lambda h, _: h.members and h.persons != len(h.members), field="relation", weight=60,
    remedy="请县里系统管理员核对数据。",
)  # fmt: skip
no_group = household_rule(
    "Q-03-20", HINT, "未分组", "没有登记村民小组", lambda h, _: not h.has_group, field="group", weight=60, remedy="在户信息里选村民小组。",
)  # fmt: skip
impossible_age = person_rule(
    "Q-03-21", ERROR, "出生日期不可能", "出生日期在今天之后，或年龄超过上限",
    lambda m, h, limits: (m.birth and m.birth > h.on) or (m.age is not None and not 0 <= m.age <= limits["most_age"]),
    field="birth", weight=85, limits=("most_age",), remedy="对照证件改出生日期；已去世的按去世办理。",
)  # fmt: skip
too_many_households = village_rule(
    "Q-03-31", WARNING, "在册户多于户籍户", "系统里的户数多于登记的户籍户数", lambda v, _: v.registered_households is not None and v.households > v.registered_households,
    weight=80, remedy="核对空挂户、重复户和已销户，或更新村的户籍户数。",
)  # fmt: skip
too_many_persons = village_rule(
    "Q-03-32", WARNING, "在册人口多于户籍人口", "系统里的人口多于登记的户籍人口", lambda v, _: v.registered_population is not None and v.persons > v.registered_population,
    weight=80, remedy="核对已去世、外迁和重复登记的人，或更新村的户籍人口。",
)  # fmt: skip
ungrouped = village_rule(
    "Q-03-33", HINT, "未分组户偏多", "没有登记村民小组的户偏多", lambda v, limits: v.households and v.ungrouped * 100 > limits["ungrouped_share"] * v.households,
    limits=("ungrouped_share",), remedy="把未分组的户归到村民小组，组评和组公示要按组开。",
)  # fmt: skip
no_population = village_rule(
    "Q-03-34", HINT, "没有户籍数", "村的户籍户数或户籍人口没有登记", lambda v, _: v.households and (v.registered_households is None or v.registered_population is None),
    remedy="由乡镇在村信息里补登户籍户数和人口。",
)  # fmt: skip
unsurveyed = village_rule(
    "Q-03-35", HINT, "未调查户偏多", "还没有提交调查的户偏多", lambda v, limits: v.households and v.without_survey * 100 > limits["without_survey_share"] * v.households,
    limits=("without_survey_share",), remedy="按漏户清单补做入户调查，不漏一户。",
)  # fmt: skip

RULES = declared(globals())
