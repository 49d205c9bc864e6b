"""What a procedure can say (ruling 18; brief 2.8). Frozen values; the engine in `assessment.workflow` reads nothing else. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """Whose desk a stage lies on. Each level has one right (`accounts.roles.SITTING_RIGHTS`)."""

    GROUP = "group"
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


LEVEL_NAMES = {Level.GROUP: "村民小组", Level.VILLAGE: "村", Level.TOWNSHIP: "乡镇", Level.COUNTY: "县"}
LADDER = (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)


class Mode(StrEnum):
    SITTING = "sitting"
    NOTICE = "notice"


class Majority(StrEnum):
    """What 同意 needs where a stage votes."""

    NONE = ""
    OF_VOTES = "of_votes"
    OF_PRESENT = "of_present"


@dataclass(frozen=True, slots=True)
class Words:
    """The stage's own words for the three answers."""

    agree: str
    back: str
    reject: str

    def of(self, opinion: str) -> str:
        return {"agree": self.agree, "return": self.back, "reject": self.reject}[opinion]


AT_MEETING = Words("同意列入", "退回", "不同意列入")
AT_OFFICE = Words("审核通过", "退回复核", "不予通过")


@dataclass(frozen=True, slots=True)
class PanelRule:
    """Who sits: at least `minimum`, or exactly `exactly`. `quorum` = least share of those expected who must be present."""

    kind: str
    name: str
    minimum: int = 0
    exactly: int | None = None
    quorum: tuple[int, int] | None = None
    borrowed: str = ""

    def fault(self, size: int) -> str:
        """Chinese reason why a panel of `size` will not do; "" when it will."""
        if self.exactly is not None and size != self.exactly:
            return f"{self.name}须为 {self.exactly} 人，现有 {size} 人。"
        if size < self.minimum:
            return f"{self.name}至少 {self.minimum} 人，现有 {size} 人。"
        return ""


@dataclass(frozen=True, slots=True)
class Check:
    """One question of 四关, with its good answer."""

    code: str
    question: str
    good: bool


FOUR_GATES = (
    Check("omitted", "是否有漏选错选", False),
    Check("policy", "是否符合政策界限", True),
    Check("clan", "是否有家族势力干扰", False),
    Check("favour", "是否有干部优亲厚友", False),
)
"""A9-05. 是否符合政策界限 is the one to which yes is good (ruling 17)."""


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """`days` whole days after the day of posting; `floor` holds whatever a round sets (ruling 19)."""

    days: int = 7
    floor: int = 7


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `returns_to` lists the earlier stages that a 退回 may name, the usual one first."""

    code: str
    name: str
    list_name: str
    level: Level
    mode: Mode = Mode.SITTING
    per_group: bool = False
    words: Words = AT_MEETING
    panel: PanelRule | None = None
    majority: Majority = Majority.NONE
    ranked: bool = False
    checks: tuple[Check, ...] = ()
    separated: bool = False
    needs_survey: bool = True
    needs_document: bool = False
    waits_for_whole_village: bool = False
    returns_to: tuple[str, ...] = ()
    notice: NoticeRule | None = None
    on_behalf_of: str = ""
    source: str = ""
    borrowed: str = ""

    @property
    def votes(self) -> bool:
        return self.majority is not Majority.NONE


@dataclass(frozen=True, slots=True)
class Procedure:
    """A tuple of stages in order; the last one concludes."""

    code: str
    name: str
    source: str
    stages: tuple[Stage, ...]
    kinds: tuple[str, ...] = ("identify",)
    by_code: dict[str, Stage] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {stage.code: stage for stage in self.stages})
        faults = [*_duplicate(self), *_wrong_returns(self), *_short_notices(self)]
        if faults:
            raise ValueError(f"procedure {self.code}: " + "; ".join(faults))

    @property
    def first(self) -> Stage:
        return self.stages[0]

    def index(self, code: str) -> int:
        return next(number for number, stage in enumerate(self.stages) if stage.code == code)

    def after(self, code: str) -> Stage | None:
        """The next stage, None after the last."""
        position = self.index(code) + 1
        return self.stages[position] if position < len(self.stages) else None

    def before(self, code: str) -> tuple[Stage, ...]:
        return self.stages[: self.index(code)]

    def decision_before(self, code: str) -> Stage:
        """The last sitting before a notice: where an objection's outcome is recorded."""
        return [stage for stage in self.before(code) if stage.mode is Mode.SITTING][-1]


def _duplicate(procedure: Procedure) -> list[str]:
    return [] if len(procedure.by_code) == len(procedure.stages) else ["a stage code is used twice"]


def _wrong_returns(procedure: Procedure) -> list[str]:
    earlier: set[str] = set()
    faults = []
    for stage in procedure.stages:
        faults += [
            f"{stage.code} returns to {target}, which is not earlier"
            for target in stage.returns_to
            if target not in earlier
        ]
        earlier.add(stage.code)
    return faults


def _short_notices(procedure: Procedure) -> list[str]:
    return [
        f"{stage.code} is a notice without a rule of at least {NoticeRule().floor} days"
        for stage in procedure.stages
        if stage.mode is Mode.NOTICE and (stage.notice is None or stage.notice.days < stage.notice.floor)
    ]
