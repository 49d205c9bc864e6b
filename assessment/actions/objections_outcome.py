"""异议定案: the county's word on an objection and what it does to the case, in one transaction (rulings 15, 16, 19).

A changed result is a decision like any other: a sitting of kind 异议定案 with one sealed verdict. It voids the earlier decision of
that stage by reference, and the case waits for a supplementary notice.
"""

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from accounts import roles
from assessment import clock
from assessment.actions.cases import CASE_ROWS, open_cases
from assessment.actions.casework import Origin as Source
from assessment.actions.casework import Settled, facts_of, settle
from assessment.models import (
    Case,
    CaseState,
    Objection,
    ObjectionStatus,
    Outcome,
    Round,
    Sitting,
    SittingKind,
    SittingStatus,
    Survey,
    SurveyPurpose,
    SurveyStatus,
    Verdict,
)
from assessment.objections import (
    ADD,
    CHANGE,
    KEEP,
    WHO_CONFIRMS,
    Plan,
    Standing,
    changes_the_case,
    confirmer_reasons,
    plan_of,
    possible_outcomes,
    standing_of,
)
from assessment.procedures import procedure_of
from assessment.sealing import leaf_of, list_document
from assessment.workflow import CaseFacts, Decision
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion, WrongState
from core.scope import Scope
from households.codes import TIER
from households.models import Household
from households.secrets import seal
from villages import dirty

SHORTEST_ANSWER, LONGEST_ANSWER = 5, 1000
OBJECTION_ROWS = ("round__rubric", "village", "notice", "household", "case__round", "review__score", "handler")


def confirm_outcome(
    *, scope: Scope, code: str, accept: bool, answer: str, outcome: str = "", category: str = "", key: str = "",
    origin: Origin | None = None,
) -> Objection:  # fmt: skip
    """定案 by the county, by another person than the handler. `outcome` and `category` are what the page showed: another proposal
    since then raises StaleVersion. Not accepted: back to the handler, with `answer` as the reason."""
    now = clock.now()
    try:
        with acting(scope, "objection.confirm", origin) as act:
            objection = locked(scope, code)
            if not scope.may(roles.OBJECTION_CONFIRM, objection):
                raise Denied
            remember = once(scope, "objection.confirm", key, [code, accept, outcome, category, answer.strip()])
            _check_answer(objection, answer.strip(), accept)
            if accept:
                _check_shown(objection, outcome, category)
                _close(act, objection, answer.strip(), now)
            else:
                _hand_back(act, objection, answer.strip())
            remember(objection.code)
    except Replayed as earlier:
        return Objection.objects.visible_to(scope).get(code=earlier.object_code)
    return objection


def locked(scope: Scope, code: str) -> Objection:
    """The objection in the caller's area with its household, both locked: household first, as every writer of a household does."""
    row = Objection.objects.visible_to(scope).filter(code=code).only("household_id").first()
    if row is None:
        raise NotFound
    if row.household_id:
        lock(Household.objects.visible_to(scope), pk=row.household_id)
    return lock(Objection.objects.visible_to(scope).select_related(*OBJECTION_ROWS), code=code)


def audited(act: Act, objection: Objection, **detail: Any) -> None:
    """Trail and feed of one step; nothing that anybody has written is in it."""
    act.audit("objection", objection.code, place=objection, round=objection.round.code, **detail)
    act.feed("objection", objection.code, place=objection)


def facts_for(objection: Objection) -> CaseFacts:
    """Who had a hand in the household; one without a case has makers all the same."""
    if objection.household_id is None:
        return CaseFacts(stage="")
    case = objection.case or Case(round=objection.round, household=objection.household, stage="", state="")
    return facts_of([case])[case.pk]


def standing_now(objection: Objection) -> Standing:
    case = objection.case
    return standing_of(case.stage if case else "", case.state if case else "", objection.notice.stage)


def tiers_of(round_: Round) -> tuple[str, ...]:
    return tuple(tier.code for tier in round_.rubric.value.tiers)


def _check_answer(objection: Objection, answer: str, accept: bool) -> None:
    if objection.status != ObjectionStatus.PROPOSED:
        raise WrongState(f"这件异议{objection.get_status_display()}，现在不能定案。", code="not_proposed")
    if not SHORTEST_ANSWER <= len(answer) <= LONGEST_ANSWER:
        what = "答复" if accept else "退回核查的理由"
        raise BadInput("没有定案。", fields={"answer": [f"请写明{what}，{SHORTEST_ANSWER} 至 {LONGEST_ANSWER} 字。"]})


