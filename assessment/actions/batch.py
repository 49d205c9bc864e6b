"""One answer for many households of an open meeting: each is asked the same rules, each has its result, none is passed over in silence.

What is refused for one household stays with it; the others are kept (issue 3.3). Decides nothing, as a single answer does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessment import clock
from assessment.actions.ballots import BallotEntry, fill_ballot
from assessment.actions.cases import CASE_ROWS
from assessment.actions.casework import facts_of
from assessment.actions.sitting_steps import locked_sitting, place_in, require_open, waiting
from assessment.meeting import is_stale, refused_reasons
from assessment.models import Ballot, Case, Opinion, Sitting
from assessment.recusal import kin_on_panel
from assessment.workflow import Actor, CaseFacts, Decision, Step, decision_faults
from core.actions import Origin, acting, once
from core.errors import BadInput, Replayed
from core.scope import Scope

MOST = 2000
GONE = "已不在这份名单上，没有填。"
KEPT, OVERTAKEN = "已有意见“{}”（{}），没有改。", "您打开之后，{}已另填“{}”，没有改。"
FIELDS = (
    "opinion", "category", "votes_for", "votes_against", "return_to", "reasons", "note_enc", "checks_failed", "recused", "namesakes",
    "by", "at", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """One household's result; `why` is empty when it was done."""

    case: str
    name: str
    group: str = ""
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


def save_batch(
    *, scope: Scope, sitting: str, chosen: Sequence[str], version: int, entry: BallotEntry, overwrite: bool = False, key: str = "",
    origin: Origin | None = None,
) -> list[Outcome] | None:  # fmt: skip
    """Results in the order of the list, refused ones too. None: this very post has been done before (a double click).

    `version` is the meeting's as the page showed it: with `overwrite` an answer that came later than that is left alone. Raises
    NotFound, Denied, WrongState (meeting over), BadInput (nothing chosen; no answer, ground or stage to return to).
    """
    try:
        with acting(scope, "ballot.batch", origin) as act:
            meeting, actor = locked_sitting(scope, sitting)
            remember = once(scope, "ballot.batch", key, [sitting, sorted(chosen), version, overwrite, repr(entry)])
            require_open(meeting)
            _require_answer(meeting, chosen, entry)
            outcomes = _Batch(meeting, actor, scope, entry, version, overwrite).run(chosen)
            done = sum(outcome.done for outcome in outcomes)
            act.audit(
                "sitting", sitting, place=meeting, stage=place_in(meeting)[1].name,
                counts={str(entry.opinion): done, "refused": len(outcomes) - done},
            )  # fmt: skip
            remember(sitting)
    except Replayed:
        return None
    return outcomes


def _require_answer(meeting: Sitting, chosen: Sequence[str], entry: BallotEntry) -> None:
    """What would be refused for every household alike is refused once."""
    procedure, stage = place_in(meeting)
    if not chosen:
        raise BadInput("没有选户。", fields={"pick": ["请在名单里打勾，或选“列出的全部”。"]})
    if len(chosen) > MOST:
        raise BadInput("选得太多。", fields={"pick": [f"一次最多 {MOST} 户。"]})
    if entry.opinion not in Opinion.values:
        raise BadInput("没有保存。", fields={"opinion": ["请选择意见。"]})
    if entry.opinion == Opinion.RETURN and not stage.returns_to:
        raise BadInput("没有保存。", fields={"opinion": [f"{stage.name}没有这一种意见。"]})
    asked = Decision(Step(entry.opinion), "-", "-", tuple(entry.reasons), entry.note, entry.return_to, 1, 0)
    if faults := decision_faults(procedure, stage, asked):
        raise BadInput("没有保存。", fields={"return_to" if "退回到" in line else "reasons": [line] for line in faults})


@dataclass(slots=True)
class _Batch:
    meeting: Sitting
    actor: Actor
    scope: Scope
    entry: BallotEntry
    seen: int
    overwrite: bool

    def run(self, chosen: Sequence[str]) -> list[Outcome]:
        rows = waiting(self.meeting).filter(uuid__in=chosen).select_related(*CASE_ROWS).order_by("pk")
        cases = list(rows.select_for_update(of=("self",), no_key=True))
        facts = facts_of(cases)
        kin = kin_on_panel(self.meeting, [case.household_id for case in cases])
        known = {ballot.case_id: ballot for ballot in self.meeting.ballots.select_related("by")}
        self.meeting.version += 1
        made, found = [], {}
        for case in cases:
            ballot, why = self._one(case, facts[case.pk], kin, known.get(case.pk))
            found[str(case.uuid)] = Outcome(str(case.uuid), case.household.head_name, case.group.name if case.group_id else "", why)
            made += [ballot] if not why else []
        self._save(made)
        return [found.get(one) or self._missing(one) for one in dict.fromkeys(chosen)]

    def _one(self, case: Case, facts: CaseFacts, kin: Mapping, ballot: Ballot | None) -> tuple[Ballot | None, str]:
        procedure, stage = place_in(self.meeting)
        if refused := refused_reasons(procedure, facts, stage, self.actor):
            return None, refused[0]
        if ballot is not None and not is_stale(ballot, case):
            said = stage.words.of(ballot.opinion)
            if not self.overwrite:
                return None, KEPT.format(said, ballot.by.name)
            if ballot.version > self.seen:
                return None, OVERTAKEN.format(ballot.by.name, said)
        ballot = ballot or Ballot(sitting=self.meeting, case=case)
        try:
            fill_ballot(self.meeting, case, ballot, self.entry, facts, kin.get(case.household_id, ()), self.actor)
        except BadInput as refusal:
            return None, next((line for lines in refusal.fields.values() for line in lines), refusal.message)
        ballot.by_id, ballot.at, ballot.version = self.scope.actor_id, clock.now(), self.meeting.version
        return ballot, ""

    def _save(self, made: Sequence[Ballot]) -> None:
        if not made:
            return
        self.meeting.save(update_fields=["version"])
        Ballot.objects.bulk_update([row for row in made if row.pk], FIELDS, batch_size=100)
        Ballot.objects.bulk_create([row for row in made if not row.pk], batch_size=200)

    def _missing(self, uuid: str) -> Outcome:
        """Of the meeting's village but not waiting here any more; anything else is not named."""
        rows = Case.objects.visible_to(self.scope).filter(uuid=uuid, round_id=self.meeting.round_id, village_id=self.meeting.village_id)
        case = rows.select_related("household", "group").first()
        return Outcome(uuid, case.household.head_name if case else "不在名单上的户", case.group.name if case and case.group_id else "", GONE)
