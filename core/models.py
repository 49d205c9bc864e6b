"""Ledger head, audit trail, change feed, idempotency keys and jobs: what every write and every long work leaves behind."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.plight import plight
from core.scope import ScopedQuerySet


class LedgerHead(models.Model):
    """One row whose lock orders audit and feed by commit (ruling 8). It is touched only by the last statements of a transaction."""

    audit_seq = models.BigIntegerField(default=0)
    audit_mac = models.CharField(max_length=64, default="", blank=True)
    feed_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="ledger_head_is_single")]


class KeyCheck(models.Model):
    """Known value under the field key: a wrong key is refused at start instead of writing unreadable rows (ruling 6)."""

    key_id = models.CharField(max_length=32, unique=True)
    value = models.TextField()


class AuditResult(models.TextChoices):
    OK = "ok", "成功"
    DENIED = "denied", "被拒绝"
    FAILED = "failed", "未办成"


class AuditRow(models.Model):
    """审计记录: who did what to which object, with result; append-only and chained by HMAC (trust L1-L3). Sensitive values are masked."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor_id_text = models.CharField(max_length=20, blank=True)
    actor_login = models.CharField(max_length=64, blank=True, db_index=True)
    ip = models.CharField(max_length=45, blank=True)
    session = models.CharField(max_length=16, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=64, db_index=True)
    object_kind = models.CharField(max_length=32, blank=True)
    object_code = models.CharField(max_length=64, blank=True)
    area_code = models.CharField(max_length=12, blank=True)
    result = models.CharField(max_length=8, choices=AuditResult.choices)
    detail = models.JSONField(default=dict)
    prev_mac = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["object_kind", "object_code", "seq"], name="audit_object")]


class ChangeOp(models.TextChoices):
    UPSERT = "upsert", "新增或修改"
    DELETE = "delete", "移出"


class ChangeQuerySet(ScopedQuerySet):
    def after(self, seq: int):
        return self.filter(seq__gt=seq).order_by("seq")


class Change(models.Model):
    """Change feed in commit order. A row that leaves an area is a `delete` row with that area's columns (tombstone, ruling 8).

    Place columns are plain ids, not foreign keys: core knows no places, and a feed row outlives a merged village.
    """

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    code = models.CharField(max_length=64)
    op = models.CharField(max_length=8, choices=ChangeOp.choices)
    county_id = models.BigIntegerField(null=True, blank=True)
    township_id = models.BigIntegerField(null=True, blank=True)
    village_id = models.BigIntegerField(null=True, blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["county_id", "seq"], name="change_county"),
            models.Index(fields=["township_id", "seq"], name="change_township"),
            models.Index(fields=["village_id", "seq"], name="change_village"),
        ]


class IdempotencyKey(models.Model):
    """One row for each accepted request of a user on a route (ruling 9). Holds the body's hash and the object, never the response."""

    user_key = models.CharField(max_length=40)
    route = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    object_code = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_key", "route", "key"], name="idempotency_once")]


class JobState(models.TextChoices):
    QUEUED = "queued", "排队"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """Long work. The row, not the queue, is the truth: claim and final write carry a lease token (ruling 10)."""

    LIVE = (JobState.QUEUED, JobState.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cancel_requested = models.BooleanField(default=False)
    cancellable = models.BooleanField(default=True)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_note = models.CharField(max_length=120, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    file_name = models.CharField(max_length=160, blank=True)
    file_path = models.CharField(max_length=255, blank=True)
    file_expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_reaper"),
            models.Index(fields=["requested_by", "-created_at"], name="job_mine"),
        ]

    @property
    def percent(self) -> int | None:
        """Progress in whole percent; None while the total is unknown."""
        return min(100, self.progress_done * 100 // self.progress_total) if self.progress_total else None

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def plight(self) -> str:
        return plight(self.state, self.attempts, self.created_at, self.lease_until, timezone.now())


class FormDraft(models.Model):
    """What somebody typed on a form and has not saved yet: sealed whole, for that account alone, gone after 30 days (ruling 13).
    `subject` is the code of what the form is about, `tab` the browser tab that wrote last: another tab on the same draft is warned (trust 7)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=64)
    tab = models.CharField(max_length=36, blank=True)
    version = models.PositiveIntegerField(default=1)
    base_version = models.PositiveIntegerField(default=0)
    content_enc = models.TextField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "subject"], name="draft_once")]
