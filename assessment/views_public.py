"""The notice on the web: no log-in, masked names, only while it is on show (ruling 19; trust N1, N3, N6, N7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessment import clock, notice_view, selectors_notices
from assessment.actions.notice_check import check_code
from assessment.forms_notices import CheckForm
from core.errors import BadInput, DomainError
from core.web.errors import come_again, status_of
from core.web.middleware import origin_of


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
        "word": selectors_notices.stage_of(notice).notice.word, "replaced": notice_view.replacing(notice.replaces),
    }  # fmt: skip
    return _unseen(render(request, "public/notice.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def public_check(request: HttpRequest) -> HttpResponse:
    """核对校验码 of a sheet: also after its days are over, without a name or a household. The code is posted, so that no log keeps it."""
    form, found, status, refused = CheckForm(request.POST or None, use_required_attribute=False), None, 200, None
    if request.method == "POST":
        try:
            status = 200 if form.is_valid() else 400
            found = check_code(code=form.cleaned_data["code"], origin=origin_of(request)) if form.is_valid() else None
        except DomainError as error:
            texts = error.fields.get("code", [error.message]) if isinstance(error, BadInput) else [error.message]
            form.add_error("code", texts)
            status, refused = status_of(error), error
    context = {"form": form, "found": found}
    if found:
        context |= {"state": notice_view.state_of(found.notice, clock.now()), "clock": notice_view.clock_of(found.notice, clock.now())}
    return come_again(_unseen(render(request, "public/check.html", context, status=status)), refused)


def _unseen(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, no cache stores it (N6, N7)."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store"
    return response
