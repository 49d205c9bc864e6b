"""含完整号码的导出: asked for with a purpose, decided by a second person of the area, and taken back when it must be (trust P6)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.actions import Act, Origin, acting, lock
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import Job
from core.scope import FieldClass, Scope
from reports.actions import find_round
from reports.exporting import exportable_area, queue, report_of
from reports.models import ExportRequest, RequestState
from reports.workbooks import Ask
from villages.models import Place

LEAST_PURPOSE, MOST_PURPOSE = 4, 100
_LONG_NUMBER = re.compile(r"[0-9]{11,}")
NOT_YOURSELF = "申请人不能批准自己的申请，须由同一地区另一位有导出权限的人批准。"


def ask_full_export(
    *, scope: Scope, table: str, round_code: str, area: str, purpose: str, origin: Origin | None = None
) -> ExportRequest:
    """Ask for an export with whole numbers; it waits for another person of the area."""
    with acting(scope, "export.ask", origin) as act:
        request = _asked(scope, table, round_code, area, purpose)
        act.recheck(lambda: _within_limit(scope, request))
        act.audit("export", str(request.uuid), place=request_place(request), **_told(request), purpose=request.purpose)
    return request


def approved_export(
    *, scope: Scope, approver: Scope, table: str, round_code: str, area: str, purpose: str, origin: Origin | None = None
) -> ExportRequest:
    """Asked and approved in one step: the command, where both are named and the machine's operator answers for it."""
    with acting(scope, "export.ask", origin) as act:
        request = _asked(scope, table, round_code, area, purpose)
        act.recheck(lambda: _within_limit(scope, request))
        _approve(request, approver)
        place = request_place(request)
        act.audit("export", str(request.uuid), place=place, **_told(request), purpose=request.purpose, approved_by=approver.login)
    return request


def decide_export(*, scope: Scope, uuid: UUID, approve: bool, reason: str = "", origin: Origin | None = None) -> ExportRequest:
    """Yes or no to what waits; yes queues the job in the asker's name."""
    with acting(scope, "export.approve" if approve else "export.refuse", origin) as act:
        request = _locked(scope, uuid)
        if not request.is_waiting:
            raise WrongState(f"这份申请{request.shown_state}，不能再批。")
        if approve:
            _approve(request, scope)
            request.job = _job(request)
            request.save(update_fields=["job"])
        else:
            _close(request, scope, RequestState.REFUSED, reason)
        _audit(act, request)
    return request


def withdraw_export(*, scope: Scope, uuid: UUID, reason: str = "", origin: Origin | None = None) -> ExportRequest:
    """The asker takes the request back while it waits; whoever may approve it takes an approval back, and the file can be fetched no more."""
    with acting(scope, "export.withdraw", origin) as act:
        rows = ExportRequest.objects.select_related("round", "county", "township", "village")
        request = lock(rows.filter(asked_by_id=scope.actor_id), uuid=uuid) if _is_own(scope, uuid) else _locked(scope, uuid)
        if request.asked_by_id == scope.actor_id and request.is_waiting:
            request.state = RequestState.WITHDRAWN
            request.save(update_fields=["state"])
        elif request.state == RequestState.APPROVED and request.asked_by_id != scope.actor_id:
            _close(request, scope, RequestState.REVOKED, reason)
        else:
            raise WrongState(f"这份申请{request.shown_state}，不能再撤回。")
        _audit(act, request)
    return request


def approval_in_force(uuid: str, asker: Scope) -> ExportRequest:
    """The approval that a job or a file stands on, asked again each time: not taken back, and the asker still sees numbers there."""
    request = ExportRequest.objects.select_related("round", "county", "township", "village", "asked_by", "decided_by").filter(uuid=uuid).first()
    if request is None or request.state != RequestState.APPROVED:
        raise NotFound("这份导出的批准已经收回，请重新申请。")
    if request.asked_by_id != asker.actor_id or not asker.may_see(FieldClass.IDENTITY, request):
        raise NotFound("您已不能查看完整证件号码，请重新导出。")
    return request


def request_place(request: ExportRequest) -> Place:
    return request.village or request.township or request.county


