"""Puts the caller's Scope on the request and ends sessions that are over."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from accounts.scopes import scope_of

STARTED = "started_at"
OPEN_PATHS = ("/login/", "/logout/", "/password/", "/healthz", "/static/", "/api/")


class ScopeMiddleware:
    """`request.scope` is read from the database on each request; absolute session length and forced password change are held here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
        request.scope = scope_of(request.user)
        if request.user.is_authenticated:
            self._touch(request)
            if request.user.must_change_password and not request.path.startswith(OPEN_PATHS):
                return redirect("password")
        return self.get_response(request)

    @staticmethod
    def _is_over(request: HttpRequest) -> bool:
        started = request.session.get(STARTED)
        age = timezone.now().timestamp() - started if started else 0
        return not request.user.is_active or age > settings.SESSION_ABSOLUTE_SECONDS

    @staticmethod
    def _touch(request: HttpRequest) -> None:
        """Idle clock of session and account, written at most once a minute (ruling 31)."""
        now = timezone.now()
        request.session.setdefault(STARTED, now.timestamp())
        last = request.user.last_seen_at
        if last is None or now - last > timedelta(minutes=1):
            User.objects.filter(pk=request.user.pk).update(last_seen_at=now)
            request.session.modified = True
