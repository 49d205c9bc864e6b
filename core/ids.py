"""Identity numbers and area codes: GB 11643-1999, disability cards, GB/T 2260 shapes, masks.

Pure: text in, a reading with reasons out; nothing is looked up and nothing is repaired in silence. Every channel
(page, API, Excel row) reads numbers through this module, so a rule exists once (trust C7). Brief 3.1 - 3.3.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from core.periods import age_on

ERROR = "error"
WARNING = "warning"

MAX_AGE = 120
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

# Structural check only: there is no table of counties, because retired area codes stay valid for life (trust 48).
# 83 is the residence permit of Taiwan residents.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)

DISABILITY_KINDS = {
    "1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重",
}  # fmt: skip

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SHAPE_18 = re.compile(r"[0-9]{17}[0-9X]")
_SHAPE_15 = re.compile(r"[0-9]{15}")
_SHAPE_DISABILITY = re.compile(r"([0-9]{17}[0-9X])([0-9])([0-9])(?:B([1-9]))?")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+|[0-9]+\.[0-9]+")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a value: stable code, Chinese message, what to do about it, and whether it blocks."""

    code: str
    message: str
    remedy: str
    severity: str = ERROR


@dataclass(frozen=True)
class IdReading:
    """What an ID number says. `offer` is a number to confirm (15 digits, card number); it is never taken by itself."""

    number: str
    birth: date | None
    sex: str | None
    area: str
    problems: tuple[Problem, ...] = ()
    offer: str = ""

    @property
    def ok(self) -> bool:
        """True when nothing blocks; warnings may remain."""
        return not any(problem.severity == ERROR for problem in self.problems)


@dataclass(frozen=True)
class DisabilityReading:
    """What a disability card number says: kind 1-7, grade 1-4, and how often it was re-issued (B1, B2, ...)."""

    number: str
    identity: str
    kind: str
    grade: int | None
    reissue: int
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        return not any(problem.severity == ERROR for problem in self.problems)


def normalise_id(text: str) -> str:
    """Full-width signs become ASCII, spaces, NBSP, zero-width characters and Excel's leading apostrophe go, x becomes X (trust 11, 47).
    Not NFKC: it makes a 2 of a superscript, and a number is never repaired (E7)."""
    folded = text.translate(_WIDE)
    kept = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return kept.lstrip("'’‘`").upper()


