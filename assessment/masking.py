"""What a notice may say to the public: an allow list of fields, and a scanner that refuses the rest (trust N1-N3, N7). Pure.

The board in the village shows the full name of the householder, the web page the masked one. Nothing else about a person leaves
the house: no number in any mask (E10), no address, no amount, no illness.
"""

import re
import unicodedata
from dataclasses import dataclass

from core.ids import mask_name
from core.text import CARD, ID, PART, PHONE, folded, numbers_in

TUOPIN = "TUOPIN"
NOT_LISTED = "未列入贫困户（六看得分达脱贫线）"

_ILLNESSES = (
    "患病", "重病", "大病", "疾病", "因病", "慢性病", "精神病", "精神分裂", "传染病", "糖尿病", "高血压", "心脏病", "白血病", "尿毒症",
    "癌", "肿瘤", "瘫痪", "偏瘫", "脑梗", "脑瘫", "中风", "肝炎", "肺结核", "艾滋", "癫痫", "抑郁", "残疾", "聋哑", "智障", "手术", "化疗",
    "透析", "病历", "病情", "住院",
)  # fmt: skip

_BORN = re.compile(r"(?:出生|生于|生日)[^0-9]{0,6}[0-9]|[0-9](?:年|月|日|号)(?:出生|生(?![产活效成态]))")
_OLD = r"(?:19[0-9]{2}|200[0-9]|201[0-2])"
_OLD_DAY = re.compile(rf"(?<![0-9]){_OLD}\s*(?:年|[-./])\s*[0-9]{{1,2}}\s*(?:月|[-./])\s*[0-9]{{1,2}}|(?<![0-9]){_OLD}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])")
"""A whole day before 建档立卡 began (2013) is the day of no notice and no document: it is the day somebody was born."""

ID_FOUND = "含有身份证件号码，不能公布。"
PART_FOUND = "含有遮了一部分的证件或卡号，仍能推算出来，不能公布。"
CARD_FOUND = "含有银行卡号，不能公布。"
PHONE_FOUND = "含有电话号码，不能公布。"
ILLNESS_FOUND = "含有病情或残疾情况，不能公布。"
BIRTH_FOUND = "含有出生日期，不能公布。"


@dataclass(frozen=True, slots=True)
class PublicLine:
    """The allow list of N1. What is not a field here cannot reach a sheet or the web."""

    position: int
    group: str
    head_name: str
    masked_name: str
    persons: int
    category: str
    result: str


def public_line(
    *, position: int, group: str, head_name: str, persons: int, category: str, category_name: str, on_register: bool = False
) -> PublicLine:
    """One household as a sheet says it. Above the line and never on the register = 未列入 (ruling 14)."""
    result = NOT_LISTED if category == TUOPIN and not on_register else category_name
    return PublicLine(position, group, head_name, mask_name(head_name), persons, category, result)


def scan(text: str, *, phones: bool = False) -> tuple[str, ...]:
    """Why a text may not be published; () when it may. `phones` lets an office's own number pass (监督举报电话).

    Width, spaces, hyphens and invisible characters between digits hide nothing.
    """
    numbers = numbers_in(text)
    said = ((ID, ID_FOUND), (CARD, CARD_FOUND), (PART, PART_FOUND), (PHONE, PHONE_FOUND))
    found = [reason for kind, reason in said if kind in numbers and not (kind == PHONE and phones)]
    plain = folded(text)
    if any(word in plain for word in _ILLNESSES):
        found.append(ILLNESS_FOUND)
    wide = unicodedata.normalize("NFKC", text)  # folding takes written days out of the text
    if _BORN.search(wide) or _OLD_DAY.search(wide):
        found.append(BIRTH_FOUND)
    return tuple(found)


def has_number(text: str, *, phones: bool = False) -> bool:
    """Whether a text that the office keeps in the clear names an ID, a card or a phone. Illness and birth are not asked: 残疾人专干 is a post."""
    return any(reason not in (ILLNESS_FOUND, BIRTH_FOUND) for reason in scan(text, phones=phones))
