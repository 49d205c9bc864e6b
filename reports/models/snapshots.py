"""定稿: a table that no longer moves, with all that is needed to make it again (rulings 22, 23)."""

import uuid

from django.conf import settings
from django.db import models

from assessment.models import Round
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village


class Snapshot(models.Model):
    """A frozen 村表, 乡镇表 or 县表. Insert-only; `body` are the canonical bytes of its cells, `mac` is over everything that is frozen, and
    `previous` chains it to the same area's snapshot before it in the round. The place is frozen too: a merge leaves it alone."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    serial = models.CharField("定稿编号", max_length=48, unique=True)
    format = models.PositiveSmallIntegerField(default=1)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="snapshots")
    level = models.CharField("级别", max_length=8)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=12)
    area_name = models.CharField(max_length=64)
    rubric_digest = models.CharField(max_length=64)
    catalog_version = models.CharField(max_length=16)
    audit_seq = models.BigIntegerField()
    feed_seq = models.BigIntegerField()
    list_seals = models.JSONField(default=list, help_text="[[会议编号, 阶段, 名单锁定校验码]…]")
    columns = models.TextField(help_text="各栏的声明，规范 JSON。")
    lines = models.TextField(help_text="[[行的地区代码, 名称]…]，规范 JSON。")
    body = models.TextField(help_text="各格的规范 JSON。")
    digest = models.CharField("校验码", max_length=64, help_text="body 的 SHA-256。")
    table_digest = models.CharField(max_length=64, help_text="与页面和导出文件上相同的内容校验码。")
    previous = models.CharField(max_length=128, blank=True)
    mac = models.CharField(max_length=128)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField("定稿人", max_length=64)
    at = models.DateTimeField("定稿时间")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "定稿"
        indexes = [models.Index(fields=["round", "level", "area_code", "-at"], name="snapshot_of_area")]

    @property
    def place(self) -> County | Township | Village:
        return self.village or self.township or self.county


class SnapshotPart(models.Model):
    """One villager group (or 未分组) of a snapshot: its base figures, and the households behind each. `line` = the row of the table that
    it adds to. Both texts are canonical JSON; `behind` is {predicate: household ids}, and `digest` is the SHA-256 over the part."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="parts")
    position = models.PositiveIntegerField()
    line = models.CharField(max_length=16)
    village_code = models.CharField(max_length=12)
    group_code = models.CharField(max_length=16, blank=True)
    figures = models.TextField()
    behind = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["snapshot_id", "position"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "position"], name="snapshot_part_once")]
