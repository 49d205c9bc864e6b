"""Steps that every decision on cases shares; each runs inside the action's transaction, on cases that the action has locked.

Nothing here decides: `assessment.workflow` has said what becomes of each case, this writes it down, seals it and sets the hold.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone

from accounts import roles
from assessment.models import (
    Amendment,
    Case,
    CaseState,
    Notice,
    Opinion,
    Sitting,
    Survey,
    SurveyPurpose,
    Verdict,
    Voiding,
)
from assessment.procedures import LADDER, Level, Procedure, Stage, procedure_of
from assessment.sealing import household_documents, leaf_of, proof_documents, verdict_document
from assessment.seals import FORMAT
from assessment.selectors_consent import papers_of_round
from assessment.selectors_samples import tiers_found
from assessment.workflow import Actor, CaseFacts, Decision, Move, Refused, Step, advance
from core import bulk
from core.actions import Act
from core.errors import WrongState
from core.scope import Behalf, Scope
from households import standing
from households.models import HouseholdVersion
from households.secrets import seal
from households.selectors_exclusions import barring
from villages import dirty

OWN_COLUMNS = ("survey_id", "score_id")
PLACE_COLUMNS = ("stage", "pass_no", "state", "category", "stage_since", "concluded_at", "blocked_stage")
OPINIONS = {Step.AGREE: Opinion.AGREE, Step.RETURN: Opinion.RETURN, Step.REJECT: Opinion.REJECT, Step.RUN_OUT: Opinion.AGREE}


@dataclass(frozen=True, slots=True)
class Settled:
    """A case with its decision and what becomes of it."""

    case: Case
    decision: Decision
    move: Move


@dataclass(frozen=True, slots=True)
class Origin:
    """What the verdicts come from: one sitting, or a notice that has run out; and who, None for the clock."""

    at: datetime
    sitting: Sitting | None = None
    notice: Notice | None = None
    by: int | None = None


def actor_of(scope: Scope, place: object) -> Actor:
    """The caller with the levels whose right holds in the place."""
    levels = frozenset(Level(level) for level, right in roles.SITTING_RIGHTS.items() if scope.may(right, place))
    stood = {level: scope.behalf(roles.SITTING_RIGHTS[level], place) for level in levels}
    return Actor(scope.actor_id, levels, {level: behalf.person for level, behalf in stood.items() if behalf})


def delegation_of(scope: Scope, stage: Stage, place: object) -> Behalf | None:
    """By whose word the caller decides there; None when in his own name. The next level up only where the stage's own is not held."""
    for level in LADDER[LADDER.index(stage.level) :][:2]:
        if scope.may(roles.SITTING_RIGHTS[level], place):
            return scope.behalf(roles.SITTING_RIGHTS[level], place)
    return None


def facts_of(cases: Sequence[Case]) -> dict[int, CaseFacts]:
    """Case id → what the engine asks about it: makers, deciders and papers in four queries, however long the list (ruling 16);
    exclusion conditions and re-visits in a few more, where the stage has them."""
    if not cases:
        return {}
    makers, deciders = _makers(cases), _deciders(cases)
    papers = papers_of_round(cases[0].round, [case.household_id for case in cases])
    stages = procedure_of(cases[0].round.procedure).by_code
    found = tiers_found([case for case in cases if case.stage and stages[case.stage].inspects])
    exclusions = barring([case.household for case in cases if case.stage and stages[case.stage].checks_exclusions])
    return {
        case.pk: CaseFacts(
            stage=case.stage,
            pass_no=case.pass_no,
            state=case.state,
            has_survey=case.survey_id is not None,
            makers=frozenset(makers[case.household_id]),
            deciders={stage: frozenset(persons) for stage, persons in deciders[case.pk].items()},
            blocked=bool(case.blocked_stage) and case.blocked_stage == case.stage,
            papers=papers.get(case.household_id, frozenset()),
            exclusions=exclusions.get(case.household_id, ()),
            recheck=found.get(case.pk, ""),
        )
        for case in cases
    }


