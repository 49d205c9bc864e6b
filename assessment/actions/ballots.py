"""What is entered for one household while a meeting is open. Saved at once, not audited, decides nothing (rulings 15 and 31)."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment import clock
from assessment.actions.casework import facts_of
from assessment.actions.sitting_steps import lock_case, locked_sitting, place_in, require_open
from assessment.meeting import attendance, decision_of, refused_reasons, vote_faults
from assessment.models import Ballot, Case, Opinion, Sitting
from assessment.procedures import Procedure, Stage
from assessment.procedures.reasons import OTHER, reasons_for
from assessment.recusal import kin_on_panel, recusal_faults
from assessment.workflow import (
    Actor,
    CaseFacts,
    Decision,
    Step,
    allowed_steps,
    decision_faults,
    exclusion_faults,
    recheck_faults,
    who_may,
)
from core.actions import Origin, acting
from core.errors import BadInput, StaleVersion, WrongState
from core.scope import Scope
from households.secrets import seal

LONGEST_NOTE, MOST_VOTES = 400, 9999
STALE = "这一户的意见在您打开之后已被别人改过，请看过新内容再填。"
FIELD_OF = (
    ("退回到", "return_to"), ("理由", "reasons"), ("类别", "category"), ("一关", "checks_failed"), ("票", "votes_for"),
)  # fmt: skip
"""Which field a sentence of the engine belongs to, by its first word that is found here."""


@dataclass(frozen=True, slots=True)
class BallotEntry:
    """One household's answer as typed. An empty category is the default one; votes left out with 同意 are everybody's."""

    opinion: str
    category: str = ""
    votes_for: int | None = None
    votes_against: int | None = None
    return_to: str = ""
    reasons: Sequence[str] = ()
    note: str = ""
    checks_failed: Sequence[str] = ()
    recused: Sequence[str] = ()
    namesakes: Sequence[str] = ()


def save_ballot(
    *, scope: Scope, sitting: str, case: str, version: int, entry: BallotEntry, origin: Origin | None = None
) -> Ballot:
    """`version` is the ballot's that the caller saw, 0 when there was none; the new one is `ballot.version`, and the meeting's is
    `ballot.sitting.version`. Raises NotFound, Denied, WrongState (may not decide this one), StaleVersion, BadInput."""
    with acting(scope, "ballot.save", origin):
        meeting, row, actor = _open_case(scope, sitting, case)
        ballot = _ballot_at(meeting, row, version) or Ballot(sitting=meeting, case=row)
        kin = kin_on_panel(meeting, [row.household_id]).get(row.household_id, ())
        fill_ballot(meeting, row, ballot, entry, facts_of([row])[row.pk], kin, actor)
        meeting.version += 1
        meeting.save(update_fields=["version"])
        ballot.by_id, ballot.at, ballot.version = scope.actor_id, clock.now(), meeting.version
        ballot.save()
    return ballot


def clear_ballot(*, scope: Scope, sitting: str, case: str, version: int, origin: Origin | None = None) -> Sitting:
    """Take the answer back: the household is among the rest again. Returns the meeting with its new version."""
    with acting(scope, "ballot.clear", origin):
        meeting, row, _ = _open_case(scope, sitting, case, decides=False)
        ballot = _ballot_at(meeting, row, version)
        if ballot is not None:
            ballot.delete()
            meeting.version += 1
            meeting.save(update_fields=["version"])
    return meeting


def _open_case(scope: Scope, sitting: str, case: str, *, decides: bool = True) -> tuple[Sitting, Case, Actor]:
    meeting, actor = locked_sitting(scope, sitting)
    require_open(meeting)
    row = lock_case(meeting, case)
    procedure, stage = place_in(meeting)
    if decides and (reasons := refused_reasons(procedure, facts_of([row])[row.pk], stage, actor)):
        raise WrongState(
            f"{row.household.head_name}：{reasons[0]}可由{who_may(stage)}决定。", code="step_refused", reasons=reasons
        )
    return meeting, row, actor


def fill_ballot(
    meeting: Sitting, case: Case, ballot: Ballot, entry: BallotEntry, facts: CaseFacts, kin: Sequence[str], actor: Actor
) -> None:
    """Put the answer on the ballot, not yet saved; BadInput by field when it cannot be this household's."""
    stage = place_in(meeting)[1]
    _check_shape(stage, case, entry)
    _check_recusal(kin, entry)
    _fill(ballot, stage, entry)
    _check_decision(meeting, stage, case, ballot, facts, actor)


