"""Family 12: the disability card against health, kind and grade (brief 3.3, 3.13 no. 12). Pure."""

from households.quality.facts import MemberView
from households.quality.families.declare import DISABLED, ERROR, HEALTHY, HINT, WARNING, declared, person_rule

CARD_LENGTHS = frozenset((20, 22))

REMEDY = "对照残疾证核对健康状况、残疾类别、等级和证号，在成员信息“健康”里改正。"


def _has_card(member: MemberView) -> bool:
    return bool(member.identity.disability_length) or member.identity.length in CARD_LENGTHS


def _read(member: MemberView) -> bool:
    return member.identity.disability_length in CARD_LENGTHS


without_card = person_rule(
    "Q-12-01", HINT, "残疾没有残疾证", "健康状况登记为残疾，却没有残疾证号", lambda m, h, _: DISABLED in m.health and not _has_card(m),
    field="disability_number", weight=60, remedy="有证的补登证号；没有证的帮助到残联办证。",
)  # fmt: skip
card_but_not = person_rule(
    "Q-12-02", WARNING, "有残疾证却非残疾", "登记有残疾证，健康状况却没有残疾", lambda m, h, _: m.health and DISABLED not in m.health and _has_card(m),
    field="health", weight=75, remedy=REMEDY,
)  # fmt: skip
grade_but_not = person_rule(
    "Q-12-03", WARNING, "有残疾等级却非残疾", "登记有残疾类别或等级，健康状况却没有残疾",
    lambda m, h, _: m.health and DISABLED not in m.health and not _has_card(m) and (m["disability_grade"] or m["disability_kind"]),
    field="health", weight=70, remedy=REMEDY,
)  # fmt: skip
card_length = person_rule(
    "Q-12-04", ERROR, "残疾证号位数不对", "残疾证号的位数不是20位，也不是补证的22位",
    lambda m, h, _: m.identity.disability_length and not _read(m), field="disability_number", weight=80, remedy=REMEDY,
)  # fmt: skip
card_of_other = person_rule(
    "Q-12-05", ERROR, "残疾证号与证件号码不符", "残疾证号的前18位与本人证件号码不同",
    lambda m, h, _: _read(m) and m.identity.disability_matches is False, field="disability_number", weight=85, remedy=REMEDY,
)  # fmt: skip
kind_differs = person_rule(
    "Q-12-06", WARNING, "残疾类别与证号不符", "残疾类别与残疾证号里的类别不同",
    lambda m, h, _: m.identity.disability_kind and m["disability_kind"] and m.identity.disability_kind != m["disability_kind"],
    field="disability_kind", weight=65, remedy=REMEDY,
)  # fmt: skip
grade_differs = person_rule(
    "Q-12-07", WARNING, "残疾等级与证号不符", "残疾等级与残疾证号里的等级不同",
    lambda m, h, _: m.identity.disability_grade and m["disability_grade"] and m.identity.disability_grade != m["disability_grade"],
    field="disability_grade", weight=65, remedy=REMEDY,
)  # fmt: skip
healthy_and = person_rule(
    "Q-12-08", WARNING, "健康与其他状况同选", "健康状况选了健康，又选了患病或残疾", lambda m, h, _: HEALTHY in m.health and len(m.health) > 1,
    field="health", weight=80, remedy="选了健康就不选其他；患病或残疾的去掉健康。",
)  # fmt: skip
card_without_kind = person_rule(
    "Q-12-09", HINT, "残疾类别等级不全", "登记有残疾证号，残疾类别或等级却没有填",
    lambda m, h, _: _read(m) and not (m["disability_kind"] and m["disability_grade"]), field="disability_kind", remedy=REMEDY,
)  # fmt: skip
card_year = person_rule(
    "Q-12-10", WARNING, "办证年度不可能", "残疾证办证年度在出生以前或还没有到",
    lambda m, h, _: m["disability_year"] and (m["disability_year"] > h.on.year or (m.birth and m["disability_year"] < m.birth.year)),
    field="disability_year", weight=60, reads=("disability_year",), remedy=REMEDY,
)  # fmt: skip

RULES = declared(globals())
