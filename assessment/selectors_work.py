"""What waits for somebody beside forms and meetings: returned households, objections, waivers without a signed paper."""

from django.db.models import Exists, F, OuterRef, QuerySet

from assessment.models import (
    Case,
    CaseState,
    EndReason,
    Evidence,
    EvidenceKind,
    Objection,
    Opinion,
    Round,
    Verdict,
)
from assessment.procedures import procedure_of
from assessment.selectors_rounds import case_figures, pending_notices
from assessment.selectors_steps import Ground, groups_by_id, open_sittings
from core.scope import Scope
from villages.models import Village


def ground_of(scope: Scope, round_: Round) -> Ground:
    """The whole area of the caller, for `next_steps`: five queries. Villages merged away come last."""
    rows = Village.objects.visible_to(scope).filter(county_id=round_.county_id).select_related("township", "merged_into")
    villages = rows.order_by(F("merged_into_id").asc(nulls_first=True), "code")
    return Ground(
        scope, round_, list(villages), groups_by_id(scope), case_figures(scope, round_), open_sittings(scope, round_),
        pending_notices(scope, round_),
    )  # fmt: skip


def returned_cases(scope: Scope, round_: Round, limit: int) -> tuple[int, list[tuple[Case, str]]]:
    """How many wait at the first stage again, and the first of them, longest first, each with the stage that sent it back ("" = 变更)."""
    procedure = procedure_of(round_.procedure)
    rows = Case.objects.visible_to(scope).filter(round=round_, pass_no__gt=1).at_stage(procedure.first.code)
    cases = list(rows.select_related("household", "group", "village").order_by("stage_since")[:limit])
    sent = Verdict.objects.filter(case_id__in=[case.pk for case in cases], opinion=Opinion.RETURN).order_by("pk")
    by = {case: (stage, pass_no) for case, stage, pass_no in sent.values_list("case_id", "stage", "pass_no")}
    words = [(case, _sender(procedure, by.get(case.pk), case)) for case in cases]
    return rows.count(), words


def _sender(procedure, sent: tuple[str, int] | None, case: Case) -> str:
    """The stage whose return began this pass; an older return means that a 变更 began it."""
    if sent is None or sent[1] != case.pass_no - 1:
        return ""
    return procedure.by_code[sent[0]].name


def open_objections(scope: Scope, round_: Round) -> list[Objection]:
    return list(
        Objection.objects.visible_to(scope)
        .filter(round=round_)
        .open()
        .select_related("village", "household", "case__round")
        .order_by("lodged_at")
    )


def waivers_without_paper(scope: Scope, round_: Round) -> QuerySet[Case]:
    """自愿放弃 must be signed (ruling 19): cases that ended so, and no scan is there yet."""
    paper = Evidence.objects.filter(case=OuterRef("pk"), kind=EvidenceKind.WAIVER)
    rows = Case.objects.visible_to(scope).filter(round=round_, state=CaseState.ENDED, end_reason=EndReason.GIVEN_UP)
    return rows.exclude(Exists(paper)).select_related("household", "village", "group").order_by("concluded_at")
