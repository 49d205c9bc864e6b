"""Points of a form. Pure, whole numbers only; the one place where a rubric turns answers into a score.

There is no second copy of the rubric in SQL (speed.md): a county's re-score runs `fast_scorer`, a loop over point
tables that is compiled once for each rubric digest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import getitem
from typing import NamedTuple

from assessment.answers import MISSING, AnswersError, decode
from assessment.answers import missing as missing_codes
from assessment.rubric import TOTAL, Rubric, Tier
from assessment.tiers import next_tier, tier_of


class Incomplete(ValueError):
    """Indicators without an answer. Missing is not 0 points (trust 85), so there is no score."""

    def __init__(self, codes: tuple[str, ...]):
        super().__init__("未作答：" + "、".join(codes))
        self.codes = codes


class AnswerPoints(NamedTuple):
    code: str
    points: int
    max: int


class Score(NamedTuple):
    """The result of one form. `to_next_tier` is None at the top; it is never shown while asking (rulings, words)."""

    points: int
    looks: tuple[int, ...]
    tier: Tier
    to_next_tier: int | None
    answers: tuple[AnswerPoints, ...]


@dataclass(frozen=True)
class Subtotal:
    """A look of an unfinished form: points so far, the most it can give, answered and asked indicators."""

    code: str
    name: str
    points: int
    max: int
    answered: int
    asked: int


Fast = Callable[[str], tuple[int, tuple[int, ...], Tier]]


class _LookTable(dict):
    """Answers of one look (its slice of the string) to its points, filled as they are met.

    A county's forms repeat: one look-up a look instead of one an answer keeps a re-score within goal 4 of speed.md.
    KeyError for a missing or foreign answer, which is never stored.
    """

    LIMIT = 20_000

    def __init__(self, tables: tuple[dict[str, int], ...]):
        super().__init__()
        self.tables = tables

    def __missing__(self, text: str) -> int:
        points = sum(table[character] for table, character in zip(self.tables, text, strict=True))
        if len(self) < self.LIMIT:
            self[text] = points
        return points


class _Compiled(NamedTuple):
    """One rubric ready to count: answer character to AnswerPoints, the slice and table of each look, tier by points."""

    answers: tuple[dict[str, AnswerPoints], ...]
    looks: tuple[tuple[slice, _LookTable], ...]
    tiers: tuple[Tier, ...]
    to_next: tuple[int | None, ...]
    fast: Fast


_compiled: dict[str, _Compiled] = {}


def _compile(rubric: Rubric) -> _Compiled:
    known = _compiled.get(rubric.digest)
    if known is not None:
        return known
    if any(not isinstance(option.points, int) for item in rubric.indicators for option in item.options):
        raise ValueError("only whole points can be scored")
    answers = tuple(
        {str(o.ordinal): AnswerPoints(item.code, o.points, item.weight) for o in item.options}
        for item in rubric.indicators
    )
    looks, start = [], 0
    for look in rubric.looks:
        part = slice(start, start + len(look.indicators))
        tables = tuple({character: given.points for character, given in table.items()} for table in answers[part])
        looks.append((part, _LookTable(tables)))
        start = part.stop
    tiers = tuple(tier_of(points, rubric.tiers) for points in range(TOTAL + 1))
    above = [next_tier(tier, rubric.tiers) for tier in tiers]
    to_next = tuple(None if tier is None else tier.min - points for points, tier in enumerate(above))
    fast = _make_fast(len(answers), tuple(looks), tiers)
    _compiled[rubric.digest] = made = _Compiled(answers, tuple(looks), tiers, to_next, fast)
    return made


def _make_fast(width: int, looks: tuple[tuple[slice, _LookTable], ...], tiers: tuple[Tier, ...]) -> Fast:
    def fast(text: str) -> tuple[int, tuple[int, ...], Tier]:
        if len(text) != width:
            raise AnswersError(f"答案应有{width}项，现有{len(text)}项")
        points = [table[text[part]] for part, table in looks]
        total = sum(points)
        return total, tuple(points), tiers[total]

    return fast


def fast_scorer(rubric: Rubric) -> Fast:
    """A function from a complete answers string to (points, look subtotals, tier), for whole counties.

    It raises KeyError on a missing or foreign answer; `score` says which.
    """
    return _compile(rubric).fast


def score(rubric: Rubric, answers: str) -> Score:
    """The score of a complete form. Incomplete with the missing codes; AnswersError for text of another rubric."""
    made = _compile(rubric)
    try:
        points, looks, tier = made.fast(answers)
    except KeyError:
        raise Incomplete(missing_codes(rubric, answers)) from None
    given = tuple(map(getitem, made.answers, answers))
    return Score(points, looks, tier, made.to_next[points], given)


def subtotals(rubric: Rubric, answers: str) -> tuple[Subtotal, ...]:
    """What each look of a draft has so far; a missing answer adds nothing and is counted as not answered."""
    decode(rubric, answers)
    made = _compile(rubric)
    rows = []
    for look, (part, _) in zip(rubric.looks, made.looks, strict=True):
        cells = zip(made.answers[part], answers[part], strict=True)
        given = [table[character].points for table, character in cells if character != MISSING]
        rows.append(Subtotal(look.code, look.name, sum(given), look.weight, len(given), len(look.indicators)))
    return tuple(rows)