def _makers(cases: Sequence[Case]) -> dict[int, set[int]]:
    """Who entered or changed by hand: an import leaves `by` empty, a named surveyor counts, a 复核 does not."""
    found: dict[int, set[int]] = defaultdict(set)
    ids, round_ = [case.household_id for case in cases], cases[0].round
    versions = HouseholdVersion.objects.filter(household_id__in=ids, by__isnull=False, at__gte=round_.opened_at)
    for household, person in versions.values_list("household_id", "by_id"):
        found[household].add(person)
    forms = Survey.objects.filter(round=round_, household_id__in=ids, purpose=SurveyPurpose.ASSESS)
    for household, editors, *persons in forms.values_list("household_id", "editors", "entered_by_id", "surveyor_id"):
        found[household] |= {*editors, *persons} - {None}
    return found


def _deciders(cases: Sequence[Case]) -> dict[int, dict[str, set[int]]]:
    found: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    rows = Verdict.objects.filter(case_id__in=[case.pk for case in cases], by__isnull=False)
    for case, stage, *persons in rows.values_list("case_id", "stage", "by_id", "sitting__delegation__principal_id"):
        found[case][stage] |= set(persons) - {None}  # in whose place counts as having decided too
    return found


def move_of(procedure: Procedure, facts: CaseFacts, decision: Decision, actor: Actor, name: str) -> Move:
    """The engine's answer; a refusal becomes a WrongState that names the household."""
    try:
        return advance(procedure, facts, decision, actor)
    except Refused as refused:
        raise WrongState(f"{name}：{refused.reasons[0]}", code="step_refused", reasons=refused.reasons) from refused


def settle(act: Act, settled: Sequence[Settled], origin: Origin) -> list[Verdict]:
    """Verdicts (sealed, in list order), voided ones, moved cases, holds, standing, feed and dirty marks."""
    if not settled:
        return []
    verdicts = _write_verdicts(settled, origin)
    by_case = {verdict.case_id: verdict for verdict in verdicts}
    for item in settled:
        if item.move.voids:
            void(item.case, item.move.voids, origin.at, verdict=by_case[item.case.pk])
    for item in settled:
        _move(item, origin.at)
    _finish(act, [item.case for item in settled], origin.at)
    return verdicts


def send_case_back(act: Act, case: Case, move: Move, *, at: datetime, amendment: Amendment) -> None:
    """A 变更: voids by the amendment, next pass, hold set anew."""
    void(case, move.voids, at, amendment=amendment)
    _place(case, move, at)
    _finish(act, [case], at)


def void(
    case: Case, stages: Iterable[str], at: datetime, *, verdict: Verdict | None = None, amendment: Amendment | None = None
) -> None:
    """Earlier standing verdicts of these stages no longer count, by reference to what made them void (ruling 15)."""
    earlier = case.verdicts.standing().filter(stage__in=list(stages)).exclude(pk=verdict.pk if verdict else None)
    bulk.insert(Voiding, [Voiding(verdict=row, by_verdict=verdict, by_amendment=amendment, at=at) for row in earlier])


def refresh_holds(cases: Sequence[Case]) -> None:
    """Locked = a live case with a standing seal. A case that has gone back before its first seal may be edited again; one that has come
    to 入户调查 is visited now, whatever was agreed to before (D6-06)."""
    sealed = set(
        Verdict.objects.standing()
        .filter(case_id__in=[case.pk for case in cases], opinion=Opinion.AGREE)
        .values_list("case_id", flat=True)
    )
    held: dict[str, list[int]] = defaultdict(list)
    free = []
    for case in cases:
        stage = procedure_of(case.round.procedure).by_code[case.stage]
        if case.state in (CaseState.OPEN, CaseState.HELD) and case.pk in sealed and not stage.visits:
            held[f"名单已锁定，正在{stage.name}。"].append(case.household_id)
        else:
            free.append(case.household_id)
    for reason, ids in held.items():
        standing.hold(ids, reason)
    standing.release(free)


def _write_verdicts(settled: Sequence[Settled], origin: Origin) -> list[Verdict]:
    documents = household_documents(item.case.household_id for item in settled)
    proofs = proof_documents(settled[0].case.round, [item.case.household_id for item in settled])
    previous = _last_leaves([item.case for item in settled])
    verdicts = []
    for position, item in enumerate(settled, start=1):
        verdict = _verdict(item, origin, position, previous.get(item.case.pk, ""))
        body, verdict.leaf = leaf_of(
            verdict_document(verdict, item.case, documents[item.case.household_id], proofs[item.case.household_id], item.decision.note)
        )
        seal(verdict, "body", body)
        verdicts.append(verdict)
    bulk.insert(Verdict, verdicts)
    return verdicts


