"""Which class a sum of points belongs to. Pure.

The source says 50分以下, 51-70, 71-80, 80分以上 for whole points. For sums that are not whole (trust 84) the class
comes from the unrounded sum and the upper ends rule: <= 50, > 50 to 70, > 70 to 80, > 80.
"""

from collections.abc import Sequence
from decimal import Decimal

from assessment.rubric import Tier


def tier_of(points: int | Decimal, tiers: Sequence[Tier]) -> Tier:
    """The tier of an unrounded sum. Floats are refused: 0.1 * 3 is not 0.3, and a class hangs on it (trust E7)."""
    if isinstance(points, bool) or not isinstance(points, int | Decimal):
        raise TypeError("points must be int or Decimal")
    if not tiers or not tiers[0].min <= points <= tiers[-1].max:
        raise ValueError(f"{points} is outside the tiers")
    return next(tier for tier in tiers if points <= tier.max)


def next_tier(tier: Tier, tiers: Sequence[Tier]) -> Tier | None:
    """The tier above, None at the top."""
    place = tiers.index(tier) + 1
    return tiers[place] if place < len(tiers) else None
