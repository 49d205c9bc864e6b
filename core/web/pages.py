"""The frame of a page view: methods, log-in, right; in that order."""

from collections.abc import Callable, Collection
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from core.errors import Denied

View = Callable[..., HttpResponse]


def page(right: str | Collection[str] = "", methods: str = "GET HEAD") -> Callable[[View], View]:
    """`@page(roles.AUDIT_VIEW)`; without the right (any of several) anywhere the answer is 403, rows are then checked by `visible_to`."""
    rights = {right} if isinstance(right, str) else set(right)

    def frame(view: View) -> View:
        @require_http_methods(methods.split())
        @login_required
        @wraps(view)
        def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if rights != {""} and not any(request.scope.has(one) for one in rights):
                raise Denied
            return view(request, *args, **kwargs)

        framed.rights = frozenset(rights - {""})
        return framed

    return frame
