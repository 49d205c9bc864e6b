"""The password again before a list is locked: once per sitting, no older than `REAUTH_MINUTES` (ruling 28). 0 = not asked (the demo)."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import STARTED

CONFIRMED = "password_confirmed_at"


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was typed within the last minutes, at the log-in or since."""
    if not settings.REAUTH_MINUTES:
        return True
    last = max(request.session.get(STARTED, 0), request.session.get(CONFIRMED, 0))
    return timezone.now().timestamp() - last <= settings.REAUTH_MINUTES * 60


def note(request: HttpRequest) -> None:
    request.session[CONFIRMED] = timezone.now().timestamp()


def ask(address: str) -> HttpResponse:
    """To the page that asks, and from there back to `address`."""
    return redirect(f"{reverse('password_confirm')}?{urlencode({'next': address})}")
