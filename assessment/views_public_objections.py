"""异议 without an account: lodged on a notice that is on show, looked up by the receipt number (ruling 19; N5)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from assessment import clock, selectors_notices
from assessment.actions.objections_public import lodge_in_public, look_up
from assessment.forms_objections import LookUpForm, PublicForm
from assessment.models import Notice, Objection
from core.errors import DomainError, NotFound
from core.periods import notice_last_day
from core.uploads.scans import MAX_BYTES
from core.web.errors import come_again, status_of
from core.web.middleware import origin_of

HEADERS = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}


@require_http_methods(["GET", "HEAD", "POST"])
def public_objection(request: HttpRequest, token: str) -> HttpResponse:
    """The form of one notice; afterwards the receipt. Whether the token never was or its days are over: the same answer."""
    notice = selectors_notices.on_show(token, clock.now())
    if notice is None:
        return _gone(request)
    form = PublicForm(request.POST or None, request.FILES or None, lines=_lines(notice), use_required_attribute=False)
    status, refused = 200, None
    if request.method == "POST":
        try:
            if form.is_valid():
                return _receipt(request, notice, _lodge(request, notice, form))
            status = 400
        except NotFound:
            return _gone(request)
        except DomainError as error:
            form.put_back(error)
            refused = error
    context = {"form": form, "notice": notice, "last_day": notice_last_day(notice.ends_at)}
    context["key"] = request.POST.get("key", "")[:64] or request.request_id
    return _shown(request, "objections/public_form.html", context, status, refused)


def _lines(notice: Notice) -> list[tuple[int, str]]:
    """Numbers and masked names as the public page shows them."""
    return [(number, f"{number}　{group}　{name}") for number, group, name, *_ in selectors_notices.public_rows(notice)]


def _lodge(request: HttpRequest, notice: Notice, form: PublicForm) -> Objection:
    typed = form.cleaned_data
    return lodge_in_public(
        notice=notice.token, kind=typed["kind"], text=typed["text"], position=typed["position"], target=typed["target"],
        lodger=typed["lodger"], phone=typed["phone"],
        photos=[file.read(MAX_BYTES + 1) for file in typed["photos"]], key=request.POST.get("key", "")[:64], origin=origin_of(request),
    )  # fmt: skip


def _receipt(request: HttpRequest, notice: Notice, objection: Objection) -> HttpResponse:
    """Drawn at once: an address with the number in it would be left in the browser of whoever comes next."""
    return _shown(request, "objections/public_receipt.html", {"notice": notice, "objection": objection})


def _gone(request: HttpRequest) -> HttpResponse:
    return _shown(request, "public/gone.html", {}, 404)


@require_http_methods(["GET", "HEAD", "POST"])
def public_lookup(request: HttpRequest) -> HttpResponse:
    """Status and result of one number, and nothing else: no household, no text. The number is posted, so that no log keeps it."""
    form, found, status, refused = LookUpForm(request.POST or None, use_required_attribute=False), None, 200, None
    if request.method == "POST":
        status = 200 if form.is_valid() else 400
        try:
            found = look_up(code=form.cleaned_data["code"], origin=origin_of(request)) if form.is_valid() else None
        except DomainError as error:
            form.add_error("code", error.message)
            refused = error
    return _shown(request, "objections/public_lookup.html", {"form": form, "found": found}, status, refused)


def _shown(
    request: HttpRequest, template: str, context: dict[str, object], status: int = 200, refused: DomainError | None = None
) -> HttpResponse:
    """Not for search engines, not for the browser's store."""
    answer = come_again(render(request, template, context, status=status_of(refused) if refused else status), refused)
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer
