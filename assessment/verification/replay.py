"""Where a case must stand, worked out from what was decided for it: verdicts, 变更 and objections one after another. Values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from assessment.models import Amendment, Opinion, Verdict
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


@dataclass(frozen=True, slots=True)
class Sent:
    """An objection's outcome that took the case back to `stage`, next pass, before the county decided it anew."""

    at: datetime
    stage: str
    pk: int


def replay(procedure: Procedure, verdicts: Sequence[Verdict], amendments: Iterable[Amendment], sent: Iterable[Sent] = ()) -> Track:
    """Moments order the events; a case's verdicts keep the order in which they were written."""
    track = Track(procedure.first.code)
    events = [(row.at, 1, number, row) for number, row in enumerate(verdicts)]
    events += [(row.at, 2, row.pk, row) for row in amendments] + [(row.at, 0, row.pk, row) for row in sent]
    for *_, event in sorted(events, key=lambda item: item[:3]):
        if isinstance(event, Verdict):
            _decide(procedure, track, event)
        elif isinstance(event, Amendment):
            _expect_live(track, "变更")
            _go_back(procedure, track, event.back_to, ("amendment", event.pk))
        else:
            _go_back(procedure, track, event.stage, ("objection", event.pk))
    return track


def _decide(procedure: Procedure, track: Track, verdict: Verdict) -> None:
    stage = procedure.by_code.get(verdict.stage)
    if stage is None:
        track.faults.append((verdict.stage, "决定的阶段不在程序里"))
        return
    _expect_live(track, f"{stage.name}的决定")
    if (verdict.stage, verdict.pass_no) != (track.stage, track.pass_no):
        track.faults.append((verdict.stage, "阶段接不上：有决定缺失、跳过或重复"))
        track.stage, track.pass_no = verdict.stage, verdict.pass_no
    if (stage.mode is Mode.NOTICE) != bool(verdict.notice_id):
        track.faults.append((verdict.stage, "决定的来源与阶段不符"))
    if verdict.opinion == Opinion.RETURN:
        _go_back(procedure, track, verdict.return_to, ("verdict", verdict.pk))
    elif verdict.opinion == Opinion.REJECT:
        track.state = "rejected"
    else:
        track.category, track.score = verdict.category or track.category, track.score or verdict.score_id
        track.survey = verdict.survey_id
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
    track.stage, track.pass_no, track.state = move.stage, move.pass_no, "open"
