"""The rubric as a value: looks, indicators, options, tiers; parsed, written canonically, checked with reasons.

Pure. A county edits the rubric as data, so the code knows no indicator by name (brief 1). The canonical JSON is what
is stored and hashed: the digest of a published rubric never moves.
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property, lru_cache
from pathlib import Path

TOTAL = 100
MAX_OPTIONS = 9  # one character an answer in the stored string (rulings 4)
DEFAULT_PATH = Path(__file__).with_name("rubrics") / "LKF-DEFAULT-1.yaml"

Points = int | Decimal  # whole in every published rubric; a draft may hold anything and is told so


class RubricError(ValueError):
    """The data cannot be read as a rubric at all; the message is Chinese and fit for a page."""


@dataclass(frozen=True)
class Option:
    """One answer of an indicator. The code (A1-2) is given once, at import, and never renumbered (rulings 4)."""

    code: str
    label: str
    points: Points

    @property
    def ordinal(self) -> int:
        """The number in the code: what the answers string stores for this option."""
        return int(self.code.rpartition("-")[2])


@dataclass(frozen=True)
class Indicator:
    code: str
    name: str
    weight: Points
    source: str
    derive: str
    options: tuple[Option, ...]

    def option(self, ordinal: int) -> Option:
        """The option stored as `ordinal`; KeyError when the rubric has none."""
        for option in self.options:
            if option.ordinal == ordinal:
                return option
        raise KeyError(f"{self.code}-{ordinal}")


@dataclass(frozen=True)
class Look:
    code: str
    name: str
    weight: Points
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Tier:
    """A class of households, by whole points from `min` to `max`, both included."""

    code: str
    name: str
    min: int
    max: int
    note: str = ""


@dataclass(frozen=True)
class Rubric:
    code: str
    name: str
    looks: tuple[Look, ...]
    tiers: tuple[Tier, ...]

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator in rubric order: the order of the characters in an answers string."""
        return tuple(indicator for look in self.looks for indicator in look.indicators)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(canonical_json(self).encode()).hexdigest()


