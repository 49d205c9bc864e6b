"""Printing: what can be printed here, one paper as PDF, and a whole village as a job. Each printing is on the trail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts import roles
from core.actions import record
from core.web.middleware import origin_of
from core.web.pages import page
from reports.actions_papers import request_papers
from reports.papers.making import Made, make, paper_named
from reports.papers_page import board_of


@page(roles.LIST_VIEW)
def papers(request: HttpRequest) -> HttpResponse:
    """Choose village, group and stage, then the paper."""
    asked = request.GET
    board = board_of(request.scope, village=asked.get("village", ""), group=asked.get("group", ""), round_code=asked.get("round", ""))
    return render(request, "reports/papers.html", {"board": board, "key": request.request_id, "keep_days": settings.EXPORT_DAYS})


@page(roles.LIST_VIEW)
def paper_print(request: HttpRequest, paper: str, target: str) -> HttpResponse:
    """One paper, to be shown by the browser; `?blank=1` an empty form, `?round=`, `?stage=`, `?year=` which one."""
    asked, year = request.GET, request.GET.get("year", "")
    made = make(
        request.scope, paper_named(paper), target, blank=asked.get("blank", "") not in ("", "0"), round_code=asked.get("round", ""),
        stage=asked.get("stage", ""), year=int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else None,
    )  # fmt: skip
    record(request.scope, "paper.print", origin_of(request), made.paper.level, made.code, place=made.place, subject=made.said, digest=made.check)
    return _shown(made)


@page(roles.PAPER_PRINT, "POST")
def papers_village(request: HttpRequest) -> HttpResponse:
    """Papers of every household of a village or group, as one file."""
    asked = request.POST
    job = request_papers(
        scope=request.scope, area=asked.get("area", ""), papers=asked.getlist("paper"), round_code=asked.get("round", ""),
        blank="blank" in asked, key=asked.get("key", ""), origin=origin_of(request),
    )  # fmt: skip
    return redirect("job", job_id=job.pk)


def _shown(made: Made) -> HttpResponse:
    response = HttpResponse(made.pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = made.disposition
    response.headers["Cache-Control"] = "private, no-store"
    return response
