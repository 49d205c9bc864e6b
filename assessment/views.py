"""Rubrics: read-only pages of everybody who works with households."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
