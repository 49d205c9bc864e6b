"""Family 1: document numbers (brief 3.2, 3.13 no. 1). Numbers themselves never come here, only what `IdReading` tells. Pure."""

from households.quality.facts import HouseholdView, MemberView
from households.quality.families.declare import ERROR, HINT, WARNING, aged, declared, limit, person_rule

LENGTHS = frozenset((0, 15, 18, 20, 22))
OLD, CITIZEN, CARDS = 15, 18, (20, 22)
ID_CARD, DISABILITY_CARD, NO_PAPER = "01", "09", "90"

THRESHOLDS = (limit("no_paper_age", "尚无证件的最大年龄", 1, "岁"),)

REMEDY = "对照身份证或户口簿原件，在成员信息里改证件号码。"
REMEDY_PERSON = "对照原件核对：证件号码错的改号码，出生日期或性别错的改成员信息。"


def _kind_differs(member: MemberView, household: HouseholdView, limits) -> bool:
    length, kind = member.identity.length, member.identity.kind
    if length in (0, OLD) or length not in LENGTHS:
        return False
    return (kind == ID_CARD and length != CITIZEN) or (kind == DISABILITY_CARD and length not in CARDS)


wrong_length = person_rule(
    "Q-01-01", ERROR, "证件号码位数不对", "证件号码的位数不是身份证或残疾证的位数", lambda m, h, _: m.identity.length not in LENGTHS,
    field="identity", weight=95, remedy=REMEDY,
)  # fmt: skip
old_number = person_rule(
    "Q-01-02", WARNING, "旧证件号码", "登记的是旧的15位号码", lambda m, h, _: m.identity.length == OLD,
    field="identity", weight=60, remedy="换成现在的18位号码，系统会按旧号给出建议，请对照原件确认。",
)  # fmt: skip
invalid_number = person_rule(
    "Q-01-03", ERROR, "证件号码校验不通过", "证件号码的出生日期或校验位不成立，多为抄错一位", lambda m, h, _: m.identity.length in LENGTHS - {0, OLD} and not m.identity.valid,
    field="identity", weight=95, remedy=REMEDY,
)  # fmt: skip
kind_and_length = person_rule(
    "Q-01-04", WARNING, "证件类型与号码位数不符", "证件类型与证件号码的位数对不上", _kind_differs,
    field="id_kind", weight=60, remedy="身份证是18位，残疾证是20位；改证件类型或号码。",
)  # fmt: skip
no_paper_with_number = person_rule(
    "Q-01-05", WARNING, "尚无证件却有号码", "证件类型登记为尚无证件，却登记了证件号码", lambda m, h, _: m.identity.kind == NO_PAPER and m.identity.length,
    field="id_kind", weight=55, remedy="已有证件的改证件类型。",
)  # fmt: skip
birth_differs = person_rule(
    "Q-01-06", ERROR, "出生日期与证件不符", "出生日期与证件号码里的出生日期不同", lambda m, h, _: m.identity.birth and m.birth and m.identity.birth != m.birth,
    field="birth", weight=90, remedy=REMEDY_PERSON,
)  # fmt: skip
sex_differs = person_rule(
    "Q-01-07", ERROR, "性别与证件不符", "性别与证件号码里的性别不同", lambda m, h, _: m.identity.sex and m.sex and m.identity.sex != m.sex,
    field="sex", weight=90, remedy=REMEDY_PERSON,
)  # fmt: skip
made_up = person_rule(
    "Q-01-08", WARNING, "证件号码疑似编造", "证件号码里有连续的“99999”，像是临时编的", lambda m, h, _: m.identity.has_99999,
    field="identity", weight=75, remedy="对照原件改成真实号码；还没有证件的，证件类型选“尚无证件”。",
)  # fmt: skip
elsewhere = person_rule(
    "Q-01-09", ERROR, "证件号码重复", "本县另有在册人员的证件号码前18位相同", lambda m, h, _: m.identity.elsewhere,
    field="identity", weight=95, remedy="是同一人的，在一户办理离户；是抄错的，对照原件改号码。",
)  # fmt: skip
no_number = person_rule(
    "Q-01-10", WARNING, "没有证件号码", "没有登记证件号码，也没有说明尚无证件",
    lambda m, h, limits: not m.identity.length and m.identity.kind != NO_PAPER and not aged(m, 0, limits["no_paper_age"]),
    field="identity", weight=65, limits=("no_paper_age",), remedy="补登证件号码；新生儿或未登记户口的，证件类型选“尚无证件”。",
)  # fmt: skip
long_without = person_rule(
    "Q-01-11", HINT, "长期没有证件", "登记为尚无证件，但早已不是新生儿",
    lambda m, h, limits: m.identity.kind == NO_PAPER and not m.identity.length and aged(m, limits["no_paper_age"] + 1, 200),
    field="identity", weight=60, limits=("no_paper_age",), remedy="帮助办理户口登记和身份证，办好后补登号码。",
)  # fmt: skip

RULES = declared(globals())
