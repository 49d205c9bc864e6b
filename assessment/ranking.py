"""逐户排队、顺排倒取 (A9-02, A9-03): the panel's sheets become one queue, a line takes from its bottom. Pure.

Place 1 is the best off. Only the order on a sheet counts: 1 2 2 4 and 1 2 2 3 say the same, those who share a place share the average of
what they take up, so that nobody's ties weigh more than another's strict order. A household's sum over all sheets is its rank; equal sums
are equal ranks, and only the panel's own decision puts one before the other.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessment.procedures.model import POOR

NAMED = 5


@dataclass(frozen=True, slots=True)
class Sheet:
    """One scorer's order: case → place as typed. `stepped_back`: households that are the scorer's own (回避)."""

    scorer: str
    places: Mapping[str, int]
    stepped_back: frozenset[str] = frozenset()

    def lacks(self, cases: Iterable[str]) -> tuple[str, ...]:
        return tuple(case for case in cases if case not in self.places and case not in self.stepped_back)


@dataclass(frozen=True, slots=True)
class Standing:
    """A household in the queue. `order` is its place from the best off, once ties are decided; `rank` is shared by equal sums."""

    case: str
    order: int
    rank: int
    tied: int
    decided: bool
    total: Fraction
    places: tuple[Fraction | None, ...]

    @property
    def spread(self) -> Fraction:
        """How far the scorers are apart, in places."""
        there = [place for place in self.places if place is not None]
        return max(there) - min(there) if there else Fraction(0)


@dataclass(frozen=True, slots=True)
class Queue:
    """`rows` from the best off to the worst off, over the sheets that are complete; `missing` = (scorer, households without a place), and
    a scorer without any sheet misses them all. `unplaced`: households from which every scorer stepped back."""

    cases: tuple[str, ...]
    scorers: tuple[str, ...]
    counted: tuple[str, ...]
    rows: tuple[Standing, ...]
    missing: tuple[tuple[str, tuple[str, ...]], ...]
    unplaced: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return bool(self.scorers and self.cases) and not self.missing and not self.unplaced

    @property
    def mark(self) -> str:
        """Of exactly this order with these sums: another mark = the queue has changed since a line was drawn through it."""
        text = ",".join(f"{row.case}:{row.total}" for row in self.rows) + f"|{self.complete}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def apart(self) -> Fraction:
        """Mean distance between the scorers' highest and lowest place of a household: 0 = of one mind."""
        return sum((row.spread for row in self.rows), Fraction(0)) / len(self.rows) if self.rows else Fraction(0)

    def is_split(self, row: Standing) -> bool:
        """The scorers do not see this household alike: more than half the queue between them."""
        return len(self.rows) > 2 and row.spread * 2 > len(self.rows)

    def below(self, taken: int) -> frozenset[str]:
        """The `taken` worst off."""
        return frozenset(row.case for row in self.rows[len(self.rows) - taken :])


def averaged(places: Mapping[str, int]) -> dict[str, Fraction]:
    """Places as typed → places in 1…n, those who share one with the average of what they take up."""
    ordered = sorted(places, key=lambda case: places[case])
    number = Counter(places.values())
    first = {place: sum(count for other, count in number.items() if other < place) for place in number}
    return {case: first[places[case]] + Fraction(number[places[case]] + 1, 2) for case in ordered}


def stretched(places: Mapping[str, int], whole: int) -> dict[str, Fraction]:
    """`averaged`, laid over the whole queue where the scorer has stepped back from some: the mean of a sheet stays the middle, so that
    whoever steps back neither lifts nor lowers the others."""
    own = averaged(places)
    if len(own) == whole:
        return own
    return {case: (place - Fraction(1, 2)) * Fraction(whole, len(own)) + Fraction(1, 2) for case, place in own.items()}


