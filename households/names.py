"""Names as people search for them: initials of the pinyin. Pure."""

from functools import lru_cache

from pypinyin import Style, pinyin

LONGEST = 64


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """'欧阳小芳' → 'oyxf'. Latin letters and digits stay, in small letters; `·`, spaces and characters without a reading fall out."""
    parts = pinyin(name, style=Style.FIRST_LETTER, heteronym=False, errors=lambda text: [c for c in text if c.isascii() and c.isalnum()])
    return "".join(part[0] for part in parts if part and part[0]).lower()[:LONGEST]
