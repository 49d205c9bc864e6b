"""Papers of tables on the work lists: what is to be sent up and by when, what waits for a signature or to be taken."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from accounts import roles
from assessment.models import Round
from core.scope import Scope
from reports.areas import LEVELS
from reports.homes.work import MEETING_FIRST, POST_FIRST, WorkRow
from reports.models import DocumentStatus, TableDocument
from reports.selectors_documents import deadlines, steps_for

_NEAR = timedelta(days=14)
_WAITS = (DocumentStatus.DRAFT, DocumentStatus.SIGNED, DocumentStatus.CONFIRMED, DocumentStatus.SUBMITTED)
_ASKED = {"signed": "核对数字，填报人签字", "confirmed": "负责人签字", "submitted": "两人都已签字，可以上报", "accepted": "核对后接收，或退回"}


def document_rows(scope: Scope, round_: Round, day: date) -> list[WorkRow]:
    """Two queries, whatever the number of papers; a caller who neither fills nor takes them pays none."""
    if not scope.has(roles.TABLE_BUILD):
        return []
    papers = TableDocument.objects.visible_to(scope).filter(round=round_).select_related("round", "snapshot").defer(
        "snapshot__body", "snapshot__columns", "snapshot__lines", "snapshot__list_seals"
    )  # fmt: skip
    papers, days = list(papers), deadlines([round_])
    rows = [row for paper in papers if paper.status in _WAITS and (row := _waiting(scope, paper, days[(round_.pk, paper.level)], day))]
    return rows + _missing(scope, round_, papers, days, day)


def _waiting(scope: Scope, paper: TableDocument, due: date | None, day: date) -> WorkRow | None:
    step = next((step for step in steps_for(scope, paper) if step.code in _ASKED), None)
    if step is None:
        return None
    taking = step.code == "accepted"
    return WorkRow(
        label="待接收" if taking else "上报表", colour="notice" if taking else "todo", who=paper.snapshot.area_name, where=LEVELS[paper.level], what=_ASKED[step.code],
        url=reverse("document", args=[paper.uuid]), action="去办", rank=POST_FIRST if taking else MEETING_FIRST, since=paper.submitted_at, due=None if taking else due,
        age=None, late=not taking and due is not None and due < day,
    )  # fmt: skip


def _missing(scope: Scope, round_: Round, papers: list[TableDocument], days: dict, day: date) -> list[WorkRow]:
    """An office whose day is near or over and which has no paper yet."""
    begun = {(paper.level, getattr(paper, f"{paper.level}_id")) for paper in papers if paper.status != DocumentStatus.RETURNED}
    rows = []
    for grant in scope.grants_for(roles.TABLE_BUILD):
        level = "village" if grant.village_id else "township" if grant.township_id else "county"
        due = days[(round_.pk, level)]
        if due is not None and due <= day + _NEAR and (level, getattr(grant, f"{level}_id")) not in begun:
            rows.append(WorkRow(
                label="上报表", colour="todo", who=LEVELS[level], where="", what="汇总、定稿，再建上报表", url=reverse("tables"), action="去办", rank=MEETING_FIRST,
                due=due, late=due < day,
            ))  # fmt: skip
    return rows