def _check_shown(objection: Objection, outcome: str, category: str) -> None:
    proposed = (objection.proposal, objection.proposed_category)
    if (outcome or proposed[0], category or proposed[1]) != proposed:
        raise StaleVersion("核查意见在您打开之后改过，请看过再定案。")


def _hand_back(act: Act, objection: Objection, reason: str) -> None:
    """Until it is closed, the answer column holds the county's reason for the handler."""
    objection.status, objection.version = ObjectionStatus.HANDLING, objection.version + 1
    seal(objection, "answer", reason)
    objection.save(update_fields=["status", "version", "answer_enc"])
    audited(act, objection, outcome="退回核查")


def _close(act: Act, objection: Objection, answer: str, now: datetime) -> None:
    if objection.case_id:
        objection.case = (
            Case.objects.select_for_update(of=("self",), no_key=True).select_related(*CASE_ROWS).get(pk=objection.case_id)
        )
    facts, person = facts_for(objection), act.scope.actor_id
    procedure = procedure_of(objection.round.procedure)
    reasons = confirmer_reasons(procedure, facts, objection.notice.stage, person, objection.handler_id)
    if reasons:
        raise WrongState(reasons[0], code="not_separated", reasons=[*reasons, f"可以定案的：{WHO_CONFIRMS}。"])
    if objection.proposal not in possible_outcomes(objection.kind, standing_now(objection)):
        raise WrongState("这一户的情况在核查之后变了，请退回核查、重新提出意见。", code="overtaken")
    objection.outcome, objection.status, objection.version = (
        objection.proposal,
        ObjectionStatus.CLOSED,
        objection.version + 1,
    )
    objection.confirmed_by_id, objection.confirmed_at = person, now
    seal(objection, "answer", answer)
    _take_effect(act, objection, facts, now)
    objection.save()
    _drop_review_drafts(objection)
    audited(
        act,
        objection,
        outcome=Outcome(objection.outcome).label,
        category=TIER.items.get(objection.proposed_category, ""),
    )
    dirty.mark(act, [objection.village_id])


def _take_effect(act: Act, objection: Objection, facts: CaseFacts, now: datetime) -> None:
    case, outcome, standing = objection.case, objection.outcome, standing_now(objection)
    if changes_the_case(outcome, standing):
        held = outcome != ADD and _others_open(objection)
        plan = plan_of(procedure_of(objection.round.procedure), facts, objection.notice.stage, outcome, still_held=held)
        {ADD: _reopen, CHANGE: _adopt_review}.get(outcome, _nothing)(objection, case)
        _decide(act, objection, case, plan, now)
    elif outcome == ADD:
        _supplement(act, objection, now)
    elif case is not None and case.state == CaseState.HELD and not _others_open(objection):
        case.state, case.version = CaseState.OPEN, case.version + 1
        case.save(update_fields=["state", "version"])
        act.feed("case", f"{case.household.code}@{case.round.code}", place=case)


def _others_open(objection: Objection) -> bool:
    return Objection.objects.open().filter(case_id=objection.case_id).exclude(pk=objection.pk).exists()


def _nothing(objection: Objection, case: Case) -> None:
    """Returned or struck off: nothing is to be prepared."""


def _adopt_review(objection: Objection, case: Case) -> None:
    """The 复核 form becomes the household's form; the one before it is superseded first (one submitted form at every moment)."""
    review = objection.review
    if review is None or review.status != SurveyStatus.REVIEW:
        return
    Survey.objects.filter(round_id=case.round_id, household_id=case.household_id, status=SurveyStatus.SUBMITTED).update(
        status=SurveyStatus.SUPERSEDED, version=F("version") + 1
    )
    review.status, review.version = SurveyStatus.SUBMITTED, review.version + 1
    review.save(update_fields=["status", "version"])
    case.survey, case.score = review, review.score


def _reopen(objection: Objection, case: Case) -> None:
    """A rejected or ended household is evaluated anew, on the form that stands now."""
    if Case.objects.live().filter(household_id=case.household_id).exclude(pk=case.pk).exists():
        raise WrongState("这一户正在另一份名单里办理，不能同时补入。", code="on_another_list")
    case.survey, case.score, case.supplementary = _form_of(objection), None, True
    case.end_reason, case.end_note_enc, case.ended_by, case.concluded_at = "", "", None, None
    case.save(update_fields=["supplementary", "end_reason", "end_note_enc", "ended_by"])


