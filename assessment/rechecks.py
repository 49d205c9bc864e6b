"""What a re-visit finds: the form with its answers put right, scored again; and how many of a sample were wrong (D6-09). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.answers import decode, encode
from assessment.rubric import Rubric
from assessment.scoring import score

SAME, DIFFERS, MISSED = "same", "differs", "missed"
OUTCOMES = ((SAME, "一致"), (DIFFERS, "有出入"), (MISSED, "没有见到人"))


@dataclass(frozen=True, slots=True)
class Scored:
    points: int
    tier: str


def change_faults(rubric: Rubric, answers: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Indicator → why its new answer cannot stand: no such option, or the one that the form has already."""
    faults, now = {}, decode(rubric, answers)
    for code, option in changes.items():
        item = rubric.by_code.get(code)
        known = {one.code: one.ordinal for one in item.options} if item else {}
        if option not in known:
            faults[code] = "没有这个选项，请重新选择。"
        elif known[option] == now[code]:
            faults[code] = "与评估表的答案相同，一致的不用改。"
    return faults


def corrected(rubric: Rubric, answers: str, changes: Mapping[str, str]) -> str:
    """The answers string with `changes` (indicator → option code) put in."""
    ordinals = decode(rubric, answers)
    for code, option in changes.items():
        ordinals[code] = next(one.ordinal for one in rubric.by_code[code].options if one.code == option)
    return encode(rubric, ordinals)


def scored_again(rubric: Rubric, answers: str, changes: Mapping[str, str]) -> Scored:
    """Points and tier that follow from the answers put right, by the one scorer there is."""
    found = score(rubric, corrected(rubric, answers, changes))
    return Scored(found.points, found.tier.code)


@dataclass(frozen=True, slots=True)
class Errors:
    """A sample counted. Whoever was not met is no error and no proof: out of the rate."""

    drawn: int = 0
    same: int = 0
    differs: int = 0
    missed: int = 0
    tier_changes: int = 0

    @property
    def pending(self) -> int:
        return self.drawn - self.same - self.differs - self.missed

    @property
    def met(self) -> int:
        return self.same + self.differs

    @property
    def rate(self) -> int | None:
        """Per cent of those met, half goes up; None before anybody was."""
        return (200 * self.differs + self.met) // (2 * self.met) if self.met else None

    @property
    def say(self) -> str:
        """抽查 8 户，2 户有出入，错误率 25 %。"""
        parts = [f"抽查 {self.drawn} 户"]
        if self.pending:
            parts.append(f"{self.pending} 户还没有复核结果")
        if self.met:
            parts.append(f"{self.differs} 户有出入" if self.differs else "没有出入")
        if self.met and not self.pending:
            parts.append(f"错误率 {self.rate} %")
        if self.tier_changes:
            parts.append(f"{self.tier_changes} 户档次会变")
        if self.missed:
            parts.append(f"{self.missed} 户没有见到人")
        return "，".join(parts) + "。"


def errors_of(outcomes: Iterable[tuple[str, bool]]) -> Errors:
    """(outcome or "" while there is none, whether the tier changes) of each household drawn."""
    rows = list(outcomes)
    said = [outcome for outcome, _ in rows]
    return Errors(len(rows), said.count(SAME), said.count(DIFFERS), said.count(MISSED), sum(changes for _, changes in rows))