def _ballot_at(meeting: Sitting, case: Case, version: int) -> Ballot | None:
    """The stored ballot, if it is the one the caller saw. Versions never come twice in one meeting, so a cleared and refilled ballot
    is another one."""
    ballot = meeting.ballots.filter(case=case).first()
    if (ballot.version if ballot else 0) != version:
        raise StaleVersion(STALE)
    return ballot


def _fill(ballot: Ballot, stage: Stage, entry: BallotEntry) -> None:
    ballot.opinion = entry.opinion
    ballot.category = entry.category if entry.opinion == Opinion.AGREE else ""
    ballot.votes_for, ballot.votes_against = (entry.votes_for, entry.votes_against) if stage.votes else (None, None)
    ballot.return_to = entry.return_to if entry.opinion == Opinion.RETURN else ""
    ballot.reasons, ballot.checks_failed = list(entry.reasons), list(entry.checks_failed)
    ballot.recused, ballot.namesakes = list(entry.recused), list(entry.namesakes)
    seal(ballot, "note", entry.note.strip())


def _check_shape(stage: Stage, case: Case, entry: BallotEntry) -> None:
    faults: dict[str, list[str]] = {}
    if entry.opinion not in Opinion.values:
        raise BadInput("没有保存。", fields={"opinion": ["请选择意见。"]})
    known = {code for code, _ in reasons_for(stage, entry.opinion)}
    if set(entry.reasons) - known:
        faults["reasons"] = ["有不认识的理由，请重新选择。"]
    elif OTHER in entry.reasons and not entry.note.strip():
        faults["note"] = ["选“其他”的，请写明情况。"]
    if entry.category and entry.category not in {tier.code for tier in case.round.rubric.value.tiers}:
        faults["category"] = ["没有这个类别。"]
    if set(entry.checks_failed) - {check.code for check in stage.checks}:
        faults["checks_failed"] = ["没有这一关。"]
    if len(entry.note) > LONGEST_NOTE:
        faults["note"] = [f"说明最多 {LONGEST_NOTE} 字，现有 {len(entry.note)} 字。"]
    for name in ("votes_for", "votes_against"):
        votes = getattr(entry, name)
        if votes is not None and not 0 <= votes <= MOST_VOTES:
            faults[name] = [f"票数须在 0 至 {MOST_VOTES} 之间。"]
    if faults:
        raise BadInput("没有保存。", fields=faults)


def _check_recusal(kin: Sequence[str], entry: BallotEntry) -> None:
    """Only those step back who could judge their own household; each of them says which it is."""
    if {*entry.recused, *entry.namesakes} - set(kin) or set(entry.recused) & set(entry.namesakes):
        raise BadInput("没有保存。", fields={"recused": ["评议小组或这一户的人有变动，请重新选谁回避。"]})
    if faults := recusal_faults(kin, entry.recused, entry.namesakes):
        raise BadInput("没有保存。", fields={"recused": faults}, reasons=faults)


def _check_decision(meeting: Sitting, stage: Stage, case: Case, ballot: Ballot, facts: CaseFacts, actor: Actor) -> None:
    """The engine's own rules, asked now so that a wrong answer is mended where it is typed."""
    procedure = place_in(meeting)[0]
    present = attendance(meeting).present or None
    decision = decision_of(stage, case, ballot, present)
    steps = {step.step: step for step in allowed_steps(procedure, facts, actor)}
    step = steps.get(decision.step)
    if step is None:
        raise BadInput("没有保存。", fields={"opinion": [f"{stage.name}没有这一种意见。"]})
    refused = [*step.reasons, *exclusion_faults(stage, facts, decision)]
    faults: dict[str, list[str]] = {"opinion": refused} if refused else {}
    if again := recheck_faults(facts, decision):
        faults["reasons"] = [*again]
    for sentence in (*_faults_now(procedure, stage, decision, ballot), *vote_faults(stage, decision)):
        name = next((field for word, field in FIELD_OF if word in sentence), "opinion")
        faults.setdefault(name, []).append(sentence)
    if faults:
        raise BadInput("没有保存。", fields=faults, reasons=[line for lines in faults.values() for line in lines])


def _faults_now(procedure: Procedure, stage: Stage, decision: Decision, ballot: Ballot) -> list[str]:
    """Votes that closing will fill in are not asked for while nobody has said how many are there."""
    left_out = decision.step is Step.AGREE and ballot.votes_for is None and ballot.votes_against is None
    return [
        sentence
        for sentence in decision_faults(procedure, stage, decision)
        if not (left_out and "票" in sentence and decision.present is None)
    ]
