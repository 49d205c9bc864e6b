"""The auditor's page: the trail with filters. Reading it is itself on the trail."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import forms, roles, selectors
from accounts.audit_words import action_label, detail_lines
from core.actions import record
from core.web.middleware import origin_of
from core.web.pages import page


@page(roles.AUDIT_VIEW)
def audit_trail(request: HttpRequest) -> HttpResponse:
    form = forms.AuditFilter(request.GET or None)
    filters = form.cleaned_data if form.is_bound and form.is_valid() else {}
    before = request.GET.get("before", "")
    rows = selectors.audit_rows(filters, int(before) if before.isdecimal() else None)
    record(request.scope, "audit.read", origin_of(request), "audit", "", filters=sorted(name for name, value in filters.items() if value))
    older = rows[selectors.PAGE - 1].seq if len(rows) > selectors.PAGE else None
    kept = urlencode({name: value for name, value in request.GET.items() if name != "before"})
    lines = [(row, action_label(row.action), detail_lines(row.detail)) for row in rows[: selectors.PAGE]]
    context = {"form": form, "lines": lines, "older": older, "kept": kept}
    return render(request, "accounts/audit.html", context)
