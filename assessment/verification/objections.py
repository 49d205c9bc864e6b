"""异议 against the trail: none is gone, none is said to be settled otherwise than the county settled it (N5)."""

from collections.abc import Iterator

from assessment.models import Objection, Outcome, Round
from assessment.models.objections import OPEN_STATUSES
from assessment.verification.findings import Finding
from core.models import AuditResult, AuditRow
from villages.models import Village

OBJECTIONS = "异议"
STEPS = ("objection.lodge", "objection.take", "objection.assign", "objection.propose", "objection.confirm")


def objection_findings(round_: Round, village: Village) -> Iterator[Finding]:
    """A household is held by an objection alone: whoever deletes the row, or closes it by hand, lets the household through."""
    rows = {row.code: row for row in Objection.objects.filter(round=round_, village=village)}
    for code, entry in _last_steps(round_, village).items():
        row, settled = rows.get(code), _settled(entry)
        if row is None:
            yield Finding(OBJECTIONS, "", f"审计记录里的异议 {code} 已不在")
        elif (row.status not in OPEN_STATUSES) != bool(settled):
            yield Finding(OBJECTIONS, "", f"异议 {code} 的办理状态与审计记录不符")
        elif settled and row.get_outcome_display() != settled:
            yield Finding(OBJECTIONS, "", f"异议 {code} 的结果与审计记录不符")


def _last_steps(round_: Round, village: Village) -> dict[str, AuditRow]:
    rows = AuditRow.objects.filter(
        action__in=STEPS, object_kind="objection", result=AuditResult.OK, area_code=village.code
    )
    return {row.object_code: row for row in rows.order_by("seq") if row.detail.get("round") == round_.code}


def _settled(entry: AuditRow) -> str:
    """The outcome as confirmed; "" while it is open, 退回核查 included."""
    outcome = entry.detail.get("outcome", "") if entry.action == "objection.confirm" else ""
    return outcome if outcome in Outcome.labels else ""
