"""What people type and paste, made plain or refused with the way to put it right: lines, names, numbers, days. Pure.

Every reader answers a clean value or raises ValueError whose text is Chinese and goes on the screen as it is (brief 3.13, trust C7).
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

LONGEST_NUMBER = 40
MOST_DIGITS = 15
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
DOT = "·"

_DOTS = re.compile(r"\s*[·•・．‧∙⋅･●﹒᛫.]+\s*")
_BLANKS = "\u2800\u3164\u115f\u1160\uffa0"
"""Letters and signs that show nothing: category alone does not find them."""
_BETWEEN_HAN = re.compile(r"(?<=[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])\s+(?=[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_SIGNS = str.maketrans("，．－＋−—–﹣", ",.-+----")
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_SCALED = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(十万|百万|千万|百|千|万|亿)(?:元|块|块钱)?")
_SCALES = {"百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_AROUND = re.compile(r"[^0-9.+-]*([0-9]+(?:\.[0-9]+)?)[^0-9.]*")
_DAY = re.compile(r"([0-9]{4}) ?(?:-|/|\.|年) ?([0-9]{1,2}) ?(?:-|/|\.|月) ?([0-9]{1,2}) ?[日号]?")
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")

_WRITTEN_DATE = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])")
_YEARS = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s*[-~,.]\s*((?:19|20)[0-9]{2})(?=年)")
_SEPARATORS = re.compile(r"(?<=[0-9*X])[\s\-_.·,，/]+(?=[0-9*X])")
_ID = re.compile(r"[0-9]{17}[0-9X]|(?<![0-9])[0-9]{15}(?![0-9])")
_PART_OF_ID = re.compile(r"[0-9]{6}\*{2,}[0-9X]{2,4}|[0-9]{4,}\*{4,}[0-9X]*|\*{4,}[0-9X]{4,}")
_CARD = re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])(?:\+?86)?1[3-9][0-9]{9}(?![0-9])")
_PHONE = re.compile(r"(?<![0-9])0[0-9]{2,3}[0-9]{7,8}(?![0-9])|(?<![0-9])[2-9][0-9]{6,7}(?![0-9])")

ID, PART, CARD, PHONE = "id", "part", "card", "phone"


def clean_line(text: str) -> str:
    """One line: letters and digits of one width, nothing invisible, single spaces. Chinese punctuation, rare characters and emoji stay."""
    return " ".join("".join(_plain(c) for c in text).split())


def clean_block(text: str) -> str:
    """Several lines, each as `clean_line`; at most one empty line between two."""
    lines = [clean_line(line) for line in re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def clean_name(text: str) -> str:
    """A person's name: `·` for all its look-alikes, no spaces between Chinese characters; ValueError for digits, emoji, signs, self-made characters."""
    name = _DOTS.sub(DOT, _BETWEEN_HAN.sub("", clean_line(text))).strip(f"{DOT} ")
    for character in name:
        kind = unicodedata.category(character)
        if character in "·〇 -'" or kind[0] in "LM" or kind == "Cn":
            continue
        if kind[0] == "N":
            raise ValueError("姓名里不能有数字，请只写姓名。")
        if kind == "Co":
            raise ValueError("姓名里有一个自造字，别的电脑显示不出来，请换成标准汉字。")
        raise ValueError("姓名里不能有表情、括号或其他符号，请只写姓名。")
    if not name:
        raise ValueError("请填写姓名。")
    return name


def number_of(text: str, *, negative: bool = False) -> Decimal:
    """A number as typed: full-width digits and thousands separators are read; ValueError says how to write anything else."""
    typed = clean_line(text[: LONGEST_NUMBER * 4]).translate(_SIGNS)
    if len(text) > LONGEST_NUMBER * 4 or len(typed) > LONGEST_NUMBER:
        raise ValueError("数字太长，请核对。")
    found = _NUMBER.fullmatch(typed)
    if found is None:
        raise ValueError(_number_remedy(typed))
    sign, whole, part = found.groups()
    whole = whole.replace(",", "")
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise ValueError("数字太长，请核对。")
    value = Decimal(whole + (part or ""))
    if sign == "-" and value:
        if not negative:
            raise ValueError("不能是负数，没有的请填 0。")
        value = -value
    return value


def day_of(text: str) -> date:
    """A day: 2016-03-05, 2016/3/5, 2016.3.5, 2016年3月5日, 20160305. ValueError before 1900, after 2100 and for days that are not."""
    typed = clean_line(text[:LONGEST_NUMBER]).translate(_SIGNS)
    found = _DAY.fullmatch(typed) or _COMPACT_DAY.fullmatch(typed)
    if found is None or len(text) > LONGEST_NUMBER:
        raise ValueError("日期请写成 2016-03-05 或 20160305。")
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise ValueError(f"年份 {year:04d} 不对，须在 1900 至 2100 年之间。")
    if not 1 <= month <= 12:
        raise ValueError(f"没有 {month} 月，请核对月份。")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{year} 年 {month} 月没有 {day} 日，请核对。") from None


def numbers_in(text: str) -> frozenset[str]:
    """Which personal numbers a free text names: ID, PART (of a masked one), CARD, PHONE. Width, spaces and hyphens hide nothing."""
    plain = folded(text)
    found = set()
    if _ID.search(plain):
        found.add(ID)
    elif _CARD.search(plain):
        found.add(CARD)
    if _PART_OF_ID.search(plain):
        found.add(PART)
    if _MOBILE.search(plain) or _PHONE.search(plain):
        found.add(PHONE)
    return frozenset(found)


def carries_number(text: str) -> bool:
    """Whether a text that is kept in the clear names somebody's ID, card or phone number."""
    return bool(numbers_in(text))


def folded(text: str) -> str:
    """NFKC, upper case, without invisible characters, stars alike, digits pulled together; written dates and years are no numbers."""
    wide = unicodedata.normalize("NFKC", text).upper()
    seen = "".join(c for c in wide if unicodedata.category(c) not in ("Cf", "Cc", "Mn"))
    seen = re.sub(r"[×＊●•※]", "*", seen)
    return _SEPARATORS.sub("", _YEARS.sub("年", _WRITTEN_DATE.sub("日", seen)))


def _plain(character: str) -> str:
    code = ord(character)
    if code < 0x7F:
        return character if code >= 0x20 else (" " if character.isspace() else "")
    if 0xFF10 <= code <= 0xFF5A and unicodedata.category(character)[0] in "LN" or 0x2F00 <= code <= 0x2FDF:
        return unicodedata.normalize("NFKC", character)  # full-width letters and digits; radicals that a PDF gives for the character
    kind = unicodedata.category(character)
    if kind[0] == "Z" or character == "\x85":
        return " "
    return "" if kind in ("Cc", "Cf", "Cs") or character in _BLANKS else character


def _number_remedy(typed: str) -> str:
    if not typed:
        return "请填数字。"
    scaled = _SCALED.fullmatch(typed)
    if scaled:
        return f"请写成 {_shown(Decimal(scaled[1]) * _SCALES[scaled[2]])}。"
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", typed):
        return "请写成平常的数字，如 30000。"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", typed):
        return "逗号只用来分千位，小数请用“.”，如 3.5。"
    around = _AROUND.fullmatch(typed)
    return f"请只写数字，写成 {around[1]}。" if around else "请只写数字，如 30000 或 3.5。"


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"