def _verdict(item: Settled, origin: Origin, position: int, previous: str) -> Verdict:
    case, decision = item.case, item.decision
    verdict = Verdict(
        uuid=uuid.uuid4(), case=case, sitting=origin.sitting, notice=origin.notice, stage=case.stage, pass_no=case.pass_no,
        opinion=OPINIONS[decision.step], category=decision.category, votes_for=decision.votes_for,
        votes_against=decision.votes_against, return_to=decision.return_to if decision.step is Step.RETURN else "",
        reasons=list(decision.reasons), checks_failed=list(decision.checks_failed), recused=list(decision.recused), survey=case.survey,
        score=case.score or (case.survey.score if case.survey_id else None), household_version=case.household.version,
        by_id=origin.by, at=origin.at, position=position, previous=previous, seal_format=FORMAT,
    )  # fmt: skip
    seal(verdict, "note", decision.note.strip())
    return verdict


def _last_leaves(cases: Sequence[Case]) -> Mapping[int, str]:
    rows = Verdict.objects.filter(case_id__in=[case.pk for case in cases]).order_by("pk")
    return dict(rows.values_list("case_id", "leaf"))


def _move(item: Settled, at: datetime) -> None:
    case, decision = item.case, item.decision
    if decision.step in (Step.AGREE, Step.RUN_OUT):
        case.category = decision.category or case.category
        case.score = case.score or (case.survey.score if case.survey_id else None)
    _place(case, item.move, at)


def _place(case: Case, move: Move, at: datetime) -> None:
    """Set where the case stands. After a return the last standing decision's category counts again."""
    if move.voids:
        last = case.verdicts.standing().filter(opinion=Opinion.AGREE).order_by("-pk").first()
        case.category = last.category if last else ""
        case.score = last.score if last else None
    if move.stage != case.stage or move.pass_no != case.pass_no:
        case.stage_since = at
    case.stage, case.pass_no, case.state = move.stage, move.pass_no, move.state
    case.blocked_stage = ""
    if move.state in (CaseState.CONCLUDED, CaseState.REJECTED):
        case.concluded_at = at


def _finish(act: Act, cases: Sequence[Case], at: datetime) -> None:
    """Save the cases, set the households' holds, write the standing of those concluded, leave feed and dirty marks."""
    _save(cases)
    refresh_holds(cases)
    concluded: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        if case.state == CaseState.CONCLUDED:
            concluded[case.category].append(case.household_id)
        act.feed("case", f"{case.household.code}@{case.round.code}", place=case)
    for category, ids in concluded.items():
        standing.write_standing(ids, category, timezone.localdate(at))
    dirty.mark(act, sorted({case.village_id for case in cases}))


def _save(cases: Sequence[Case]) -> None:
    """Most of a list ends up in the same place: one statement for each place, not one CASE branch a household and column (a list of
    300 is a hundred times cheaper so). Form and score are each household's own, and change only when the first seal pins them."""
    stored = {row.pop("pk"): row for row in Case.objects.filter(pk__in=[c.pk for c in cases]).values("pk", *OWN_COLUMNS)}
    for name in OWN_COLUMNS:
        changed = [case for case in cases if stored[case.pk][name] != getattr(case, name)]
        bulk.update(Case, changed, (name,))
    alike: dict[tuple, list[int]] = defaultdict(list)
    for case in cases:
        case.version += 1
        alike[tuple(getattr(case, name) for name in PLACE_COLUMNS)].append(case.pk)
    for values, ids in alike.items():
        Case.objects.filter(pk__in=ids).update(**dict(zip(PLACE_COLUMNS, values, strict=True)), version=F("version") + 1)


def live_cases_of(household_id: int):
    """The household's live case, if any; the caller has the household from its gate."""
    return Case.objects.filter(Q(household_id=household_id)).live().select_related("round", "household", "village", "group", "survey__score", "score")
