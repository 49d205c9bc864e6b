"""The queue of one meeting as it stands: sheets, line, ties and what they say of each household (A9-02, A9-03). Reads only.

Desk, ranking page, close and paper ask here, so that they never disagree. An open meeting ranks the households that wait; a closed one
those that were on its list when it closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment.meeting import default_category
from assessment.models import (
    Case,
    Ranking,
    RankingSheet,
    RankingWay,
    Sitting,
    SittingKind,
    SittingStatus,
    TieBreak,
)
from assessment.procedures import Mode, Stage
from assessment.ranking import Queue, Sheet, cut_tie, disagreement, form_queue, missing_sentences, named
from assessment.recusal import kin_on_panel
from assessment.workflow import ListKind, list_kind
from households.codes import TIER

LEAST = 2
"""One household alone stands in no queue: a supplementary meeting over a single one is not asked for it."""


@dataclass(frozen=True, slots=True)
class Rank:
    """What the queue says of one household. `below` is None while no line is drawn; `conflict` = the score says otherwise."""

    order: int
    rank: int
    tied: int
    of: int
    below: bool | None = None
    conflict: str = ""

    @property
    def side(self) -> str:
        return "" if self.below is None else ("线下" if self.below else "线上")


@dataclass(frozen=True, slots=True)
class RankedList:
    """`sheets`: scorer → the sheet as stored, also of those who are no longer there."""

    sitting: Sitting
    stage: Stage
    row: Ranking | None
    sheets: Mapping[str, RankingSheet]
    ties: Sequence[TieBreak]
    cases: Sequence[Case]
    queue: Queue
    tiers: Mapping[str, str]
    """Case uuid → what the list said of it before this meeting: the score's class, or an earlier stage's."""

    @property
    def joint(self) -> bool:
        return bool(self.row and self.row.way == RankingWay.JOINT)

    @property
    def begun(self) -> bool:
        return bool(self.sheets)

    @property
    def names(self) -> dict[str, str]:
        return {str(case.uuid): case.household.head_name for case in self.cases}

    @property
    def drawn(self) -> bool:
        """A line that goes through the queue as it is now."""
        return bool(self.row and self.row.taken is not None and self.row.drawn_for == self.queue.mark and self.queue.complete)

    @property
    def outdated(self) -> bool:
        """A line was drawn, and the queue has changed since."""
        return bool(self.row and self.row.taken is not None and not self.drawn)

    @property
    def taken(self) -> int | None:
        return self.row.taken if self.drawn else None

    @property
    def required(self) -> bool:
        return self.stage.ranked and len(self.cases) >= LEAST

    def conflict(self, case: str, *, below: bool) -> str:
        """得分说甲，排队说乙; "" when they agree."""
        tier = self.tiers.get(case, "")
        return disagreement(TIER.items.get(tier, ""), tier, below=below)

    @property
    def wanting(self) -> list[str]:
        """Sentences: what is missing before the list can be locked, where the procedure asks for a queue."""
        if not self.required:
            return []
        sentences = missing_sentences(self.queue, self.names)
        if sentences:
            return [f"逐户排队：{sentence}" for sentence in sentences]
        if self.outdated:
            return ["逐户排队：划线以后队列有变化，请重新划线。"]
        return [] if self.drawn else ["逐户排队：还没有划线，请定从队尾取多少户。"]

    def ranks(self) -> dict[str, Rank]:
        """Case uuid → what the queue says; only of a complete queue."""
        if not self.queue.complete:
            return {}
        under = self.queue.below(self.row.taken) if self.drawn else None
        found = {}
        for row in self.queue.rows:
            below = None if under is None else row.case in under
            conflict = "" if below is None else self.conflict(row.case, below=below)
            found[row.case] = Rank(row.order, row.rank, row.tied, len(self.queue.rows), below, conflict)
        return found


def list_of(case: Case, *, below: bool) -> ListKind:
    """Which list the side leads to (A9-03): below the line 贫困户; above it 脱贫户 for those on the register."""
    return ListKind.ENTRY if below else list_kind("TUOPIN", on_register=bool(case.household.exit_status))


def is_offered(stage: Stage, sitting: Sitting) -> bool:
    """At every group meeting with a panel; an objection's outcome is about one household by name."""
    return stage.mode is Mode.SITTING and stage.per_group and stage.panel is not None and sitting.kind != SittingKind.REVIEW


def scorers_of(sitting: Sitting, row: Ranking | None) -> tuple[str, ...]:
    """Those of the panel who are there; the panel as one is the scorer ""."""
    there = tuple(str(member.get("name", "")).strip() for member in sitting.panel if member.get("present"))
    return (("",) if there else ()) if row and row.way == RankingWay.JOINT else there


