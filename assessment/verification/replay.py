"""Where a case must stand, worked out from what was decided for it: verdicts, 变更 and objection outcomes one after another.

Nothing is ordered by the clock: verdicts follow their chain, and each step back counts one pass up, so a 变更 has its place (ruling 15).
Values in, values out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assessment.models import Amendment, Opinion, SittingKind, Verdict
from assessment.procedures import Mode, Procedure
from assessment.workflow import CaseFacts, send_back


@dataclass(slots=True)
class Track:
    """A case as its decisions leave it. `voids`: verdict id → (kind of what voided it, its id). `faults`: (stage, what)."""

    stage: str
    pass_no: int = 1
    state: str = "open"
    category: str = ""
    score: int | None = None
    survey: int | None = None
    voids: dict[int, tuple[str, int]] = field(default_factory=dict)
    standing: list[Verdict] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    reviewed: bool = False
    """The last decision was the outcome of an objection: others may be open whom it answers too."""


def replay(procedure: Procedure, verdicts: Sequence[Verdict], amendments: Iterable[Amendment]) -> Track:
    """`verdicts` in the order in which they were written, `amendments` likewise."""
    track, waiting = Track(procedure.first.code), list(amendments)
    for verdict in verdicts:
        before = verdict.pass_no - 1 if _of_review(verdict) else verdict.pass_no
        while waiting and track.pass_no < before:
            _amend(procedure, track, waiting.pop(0))
        _decide(procedure, track, verdict)
    for amendment in waiting:
        _amend(procedure, track, amendment)
    return track


def _of_review(verdict: Verdict) -> bool:
    """Decided on an objection: the case is taken back to this stage first, in the next pass."""
    return verdict.sitting is not None and verdict.sitting.kind == SittingKind.REVIEW


def _amend(procedure: Procedure, track: Track, amendment: Amendment) -> None:
    _expect_live(track, "变更")
    if amendment.from_stage != track.stage:
        track.faults.append((amendment.from_stage, "变更记录的阶段与决定接不上"))
    _go_back(procedure, track, amendment.back_to, ("amendment", amendment.pk))


def _decide(procedure: Procedure, track: Track, verdict: Verdict) -> None:
    stage = procedure.by_code.get(verdict.stage)
    if stage is None:
        track.faults.append((verdict.stage, "决定的阶段不在程序里"))
        return
    track.reviewed = _of_review(verdict)
    if track.reviewed:
        track.state = "open" if track.state == "rejected" else track.state
        _go_back(procedure, track, verdict.stage, ("verdict", verdict.pk))
    _expect_live(track, f"{stage.name}的决定")
    if (verdict.stage, verdict.pass_no) != (track.stage, track.pass_no):
        track.faults.append((verdict.stage, "阶段接不上：有决定或变更缺失、跳过或重复"))
        track.stage, track.pass_no = verdict.stage, verdict.pass_no
    if (stage.mode is Mode.NOTICE) != bool(verdict.notice_id):
        track.faults.append((verdict.stage, "决定的来源与阶段不符"))
    if verdict.opinion == Opinion.RETURN:
        _go_back(procedure, track, verdict.return_to, ("verdict", verdict.pk))
    elif verdict.opinion == Opinion.REJECT:
        track.state = "rejected"
    else:
        track.category = verdict.category or track.category
        track.score, track.survey = verdict.score_id, verdict.survey_id
        following = procedure.after(verdict.stage)
        track.stage, track.state = (following.code, "open") if following else (track.stage, "concluded")
    track.standing.append(verdict)


def _expect_live(track: Track, what: str) -> None:
    if track.state != "open":
        track.faults.append((track.stage, f"办结以后又有{what}"))
        track.state = "open"


def _go_back(procedure: Procedure, track: Track, target: str, cause: tuple[str, int]) -> None:
    if target not in procedure.by_code:
        track.faults.append((track.stage, "退回到的阶段不在程序里"))
        return
    move = send_back(procedure, CaseFacts(track.stage, track.pass_no), target)
    gone = [row for row in track.standing if row.stage in move.voids]
    track.voids |= {row.pk: cause for row in gone}
    track.standing = [row for row in track.standing if row.stage not in move.voids]
    last = next((row for row in reversed(track.standing) if row.opinion == Opinion.AGREE), None)
    track.category, track.score = (last.category, last.score_id) if last else ("", None)
    track.survey = last.survey_id if last else None
    track.stage, track.pass_no = move.stage, move.pass_no
