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


LEGAL_FLOOR, MONITOR_FLOOR = 7, 5
"""Whole days that a notice hangs at the least; 5 only in procedures of 防返贫监测 (ruling 19; brief 3.11)."""
MONITOR = "monitor"


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """`days` whole days after the day of posting; `floor` holds whatever a round sets (ruling 19). `where` is the board it hangs on: a
    sheet for each group of the village, or one sheet for the village at the village's, the township's or the county's board. 公告 tells
    what has been decided, 公示 asks for objections; both are objected to alike."""

    days: int = 7
    floor: int = LEGAL_FLOOR
    where: Level = Level.GROUP
    word: str = "公示"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `returns_to` lists the earlier stages that a 退回 usually names, the usual one
    first; the other earlier meetings may be named too (`Procedure.returns_from`)."""

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
    checks_exclusions: bool = False
    """同意 for a household found poor needs that no exclusion condition stands without a confirmed reason (D6-02)."""
    waits_for_whole_village: bool = False
    returns_to: tuple[str, ...] = ()
    notice: NoticeRule | None = None
    visits: bool = False
    """入户调查: whoever comes here is visited; its facts and its form stay open until the stage has agreed (D6-06)."""
    signatures: bool = False
    """Each group of the list has the signatures of two thirds of its households (B-19, third signature)."""
    limit_days: int | None = None
    """Days that a household may stand here; later it is shown as late (brief 3.11)."""
    on_behalf_of: str = ""
    """An outside body whose word the office writes down (ruling 18)."""
    source: str = ""
    borrowed: str = ""

    @property
    def votes(self) -> bool:
        return self.majority is not Majority.NONE

    @property
    def inspects(self) -> bool:
        """随机抽查 and 算账 belong to the township's meetings (A9-04, D6-09)."""
        return self.level is Level.TOWNSHIP and self.mode is Mode.SITTING


STANDING = "standing"
POOR = ("DOUDI", "DIBAO", "YIBAN")
"""Classes of households that are found poor; a 脱贫户 applies for nothing."""


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """A paper that the household itself signs: asked for once `after` has agreed ("" = from the start), and `before` does not let the
    household pass without it; `STANDING` is the last stage, which writes the standing. `kind` is that of the stored paper."""

    kind: str
    name: str
    before: str = STANDING
    after: str = ""
    categories: tuple[str, ...] = POOR
    source: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A tuple of stages in order; the last one concludes."""

    code: str
    name: str
    source: str
    stages: tuple[Stage, ...]
    kinds: tuple[str, ...] = ("identify",)
    papers: tuple[PaperNeed, ...] = ()
    limit_days: int | None = None
    """Days from the first stage to the last (brief 3.11)."""
    by_code: dict[str, Stage] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {stage.code: stage for stage in self.stages})

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

    def returns_from(self, code: str) -> tuple[str, ...]:
        """Stages that a 退回 there may name: those of its row first, the usual one foremost, then every other earlier meeting, the nearest
        first (issue 3.3). A stage whose row names none sends nothing back."""
        usual = self.by_code[code].returns_to
        if not usual:
            return ()
        others = (stage.code for stage in reversed(self.before(code)) if stage.mode is Mode.SITTING and stage.code not in usual)
        return (*usual, *others)

    def stops_at(self, need: PaperNeed) -> str:
        """Code of the stage that does not let a household pass without the paper."""
        return self.stages[-1].code if need.before == STANDING else need.before

    def papers_due(self, stage: str, category: str) -> tuple[PaperNeed, ...]:
        """Papers that a household of the category standing at `stage` is asked for: what must come before this stage or a later one."""
        here = self.index(stage)
        return tuple(
            need
            for need in self.papers
            if category in need.categories and self.index(self.stops_at(need)) >= here and (not need.after or self.index(need.after) < here)
        )

    def papers_before(self, stage: str, category: str) -> tuple[PaperNeed, ...]:
        """Papers without which a household of the category does not pass `stage`."""
        return tuple(need for need in self.papers if category in need.categories and self.stops_at(need) == stage)

    def decision_before(self, code: str) -> Stage:
        """The last sitting before a notice: where an objection's outcome is recorded."""
        return [stage for stage in self.before(code) if stage.mode is Mode.SITTING][-1]

    def has_form(self, code: str) -> bool:
        """Whether a household at the stage has been visited: before 入户调查 it is listed without a form (D6-06)."""
        visit = next((number for number, stage in enumerate(self.stages) if stage.visits), -1)
        return self.index(code) >= visit

    @property
    def floor(self) -> int:
        """The shortest notice that the law of this kind of procedure allows, in days."""
        return MONITOR_FLOOR if MONITOR in self.kinds else LEGAL_FLOOR
