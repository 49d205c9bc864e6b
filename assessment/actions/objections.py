"""异议 (ruling 19, N5): lodged by the village or the township, taken and looked into by somebody independent.

An objection holds its own household and no other. What the one who objects says is sealed and stands in no trail, log or address.
The public page is in `objections_public`, the county's word in `objections_outcome`.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts import roles
from assessment import clock
from assessment.actions.locking import lock_households
from assessment.actions.objections_outcome import audited, confirm_outcome, facts_for, locked, standing_now, tiers_of
from assessment.models import (
    Case,
    CaseState,
    Notice,
    NoticeLine,
    Objection,
    ObjectionChannel,
    ObjectionKind,
    ObjectionStatus,
    ObjectionWay,
    Outcome,
    Survey,
    SurveyPurpose,
    SurveyStatus,
)
from assessment.objections import (
    ADD,
    CHANGE,
    OMITTED,
    WHO_HANDLES,
    Standing,
    change_faults,
    handler_reasons,
    possible_outcomes,
    standing_of,
)
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope
from households.codes import TIER
from households.models import Household
from households.secrets import seal
from villages import dirty
from villages.models import Village

__all__ = ["Said", "check_said", "confirm_outcome", "lodge_objection", "propose_outcome", "register", "take_objection"]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
TAIL, ROUND_PART = 5, 12
SHORTEST_TEXT, LONGEST_TEXT, LONGEST_FINDING = 5, 1000, 2000
LONGEST = {"lodger": 32, "phone": 20, "target": 100}
NOT_ON_SHOW = "这个村现在没有正在公示的名单；异议在公示期内提出，期满当天 24 时前都可以。"


@dataclass(frozen=True, slots=True)
class Said:
    """What the one who objects says; all of it is sealed."""

    kind: str
    text: str
    target: str = ""
    lodger: str = ""
    phone: str = ""
    anonymous: bool = False
    way: str = ObjectionWay.FACE

    def cleaned(self) -> "Said":
        """An anonymous objection keeps neither name nor phone."""
        name, phone = ("", "") if self.anonymous else (self.lodger.strip(), self.phone.strip())
        return Said(self.kind, self.text.strip(), self.target.strip(), name, phone, self.anonymous, self.way)

    def body(self) -> list[str]:
        return [self.kind, self.text, self.target, self.lodger, self.phone, str(self.anonymous), self.way]


def lodge_objection(
    *, scope: Scope, round_code: str, village_code: str, kind: str, channel: str, text: str, household_code: str = "",
    notice: str = "", target: str = "", lodger: str = "", phone: str = "", anonymous: bool = False, way: str = ObjectionWay.FACE,
    key: str = "", origin: Origin | None = None,
) -> Objection:  # fmt: skip
    """Taken down by the village or the township while the notice is on show; the household is held from now on (N5).

    漏评 names a household that is not on the notice, or describes it in `target`. Raises NotFound, Denied, BadInput, WrongState.
    """
    now = clock.now()
    said = Said(kind, text, target, lodger, phone, anonymous, way).cleaned()
    try:
        with acting(scope, "objection.lodge", origin) as act:
            village = Village.objects.visible_to(scope).filter(code=village_code).first()
            if village is None:
                raise NotFound
            if not scope.may(roles.OBJECTION_LODGE, village):
                raise Denied
            remember = once(
                scope, "objection.lodge", key, [round_code, village_code, channel, household_code, notice, *said.body()]
            )
            check_said(said, named=bool(household_code), needs_name=True)
            if channel not in (ObjectionChannel.VILLAGE, ObjectionChannel.TOWNSHIP):
                raise BadInput("异议没有登记。", fields={"channel": ["请选择登记的途径。"]})
            household = _household_in(scope, village, household_code)
            shown = _notice_on_show(
                scope, village, round_code, notice, household if said.kind != OMITTED else None, now
            )
            made = register(act, shown, household, said, now, channel=channel, by=scope.actor_id)
            remember(made.code)
    except Replayed as earlier:
        return Objection.objects.visible_to(scope).get(code=earlier.object_code)
    return made


def check_said(said: Said, *, named: bool, needs_name: bool) -> None:
    """Shape and sizes of what is said; `named` = the household is named by its code or its line on the notice."""
    faults = {}
    if said.kind not in ObjectionKind.values:
        faults["kind"] = ["请选择异议的种类。"]
    if said.way not in ObjectionWay.values:
        faults["way"] = ["请选择提出的方式。"]
    if not SHORTEST_TEXT <= len(said.text) <= LONGEST_TEXT:
        faults["text"] = [f"请写明意见和理由，{SHORTEST_TEXT} 至 {LONGEST_TEXT} 字。"]
    for name, longest in LONGEST.items():
        if len(getattr(said, name)) > longest:
            faults[name] = [f"最多 {longest} 字。"]
    if needs_name and not said.anonymous and not said.lodger:
        faults["lodger"] = ["请填提出人姓名；不愿写姓名的，请选“匿名”。"]
    if said.kind == OMITTED and not named and not said.target:
        faults["target"] = ["请写明漏了哪一户：户主姓名、在哪个组。"]
    if said.kind in ObjectionKind.values and said.kind != OMITTED and not named:
        faults["household"] = ["请选择对哪一户有异议。"]
    if faults:
        raise BadInput("异议没有登记。", fields=faults)


def _household_in(scope: Scope, village: Village, code: str) -> Household | None:
    if not code:
        return None
    on_list = Q(pk__in=Case.objects.filter(village=village, household__code=code).values("household_id"))  # its list stays, the household may not
    household = Household.objects.visible_to(scope).filter(Q(village=village) | on_list, code=code).first()
    if household is None:
        raise BadInput("异议没有登记。", fields={"household": ["这个村没有这个户编号。"]})
    return household


def _notice_on_show(
    scope: Scope, village: Village, round_code: str, wanted: str, household: Household | None, now: datetime
) -> Notice:
    """The newest notice of the village that is on show at `now` and, if a household is named, lists it."""
    rows = Notice.objects.visible_to(scope).on_show(now).filter(village=village, round__code=round_code)
    if wanted:
        rows = rows.filter(uuid=_uuid(wanted))
    if not rows.exists():
        raise WrongState(NOT_ON_SHOW, code="not_on_show")
    if household is not None:
        rows = rows.filter(pk__in=NoticeLine.objects.filter(household=household).values("notice_id"))
    found = rows.order_by("-opened_at", "-pk").first()
    if found is None:
        raise BadInput(
            "异议没有登记。",
            fields={"household": ["这一户不在正在公示的名单上；认为该列入而没有列入的，种类请选“漏评”。"]},
        )
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def register(
    act: Act, shown: Notice, household: Household | None, said: Said, now: datetime, *, channel: str, by: int | None
) -> Objection:
    """Inner step: under the notice's lock, so that an objection of the last minute and the clock's conclusion follow one another
    (trust 77)."""
    notice = lock(Notice.objects.on_show(now).select_related("round", "village"), pk=shown.pk)
    case = _case_objected_to(notice, household, said.kind)
    objection = Objection(
        code=_new_code(notice.round.code), round=notice.round, county_id=notice.county_id, township_id=notice.township_id,
        village=notice.village, notice=notice, case=case, household=household, kind=said.kind, channel=channel, way=said.way,
        anonymous=said.anonymous, lodged_at=now, lodged_by_id=by, due_on=timezone.localdate(now) + timedelta(days=settings.OBJECTION_DAYS),
    )  # fmt: skip
    for name in ("text", "target", "lodger", "phone"):
        seal(objection, name, getattr(said, name))
    objection.save()
    if case is not None and said.kind != OMITTED:
        _hold(act, case)
    audited(
        act, objection, subject=ObjectionKind(said.kind).label, channel=ObjectionChannel(channel).label,
        households=household.code if household else "", notice=notice.number,
    )  # fmt: skip
    dirty.mark(act, [notice.village_id])
    return objection


def _case_objected_to(notice: Notice, household: Household | None, kind: str) -> Case | None:
    """The case, locked, its household first. 漏评 is for a household that the notice does not show, the other kinds for one that it does."""
    if household is None:
        return None
    lock_households([household.pk])
    rows = Case.objects.select_for_update(of=("self",), no_key=True).select_related("round", "household")
    case = rows.filter(round=notice.round, household=household).first()
    posted = case is not None and standing_of(case.stage, case.state, notice.stage) is Standing.POSTED
    if kind == OMITTED:
        if posted:
            raise BadInput("异议没有登记。", fields={"kind": ["这一户在公示名单上，种类请选“错评”或“信息不实”。"]})
        return case
    if not posted:
        raise WrongState("这一户的公示结果已经改变，重新公示后可再提出异议。", code="not_posted")
    return case


def _hold(act: Act, case: Case) -> None:
    if case.state == CaseState.OPEN:
        case.state, case.version = CaseState.HELD, case.version + 1
        case.save(update_fields=["state", "version"])
        act.feed("case", f"{case.household.code}@{case.round.code}", place=case)


def _new_code(round_code: str) -> str:
    """Receipt number: at random, so that one number tells nothing about another."""
    middle = "".join(letter for letter in round_code.upper() if letter.isascii() and letter.isalnum())[:ROUND_PART]
    while True:
        code = f"YY-{middle}-{''.join(secrets.choice(ALPHABET) for _ in range(TAIL))}"
        if not Objection.objects.filter(code=code).exists():
            return code


def take_objection(
    *, scope: Scope, code: str, take_over: bool = False, key: str = "", origin: Origin | None = None
) -> Objection:
    """受理: the caller looks into it from now on. `take_over` = from the one who has it. Raises WrongState for who is not independent."""
    try:
        with acting(scope, "objection.take", origin) as act:
            objection = locked(scope, code)
            if not scope.may(roles.OBJECTION_HANDLE, objection):
                raise Denied
            remember = once(scope, "objection.take", key, [code, take_over])
            check_free(objection, scope.actor_id, take_over)
            check_independent(objection, scope.actor_id)
            objection.handler_id, objection.taken_at = scope.actor_id, clock.now()
            objection.status, objection.version = ObjectionStatus.HANDLING, objection.version + 1
            objection.save(update_fields=["handler", "taken_at", "status", "version"])
            audited(act, objection)
            remember(objection.code)
    except Replayed as earlier:
        return Objection.objects.visible_to(scope).get(code=earlier.object_code)
    return objection


def check_free(objection: Objection, person: int | None, take_over: bool) -> None:
    if objection.status not in (ObjectionStatus.LODGED, ObjectionStatus.HANDLING):
        raise WrongState(f"这件异议{objection.get_status_display()}，不能再受理。", code="not_open")
    if objection.status == ObjectionStatus.HANDLING and (objection.handler_id == person or not take_over):
        raise WrongState(f"这件异议已由{objection.handler.name}受理。", code="taken")


def check_independent(objection: Objection, person: int | None, name: str = "您") -> None:
    facts = facts_for(objection)
    reasons = handler_reasons(person, facts.makers, facts.all_deciders, objection.lodged_by_id, name)
    if reasons:
        raise WrongState(reasons[0], code="not_independent", reasons=[*reasons, f"可以核查的：{WHO_HANDLES}。"])


def propose_outcome(
    *, scope: Scope, code: str, proposal: str, finding: str, visited_on: date | None, category: str = "",
    household_code: str = "", key: str = "", origin: Origin | None = None,
) -> Objection:  # fmt: skip
    """核查意见 of the handler after the visit. `household_code` names the household that a 漏评 only described.

    Raises NotFound, Denied, BadInput, WrongState.
    """
    try:
        with acting(scope, "objection.propose", origin) as act:
            objection = locked(scope, code)
            if not scope.may(roles.OBJECTION_HANDLE, objection):
                raise Denied
            body = [code, proposal, finding.strip(), str(visited_on), category, household_code]
            remember = once(scope, "objection.propose", key, body)
            _check_mine(objection, scope.actor_id)
            if household_code and objection.household_id is None:
                _name_household(scope, objection, household_code)
            check_independent(objection, scope.actor_id)
            category = category if proposal == CHANGE else ""
            _check_proposal(objection, proposal, category, finding.strip(), visited_on)
            objection.proposal, objection.proposed_category, objection.visited_on = proposal, category, visited_on
            seal(objection, "finding", finding.strip())
            objection.answer_enc, objection.proposed_at = "", clock.now()
            objection.status, objection.version = ObjectionStatus.PROPOSED, objection.version + 1
            objection.save()
            audited(act, objection, proposal=Outcome(proposal).label, category=TIER.items.get(category, ""))
            remember(objection.code)
    except Replayed as earlier:
        return Objection.objects.visible_to(scope).get(code=earlier.object_code)
    return objection


def _check_mine(objection: Objection, person: int | None) -> None:
    if objection.status != ObjectionStatus.HANDLING:
        raise WrongState(f"这件异议{objection.get_status_display()}，现在不能提出核查意见。", code="not_handling")
    if objection.handler_id != person:
        raise WrongState(f"这件异议由{objection.handler.name}核查，核查意见由受理人提出。", code="not_mine")


def _name_household(scope: Scope, objection: Objection, code: str) -> None:
    household = _household_in(scope, objection.village, code)
    case = Case.objects.filter(round=objection.round, household=household).select_related("round").first()
    objection.household, objection.case = household, case


def _check_proposal(objection: Objection, proposal: str, category: str, finding: str, visited_on: date | None) -> None:
    faults = {}
    if proposal not in possible_outcomes(objection.kind, standing_now(objection)):
        faults["proposal"] = ["这一户现在不能这样处理，请另选。" if proposal in Outcome.values else "请选择核查意见。"]
    elif proposal == ADD:
        faults |= _add_faults(objection)
    elif proposal == CHANGE:
        reasons = change_faults(category, objection.case.category, tiers_of(objection.round))
        faults |= {"category": list(reasons)} if reasons else {}
        if _open_review(objection):
            faults["proposal"] = ["复核评估表还没有提交，请先提交。"]
    if not SHORTEST_TEXT <= len(finding) <= LONGEST_FINDING:
        faults["finding"] = [f"请写明核查情况，{SHORTEST_TEXT} 至 {LONGEST_FINDING} 字。"]
    if visited_on is None or not timezone.localdate(objection.lodged_at) <= visited_on <= timezone.localdate(
        clock.now()
    ):
        faults["visited_on"] = ["请填入户复核的日期：不早于提出异议那天，不晚于今天。"]
    if faults:
        raise BadInput("核查意见没有提交。", fields=faults)


def _add_faults(objection: Objection) -> dict[str, list[str]]:
    if objection.household_id is None:
        return {"household_code": ["请填漏评户的户编号；还没有登记的，请村里先登记农户、提交评估表，再提出补入。"]}
    rows = Survey.objects.filter(round=objection.round, household=objection.household, status=SurveyStatus.SUBMITTED)
    return {} if rows.exists() else {"proposal": ["这一户还没有提交评估表，请村里先入户评估并提交，再提出补入。"]}


def _open_review(objection: Objection) -> bool:
    rows = Survey.objects.filter(round=objection.round, household=objection.household)
    return rows.filter(status=SurveyStatus.DRAFT, purpose=SurveyPurpose.REVIEW).exists()