def digest(rubric: Rubric) -> str:
    """SHA-256 (hex) of the canonical JSON: the name of exactly this content."""
    return rubric.digest


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A label for comparing: NFKC, no spaces or invisible characters, one kind of comma, upper case."""
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(c for c in normal if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))
    return re.sub(r"[、;/。．｡､]+", ",", kept).strip(",").upper()


# --- reading --------------------------------------------------------------------------------------------------


def parse_rubric(data: Mapping) -> Rubric:
    """A rubric from the YAML shape (groups, options as [label, points]) or from our own stored JSON."""
    body = data.get("rubric", data)
    try:
        looks = tuple(_look(row) for row in body.get("looks") or body["groups"])
        tiers = tuple(sorted((_tier(row) for row in body["tiers"]), key=lambda tier: tier.min))
        return Rubric(_text(body["code"]), _text(body["name"]), looks, tiers)
    except KeyError as missing:
        raise RubricError(f"评分表缺少“{missing.args[0]}”") from None
    except (TypeError, AttributeError, IndexError):
        raise RubricError("评分表的结构不对：应为六看、指标、选项、分档") from None


@cache
def load_default() -> Rubric:
    """The rubric shipped with the program: our own default, not the published table (brief 1)."""
    import yaml

    return parse_rubric(yaml.safe_load(DEFAULT_PATH.read_text(encoding="utf-8")))


def _look(row: Mapping) -> Look:
    indicators = tuple(_indicator(item) for item in row["indicators"])
    return Look(_text(row["code"]), _text(row["name"]), _points(row["weight"]), indicators)


def _indicator(row: Mapping) -> Indicator:
    code = _text(row["code"])
    options = tuple(_option(code, number, item) for number, item in enumerate(row["options"], start=1))
    source = _text(row.get("source") or row.get("src") or "")
    return Indicator(code, _text(row["name"]), _points(row["weight"]), source, _text(row.get("derive") or ""), options)


def _option(code: str, number: int, item: Mapping | list) -> Option:
    if isinstance(item, Mapping):
        return Option(_text(item["code"]), _text(item["label"]), _points(item["points"]))
    return Option(f"{code}-{number}", _text(item[0]), _points(item[1]))


def _tier(row: Mapping) -> Tier:
    low, high = _points(row["min"]), _points(row["max"])
    return Tier(_text(row["code"]), _text(row["name"]), low, high, _text(row.get("note") or ""))


def _text(value: object) -> str:
    return unicodedata.normalize("NFC", str(value)).strip()


def _points(value: object) -> Points:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise RubricError(f"“{value}”不是分值") from None
    if isinstance(value, bool) or not number.is_finite():
        raise RubricError(f"“{value}”不是分值")
    return int(number) if number == number.to_integral_value() else number


# --- writing --------------------------------------------------------------------------------------------------


def canonical_json(rubric: Rubric) -> str:
    """The one spelling of a rubric: UTF-8 text, sorted keys, no spaces. `parse_rubric` reads it back unchanged."""
    body = {
        "code": rubric.code,
        "name": rubric.name,
        "looks": [_look_data(look) for look in rubric.looks],
        "tiers": [
            {"code": tier.code, "name": tier.name, "min": _plain(tier.min), "max": _plain(tier.max), "note": tier.note}
            for tier in rubric.tiers
        ],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _look_data(look: Look) -> dict:
    return {
        "code": look.code,
        "name": look.name,
        "weight": _plain(look.weight),
        "indicators": [
            {
                "code": item.code,
                "name": item.name,
                "weight": _plain(item.weight),
                "source": item.source,
                "derive": item.derive,
                "options": [{"code": o.code, "label": o.label, "points": _plain(o.points)} for o in item.options],
            }
            for item in look.indicators
        ],
    }


def _plain(points: Points) -> int | str:
    """Whole points as a number, others as exact text: no float ever enters the hash."""
    return points if isinstance(points, int) else format(points, "f")


# --- checking -------------------------------------------------------------------------------------------------


def validate_rubric(rubric: Rubric) -> list[str]:
    """Why this rubric may not be published, in Chinese; an empty list means it may."""
    reasons: list[str] = []
    for title, codes in (
        ("看的代码", [look.code for look in rubric.looks]),
        ("指标代码", [item.code for item in rubric.indicators]),
        ("指标名称", [fold(item.name) for item in rubric.indicators]),
        ("选项代码", [option.code for item in rubric.indicators for option in item.options]),
        ("分档代码", [tier.code for tier in rubric.tiers]),
        ("分档名称", [fold(tier.name) for tier in rubric.tiers]),
    ):
        reasons += [f"{title}重复：{code}" for code in _repeated(codes)]
    for look in rubric.looks:
        reasons += _look_reasons(look)
    total = sum(look.weight for look in rubric.looks)
    if total != TOTAL:
        reasons.append(f"各看合计应为{TOTAL}分，现为{total}分")
    shape = _tier_reasons(rubric.tiers)
    return reasons + (shape or _reach_reasons(rubric))


def _repeated(values: Iterable[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def _look_reasons(look: Look) -> list[str]:
    reasons = [f"{look.name}：没有指标"] if not look.indicators else []
    inside = sum(item.weight for item in look.indicators)
    if inside != look.weight:
        reasons.append(f"{look.name}：权重{look.weight}分，下属指标合计{inside}分")
    for item in look.indicators:
        reasons += [f"{item.code} {item.name}：{reason}" for reason in _indicator_reasons(item)]
    return reasons


def _indicator_reasons(item: Indicator) -> list[str]:
    reasons = []
    if not re.fullmatch(r"[A-Z][0-9]{1,2}", item.code):
        reasons.append("指标代码应为一个大写字母加一至两位数字")
    if not 2 <= len(item.options) <= MAX_OPTIONS:
        reasons.append(f"选项应为2至{MAX_OPTIONS}个，现为{len(item.options)}个")
    reasons += [f"选项重复：{label}" for label in _repeated(fold(option.label) for option in item.options)]
    for option in item.options:
        if not re.fullmatch(re.escape(item.code) + r"-[1-9]", option.code):
            reasons.append(f"选项代码{option.code}应为{item.code}-1至{item.code}-9")
        if not fold(option.label):
            reasons.append(f"选项{option.code}没有名称")
        if not isinstance(option.points, int):
            reasons.append(f"“{option.label}”的分值{option.points}不是整数")
        elif option.points < 0:
            reasons.append(f"“{option.label}”的分值不能小于0")
    if not isinstance(item.weight, int) or item.weight <= 0:
        reasons.append(f"权重{item.weight}应为正整数")
    best = max((option.points for option in item.options), default=0)
    if best != item.weight:
        reasons.append(f"权重{item.weight}分，最高选项{best}分")
    return reasons


def _tier_reasons(tiers: tuple[Tier, ...]) -> list[str]:
    if not tiers:
        return ["没有分档"]
    reasons = [
        f"{tier.name}：分数线应为整数且下限不高于上限"
        for tier in tiers
        if not isinstance(tier.min, int) or not isinstance(tier.max, int) or tier.min > tier.max
    ]
    if tiers[0].min != 0 or tiers[-1].max != TOTAL:
        reasons.append(f"分档应从0分到{TOTAL}分，现从{tiers[0].min}分到{tiers[-1].max}分")
    for lower, upper in zip(tiers, tiers[1:], strict=False):
        if upper.min > lower.max + 1:
            reasons.append(f"{lower.name}（至{lower.max}分）与{upper.name}（自{upper.min}分）之间有空档")
        elif upper.min <= lower.max:
            reasons.append(f"{lower.name}（至{lower.max}分）与{upper.name}（自{upper.min}分）重叠")
    return reasons


def _reach_reasons(rubric: Rubric) -> list[str]:
    """Tiers that no combination of options can reach; the sums are a bit set, so this is exact and quick."""
    points = [[option.points for option in item.options] for item in rubric.indicators]
    if any(not isinstance(value, int) or not 0 <= value <= TOTAL for row in points for value in row):
        return []
    sums = 1
    for row in points:
        reached = 0
        for value in row:
            reached |= sums << value
        sums = reached
    return [
        f"{tier.name}（{tier.min}至{tier.max}分）没有任何答案能够达到"
        for tier in rubric.tiers
        if not any(sums >> value & 1 for value in range(tier.min, tier.max + 1))
    ]
