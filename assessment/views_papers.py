"""Papers of a meeting to print; each printing is on the trail."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import roles
from accounts.standing_in import stands_in
from assessment.actions.sitting_steps import waiting
from assessment.docket import docket
from assessment.ranking_paper import sheet_to_print
from assessment.sample_page import found_of
from assessment.selectors_papers import Paper, minutes_of, sample_of, sign_in_of, sitting_to_print
from core.actions import record
from core.web.middleware import origin_of
from core.web.pages import page


@page(roles.LIST_VIEW)
@stands_in
def minutes_print(request: HttpRequest, sitting_uuid: uuid.UUID) -> HttpResponse:
    """会议记录: filled, or with `?blank=1` for the meeting itself."""
    sitting = sitting_to_print(request.scope, sitting_uuid)
    paper = minutes_of(request.scope, sitting, waiting(sitting), blank=_blank(request))
    return _printed(request, paper, "papers/minutes.html", "会议记录")


@page(roles.LIST_VIEW)
@stands_in
def sign_in_print(request: HttpRequest, sitting_uuid: uuid.UUID) -> HttpResponse:
    """签到表: the panel's names with a line to sign on, then empty lines."""
    paper = sign_in_of(sitting_to_print(request.scope, sitting_uuid), blank=_blank(request))
    return _printed(request, paper, "papers/sign_in.html", "签到表")


@page(roles.LIST_VIEW)
def ranking_print(request: HttpRequest, sitting_uuid: uuid.UUID) -> HttpResponse:
    """排队结果 with the line; or with `?blank=1` a sheet to rank on (A9-02)."""
    sitting, blank = sitting_to_print(request.scope, sitting_uuid), _blank(request)
    queue = sheet_to_print(request.scope, docket(request.scope, sitting_uuid), blank=blank)
    paper = minutes_of(request.scope, sitting, waiting(sitting), blank=blank)
    return _printed(request, paper, "papers/ranking.html", "排队表" if blank else "排队结果", queue=queue)


@page(roles.LIST_VIEW)
def sample_print(request: HttpRequest, sitting_uuid: uuid.UUID) -> HttpResponse:
    """抽查表: to take along with `?blank=1`, or with what was found. Which answers differ is on no paper, only that they do."""
    paper = sample_of(sitting_to_print(request.scope, sitting_uuid), blank=_blank(request))
    context = {"rows": [] if paper.blank else [(row, found_of(row.result, read=False) if row.result else None) for row in paper.drawn]}
    return _printed(request, paper, "papers/sample.html", "抽查表", **context)


def _blank(request: HttpRequest) -> bool:
    return request.GET.get("blank", "") not in ("", "0")


def _printed(request: HttpRequest, paper: Paper, template: str, name: str, **more: object) -> HttpResponse:
    sitting, title = paper.sitting, f"{name}（空白）" if paper.blank else name
    record(
        request.scope, "sitting.print", origin_of(request), "sitting", str(sitting.uuid), place=sitting,
        round=sitting.round.code, stage=paper.stage.name, table=title, households=len(paper.lines or paper.drawn),
    )  # fmt: skip
    return render(request, template, {"paper": paper, "sitting": sitting, "stage": paper.stage, "round": sitting.round} | more)
