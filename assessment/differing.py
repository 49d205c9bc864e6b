"""Score says A, the decision says C: which way, and how many (ruling 15; issue 5.2). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

POORER, BETTER = "poorer", "better"
WAYS = ((POORER, "定得比得分更困难"), (BETTER, "定得比得分更宽裕"))


def way_of(order: Sequence[str], tier: str, category: str) -> str:
    """`order`: the rubric's tiers from the poorest up. "" where the two agree, or one of them is not there."""
    if tier not in order or category not in order or tier == category:
        return ""
    return POORER if order.index(category) < order.index(tier) else BETTER


@dataclass(frozen=True, slots=True)
class Differing:
    """Households by the way in which their decided category departs from the tier of their score."""

    poorer: int = 0
    better: int = 0

    @property
    def total(self) -> int:
        return self.poorer + self.better

    @property
    def say(self) -> str:
        parts = [f"{number} 户{word}" for number, (_, word) in zip((self.poorer, self.better), WAYS, strict=True) if number]
        return f"{self.total} 户定的类别与得分档次不同：{'，'.join(parts)}。" if parts else ""

    def __add__(self, other: "Differing") -> "Differing":
        return Differing(self.poorer + other.poorer, self.better + other.better)


def count(order: Sequence[str], pairs: Mapping[tuple[str, str], int] | Iterable[tuple[tuple[str, str], int]]) -> Differing:
    """(tier, category) → how many, added up by way."""
    found = {POORER: 0, BETTER: 0, "": 0}
    for (tier, category), number in pairs.items() if isinstance(pairs, Mapping) else pairs:
        found[way_of(order, tier, category)] += number
    return Differing(found[POORER], found[BETTER])
