"""What a notice may say to the public: an allow list of fields, and a scanner that refuses the rest (trust N1-N3, N7). Pure.

The board in the village shows the full name of the householder, the web page the masked one. Nothing else about a person leaves
the house: no number in any mask (E10), no address, no amount, no illness.
"""

import re
import unicodedata
from dataclasses import dataclass

from core.ids import mask_name

TUOPIN = "TUOPIN"
NOT_LISTED = "未列入贫困户（六看得分达脱贫线）"

_DATE = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])")
_SEPARATORS = re.compile(r"(?<=[0-9*X])[\s\-_.·,，/]+(?=[0-9*X])")
_ID = re.compile(r"[0-9]{17}[0-9X]|(?<![0-9])[0-9]{15}(?![0-9])")
_PART_OF_ID = re.compile(r"[0-9]{6}\*{2,}[0-9X]{2,4}|[0-9]{4,}\*{4,}[0-9X]*|\*{4,}[0-9X]{4,}")
_CARD = re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86)?1[3-9][0-9]{9}(?![0-9])")
_PHONE = re.compile(r"(?<![0-9])0[0-9]{2,3}[0-9]{7,8}(?![0-9])|(?<![0-9])[2-9][0-9]{6,7}(?![0-9])")
_ILLNESSES = (
    "患病", "重病", "大病", "疾病", "因病", "慢性病", "精神病", "精神分裂", "传染病", "糖尿病", "高血压", "心脏病", "白血病", "尿毒症",
    "癌", "肿瘤", "瘫痪", "偏瘫", "脑梗", "脑瘫", "中风", "肝炎", "肺结核", "艾滋", "癫痫", "抑郁", "残疾", "聋哑", "智障", "手术", "化疗",
    "透析", "病历", "病情", "住院",
)  # fmt: skip

ID_FOUND = "含有身份证件号码，不能公布。"
PART_FOUND = "含有遮了一部分的证件或卡号，仍能推算出来，不能公布。"
CARD_FOUND = "含有银行卡号，不能公布。"
PHONE_FOUND = "含有电话号码，不能公布。"
ILLNESS_FOUND = "含有病情或残疾情况，不能公布。"


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
    plain = _folded(text)
    found = []
    if _ID.search(plain):
        found.append(ID_FOUND)
    elif _CARD.search(plain):
        found.append(CARD_FOUND)
    if _PART_OF_ID.search(plain):
        found.append(PART_FOUND)
    if not phones and (_MOBILE.search(plain) or _PHONE.search(plain)):
        found.append(PHONE_FOUND)
    if any(word in plain for word in _ILLNESSES):
        found.append(ILLNESS_FOUND)
    return tuple(found)


def has_number(text: str, *, phones: bool = False) -> bool:
    """Whether a text that the office keeps in the clear names an ID, a card or a phone. Illness is not asked: 残疾人专干 is a post."""
    return any(reason != ILLNESS_FOUND for reason in scan(text, phones=phones))


def _folded(text: str) -> str:
    """NFKC, upper case, without invisible characters, stars alike, digits pulled together; a written date is no number."""
    wide = unicodedata.normalize("NFKC", text).upper()
    seen = "".join(c for c in wide if unicodedata.category(c) not in ("Cf", "Cc", "Mn"))
    seen = re.sub(r"[×＊●•※]", "*", seen)
    return _SEPARATORS.sub("", _DATE.sub("日", seen))
