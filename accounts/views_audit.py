"""The auditor's page: the trail with filters. Reading it is itself on the trail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import forms, roles, selectors
from accounts.audit_words import action_label, detail_lines
from core.actions import record
from core.api.paging import Keyset
from core.web.middleware import origin_of
from core.web.pages import page
from core.web.paging import paged
from core.web.remembered import remembers_filters

NEWEST_FIRST = Keyset(("-seq",))


@page(roles.AUDIT_VIEW)
@remembers_filters
def audit_trail(request: HttpRequest) -> HttpResponse:
    form = forms.AuditFilter(request.GET or None)
    filters = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = paged(request, selectors.audit_rows(filters), NEWEST_FIRST, "条")
    record(request.scope, "audit.read", origin_of(request), "audit", "", filters=sorted(name for name, value in filters.items() if value))
    lines = [(row, action_label(row.action), detail_lines(row.detail)) for row in found.rows]
    return render(request, "accounts/audit.html", {"form": form, "lines": lines, "page": found} | found.links)
