"""村表, 乡镇表, 县表 as papers that go up: filled, signed twice, sent, taken or sent back (D6-03 to D6-09)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models import Round
from core.scope import ScopedQuerySet
from households.models import Household
from reports.models.snapshots import Snapshot
from villages.models import County, Township, Village


class DocumentStatus(models.TextChoices):
    DRAFT = "draft", "填报中"
    SIGNED = "signed", "填报人已签"
    CONFIRMED = "confirmed", "负责人已签"
    SUBMITTED = "submitted", "已上报"
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "已退回"


class TableDocument(models.Model):
    """One paper about one frozen table. `version` moves with every step. Sent back, it stays as it was and a new one (`edition` + 1)
    takes its place; accepted, it moves no more."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="documents")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="documents")
    level = models.CharField("级别", max_length=8)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=12)
    edition = models.PositiveSmallIntegerField("第几次上报", default=1)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField("状态", max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.DRAFT)
    remarks = models.CharField("填报说明", max_length=500, blank=True)
    due = models.DateField("上报期限", null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField("逾期上报", default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "上报表"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "level", "area_code"],
                condition=~Q(status="returned"),
                name="one_living_document",
                violation_error_message="这个地区在本批次已有一份上报表。",
            ),
            models.UniqueConstraint(fields=["round", "level", "area_code", "edition"], name="document_edition_once"),
        ]

    @property
    def place(self) -> County | Township | Village:
        return self.village or self.township or self.county


class DocumentStep(models.Model):
    """What somebody did to a document: insert-only, sealed over the frozen table, the remarks and the step before."""

    class Kind(models.TextChoices):
        MADE = "made", "建表"
        SIGNED = "signed", "填报人签字"
        CONFIRMED = "confirmed", "负责人签字"
        REOPENED = "reopened", "撤回签字"
        SUBMITTED = "submitted", "上报"
        ACCEPTED = "accepted", "接收"
        RETURNED = "returned", "退回"

    document = models.ForeignKey(TableDocument, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField("经办人", max_length=64)
    at = models.DateTimeField()
    previous = models.CharField(max_length=128, blank=True)
    mac = models.CharField(max_length=128)

    class Meta:
        ordering = ["document_id", "pk"]


class DocumentCopy(models.Model):
    """一式三份: which copy went to whom, when. Insert-only."""

    document = models.ForeignKey(TableDocument, on_delete=models.PROTECT, related_name="copies")
    copy_no = models.PositiveSmallIntegerField("第几份")
    holder = models.CharField("存放单位", max_length=64)
    received_by = models.CharField("签收人", max_length=32, blank=True)
    given_on = models.DateField("交付日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["document_id", "copy_no"]
        constraints = [models.UniqueConstraint(fields=["document", "copy_no"], name="document_copy_once")]


class SpotFinding(models.Model):
    """抽查: what an office above found wrong in a document, and the points it takes off (D6-09). Only that it was mended is added later."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(TableDocument, on_delete=models.PROTECT, related_name="findings")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text_enc = models.TextField(help_text="发现的问题，加密。")
    points = models.DecimalField("扣分", max_digits=4, decimal_places=1)
    found_on = models.DateField("抽查日期")
    mend_by = models.DateField("整改期限", null=True, blank=True)
    mended_on = models.DateField("整改日期", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField("抽查人", max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["document_id", "pk"]


class DocumentDeadline(models.Model):
    """The day by which the documents of a level must be sent up, where a county sets its own."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="document_deadlines")
    level = models.CharField(max_length=8)
    due = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "level"], name="document_deadline_once")]
