"""Lists keep their filters for the session: whoever comes back from a row, or by the menu, finds the list as it was left."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.web.paging import AFTER, BEFORE

LISTS, CLEAR = "lists", "clear"
PASSING = (AFTER, BEFORE, "household")
"""Not kept: where one was in the pages, and the one household whose rows were looked at."""
MOST_LISTS = 30
"""Each village has a list of its own: the session keeps those that were looked at last."""


def remembers_filters(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Under `@page`. An address without a query leads to the last filters of this list; `?clear=1` (清除条件) forgets them."""

    @wraps(view)
    def framed(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "GET" and (address := _elsewhere(request)):
            return redirect(address)
        return view(request, *args, **kwargs)

    return framed


def _elsewhere(request: HttpRequest) -> str:
    """Where this request should go instead; "" to stay. Remembers the filters it came with."""
    lists = request.session.get(LISTS, {})
    if CLEAR in request.GET:
        _keep(request, lists, "")
        return request.path
    if not request.GET:
        return f"{request.path}?{lists[request.path]}" if lists.get(request.path) else ""
    query = request.GET.copy()
    for name in [name for name, values in query.lists() if name in PASSING or not any(values)]:
        del query[name]
    if query or not any(name in request.GET for name in PASSING):
        _keep(request, lists, query.urlencode())
    return ""


def _keep(request: HttpRequest, lists: dict[str, str], query: str) -> None:
    if lists.get(request.path, "") == query:
        return
    kept = [(path, known) for path, known in lists.items() if path != request.path]
    request.session[LISTS] = dict([*kept, (request.path, query)][-MOST_LISTS:] if query else kept)
