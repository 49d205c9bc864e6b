"""Rubric and rounds: read-only pages of the county office and everybody who works with households."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts import roles
from assessment import selectors
from core.web.pages import page


@page(roles.RUBRIC_VIEW)
def rubric_list(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/rubrics.html", {"versions": selectors.rubric_versions()})


@page(roles.RUBRIC_VIEW)
def rubric(request: HttpRequest, code: str) -> HttpResponse:
    version = selectors.rubric_version(code)
    context = {"version": version, "rubric": version.value, "is_default": version.code.startswith("LKF-DEFAULT")}
    return render(request, "assessment/rubric.html", context)


@page(roles.ROUND_VIEW)
def round_list(request: HttpRequest) -> HttpResponse:
    return render(request, "assessment/rounds.html", {"rounds": selectors.rounds(request.scope)})


@page(roles.ROUND_VIEW)
def round_board(request: HttpRequest, code: str) -> HttpResponse:
    """Coverage by township or, for one township or village, by village."""
    round_ = get_object_or_404(selectors.rounds(request.scope), code=code)
    township = request.GET.get("township", "")
    lines = selectors.coverage(request.scope, round_, township)
    context = {"round": round_, "lines": lines, "total": selectors.total_of(lines), "township": township}
    return render(request, "assessment/round.html", context)
