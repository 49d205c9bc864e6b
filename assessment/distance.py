"""How far a finished form is from the next tier, and which single answers would carry it over. Pure.

For whoever decides on the form after it was submitted: a sum that hangs on one answer is worth one more look (trust 84, rulings words).
Never for whoever asks the questions: it would invite steering.
"""

from dataclasses import dataclass

from assessment.answers import decode
from assessment.rubric import Rubric, Tier
from assessment.scoring import score
from assessment.tiers import next_tier, tier_of


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer that alone changes the tier: the indicator, the option given, the option instead, points more (or fewer), the tier then."""

    code: str
    name: str
    before: str
    after: str
    points: int
    tier: Tier


@dataclass(frozen=True, slots=True)
class Distance:
    """`up` points more reach the tier `above`, `down` points fewer fall to `below`; None at the top and at the bottom."""

    points: int
    tier: Tier
    above: Tier | None
    up: int | None
    below: Tier | None
    down: int | None
    turns: tuple[Turn, ...]


def distance(rubric: Rubric, answers: str) -> Distance:
    """The distance of a complete form. Raises scoring.Incomplete for one with gaps. Smallest changes of points first."""
    result = score(rubric, answers)
    above, below = next_tier(result.tier, rubric.tiers), _tier_below(result.tier, rubric)
    return Distance(
        result.points,
        result.tier,
        above,
        above.min - result.points if above else None,
        below,
        result.points - below.max if below else None,
        tuple(sorted(_turns(rubric, answers, result.points, result.tier), key=lambda turn: abs(turn.points))),
    )


def _tier_below(tier: Tier, rubric: Rubric) -> Tier | None:
    place = rubric.tiers.index(tier)
    return rubric.tiers[place - 1] if place else None


def _turns(rubric: Rubric, answers: str, points: int, tier: Tier) -> list[Turn]:
    """In rubric order; the sort above keeps it among equal changes."""
    ordinals, found = decode(rubric, answers), []
    for item in rubric.indicators:
        given = item.option(ordinals[item.code])
        for option in item.options:
            more = option.points - given.points
            then = tier_of(points + more, rubric.tiers)
            if then != tier:
                found.append(Turn(item.code, item.name, given.label, option.label, more, then))
    return found
