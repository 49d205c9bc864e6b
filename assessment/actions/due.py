"""期满办结: what a notice that has run out does to its cases (ruling 19; trust 78). Run by the clock, each notice in an action of its own.

Whoever runs it twice, or twice at once, changes nothing more: the notice row is locked and asked again.
"""

import logging
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.scopes import SYSTEM
from assessment import clock
from assessment.actions.cases import CASE_ROWS
from assessment.actions.casework import Origin, Settled, actor_of, facts_of, move_of, settle
from assessment.actions.locking import lock_households
from assessment.models import Case, CaseState, Notice, NoticeLine, NoticeStatus, Objection
from assessment.models.objections import OPEN_STATUSES
from assessment.procedures import procedure_of
from assessment.selectors_consent import short_of_papers
from assessment.workflow import Decision, Step
from core.actions import Origin as Call
from core.actions import acting, record_refusal
from core.errors import DomainError, WrongState

log = logging.getLogger(__name__)
ACTION = "notice.conclude"


def conclude_due(now: datetime | None = None) -> dict[str, int]:
    """Conclude every notice that has run out, and the households whose objection has ended, or whose papers have come, since.
    {"notices", "cases", "held"}.

    `now` is the demo's stepped clock; without it the wall clock must be trustworthy, else WrongState("clock_fault") and an alarm.
    """
    moment = now or clock.now()
    counts = {"notices": 0, "cases": 0, "held": 0}
    due = list(_due(moment).order_by("ends_at", "pk").values_list("pk", flat=True))
    if due and now is None:
        _refuse_a_clock_that_lies(moment)
    for pk in due:
        try:
            for name, count in _conclude(pk, moment).items():
                counts[name] += count
        except DomainError as refusal:  # on the trail already; one village must not hold up the others
            log.error("notice %s was not concluded: %s", pk, refusal.code)
    return counts


def _refuse_a_clock_that_lies(moment: datetime) -> None:
    reason = clock.fault(moment)
    if reason:
        refusal = WrongState(f"{reason}公示没有办结，请先校准时间。", code="clock_fault")
        log.critical("%s", refusal.message)
        record_refusal(SYSTEM, ACTION, Call(), refusal)
        raise refusal


def _due(moment: datetime) -> QuerySet[Notice]:
    """Run out and not ended yet; or ended with a household that an objection or a missing paper held then and that is free now."""
    freed = _ready(moment).filter(notice=OuterRef("pk"))
    return Notice.objects.filter(
        Q(status=NoticeStatus.OPEN, ends_at__lte=moment) | Q(Exists(freed), status=NoticeStatus.ENDED)
    )


def _ready(moment: datetime) -> QuerySet[NoticeLine]:
    """Lines that still say what their case is, no open objection against it (N5), and the household's own papers there (A8-01)."""
    objections = Objection.objects.filter(case=OuterRef("case"), status__in=OPEN_STATUSES)
    short = Case.objects.filter(short_of_papers(moment), pk=OuterRef("case"))
    lines = NoticeLine.objects.filter(
        case__state=CaseState.OPEN,
        case__stage=F("notice__stage"),
        case__pass_no=F("pass_no"),
        case__category=F("category"),
    )
    return lines.exclude(Exists(objections)).exclude(Exists(short))


def _conclude(pk: int, moment: datetime) -> dict[str, int]:
    with acting(SYSTEM, ACTION) as act:
        notice = Notice.objects.select_for_update(of=("self",), no_key=True).select_related("round", "village").get(pk=pk)
        ran_out = notice.status == NoticeStatus.OPEN and notice.ends_at <= moment
        if not ran_out and notice.status != NoticeStatus.ENDED:
            return {}
        cases = _locked_cases(notice, moment)
        if not ran_out and not cases:
            return {}
        if ran_out:
            notice.status, notice.ended_at, notice.version = NoticeStatus.ENDED, moment, notice.version + 1
            notice.save(update_fields=["status", "ended_at", "version"])
        settle(act, _settled(notice, cases), Origin(moment, notice=notice))
        counts = {"notices": int(ran_out), "cases": len(cases), "held": _left_over(notice)}
        act.audit("notice", str(notice.uuid), place=notice, round=notice.round.code, stage=notice.stage, counts=counts)
        act.feed("notice", str(notice.uuid), place=notice)
    return counts


def _locked_cases(notice: Notice, moment: datetime) -> list[Case]:
    """Household rows first, as every other door does it, then the cases; asked again once they are locked."""
    ids = list(_ready(moment).filter(notice=notice).values_list("case_id", flat=True))
    lock_households(Case.objects.filter(pk__in=ids).values_list("household_id", flat=True))
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    position = dict(_ready(moment).filter(notice=notice, case__in=ids).values_list("case_id", "position"))
    cases = Case.objects.filter(pk__in=position).select_related(*CASE_ROWS)
    return sorted(cases, key=lambda case: position[case.pk])


def _settled(notice: Notice, cases: list[Case]) -> list[Settled]:
    procedure, facts = procedure_of(notice.round.procedure), facts_of(cases)
    settled = []
    for case in cases:
        decision = Decision(Step.RUN_OUT, category=case.category)
        move = move_of(procedure, facts[case.pk], decision, actor_of(SYSTEM, case), case.household.head_name)
        settled.append(Settled(case, decision, move))
    return settled


def _left_over(notice: Notice) -> int:
    """Households of the notice that an open objection holds."""
    return NoticeLine.objects.filter(notice=notice, case__state=CaseState.HELD, case__stage=notice.stage).count()
