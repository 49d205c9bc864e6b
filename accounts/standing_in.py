"""Pages of a meeting are opened with what the caller may do in the place of others (委托代办); every other page is the caller's own."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse


def stands_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Under `@page`. `request.own_scope` is the caller without it."""

    @wraps(view)
    def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        request.own_scope = request.scope
        request.scope = request.scope.standing_in()
        return view(request, *args, **kwargs)

    return framed
