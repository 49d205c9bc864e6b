"""Where the facts of a derived answer are kept: the section of the household's pages, by key and in words. Pure."""

from dataclasses import dataclass

from assessment.derive import RULES
from assessment.rubric import Indicator, fold


@dataclass(frozen=True, slots=True)
class Source:
    """`key` is the section's name in an address, `words` what people call it."""

    key: str
    words: str


_HOUSE, _UTILITIES, _LAND, _ASSETS = Source("house", "房"), Source("utilities", "水电路"), Source("land", "地"), Source("assets", "资产")
_MEMBERS, _INCOME = Source("members", "家庭成员"), Source("income", "收入支出")
SOURCES = {
    "A1": _HOUSE, "A2": _HOUSE, "A3": _HOUSE, "A4": _UTILITIES, "A5": _UTILITIES, "B1": _LAND, "B3": _INCOME, "C1": _ASSETS, "C2": _ASSETS,
    "C3": _ASSETS, "D1": _ASSETS, "D2": _ASSETS, "D3": _MEMBERS, "E1": _MEMBERS, "E2": _MEMBERS, "E3": _MEMBERS, "E4": _MEMBERS,
    "F1": _MEMBERS, "F2": _ASSETS, "F3": _MEMBERS,
}  # fmt: skip
KEYS = frozenset(source.key for source in SOURCES.values())


def source_of(item: Indicator) -> Source | None:
    """The section whose facts can answer this indicator; None where no rule reads it (a county's own indicator under an old code too)."""
    name, _ = RULES.get(item.code, ("", None))
    return SOURCES.get(item.code) if name and fold(name) == fold(item.name) else None