def _form_of(objection: Objection) -> Survey:
    rows = Survey.objects.filter(round_id=objection.round_id, household_id=objection.household_id)
    form = rows.filter(status=SurveyStatus.SUBMITTED).select_related("score").first()
    if form is None:
        raise WrongState("这一户没有已提交的评估表，请退回核查。", code="no_survey")
    return form


def _supplement(act: Act, objection: Objection, now: datetime) -> None:
    """Not on the list yet: its form opens the case now, unless the submission has done so already."""
    if objection.case is None:
        open_cases(act, objection.round, [_form_of(objection)], now)
        objection.case = Case.objects.select_related(*CASE_ROWS).get(
            round=objection.round, household=objection.household
        )
    case = objection.case
    case.supplementary, case.version = True, case.version + 1
    case.save(update_fields=["supplementary", "version"])
    act.feed("case", f"{case.household.code}@{case.round.code}", place=case)


def _decide(act: Act, objection: Objection, case: Case, plan: Plan, now: datetime) -> None:
    """One verdict at the decision before the notice, in a sitting of its own that is closed and sealed at once."""
    case.stage, case.pass_no, case.state = plan.stage, plan.pass_no, CaseState.OPEN
    score = case.score or (case.survey.score if case.survey_id else None)
    decision = Decision(
        plan.step, category=objection.proposed_category, default_category=score.tier if score else "", return_to=plan.return_to,
        reasons=("objected",), note=f"异议 {objection.code} 核查后定案：{Outcome(objection.outcome).label}。",
    )  # fmt: skip
    sitting = _open_sitting(objection, case, act.scope, now)
    verdicts = settle(act, [Settled(case, decision, plan.move)], Source(now, sitting=sitting, by=act.scope.actor_id))
    _seal_sitting(act, sitting, verdicts[0], now)


def _open_sitting(objection: Objection, case: Case, scope: Scope, now: datetime) -> Sitting:
    """`ungrouped` keeps it, until it closes a moment later, apart from a meeting of the village that is open at the same stage."""
    before = Sitting.objects.filter(round=objection.round, village=objection.village, stage=case.stage)
    last = before.order_by("-number").values_list("number", flat=True).first() or 0
    return Sitting.objects.create(
        round=objection.round, stage=case.stage, kind=SittingKind.REVIEW, county_id=case.county_id, township_id=case.township_id,
        village=objection.village, ungrouped=True, number=last + 1, held_on=timezone.localdate(now), chair=scope.actor_label[:32],
        recorder=objection.handler.name, opened_by_id=scope.actor_id, opened_at=now,
    )  # fmt: skip


def _seal_sitting(act: Act, sitting: Sitting, verdict: Verdict, now: datetime) -> None:
    sitting.status, sitting.ungrouped, sitting.counts = SittingStatus.CLOSED, False, {verdict.opinion: 1}
    sitting.closed_by_id, sitting.closed_at, sitting.version = sitting.opened_by_id, now, sitting.version + 1
    sitting.list_seal = leaf_of(list_document(sitting, "", [verdict.leaf]))[1]
    sitting.save()
    stage = procedure_of(sitting.round.procedure).by_code[sitting.stage].name
    closing = Act(act.scope, "sitting.close", act.origin)  # verify_list asks the trail for the end of every meeting
    closing.audit(
        "sitting", str(sitting.uuid), place=sitting, round=sitting.round.code, stage=stage, counts=sitting.counts,
        list_seal=sitting.list_seal,
    )  # fmt: skip
    act.audits += closing.audits
    act.feed("sitting", str(sitting.uuid), place=sitting)


def _drop_review_drafts(objection: Objection) -> None:
    """A 复核 form that was begun and not submitted has no further use once nobody looks into this household as it was."""
    if objection.household_id is None:
        return
    handled = Objection.objects.filter(household_id=objection.household_id, status=ObjectionStatus.HANDLING)
    if objection.outcome == KEEP and handled.exists():
        return
    drafts = Survey.objects.filter(round_id=objection.round_id, household_id=objection.household_id)
    drafts.filter(status=SurveyStatus.DRAFT, purpose=SurveyPurpose.REVIEW).delete()
