"""Request origin for the audit trail, and the one place where a domain error becomes a page."""

import hashlib
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from core.actions import Origin, record_refusal
from core.errors import BadInput, Denied, DomainError, NotFound
from core.web.errors import busy, full_disk, page_for
from core.web.limits import is_busy

log = logging.getLogger("django.request")


class OriginMiddleware:
    """Gives each request an id and an address; the address is taken from the trusted hop only (trust 37). Personal pages are not stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex
        request.client_ip = client_ip(request)
        response = self.get_response(request)
        response.headers.setdefault("X-Request-Id", request.request_id)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def client_ip(request: HttpRequest) -> str:
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXY_COUNT
    if trusted and len(hops) >= trusted:
        return hops[-trusted][:45]
    return request.META.get("REMOTE_ADDR", "")[:45]


def origin_of(request: HttpRequest) -> Origin:
    """Origin for `acting`: address, hash prefix of the session, request id."""
    session = getattr(request, "session", None)
    key = (session.session_key or "") if session is not None else ""
    return Origin(ip=getattr(request, "client_ip", ""), session=session_mark(key), request_id=getattr(request, "request_id", ""))


def session_mark(key: str) -> str:
    """Short one-way mark of a session key: enough to tell sessions apart in the trail, useless to take one over."""
    return hashlib.sha256(key.encode()).hexdigest()[:12] if key else ""


class GoOnMiddleware:
    """A form sent by script (`send.js`, X-Go-On) is told where to go instead of being taken there: the page stays until the answer is in,
    so a line that is cut loses neither the page nor what the next one says."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "X-Go-On" in request.headers and response.has_header("Location"):
            response.status_code = 200
            response["X-Go-To"] = response["Location"]
            del response["Location"]
        return response


class NullCharacterMiddleware:
    """A NUL in what a page was sent: nobody types it, and PostgreSQL refuses it in mid-statement. One answer for every form; a page that
    is only read leaves it out by itself, or it gets the same answer."""

    NUL = "\x00"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        form = request.method == "POST" and not request.path.startswith("/api/")
        return self._refusal(request) if form and self._holds_nul(request) else self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._refusal(request) if isinstance(exception, ValueError) and self._holds_nul(request) else None

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse:
        return page_for(request, BadInput("提交的内容里有不能保存的字符，没有保存。请重新填写。", code="null_character"))

    def _holds_nul(self, request: HttpRequest) -> bool:
        try:
            sent = (request.GET, request.POST)
        except UnreadablePostError:  # the reader is gone; what comes next in line will say so
            return False
        return any(self.NUL in text for data in sent for name, texts in data.lists() for text in (name, *texts))


class DomainErrorMiddleware:
    """Domain errors raised by actions become pages written for the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_busy(exception):
            log.warning("database busy at %s: %s", request.path, exception.__cause__.__class__.__name__)
            return busy(request)
        if full := full_disk(exception):  # whoever wrote left nothing half done: transactions roll back, files are taken away
            log.error("disk full at %s", request.path)
            return page_for(request, full)
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, Denied | NotFound) and not exception.recorded and request.user.is_authenticated:
            self._record(request, exception)
        return page_for(request, exception)

    @staticmethod
    def _record(request: HttpRequest, exception: DomainError) -> None:
        """A door tried without right, or in another area: who, which page, which object (trust L1)."""
        match = request.resolver_match
        asked = next((str(value) for value in match.kwargs.values()), "")[:64] if match else ""
        name = f"page.{match.url_name}" if match else "page"
        record_refusal(request.scope, name, origin_of(request), exception, asked)
