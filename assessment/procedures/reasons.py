"""Short grounds to choose for a 退回, a 不同意 or another category, by the level that decides. Codes are stored, words are shown. Pure.

A code never changes its meaning; a word may be mended. What is particular to a household goes into the note, which is sealed.
"""

from collections.abc import Iterable, Mapping

from assessment.procedures.model import Level, Stage

OTHER = "other"
"""Says nothing by itself: needs a note."""

REASONS: Mapping[str, str] = {
    "no_proof": "缺证明材料",
    "members_differ": "家庭人口不符",
    "income_differs": "收入测算不符",
    "no_signature": "缺签字或手印",
    "site_differs": "入户情况不符",
    "score_wrong": "得分不实",
    "no_minutes": "会议材料不全",
    "objected": "群众有意见",
    "check_failed": "四关有一关没有过",
    "house_bought": "有商品房或高档住房",
    "vehicle": "有小汽车或大型农机",
    "public_pay": "有财政供养人员",
    "business": "经商办企业",
    "split": "不合理分户",
    "left_long": "长期举家外出",
    "false_facts": "隐瞒或虚报情况",
    "not_resident": "户口或居住不在本村",
    "given_up": "本人不愿列入",
    "look_misses": "得分没有反映实际困难",
    "sudden_harm": "突发变故",
    "better_off": "实际生活好于得分",
    "pension": "已由低保或特困供养保障",
    OTHER: "其他",
}

_BACK_AT_MEETING = (
    "no_proof",
    "members_differ",
    "income_differs",
    "no_signature",
    "site_differs",
    "score_wrong",
    OTHER,
)
_BACK_AT_OFFICE = (
    "no_proof", "members_differ", "income_differs", "no_signature", "site_differs", "score_wrong", "no_minutes", "check_failed",
    "objected", OTHER,
)  # fmt: skip
_REJECT = (
    "house_bought", "vehicle", "public_pay", "business", "split", "left_long", "false_facts", "not_resident", "given_up",
)  # fmt: skip
_CATEGORY = ("look_misses", "sudden_harm", "better_off", "pension", OTHER)
_MEETINGS = (Level.GROUP, Level.VILLAGE)
RETURNED_FOR = _BACK_AT_OFFICE
REJECTED_FOR = (*_REJECT, "check_failed", OTHER)
"""Every ground there may be for a 退回 and a 不同意, whatever the level."""


def reasons_for(stage: Stage, opinion: str) -> tuple[tuple[str, str], ...]:
    """(code, word) to choose from. For `agree` these are the grounds of a category that is not the default one."""
    meeting = stage.level in _MEETINGS
    codes = {
        "return": _BACK_AT_MEETING if meeting else _BACK_AT_OFFICE,
        "reject": (*_REJECT, OTHER) if meeting else (*_REJECT, "check_failed", OTHER),
        "agree": _CATEGORY,
    }[opinion]
    return tuple((code, REASONS[code]) for code in codes)


def reason_words(codes: Iterable[str]) -> list[str]:
    """Words of stored codes, in their order; a code that is no longer known shows as 其他."""
    return [REASONS.get(code, REASONS[OTHER]) for code in codes]
