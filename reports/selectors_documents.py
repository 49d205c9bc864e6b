"""Papers of tables as pages read them: the list, one with its steps, what waits for whom, by which day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from accounts import roles
from assessment.models import Round
from core.crypto import check_seal_mac
from core.errors import NotFound
from core.scope import Scope
from reports.areas import LEVELS, table_scope
from reports.canonical import digest_of, text_of
from reports.document_rules import ABOVE, STEPS, Step, usual_day
from reports.models import DocumentDeadline, DocumentStatus, DocumentStep, Snapshot, SpotFinding, TableDocument

_PLACES = {"village": "village_id", "township": "township_id", "county": "county_id"}
OPEN = (DocumentStatus.DRAFT, DocumentStatus.SIGNED, DocumentStatus.CONFIRMED, DocumentStatus.SUBMITTED)


def documents(scope: Scope) -> QuerySet[TableDocument]:
    rows = TableDocument.objects.visible_to(table_scope(scope))
    return rows.select_related("round", "village", "township", "county").annotate(points=Sum("findings__points"))


def open_document(scope: Scope, uuid: object) -> TableDocument:
    related = ("round__rubric", "round__county", "snapshot", "village", "township", "county", "replaces")
    row = TableDocument.objects.visible_to(table_scope(scope)).select_related(*related).filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    return row


def holds_at(scope: Scope, right: str, document: TableDocument | Snapshot, level: str) -> bool:
    """The right held at just that level of the document's place: a county does not sign for a village."""
    column = _PLACES[level]
    return any(getattr(grant, column) == getattr(document, column) is not None for grant in scope.grants_for(right))


def may(scope: Scope, step: Step, document: TableDocument) -> bool:
    return holds_at(scope, step.right, document, ABOVE[document.level] if step.above else document.level)


def signer_of(document: TableDocument) -> int | None:
    """Whose signature as 填报人 stands: the second one must be somebody else's."""
    if document.status not in (DocumentStatus.SIGNED, DocumentStatus.CONFIRMED, DocumentStatus.SUBMITTED):
        return None
    return document.steps.filter(kind=DocumentStep.Kind.SIGNED).order_by("-pk").values_list("by_id", flat=True).first()


def steps_for(scope: Scope, document: TableDocument) -> list[Step]:
    """What the caller may do with it now."""
    found = [step for step in STEPS.values() if document.status in step.begins and may(scope, step, document)]
    return [step for step in found if step.code != "confirmed" or signer_of(document) != scope.actor_id]


def deadlines(rounds: Iterable[Round]) -> dict[tuple[int, str], date | None]:
    """(round, level) → day: the county's own, else the procedure's."""
    rounds = list(rounds)
    own = {(row.round_id, row.level): row.due for row in DocumentDeadline.objects.filter(round__in=rounds)}
    return {
        (round_.pk, level): own.get((round_.pk, level), usual_day(round_.procedure, level, round_.reference_date)) for round_ in rounds for level in LEVELS
    }


def deadline_of(round_: Round, level: str) -> date | None:
    return deadlines([round_])[(round_.pk, level)]


def is_late(document: TableDocument) -> bool:
    """Sent after its day, or still not sent."""
    if document.submitted_at:
        return document.late
    return document.due is not None and document.status in OPEN and timezone.localdate() > document.due


def points_off(document: TableDocument) -> Decimal:
    return document.findings.aggregate(sum=Sum("points"))["sum"] or Decimal(0)


def findings_of(document: TableDocument) -> QuerySet[SpotFinding]:
    return document.findings.select_related("household").order_by("pk")


def may_check(scope: Scope, document: TableDocument) -> bool:
    """抽查 is the office's above; the county looks into villages too."""
    levels = {"village": ("township", "county"), "township": ("county",), "county": ("county",)}[document.level]
    return any(holds_at(scope, roles.DOCUMENT_ACCEPT, document, level) for level in levels)


# --- the levels against each other ------------------------------------------------------------------------------


def unequal_below(document: TableDocument) -> list[str]:
    """Chinese lines, with both numbers: where this table says another figure of a place than the paper that came from there."""
    below = {"township": "village", "county": "township"}.get(document.level)
    if below is None:
        return []
    sent = TableDocument.objects.filter(
        round=document.round_id, level=below, status__in=(DocumentStatus.SUBMITTED, DocumentStatus.ACCEPTED),
        **{_PLACES[document.level]: getattr(document, _PLACES[document.level])},
    ).select_related("snapshot")  # fmt: skip
    ours = json.loads(document.snapshot.body)
    rows = {row[0]: row for row in ours["rows"]}
    return [line for paper in sent if paper.area_code in rows for line in _unequal(ours["columns"], rows[paper.area_code], json.loads(paper.snapshot.body), paper)]


def _unequal(columns: list[list[str]], row: list, theirs: Mapping, paper: TableDocument) -> list[str]:
    said = dict(zip((column[0] for column in theirs["columns"]), theirs["total"], strict=True))
    pairs = [(column[1], value, said[column[0]]) for column, value in zip(columns, row[2], strict=True) if column[0] in said]
    return [
        f"{row[1]}上报的{LEVELS[paper.level]}（{paper.snapshot.serial}）{title} {below}，本表 {ours}"
        + (f"，相差 {round(ours - below, 6)}。" if ours is not None and below is not None else "。")
        for title, ours, below in pairs
        if ours != below
    ]


# --- proof ------------------------------------------------------------------------------------------------------


def step_text(step: DocumentStep, document: TableDocument) -> str:
    """What the MAC of a step is over: the frozen table, the remarks of then, who, when, and the step before."""
    return text_of({
        "document": str(document.uuid), "snapshot": document.snapshot.mac, "remarks": digest_of(document.remarks), "kind": str(step.kind),
        "note": step.note, "by": step.by_id, "by_name": step.by_name, "at": step.at.timestamp(), "previous": step.previous,
    })  # fmt: skip


def signature_faults(document: TableDocument) -> list[str]:
    """Signatures that are not over what the paper says now; those taken back before the last change of remarks are history."""
    steps, faults, last = list(document.steps.order_by("pk")), [], ""
    began = max((place for place, step in enumerate(steps) if step.kind == DocumentStep.Kind.REOPENED), default=0)
    for place, step in enumerate(steps):
        drafted = step.kind in (DocumentStep.Kind.MADE, DocumentStep.Kind.REOPENED)
        if step.previous != last or (place >= began and not drafted and not check_seal_mac(step.mac, step_text(step, document).encode())):
            faults.append(f"上报表 {document.area_code} 第 {document.edition} 次：{step.get_kind_display()}（{step.by_name}）与表上的内容不符。")
        last = step.mac
    return faults
