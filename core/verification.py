"""Proof of the audit trail: the chain from the first row to the head (trust L3)."""

from core.actions import audit_payload
from core.crypto import check_audit_mac
from core.models import AuditRow, Change, LedgerHead


def audit_faults(limit: int = 20) -> list[str]:
    """Chinese sentences, one a fault; empty when every row, the order and the head agree. Stops after `limit` faults."""
    faults: list[str] = []
    prev, expected = "", 0
    for row in AuditRow.objects.order_by("seq").iterator(chunk_size=2000):
        expected += 1
        if row.seq != expected:
            faults.append(f"审计记录第 {expected} 号缺失或错位（读到第 {row.seq} 号）。")
            expected = row.seq
        if row.prev_mac != prev:
            faults.append(f"审计记录第 {row.seq} 号与前一条接不上。")
        if not check_audit_mac(row.mac, row.prev_mac, audit_payload(row)):
            faults.append(f"审计记录第 {row.seq} 号的内容与校验码不符。")
        prev = row.mac
        if len(faults) >= limit:
            return faults
    head = LedgerHead.objects.get(pk=1)
    if (head.audit_seq, head.audit_mac) != (expected, prev):
        faults.append("审计记录的末尾与账头不符：有记录被删去，或账头被改。")
    return faults


def feed_faults() -> list[str]:
    """The change feed has no gap and ends where the head says."""
    count = Change.objects.count()
    head = LedgerHead.objects.get(pk=1)
    return [] if count == head.feed_seq else [f"变更流水应有 {head.feed_seq} 条，实有 {count} 条。"]