def ranked_list(stage: Stage, sitting: Sitting, cases: Sequence[Case], tiers: Mapping[str, str] | None = None) -> RankedList | None:
    """None where no queue is offered. `cases` are those of the list, with their households; `tiers` what they were when a closed meeting
    decided. One query while nothing is entered."""
    if not is_offered(stage, sitting):
        return None
    row = Ranking.objects.filter(sitting=sitting).first()
    sheets = {sheet.scorer: sheet for sheet in sitting.ranking_sheets.select_related("by")} if row else {}
    ties = list(sitting.tie_breaks.select_related("by")) if row else []
    cases = _on_list(sitting, row, cases)
    keys = [str(case.uuid) for case in cases]
    own = [Sheet(name, fresh_places(sheet, cases, sitting), frozenset(sheet.stepped_back)) for name, sheet in sheets.items()]
    queue = form_queue(keys, scorers_of(sitting, row), own, [tie.cases for tie in ties])
    said = {str(case.uuid): default_category(case) for case in cases} | dict(tiers or {})
    return RankedList(sitting, stage, row, sheets, ties, cases, queue, said)


def _on_list(sitting: Sitting, row: Ranking | None, cases: Sequence[Case]) -> list[Case]:
    """By household number, as the paper has them; of a closed meeting all that were listed, those too that it left where they were."""
    if sitting.status == SittingStatus.CLOSED and row:
        known = {str(case.uuid): case for case in cases}
        if absent := [uuid for uuid in row.listed if uuid not in known]:
            rows = Case.objects.filter(round_id=sitting.round_id, uuid__in=absent).select_related("household", "group", "survey__score", "score")
            known |= {str(case.uuid): case for case in rows}
        return [known[uuid] for uuid in row.listed if uuid in known]
    return sorted(cases, key=lambda case: case.household.code)


def fresh_places(sheet: RankingSheet, cases: Sequence[Case], sitting: Sitting) -> dict[str, int]:
    """Places that count: a household that came back to this stage after the sheet was saved is ranked anew."""
    if sitting.status != SittingStatus.OPEN:
        return dict(sheet.places)
    back = {str(case.uuid) for case in cases if sheet.at < case.stage_since}
    return {uuid: place for uuid, place in sheet.places.items() if uuid not in back}


def own_households(sitting: Sitting, cases: Sequence[Case], scorer: str) -> frozenset[str]:
    """Cases of households in which somebody of the scorer's name lives (回避)."""
    kin = kin_on_panel(sitting, [case.household_id for case in cases])
    return frozenset(str(case.uuid) for case in cases if scorer and scorer in kin.get(case.household_id, ()))


def tie_at(found: RankedList, taken: int) -> list[str]:
    """Cases between which a line over the `taken` worst off would go."""
    return list(cut_tie(found.queue, taken))


def contested(lines: Sequence) -> str:
    """Households of which score and queue say different things and nobody has said why; a sentence, or ""."""
    names = [line.head_name for line in lines if line.rank and line.rank.conflict and not (line.opinion or line.refused)]
    return f"{named(names)}得分与排队不一致，不能随其余同意，请逐户填意见。" if names else ""


# --- 按排队结果填意见 --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fill:
    """What 按排队结果填意见 looks at for one household."""

    word: str = ""
    stale: bool = False
    refused: Sequence[str] = ()
    category: str = ""
    rank: Rank | None = None
    kin: Sequence[str] = ()
    lacking: Sequence[str] = ()
    excluded: Sequence[str] = ()


def why_not_filled(fill: Fill) -> str:
    """Chinese reason why the household is left to be filled by hand; "" when queue and score agree and nothing stands in the way."""
    if fill.rank is None or fill.rank.below is None:
        return "还没有排完、划线。"
    if fill.stale:
        return "重新回到这一阶段，原来的意见不作数，请逐户填。"
    if fill.word:
        return f"已有意见：{fill.word}。"
    if fill.refused:
        return fill.refused[0]
    if not fill.category:
        return "还没有评估表，请逐户填。"
    if fill.rank.conflict:
        return f"{fill.rank.conflict}，请逐户填，写明理由。"
    if fill.kin:
        return f"{'、'.join(fill.kin)}参加或主持评议，又是这一户的人，请逐户填，写明回避。"
    if fill.lacking:
        return f"还没有本户签字的{'、'.join(fill.lacking)}。"
    return f"有排除情形：{'、'.join(fill.excluded)}。" if fill.excluded else ""
