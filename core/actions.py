"""One shape for every write (architecture "Actions", ruling 8).

    with acting(scope, "household.update", request) as act:
        household = lock(Household.objects.visible_to(scope), code=code)
        ...rule, save...
        act.audit("household", household.code, place=household, before=..., after=...)
        act.feed("household", household.code, place=household)

The outer transaction is durable. Audit rows, feed rows and `at_end` work are buffered and written as the last statements before
COMMIT under the lock of the one head row: no long write ever holds that lock. A refusal rolls everything back and is then audited in
a transaction of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import bulk
from core.crypto import audit_mac
from core.errors import BadInput, Denied, DomainError, NotFound, Replayed
from core.models import AuditResult, AuditRow, Change, ChangeOp, IdempotencyKey, LedgerHead
from core.scope import Scope


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a call came from; nothing personal in it."""

    ip: str = ""
    session: str = ""
    request_id: str = ""


@dataclass(slots=True)
class Act:
    """Buffer of one action: what will be written last."""

    scope: Scope
    name: str
    origin: Origin
    audits: list[AuditRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    last: list[Callable[[], None]] = field(default_factory=list)
    rechecks: list[Callable[[], None]] = field(default_factory=list)

    def audit(
        self, kind: str, code: str, *, place: object | None = None, result: str = AuditResult.OK, **detail: Any
    ) -> None:
        """Buffer an audit row. `detail` must already be masked: the trail holds no secret in the clear (trust L1)."""
        self.audits.append(_audit_row(self, kind, code, place, result, detail))

    def feed(self, kind: str, code: str, *, place: object, op: str = ChangeOp.UPSERT) -> None:
        """Buffer a change for readers of the feed."""
        self.changes.append(
            Change(
                kind=kind,
                code=code,
                op=op,
                county_id=getattr(place, "county_id", None),
                township_id=getattr(place, "township_id", None),
                village_id=getattr(place, "village_id", None),
            )
        )

    def at_end(self, work: Callable[[], None]) -> None:
        """Run `work` among the last statements, before the head row is locked (dirty marks)."""
        self.last.append(work)

    def recheck(self, check: Callable[[], None]) -> None:
        """Ask a rule again under the head row, where actions stand in line: for a rule across rows that no common lock covers, such as
        "a closed round has no open case". Two actions that each ask theirs so cannot both pass. `check` raises to refuse."""
        self.rechecks.append(check)


@contextmanager
def acting(scope: Scope, name: str, origin: Origin | None = None) -> Iterator[Act]:
    """Transaction of one action; see the module. A DomainError is audited after the rollback and raised on."""
    act = Act(scope, name, origin or Origin())
    try:
        with transaction.atomic(durable=True):
            yield act
            flush(act)
    except Replayed:
        raise
    except DomainError as refusal:
        record_refusal(scope, name, act.origin, refusal)
        raise


def flush(act: Act) -> None:
    """Write what was buffered, as the last statements of the transaction."""
    for work in act.last:
        work()
    if not act.audits and not act.changes:
        return
    now = timezone.now()
    head = LedgerHead.objects.select_for_update().get(pk=1)
    for check in act.rechecks:
        check()
    for row in act.audits:
        head.audit_seq += 1
        row.seq, row.at, row.prev_mac = head.audit_seq, now, head.audit_mac
        row.mac = head.audit_mac = audit_mac(row.prev_mac, audit_payload(row))
    for change in act.changes:
        head.feed_seq += 1
        change.seq, change.at = head.feed_seq, now
    bulk.insert(AuditRow, act.audits)
    bulk.insert(Change, act.changes)
    head.save(update_fields=["audit_seq", "audit_mac", "feed_seq"])


def record(
    scope: Scope, name: str, origin: Origin | None, kind: str, code: str, *, place: object | None = None, **detail: Any
) -> None:
    """Audit a sensitive read, export or log-in in a transaction of its own. If it cannot be written, the read fails (trust L2, L6)."""
    with acting(scope, name, origin) as act:
        act.audit(kind, code, place=place, **detail)


def record_refusal(scope: Scope, name: str, origin: Origin, refusal: DomainError, code: str = "") -> None:
    """Audit a denial or failure after the rollback (ruling 8); `code` is what was asked for."""
    refusal.recorded = True
    denied = isinstance(refusal, Denied | NotFound)
    act = Act(scope, name, origin)
    act.audit(
        "",
        code,
        result=AuditResult.DENIED if denied else AuditResult.FAILED,
        refusal=refusal.code,
        fields=sorted(refusal.fields),
    )
    with transaction.atomic():
        flush(act)


@contextmanager
def refusals_recorded(scope: Scope, name: str, origin: Origin | None, code: str = "") -> Iterator[None]:
    """For work before the transaction, such as decoding a file: what is refused there is on the trail too (ruling 8)."""
    try:
        yield
    except DomainError as refusal:
        if not refusal.recorded:
            record_refusal(scope, name, origin or Origin(), refusal, code)
        raise


def lock(rows: QuerySet, **lookup: Any):
    """The one row of an already scoped queryset, locked for this transaction; NotFound when missing or out of the area.

    `no_key`: rows that only name it are not held up. Their reference is checked at COMMIT, when they hold the head row: with a full
    lock the two actions would wait for each other.
    """
    of = ("self",) if connection.features.has_select_for_update_of else ()
    row = rows.select_for_update(of=of, no_key=True).filter(**lookup).first()
    if row is None:
        raise NotFound
    return row


def once(scope: Scope, route: str, key: str, body: Any) -> Callable[[str], None]:
    """Claim an idempotency key inside the action's transaction (ruling 9); returns `remember(object_code)`.

    A repeat of the same body raises Replayed with the object's code; another body under the same key raises BadInput. A failure of the
    action frees the key with the rollback. An empty key claims nothing.
    """
    if not key:
        return lambda object_code: None
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()
    owner = scope.token_prefix or str(scope.actor_id)
    lookup = {"user_key": owner, "route": route, "key": key}
    claim = IdempotencyKey(**lookup, body_hash=digest, created_at=timezone.now())
    IdempotencyKey.objects.bulk_create([claim], ignore_conflicts=True)
    row = IdempotencyKey.objects.select_for_update().get(**lookup)
    if row.object_code:
        if row.body_hash == digest:
            raise Replayed(row.object_code)
        raise BadInput("同一个提交编号带来了不同的内容。请刷新页面后重新提交。", code="idempotency_conflict")

    def remember(object_code: str) -> None:
        IdempotencyKey.objects.filter(pk=row.pk).update(object_code=object_code)

    return remember


def audit_payload(row: AuditRow) -> bytes:
    """Canonical bytes of an audit row; the chain's MAC is over them."""
    fields = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": [row.actor_id_text, row.actor_login],
        "origin": [row.ip, row.session, row.request_id],
        "action": row.action,
        "object": [row.object_kind, row.object_code, row.area_code],
        "result": str(row.result),
        "detail": row.detail,
    }
    return json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _audit_row(act: Act, kind: str, code: str, place: object | None, result: str, detail: dict[str, Any]) -> AuditRow:
    return AuditRow(
        actor_id_text="" if act.scope.actor_id is None else str(act.scope.actor_id),
        actor_login=act.scope.login or act.scope.token_prefix,
        ip=act.origin.ip,
        session=act.origin.session,
        request_id=act.origin.request_id,
        action=act.name,
        object_kind=kind,
        object_code=code,
        area_code=getattr(place, "area_code", "") or "",
        result=result,
        detail=json.loads(json.dumps(detail, default=str, ensure_ascii=False)),
    )