def _asked(scope: Scope, table: str, round_code: str, area: str, purpose: str) -> ExportRequest:
    round_ = find_round(scope, round_code)
    place = exportable_area(scope, table, round_, area)
    report = report_of(table)
    if not report.has_numbers:
        raise BadInput("这张表里没有证件号码，直接导出即可。", fields={"full": ["这张表不需要申请。"]})
    if not scope.may_see(FieldClass.IDENTITY, place):
        raise Denied("您的岗位不能查看完整证件号码，导出的文件里以星号代替。")
    now, said = timezone.now(), _purpose(purpose)
    mine = ExportRequest.objects.filter(asked_by_id=scope.actor_id, table=table, round=round_, area_code=place.code, state=RequestState.WAITING)
    mine.filter(expires_at__lte=now).update(state=RequestState.EXPIRED)
    if mine.exists():
        raise WrongState("同样的申请已经在等批准，不用再申请。")
    return _stored(scope, table, round_, place, said, now, report.count(Ask(scope, round_, place)))


def _stored(scope: Scope, table: str, round_: Round, place: Place, purpose: str, now: datetime, rows: int) -> ExportRequest:
    ids = {name: getattr(place, name, None) for name in ("county_id", "township_id", "village_id")}
    return ExportRequest.objects.create(
        table=table, round=round_, area_code=place.code, purpose=purpose, rows=rows, asked_by_id=scope.actor_id, asked_at=now,
        expires_at=now + timedelta(days=settings.EXPORT_APPROVAL_DAYS), **ids,
    )  # fmt: skip


def _purpose(text: str) -> str:
    said = " ".join(text.split())
    if not LEAST_PURPOSE <= len(said) <= MOST_PURPOSE:
        raise BadInput("请写明用途。", fields={"purpose": [f"用 {LEAST_PURPOSE} 至 {MOST_PURPOSE} 个字写明交给谁、做什么用。"]})
    if _LONG_NUMBER.search(said):
        raise BadInput("用途里不要写号码。", fields={"purpose": ["用途会印在文件里，不写证件号码和电话。"]})
    return said


def _within_limit(scope: Scope, request: ExportRequest) -> None:
    """Asked under the head row, where two requests stand in line."""
    day = timezone.localtime(request.asked_at).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = (RequestState.WAITING, RequestState.APPROVED, RequestState.REVOKED)
    today = ExportRequest.objects.filter(asked_by_id=scope.actor_id, asked_at__gte=day, state__in=counted).count()
    if today > settings.EXPORT_FULL_PER_DAY:
        raise WrongState(f"每人每天最多申请 {settings.EXPORT_FULL_PER_DAY} 次含完整证件号码的导出，请明天再申请。")


def _is_own(scope: Scope, uuid: UUID) -> bool:
    return ExportRequest.objects.filter(uuid=uuid, asked_by_id=scope.actor_id).exists()


def _locked(scope: Scope, uuid: UUID) -> ExportRequest:
    """The request, for somebody who may export the whole place himself."""
    if not scope.has(roles.EXPORT_ROSTER):
        raise Denied
    rows = ExportRequest.objects.visible_to(scope.narrowed_to(roles.EXPORT_ROSTER))
    return lock(rows.select_related("round", "county", "township", "village"), uuid=uuid)


def _approve(request: ExportRequest, approver: Scope) -> None:
    if approver.actor_id == request.asked_by_id:
        raise Denied(NOT_YOURSELF)
    if approver.actor_id is None or not approver.may(roles.EXPORT_ROSTER, request):
        raise Denied("批准人在这个地区没有导出权限。")
    request.state, request.decided_by_id, request.decided_at = RequestState.APPROVED, approver.actor_id, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])


def _close(request: ExportRequest, scope: Scope, state: RequestState, reason: str) -> None:
    if scope.actor_id == request.asked_by_id:
        raise Denied(NOT_YOURSELF)
    said = " ".join(reason.split())
    if not LEAST_PURPOSE <= len(said) <= MOST_PURPOSE:
        raise BadInput("请写明理由。", fields={"reason": [f"用 {LEAST_PURPOSE} 至 {MOST_PURPOSE} 个字写明理由，申请人看得到。"]})
    request.state, request.reason = state, said
    if state == RequestState.REFUSED:
        request.decided_by_id, request.decided_at = scope.actor_id, timezone.now()
    request.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _job(request: ExportRequest) -> Job:
    place = request_place(request)
    return queue(request.asked_by_id, request.table, request.round, place, request=str(request.uuid))


def _told(request: ExportRequest) -> dict[str, object]:
    return {"table": request.table, "round": request.round.code, "area": request.area_code, "numbers": True}


def _audit(act: Act, request: ExportRequest) -> None:
    job = {"job": str(request.job_id)} if request.job_id else {}
    act.audit("export", str(request.uuid), place=request_place(request), **_told(request), **job, reason=request.reason)
