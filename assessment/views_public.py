"""The notice on the web: no log-in, masked names, only while it is on show (ruling 19; trust N1, N3, N6, N7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessment import clock, notice_view, selectors_notices


@require_safe
def public_notice(request: HttpRequest, token: str) -> HttpResponse:
    """Whether the token never was or its days are over: one and the same answer."""
    now = clock.now()
    notice = selectors_notices.on_show(token, now)
    if notice is None:
        return _unseen(render(request, "public/gone.html", status=404))
    rows = selectors_notices.public_rows(notice)
    context = {
        "notice": notice, "rows": rows, "clock": notice_view.clock_of(notice, now), "persons": selectors_notices.persons_in(rows),
        "stages": notice_view.way_of(notice), "code": notice_view.grouped_code(notice.check_code, 64),
        "objection_url": reverse("public_objection", args=[token]), "left_out": notice.lines.count() - len(rows),
    }  # fmt: skip
    return _unseen(render(request, "public/notice.html", context))


def _unseen(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, no cache stores it (N6, N7)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response
