"""Imports of workbooks: the run, its faults, its staged rows (ruling 11)."""

import uuid

from django.conf import settings
from django.db import models

from villages.models import County


class ImportRun(models.Model):
    """One import of a workbook: checked, staged, committed or thrown away (ruling 11). The job carries the progress."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        REFUSED = "refused", "有错误，未导入"
        READY = "ready", "已核对，待导入"
        COMMITTED = "committed", "已导入"
        CANCELLED = "cancelled", "已取消"
        UNDONE = "undone", "已撤销"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.OneToOneField("core.Job", null=True, on_delete=models.SET_NULL, related_name="import_run")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    round_code = models.CharField(max_length=24)
    file_name = models.CharField(max_length=160)
    file_digest = models.CharField(max_length=64)
    file_path = models.CharField(max_length=255, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]


class ImportProblem(models.Model):
    """One fault of one cell: where, what, why, how to mend. Secret values are masked before they get here."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=64)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    remedy = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["run_id", "severity", "sheet", "row", "id"]


class StagedRow(models.Model):
    """A checked row on its way in: `content_enc` is the encrypted JSON of the household or form. Expires with the run."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="staged")
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=18)
    op = models.CharField(max_length=8, blank=True, help_text="new, changed 或 same。")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    content_enc = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "kind", "code"], name="staged_once")]
        indexes = [models.Index(fields=["run", "kind", "op", "id"], name="staged_by_op")]


class Suspicion(models.Model):
    """疑似重复: a person or household of the file that may already stand in the register under another number or code, both sides sealed.
    `key_index` is a blind index over the two sides, so that a verdict is remembered for later files without a name being kept for it."""

    class Kind(models.TextChoices):
        PERSON = "person", "疑似同一人"
        HOUSEHOLD = "household", "疑似同一户"

    class Verdict(models.TextChoices):
        SAME = "same", "是同一个"
        OTHER = "other", "不是同一个"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="suspicions")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField("文件中的户编号", max_length=18)
    key_index = models.CharField(max_length=96, db_index=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_enc = models.TextField()
    verdict = models.CharField(max_length=5, choices=Verdict.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "key_index"], name="suspected_once_a_run")]


class UndoPart(models.Model):
    """What an import changed, some hundred households a row: version after, values before. Sealed; thrown away when undoing is no longer offered."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="undo_parts")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    content_enc = models.TextField()
