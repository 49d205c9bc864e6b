"""Where forms send what is being typed, and where a draft is thrown away. Both work for the caller's own drafts only."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from core.drafts import discard_draft, save_draft
from core.errors import DomainError, StaleVersion
from core.web.drafts import GO_ON
from core.web.errors import status_of
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.posted import number_in
from core.web.way_back import safe_path


@page("", "POST")
def draft_save(request: HttpRequest) -> HttpResponse:
    """By script (X-Autosave): JSON with the new version, 412 with who wrote last. By button: stored, then the form again as typed."""
    quiet = "X-Autosave" in request.headers
    try:
        row = _save(request)
    except DomainError as error:
        if not quiet:
            raise
        body = {"error": error.message}
        if isinstance(error, StaleVersion):
            body["saved_at"] = _moment(error.conflict.saved_at)
        return JsonResponse(body, status=status_of(error))
    if quiet:
        return JsonResponse({"version": row.version, "saved_at": _moment(row.saved_at)})
    url = _back(request)
    return redirect(f"{url}{'&' if '?' in url else '?'}{GO_ON}=1")


@page("", "POST")
def draft_discard(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    discard_draft(scope=request.scope, kind=sent.get("draft-kind", "")[:32], subject=sent.get("draft-subject", "")[:64], origin=origin_of(request))
    return redirect(_back(request))


def _moment(at: datetime) -> str:
    """The server's time of day, with the day when it is not today."""
    local = timezone.localtime(at)
    return f"{local:%H:%M:%S}" if local.date() == timezone.localdate() else f"{local.month}月{local.day}日 {local:%H:%M}"


def _save(request: HttpRequest):
    sent = request.POST
    return save_draft(
        scope=request.scope, kind=sent.get("draft-kind", ""), subject=sent.get("draft-subject", ""), data=sent, tab=sent.get("draft-tab", ""),
        version=number_in(sent.get("draft-version", "")), base_version=number_in(sent.get("draft-base", "")),
        take=bool(sent.get("draft-take")), origin=origin_of(request),
    )  # fmt: skip


def _back(request: HttpRequest) -> str:
    """The page the form stands on: a page of this site, or the start."""
    return safe_path(request.POST.get("draft-url", "")) or "/"
