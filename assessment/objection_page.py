"""What the pages of 异议 show: the course of one objection, the next steps with the reasons that stand in the way, the lines of the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.models import User
from accounts.selectors import holders
from assessment import clock
from assessment.actions.casework import facts_of
from assessment.actions.objections_outcome import facts_for, standing_now
from assessment.models import Objection, ObjectionChannel, ObjectionStatus
from assessment.objections import (
    WHO_CONFIRMS,
    WHO_HANDLES,
    confirmer_reasons,
    handler_reasons,
    possible_outcomes,
)
from assessment.procedures import procedure_of
from assessment.selectors_objections import WAITING, reviewing, sees_answer, sees_lodger, sees_words, words_of
from core.scope import Scope
from households.codes import TIER
from villages.models import Village

STATE_CSS = {"lodged": "todo", "handling": "doing", "proposed": "notice", "closed": "done"}
NOT_AN_OFFICE = "异议由乡镇扶贫办或县扶贫办核查。"
NOT_THE_COUNTY = "异议由县扶贫办定案。"


@dataclass(frozen=True, slots=True)
class Offer:
    """One step as a button; `reasons` say why not, `who` says who can. `post` = it is done at once, without a page of its own."""

    word: str
    url: str
    reasons: tuple[str, ...] = ()
    who: str = ""
    post: bool = False
    extra: str = ""

    @property
    def ok(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime
    what: str
    by: str = ""


def lines_of(objections: Iterable[Objection]) -> list[dict[str, Any]]:
    today = timezone.localdate(clock.now())
    return [
        {
            "objection": row, "css": STATE_CSS[row.status], "waits": row.rank == WAITING,
            "days": (today - timezone.localdate(row.lodged_at)).days, "who": who_of(row), "due": due_of(row),
        }
        for row in objections
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """The day by which it is to be answered, and how that stands today."""

    on: date
    late: int

    @property
    def word(self) -> str:
        return f"已逾期 {self.late} 天" if self.late > 0 else "今天到期" if not self.late else f"{self.on:%-m月%-d日}前办结"


def due_of(objection: Objection) -> Due | None:
    """None once it is closed, and for one that came in before there was a deadline."""
    if objection.due_on is None or objection.status == ObjectionStatus.CLOSED:
        return None
    return Due(objection.due_on, (timezone.localdate(clock.now()) - objection.due_on).days)


def may_be_given_to(scope: Scope, objection: Objection) -> list[User]:
    """Who may look into it and is independent of the household; nobody where the caller may not hand it out, or it is past that."""
    if objection.status not in (ObjectionStatus.LODGED, ObjectionStatus.HANDLING) or not scope.may(roles.OBJECTION_HANDLE, objection):
        return []
    facts = facts_for(objection)
    people = holders(roles.OBJECTION_HANDLE, objection, timezone.localdate())
    free = (user for user in people if not handler_reasons(user.pk, facts.makers, facts.all_deciders, objection.lodged_by_id))
    return [user for user in free if user.pk not in (objection.handler_id, scope.actor_id)]


def who_of(objection: Objection) -> str:
    """The household objected to; one that is not registered is named in the sealed text only."""
    return f"{objection.household.head_name}户" if objection.household_id else "未登记的户"


def page_of(scope: Scope, objection: Objection) -> dict[str, Any]:
    procedure, case = procedure_of(objection.round.procedure), objection.case
    return {
        "objection": objection, "css": STATE_CSS[objection.status], "who": who_of(objection), "words": words_of(scope, objection),
        "sees_words": sees_words(scope, objection), "sees_lodger": sees_lodger(scope, objection),
        "sees_answer": sees_answer(scope, objection), "offers": offers(scope, objection), "events": events_of(objection),
        "stage": procedure.by_code[case.stage].name if case else "", "category": TIER.items.get(case.category, "") if case else "",
        "proposed_category": TIER.items.get(objection.proposed_category, ""), "place": place_of(objection),
        "due": due_of(objection), "may_add": any(scope.may(right, objection) for right in (roles.OBJECTION_LODGE, roles.OBJECTION_HANDLE)),
        "handed_back": objection.status == ObjectionStatus.HANDLING and bool(objection.proposed_at),
    }  # fmt: skip


def place_of(objection: Objection) -> list[tuple[str, str]]:
    village = objection.village
    return [
        (objection.county.name, ""), (objection.township.name, ""), (village.short_name, ""), ("异议", reverse("objections")),
        (objection.code, ""),
    ]  # fmt: skip


def events_of(objection: Objection) -> list[Event]:
    by_hand = objection.lodged_by.name if objection.lodged_by_id else "公示页"
    events = [Event(objection.lodged_at, f"提出（{objection.get_channel_display()}{f'，{objection.get_way_display()}' if objection.way else ''}）", by_hand)]
    if objection.taken_at:
        events.append(Event(objection.taken_at, "受理", objection.handler.name))
    if objection.review_id and objection.review.submitted_at:
        events.append(Event(objection.review.submitted_at, "提交复核评估表", objection.review.surveyor_name))
    if objection.proposed_at:
        events.append(Event(objection.proposed_at, "提出核查意见", objection.handler.name))
    if objection.confirmed_at:
        events.append(
            Event(objection.confirmed_at, f"定案：{objection.get_outcome_display()}", objection.confirmed_by.name)
        )
    return sorted(events, key=lambda event: event.at)


def offers(scope: Scope, objection: Objection) -> list[Offer]:
    """The steps of where it stands, allowed or not."""
    if objection.status == ObjectionStatus.LODGED:
        return [_take(scope, objection, "受理并核查")]
    if objection.status == ObjectionStatus.HANDLING:
        if objection.handler_id == scope.actor_id:
            return _handling(scope, objection)
        return [_take(scope, objection, "接手核查", over=True)]
    if objection.status == ObjectionStatus.PROPOSED:
        url = reverse("objection_confirm", args=[objection.code])
        return [Offer("定案", url, confirm_reasons(scope, objection), WHO_CONFIRMS)]
    return []


def _take(scope: Scope, objection: Objection, word: str, *, over: bool = False) -> Offer:
    url = reverse("objection_take", args=[objection.code])
    return Offer(word, url, take_reasons(scope, objection), WHO_HANDLES, post=True, extra="1" if over else "")


def _handling(scope: Scope, objection: Objection) -> list[Offer]:
    found = [Offer("提出核查意见", reverse("objection_propose", args=[objection.code]))]
    if objection.household_id and reviewing(scope, objection.household, objection.round.code):
        word = "再填一次复核评估表" if objection.review_id else "填复核评估表"
        found.append(Offer(word, f"{reverse('survey', args=[objection.household.code])}?round={objection.round.code}"))
    return found


def take_reasons(scope: Scope, objection: Objection) -> tuple[str, ...]:
    if not scope.may(roles.OBJECTION_HANDLE, objection):
        return (NOT_AN_OFFICE,)
    facts = facts_for(objection)
    return handler_reasons(scope.actor_id, facts.makers, facts.all_deciders, objection.lodged_by_id)


def barred(scope: Scope, objections: Sequence[Objection]) -> dict[str, str]:
    """Code → why the caller is not the one for the next step, of objections of one round; as many queries for one as for a hundred."""
    lodged = [row for row in objections if row.status == ObjectionStatus.LODGED and row.case_id]
    facts, found = facts_of([row.case for row in lodged]), {}
    for row in lodged:
        known = facts[row.case_id]
        if handler_reasons(scope.actor_id, known.makers, known.all_deciders, row.lodged_by_id):
            found[row.code] = "您录入、决定过这一户或登记了这件异议，须由另一人受理"
    handled = (row for row in objections if row.status == ObjectionStatus.PROPOSED and row.handler_id == scope.actor_id)
    return found | {row.code: "这件异议是您核查的，须由另一人定案" for row in handled}


def confirm_reasons(scope: Scope, objection: Objection) -> tuple[str, ...]:
    if not scope.may(roles.OBJECTION_CONFIRM, objection):
        return (NOT_THE_COUNTY,)
    procedure = procedure_of(objection.round.procedure)
    return confirmer_reasons(
        procedure, facts_for(objection), objection.notice.stage, scope.actor_id, objection.handler_id
    )


def choices_of(objection: Objection) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """(possible results, classes to choose from)."""
    tiers = [(tier.code, tier.name) for tier in objection.round.rubric.value.tiers]
    return possible_outcomes(objection.kind, standing_now(objection)), tiers


def channel_of(scope: Scope, village: Village) -> str:
    """The desk at which it is taken down: the village's if the caller works there, else the township's."""
    here = any(grant.village_id == village.pk for grant in scope.grants_for(roles.OBJECTION_LODGE))
    return ObjectionChannel.VILLAGE if here else ObjectionChannel.TOWNSHIP


