"""Pages of exports: what may be taken out, what waits for a second person, what was made."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from assessment.models import Round
from core.errors import BadInput, WrongState
from core.scope import FieldClass
from core.web.middleware import origin_of
from core.web.pages import page
from reports.actions_exports import ask_full_export, decide_export, withdraw_export
from reports.exporting import report_of, request_export
from reports.forms_exports import ExportForm
from reports.home import current_round
from reports.selectors_exports import page_context, places_of


@page((roles.TABLE_VIEW, roles.EXPORT_ROSTER), "GET HEAD POST")
def exports(request: HttpRequest) -> HttpResponse:
    """The page; a post makes an export or asks for one with whole numbers. Tables post here too, from their own page."""
    if request.method != "POST":
        return _page(request, _form(request))
    asked = {"scope": request.scope, "table": request.POST.get("table", ""), "round_code": request.POST.get("round", ""), "area": request.POST.get("area", "")}
    if "full" not in request.POST:
        return redirect("job", job_id=request_export(**asked, origin=origin_of(request)).pk)
    try:
        made = ask_full_export(**asked, purpose=request.POST.get("purpose", ""), origin=origin_of(request))
    except (BadInput, WrongState) as refusal:
        return _refused(request, refusal)
    messages.success(request, f"已申请{report_of(made.table).title}，等同一地区另一人批准；批准后自动导出。")
    return redirect("exports")


@page(roles.EXPORT_ROSTER, "POST")
def decide(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    approve, reason = request.POST.get("answer") == "approve", request.POST.get("reason", "")
    try:
        decide_export(scope=request.scope, uuid=request_id, approve=approve, reason=reason, origin=origin_of(request))
    except (BadInput, WrongState) as refusal:
        messages.error(request, " ".join([refusal.message, *(text for texts in refusal.fields.values() for text in texts)]))
    else:
        messages.success(request, "已批准，文件会出现在申请人的导出记录里。" if approve else "已答复不批准。")
    return redirect("exports")


@page(roles.EXPORT_ROSTER, "POST")
def withdraw(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    try:
        done = withdraw_export(scope=request.scope, uuid=request_id, reason=request.POST.get("reason", ""), origin=origin_of(request))
    except (BadInput, WrongState) as refusal:
        messages.error(request, " ".join([refusal.message, *(text for texts in refusal.fields.values() for text in texts)]))
    else:
        messages.success(request, f"{done.get_state_display()}，文件不能再下载。" if done.job_id else "申请已撤回。")
    return redirect("exports")


def _form(request: HttpRequest) -> ExportForm:
    scope = request.scope
    return ExportForm(
        request.POST or None, rounds=Round.objects.visible_to(scope), places=places_of(scope, current_round(scope)),
        sees_numbers=scope.may_see(FieldClass.IDENTITY),
    )  # fmt: skip


def _refused(request: HttpRequest, refusal: BadInput | WrongState) -> HttpResponse:
    form = _form(request)
    form.is_valid()
    for name, texts in (refusal.fields or {None: [refusal.message]}).items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)
    return _page(request, form, status=400 if isinstance(refusal, BadInput) else 409)


def _page(request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    return render(request, "reports/exports.html", page_context(request.scope) | {"form": form}, status=status)
