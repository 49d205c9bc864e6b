"""Reads of 异议: the list of an area, one objection with its steps, who may see what was said, and who fills a 复核 form."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts import roles
from assessment.models import CaseState, Notice, Objection, ObjectionStatus, SurveyPurpose
from assessment.models.objections import OPEN_STATUSES
from core.api.paging import Keyset
from core.errors import NotFound
from core.ids import mask_name, mask_phone
from core.scope import Scope, area_condition
from households.models import Household
from households.secrets import reveal


def reviewing(scope: Scope, household: Household, round_code: str) -> Objection | None:
    """The objection for which the caller fills a 复核 form of the household: taken by the caller, the case posted and held by it.
    The one right to fill a form that is not the village's."""
    if not scope.has(roles.OBJECTION_HANDLE) or scope.actor_id is None:
        return None
    rows = Objection.objects.visible_to(scope).filter(
        household=household, status=ObjectionStatus.HANDLING, handler_id=scope.actor_id, case__state=CaseState.HELD
    )
    rows = rows.filter(round__code=round_code).select_related("round", "case", "notice")
    found = next((row for row in rows if row.case.stage == row.notice.stage), None)
    return found if found and scope.may(roles.OBJECTION_HANDLE, found) else None


def purpose_of(scope: Scope, household: Household, round_code: str) -> str:
    return SurveyPurpose.REVIEW if reviewing(scope, household, round_code) else SurveyPurpose.ASSESS


# --- lists and pages ------------------------------------------------------------------------------------------

ROWS = (
    "round__rubric",
    "county",
    "township",
    "village",
    "household",
    "case",
    "notice",
    "handler",
    "confirmed_by",
    "review__score",
)
WAITING, OPEN, CLOSED = 0, 1, 2
WAITING_FIRST = Keyset(("rank", "lodged_at", "id"))


def objection_list(scope: Scope, status: str = "") -> QuerySet[Objection]:
    """Objections of the area, in the order WAITING_FIRST: what waits for the caller, then what is under way, the oldest first; then what is closed."""
    mine = _waits_for(scope)
    rank = Case(
        *([When(mine, then=Value(WAITING))] if mine else []),
        When(status__in=OPEN_STATUSES, then=Value(OPEN)),
        default=Value(CLOSED),
        output_field=IntegerField(),
    )
    rows = Objection.objects.visible_to(scope).select_related("village", "township", "household", "handler")
    rows = rows.filter(status=status) if status in ObjectionStatus.values else rows
    return rows.annotate(rank=rank)


def _waits_for(scope: Scope) -> Q | None:
    """None for whoever neither handles nor confirms. Who is not independent finds that out on the page, with the reason."""
    handle, confirm = (_where(scope, right) for right in (roles.OBJECTION_HANDLE, roles.OBJECTION_CONFIRM))
    parts = []
    if handle is not None:
        parts += [
            handle & Q(status=ObjectionStatus.LODGED),
            handle & Q(status=ObjectionStatus.HANDLING, handler_id=scope.actor_id),
        ]
    if confirm is not None:
        parts.append(confirm & Q(status=ObjectionStatus.PROPOSED) & ~Q(handler_id=scope.actor_id))
    return reduce(or_, parts) if parts else None


def _where(scope: Scope, right: str) -> Q | None:
    return area_condition(scope.grants_for(right), Objection.SCOPE_COLUMNS)


def objection_of(scope: Scope, code: str) -> Objection:
    found = Objection.objects.visible_to(scope).filter(code=code).select_related(*ROWS).first()
    if found is None:
        raise NotFound
    return found


def sees_words(scope: Scope, objection: Objection) -> bool:
    """What was said and found: those who look into objections and decide them, not the village that is objected to."""
    return scope.may(roles.OBJECTION_HANDLE, objection)


def sees_lodger(scope: Scope, objection: Objection) -> bool:
    """Who objects: the handler, who must be able to ask, and the county. Everybody else meets a mask."""
    handles = objection.handler_id is not None and objection.handler_id == scope.actor_id
    return sees_words(scope, objection) and (handles or scope.may(roles.OBJECTION_CONFIRM, objection))


def sees_answer(scope: Scope, objection: Objection) -> bool:
    """The answer is handed over on paper by whoever took the objection down."""
    return scope.may(roles.OBJECTION_LODGE, objection) or sees_words(scope, objection)


@dataclass(frozen=True, slots=True)
class Words:
    """The sealed texts as the caller may read them; "" where there is none or where they are not for the caller."""

    text: str = ""
    target: str = ""
    finding: str = ""
    answer: str = ""
    lodger: str = ""
    phone: str = ""


def words_of(scope: Scope, objection: Objection) -> Words:
    closed = objection.status == ObjectionStatus.CLOSED
    answer = (
        reveal(objection, "answer")
        if sees_words(scope, objection) or (closed and sees_answer(scope, objection))
        else ""
    )
    if not sees_words(scope, objection):
        return Words(answer=answer)
    lodger, phone = reveal(objection, "lodger"), reveal(objection, "phone")
    if not sees_lodger(scope, objection):
        lodger, phone = mask_name(lodger), mask_phone(phone)
    said = {name: reveal(objection, name) for name in ("text", "target", "finding")}
    return Words(**said, answer=answer, lodger=lodger, phone=phone)


def notices_on_show(scope: Scope, now: datetime) -> QuerySet[Notice]:
    """Notices that the caller may take an objection down against."""
    mine = scope.narrowed_to(roles.OBJECTION_LODGE)
    rows = Notice.objects.visible_to(scope).visible_to(mine).on_show(now)
    return rows.select_related("round", "village", "township").order_by("ends_at", "pk")


def notice_for(scope: Scope, now: datetime, *, notice: str = "", household: str = "") -> Notice | None:
    """The notice named, or the newest one on show in the household's village; None when there is neither."""
    rows = notices_on_show(scope, now)
    if notice:
        try:
            return rows.filter(uuid=UUID(notice)).first()
        except ValueError:
            return None
    if household:
        here = Q(village__households__code=household) | Q(lines__household__code=household)
        return rows.filter(here).distinct().order_by("-opened_at").first()
    return None


def lines_of(notice: Notice) -> list[tuple[str, str]]:
    """(household code, number, group and householder) for the choice of a household."""
    rows = notice.lines.select_related("sheet", "household").order_by("position")
    return [(row.household.code, f"{row.position}　{row.sheet.group_name}　{row.head_name}") for row in rows]
