"""How long the database may take over a page. A request that waits longer is answered 503, with when to come back, and has written
nothing; jobs and commands have no such limit (their connections are made outside a request)."""

import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

RETRY_SECONDS = 10
MESSAGE = "系统正忙，这一次没有办成，什么也没有写入。请过一会儿再试。"
# Cancelled by statement_timeout, lock_timeout, idle_in_transaction_session_timeout; deadlock.
_BUSY = ("57014", "55P03", "25P03", "40P01")
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_here = threading.local()


class DatabaseLimitsMiddleware:
    """Marks this thread as serving a request: a connection that it opens gets the limits of a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _here.serving = True
        try:
            return self.get_response(request)
        finally:
            _here.serving = False


def limit_connection(connection: Any, **kwargs: object) -> None:
    """connection_created: once a connection, not once a request. A thread of the web server serves nothing but requests."""
    if connection.vendor != "postgresql" or not getattr(_here, "serving", False):
        return
    seconds = (settings.DB_STATEMENT_SECONDS, settings.DB_LOCK_SECONDS, settings.DB_IDLE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS, [f"{number}s" for number in seconds])


_LIMITS = (
    "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false), "
    "set_config('idle_in_transaction_session_timeout', %s, false)"
)


def is_busy(error: BaseException | None) -> bool:
    """True when the database gave up waiting: nothing is wrong with the request, and nothing of it was written."""
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    return getattr(cause, "pgcode", "") in _BUSY or str(getattr(cause, "sqlite_errorname", "")).startswith(_SQLITE_BUSY)