def check_character(first17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def check_id(text: str, *, today: date) -> IdReading:
    """Read an 18-character ID number. Shape, date, age and check character block; an unknown area only warns."""
    number = normalise_id(text)
    if not _SHAPE_18.fullmatch(number):
        return _misshapen(number, today)
    birth, problems = _birth_of(number[6:14], today)
    if check_character(number[:17]) != number[17]:
        problems.append(Problem("id_checksum", "证件号码的校验位不对", "对照身份证原件逐位核对，多为抄错或颠倒一位"))
    if number[:2] not in PROVINCES:
        problems.append(Problem("id_area", f"地区代码{number[:2]}开头，不是已知的省份", "核对证件前六位", WARNING))
    sex = "M" if int(number[16]) % 2 else "F"
    return IdReading(number, birth, sex, number[:6], tuple(problems))


def _birth_of(digits: str, today: date) -> tuple[date | None, list[Problem]]:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None, [Problem("id_birth", f"出生日期{digits}不存在", "对照身份证原件核对第7至14位")]
    if birth > today:
        return None, [Problem("id_future", f"出生日期{birth:%Y-%m-%d}在今天之后", "对照身份证原件核对第7至14位")]
    if age_on(birth, today) > MAX_AGE:
        return None, [Problem("id_age", f"按出生日期{birth:%Y-%m-%d}已超过{MAX_AGE}岁", "核对出生年份")]
    return birth, []


def _misshapen(number: str, today: date) -> IdReading:
    """Everything that is not 18 characters: say what it looks like, and offer the number it may stand for."""
    if not number:
        problem = Problem("id_empty", "没有填写证件号码", "填写18位身份证号码；尚无证件的，证件类型另选")
    elif not number.strip("*"):
        problem = Problem("id_masked", "证件号码是星号，不是号码", "导出的文件隐去了号码；要改已登记的资料，请用“编辑用名册”")
    elif _SHAPE_15.fullmatch(number):
        return _old_number(number, today)
    elif _SHAPE_DISABILITY.fullmatch(number):
        problem = Problem("id_disability", "这是残疾人证号，不是身份证号", "残疾人证号填到“残疾证号”，身份证号取前18位")
        return IdReading(number, None, None, number[:6], (problem,), number[:18])
    elif _SCIENTIFIC.fullmatch(number):
        # E5: an 18-digit number that went through a float has lost digits, so it is refused and never rebuilt.
        problem = Problem("id_numeric", "证件号码被表格变成了数值，末几位已经丢失", "把该列设为“文本”格式后重新录入")
    else:
        problem = Problem(
            "id_shape", f"证件号码应为18位，现为{len(number)}个字符", "17位数字加1位数字或X，不含其他字符"
        )
    return IdReading(number, None, None, "", (problem,))


def _old_number(number: str, today: date) -> IdReading:
    """A 15-digit number is no longer valid: offer its 18-digit form for confirmation, keep the original (trust 46)."""
    first17 = number[:6] + "19" + number[6:]
    converted = first17 + check_character(first17)
    birth, problems = _birth_of(converted[6:14], today)
    offer = "" if problems else converted
    remedy = f"请与本人核对，确认后改为{offer}" if offer else "对照身份证原件重新填写18位号码"
    problem = Problem("id_15", "15位旧号码已停用", remedy)
    sex = "M" if int(number[14]) % 2 else "F"
    return IdReading(number, birth, sex, number[:6], (problem, *problems), offer)


def read_disability_number(text: str, *, today: date) -> DisabilityReading:
    """Read a card number of 20 characters, or 22 after a re-issue: ID + kind + grade (+ B1 ...) (brief 3.3)."""
    number = normalise_id(text)
    match = _SHAPE_DISABILITY.fullmatch(number)
    if match is None:
        problem = Problem(
            "card_shape", "残疾人证号应为20位，换发的为22位", "18位身份证号加类别、等级各1位，换发的再加B1、B2"
        )
        return DisabilityReading(number, "", "", None, 0, (problem,))
    identity, kind, grade, reissue = match.groups()
    problems = list(check_id(identity, today=today).problems)
    if kind not in DISABILITY_KINDS:
        problems.append(
            Problem("card_kind", f"残疾类别{kind}不存在", "第19位为1至7：视力、听力、言语、肢体、智力、精神、多重")
        )
    if grade not in "1234":
        problems.append(Problem("card_grade", f"残疾等级{grade}不存在", "第20位为1至4，分别为一级至四级"))
    return DisabilityReading(
        number,
        identity,
        kind if kind in DISABILITY_KINDS else "",
        int(grade) if grade in "1234" else None,
        int(reissue or 0),
        tuple(problems),
    )


# --- area and household codes ---------------------------------------------------------------------------------

COUNTY_LENGTH, TOWNSHIP_LENGTH, VILLAGE_LENGTH = 6, 9, 12
HOUSEHOLD_LENGTH, PERSON_LENGTH = 16, 18
_PARENT_LENGTH = {VILLAGE_LENGTH: TOWNSHIP_LENGTH, TOWNSHIP_LENGTH: COUNTY_LENGTH, COUNTY_LENGTH: 4, 4: 2}


def is_code(text: object, length: int) -> bool:
    """True for a text of exactly `length` ASCII digits. Numbers are never codes: Excel rounds them (rulings 11)."""
    return isinstance(text, str) and re.fullmatch(rf"[0-9]{{{length}}}", text) is not None


def _is_area(text: object, length: int) -> bool:
    return is_code(text, length) and text[:2] in PROVINCES


def is_county_code(text: object) -> bool:
    """6 digits, GB/T 2260: province 2, prefecture 2, county 2."""
    return _is_area(text, COUNTY_LENGTH)


def is_township_code(text: object) -> bool:
    """9 digits: county 6 and township 3 (001-599)."""
    return _is_area(text, TOWNSHIP_LENGTH) and 1 <= int(text[6:9]) <= 599


def is_village_code(text: object) -> bool:
    """12 digits: township 9 and village 3, the statistical code of a village or neighbourhood committee."""
    return _is_area(text, VILLAGE_LENGTH) and is_township_code(text[:9]) and text[9:] != "000"


def parent_code(code: str) -> str:
    """The code one level up (12 to 9 to 6 to 4 to 2); '' for a province. A label only, never a scope (rulings 2)."""
    if len(code) == 2:
        return ""
    return code[: _PARENT_LENGTH[len(code)]]


def is_household_code(text: object) -> bool:
    """16 digits: village 12 and a running number of 4."""
    return is_code(text, HOUSEHOLD_LENGTH) and text[:2] in PROVINCES


def is_person_code(text: object) -> bool:
    """18 digits: household 16 and a running number of 2. Looks like an ID number but has no check character."""
    return is_code(text, PERSON_LENGTH) and text[:2] in PROVINCES


# --- masks ----------------------------------------------------------------------------------------------------

COMPOUND_SURNAMES = frozenset(
    "欧阳 上官 司马 司徒 司空 诸葛 夏侯 皇甫 尉迟 公孙 长孙 宇文 慕容 令狐 东方 西门 南宫 百里 端木 轩辕 "
    "呼延 赫连 澹台 闻人 公冶 太史 申屠 独孤 万俟 濮阳 淳于 单于 钟离 拓跋 第五 东郭 南门 左丘 公羊 谷梁".split()
)


def mask_id(text: str) -> str:
    """All of it: with 6 + 4 and a birth year 33 candidates are left (trust E10), so not one character is shown."""
    return "*" * 18 if text else ""


def mask_phone(text: str) -> str:
    """The last two characters at most, whatever the length was (trust N2)."""
    digits = text if text.isascii() and text.isalnum() else normalise_id(text)
    if not digits:
        return ""
    return "*" * 9 + (digits[-2:] if len(digits) > 4 else "")


def mask_name(name: str) -> str:
    """张*, 张*明, 欧阳*: the surname, a star, and the last character of a longer given name (trust N2)."""
    clean = "".join(name.split())
    if len(clean) <= 1:
        return "*" if clean else ""
    if any(dot in clean for dot in "·•."):  # 阿依古丽·买买提: the part before the dot is a given name
        return clean[0] + "*"
    surname = 2 if clean[:2] in COMPOUND_SURNAMES and len(clean) > 2 else 1
    given = len(clean) - surname
    return clean[:surname] + ("*" if given == 1 else "*" * (given - 1) + clean[-1])
