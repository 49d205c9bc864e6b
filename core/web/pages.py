"""The frame of a page view: methods, log-in, right; in that order."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.errors import Denied

View = Callable[..., HttpResponse]


def page(right: str = "", methods: str = "GET HEAD") -> Callable[[View], View]:
    """`@page(roles.AUDIT_VIEW)`; without the right anywhere the answer is 403, rows are then checked by `visible_to`."""

    def frame(view: View) -> View:
        @require_http_methods(methods.split())
        @login_required
        @wraps(view)
        def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if right and not request.scope.has(right):
                raise Denied
            return view(request, *args, **kwargs)

        return framed

    return frame
