"""Pages of table papers: the list with its days, one paper with its steps, copies and findings. A refusal draws the page with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.api.paging import Keyset
from core.errors import BadInput, Denied, StaleVersion, WrongState
from core.scope import FieldClass
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.posted import posted_version
from households.secrets import reveal
from reports.actions_documents import (
    add_copy,
    add_finding,
    make_document,
    mend_finding,
    note_document,
    set_deadline,
    take_step,
)
from reports.areas import LEVELS
from reports.document_rules import needed_note
from reports.forms_documents import CopyForm, DeadlineForm, FindingForm, MendedForm, RemarksForm, StepForm
from reports.frozen import table_of
from reports.models import DocumentStatus, TableDocument
from reports.pages import TablePage, snapshot_url
from reports.selectors_documents import (
    deadlines,
    documents,
    findings_of,
    holds_at,
    is_late,
    may_check,
    open_document,
    points_off,
    steps_for,
)

SHOWN_ERRORS = (BadInput, StaleVersion, WrongState)
COLOURS = {"draft": "todo", "signed": "doing", "confirmed": "doing", "submitted": "notice", "accepted": "done", "returned": "back"}
_FORMS: dict[str, type[forms.Form]] = {"note": RemarksForm, "copy": CopyForm, "finding": FindingForm, "mended": MendedForm}


@page(roles.TABLE_VIEW, "GET HEAD POST")
def document_list(request: HttpRequest) -> HttpResponse:
    """A post sets the day of a level."""
    scope, error = request.scope, None
    form = DeadlineForm(request.POST or None)
    if request.method == "POST":
        if not scope.has(roles.ROUND_MANAGE):
            raise Denied
        try:
            if not form.is_valid():
                raise BadInput("没有保存。")
            set_deadline(scope=scope, round_code=form.cleaned_data["round"], level=form.cleaned_data["level"], due=form.cleaned_data["due"], origin=origin_of(request))
            messages.success(request, "上报期限已改。")
            return redirect("documents")
        except SHOWN_ERRORS as refused:
            error = refused
            form.put_back(refused)
    return render(request, "reports/documents.html", _list_context(request, form), status=status_of(error) if error else 200)


@page(roles.TABLE_BUILD, "POST")
def document_new(request: HttpRequest) -> HttpResponse:
    made = make_document(scope=request.scope, snapshot=request.POST.get("snapshot", ""), origin=origin_of(request))
    messages.success(request, "上报表已建好，请填报人核对后签字。")
    return redirect("document", made.uuid)


@page(roles.TABLE_VIEW, "GET HEAD POST")
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    error, bound = None, {}
    if request.method == "POST":
        do = request.POST.get("do", "")
        form = _FORMS.get(do, StepForm)(request.POST)
        try:
            if not form.is_valid():
                raise BadInput("没有保存。")
            _DO.get(do, _step)(request, str(uuid), form.cleaned_data)
            messages.success(request, "已办。")
            return redirect("document", uuid)
        except SHOWN_ERRORS as refused:
            error, bound = refused, {do if do in _FORMS else "step": form}
            form.put_back(refused)
    row = open_document(request.scope, uuid)
    return render(request, "reports/document.html", _context(request, row, bound) | {"error": error}, status=status_of(error) if error else 200)


def _note(request: HttpRequest, uuid: str, data: dict[str, Any]) -> None:
    note_document(scope=request.scope, uuid=uuid, version=posted_version(request), remarks=data["remarks"], origin=origin_of(request))


def _step(request: HttpRequest, uuid: str, data: dict[str, Any]) -> None:
    take_step(scope=request.scope, uuid=uuid, version=posted_version(request), step=request.POST.get("do", ""), note=data["note"], origin=origin_of(request))


def _copy(request: HttpRequest, uuid: str, data: dict[str, Any]) -> None:
    add_copy(scope=request.scope, uuid=uuid, version=posted_version(request), origin=origin_of(request), **data)


def _finding(request: HttpRequest, uuid: str, data: dict[str, Any]) -> None:
    add_finding(scope=request.scope, uuid=uuid, origin=origin_of(request), **data)


def _mended(request: HttpRequest, uuid: str, data: dict[str, Any]) -> None:
    mend_finding(scope=request.scope, uuid=uuid, finding=str(data["finding"]), mended_on=data["mended_on"], origin=origin_of(request))


_DO: dict[str, Callable[[HttpRequest, str, dict[str, Any]], None]] = {"note": _note, "copy": _copy, "finding": _finding, "mended": _mended}


def _list_context(request: HttpRequest, form: DeadlineForm) -> dict[str, Any]:
    scope, level, status = request.scope, request.GET.get("level", ""), request.GET.get("status", "")
    rows = documents(scope).select_related("snapshot", "round", "village", "township", "county").defer("snapshot__body", "snapshot__columns", "snapshot__lines")
    rows = rows.filter(**{name: value for name, value in (("level", level), ("status", status)) if value})
    found = paged(request, rows, Keyset(("-created_at", "-id")), "份")
    lines = [{"row": row, "level": LEVELS[row.level], "css": COLOURS[row.status], "late": is_late(row)} for row in found.rows]
    managed = list(Round.objects.visible_to(scope.narrowed_to(roles.ROUND_MANAGE))[:1])
    days = deadlines(managed) if managed else {}
    return {
        "page": found, "lines": lines, "levels": LEVELS, "level": level, "statuses": DocumentStatus.choices, "status": status, "form": form,
        "managed": managed[0] if managed else None, "days": [(LEVELS[one], days[(managed[0].pk, one)]) for one in LEVELS] if managed else [],
    } | found.links  # fmt: skip


def _context(request: HttpRequest, row: TableDocument, bound: dict[str, forms.Form]) -> dict[str, Any]:
    scope, today = request.scope, timezone.localdate()
    steps, health = steps_for(scope, row), scope.may_see(FieldClass.HEALTH, row.place)
    sent = row.status in (DocumentStatus.SUBMITTED, DocumentStatus.ACCEPTED)
    needs, step_form = [word for step in steps if (word := needed_note(step, row.level))], bound.get("step") or StepForm()
    step_form.fields["note"].label = "，或".join(needs)
    return {
        "document": row, "level": LEVELS[row.level], "css": COLOURS[row.status], "snapshot_url": snapshot_url(row.snapshot), "late": is_late(row),
        "steps": [(step, needed_note(step, row.level)) for step in steps], "history": list(row.steps.order_by("pk")), "needs": needs,
        "table": (table := table_of(row.snapshot)), "page": TablePage(table, sees_health=health), "copies": list(row.copies.all()),
        "findings": [(one, reveal(one, "text") if health else "（说明您的岗位不能查看）") for one in findings_of(row)], "points": points_off(row),
        "note_form": (bound.get("note") or RemarksForm(initial={"remarks": row.remarks})) if row.status == DocumentStatus.DRAFT and holds_at(scope, roles.TABLE_BUILD, row, row.level) else None,
        "step_form": step_form,
        "copy_form": (bound.get("copy") or CopyForm(initial={"given_on": today})) if sent and holds_at(scope, roles.TABLE_BUILD, row, row.level) else None,
        "finding_form": (bound.get("finding") or FindingForm(initial={"found_on": today})) if sent and may_check(scope, row) else None,
        "mended_form": bound.get("mended") or MendedForm(initial={"mended_on": today}),
    }  # fmt: skip