def form_queue(
    cases: Sequence[str], scorers: Sequence[str], sheets: Iterable[Sheet], ties: Iterable[Sequence[str]] = ()
) -> Queue:
    """The queue of the households on the list. Sheets of others than `scorers` and places of others than `cases` do not count; `ties` are
    the panel's decisions between equal sums, the best off first, and hold for exactly those households."""
    known, by_scorer = set(cases), {sheet.scorer: sheet for sheet in sheets}
    missing, counted = [], []
    for scorer in scorers:
        sheet = by_scorer.get(scorer) or Sheet(scorer, {})
        if lacks := sheet.lacks(cases):
            missing.append((scorer, lacks))
        else:
            counted.append((scorer, stretched({case: place for case, place in sheet.places.items() if case in known}, len(cases))))
    places = {case: tuple(own.get(case) for _, own in counted) for case in cases}
    unplaced = tuple(case for case in cases if counted and all(place is None for place in places[case]))
    names = tuple(scorer for scorer, _ in counted)
    rows = () if unplaced or not counted else tuple(_in_order(places, [tuple(tie) for tie in ties]))
    return Queue(tuple(cases), tuple(scorers), names, rows, tuple(missing), unplaced)


def _in_order(places: Mapping[str, tuple[Fraction | None, ...]], ties: Sequence[tuple[str, ...]]) -> list[Standing]:
    totals = {case: _total(own) for case, own in places.items()}
    decided = {frozenset(tie): tie for tie in ties}
    alike: dict[Fraction, list[str]] = {}
    for case, total in totals.items():
        alike.setdefault(total, []).append(case)
    rows: list[Standing] = []
    for total in sorted(alike):
        tie = decided.get(frozenset(alike[total]))
        rank = len(rows) + 1
        for case in tie or alike[total]:
            rows.append(Standing(case, len(rows) + 1, rank, len(alike[total]), tie is not None, total, places[case]))
    return rows


def _total(places: Sequence[Fraction | None]) -> Fraction:
    """The sum; where somebody stepped back, as if the others' mean had stood there."""
    there = [place for place in places if place is not None]
    return sum(there, Fraction(0)) * len(places) / len(there)


# --- the line ---------------------------------------------------------------------------------------------------


def cut_tie(queue: Queue, taken: int) -> tuple[str, ...]:
    """Households with equal sums, not put in order by the panel, through which a line over the `taken` worst off would go."""
    at = len(queue.rows) - taken
    if not 0 < at < len(queue.rows):
        return ()
    above, under = queue.rows[at - 1], queue.rows[at]
    if above.total != under.total or under.decided:
        return ()
    return tuple(row.case for row in queue.rows if row.total == under.total)


def line_fault(queue: Queue, taken: int, names: Mapping[str, str]) -> str:
    """Chinese reason why the line may not be drawn so; "" when it may."""
    if sentences := missing_sentences(queue, names):
        return f"还没有排完，不能划线：{sentences[0]}"
    if not 0 <= taken <= len(queue.rows):
        return f"从队尾取的户数须在 0 至 {len(queue.rows)} 之间。"
    if tied := cut_tie(queue, taken):
        return f"线划在并列的户中间：{named([names[case] for case in tied])}合计位次相同。请小组先定这几户的先后，再划线。"
    return ""


def missing_sentences(queue: Queue, names: Mapping[str, str]) -> list[str]:
    """What the queue still lacks, by scorer; [] when it is complete. `names`: case → householder."""
    if not queue.scorers:
        return ["还没有到会的评议小组成员，请先填会议情况。"]
    if not queue.cases:
        return ["名单上没有户。"]
    said = []
    for scorer, lacks in queue.missing:
        who = scorer or "小组的排队表"
        said.append(f"{who}还没有排。" if len(lacks) == len(queue.cases) else f"{who}还缺 {len(lacks)} 户：{named([names[case] for case in lacks])}。")
    if queue.unplaced:
        said.append(f"{named([names[case] for case in queue.unplaced])}所有成员都回避，没有人给位次。")
    return said


def disagreement(tier_name: str, tier: str, *, below: bool) -> str:
    """得分说甲，排队说乙; "" when they agree or there is no score."""
    if not tier or below == (tier in POOR):
        return ""
    return f"得分是{tier_name}，排队在{'线下' if below else '线上'}"


def named(names: Sequence[str]) -> str:
    return "、".join(names[:NAMED]) + (f" 等 {len(names)} 户" if len(names) > NAMED else "")


def shown(number: Fraction) -> str:
    """23, 23.5, 23.33."""
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
