"""公示: frozen sheets, one per group, whose clock starts with the last posting (ruling 19; trust N1-N7)."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models.cases import Case
from assessment.models.rounds import Round
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup


def new_token() -> str:
    return secrets.token_urlsafe(18)


class NoticeKind(models.TextChoices):
    REGULAR = "regular", "公示"
    SUPPLEMENTARY = "supplementary", "补充公示"


class NoticeStatus(models.TextChoices):
    PREPARING = "preparing", "待张贴"
    OPEN = "open", "公示中"
    ENDED = "ended", "已期满"
    WITHDRAWN = "withdrawn", "已撤回"


class NoticeQuerySet(ScopedQuerySet):
    def on_show(self, now):
        """Open to the public at `now`: an expiry is a predicate when read (ruling 13)."""
        return self.filter(status=NoticeStatus.OPEN, opened_at__lte=now, ends_at__gt=now)

    def run_out(self, now):
        return self.filter(status=NoticeStatus.OPEN, ends_at__lte=now)


class Notice(models.Model):
    """A village's notice at a notice stage. `ends_at` is set once, with the last posting, and never moves. `check_code` is a hash
    over the public bytes only; `seal` is the MAC over everything frozen."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.CharField("公开网址码", max_length=32, unique=True, default=new_token)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notices")
    stage = models.CharField(max_length=8)
    kind = models.CharField("种类", max_length=14, choices=NoticeKind.choices, default=NoticeKind.REGULAR)
    number = models.PositiveSmallIntegerField("第几次", default=1)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField("天数")
    title = models.CharField("标题", max_length=96)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="更正公示：替代已经张贴又撤回的那一份。"
    )
    document_no = models.CharField("文号", max_length=64, blank=True)
    hotline = models.CharField("监督举报电话", max_length=64)
    office = models.CharField("受理单位", max_length=64)
    office_place = models.CharField("受理地点", max_length=96)
    signed_by = models.CharField("落款", max_length=64)
    status = models.CharField(max_length=10, choices=NoticeStatus.choices, default=NoticeStatus.PREPARING)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    opened_at = models.DateTimeField("起算时间", null=True, blank=True)
    ends_at = models.DateTimeField("截止时间", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    check_code = models.CharField("校验码", max_length=64)
    seal = models.CharField(max_length=128)
    version = models.PositiveIntegerField(default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "pk"]
        verbose_name = "公示"
        indexes = [models.Index(fields=["status", "ends_at"], name="notice_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "stage", "village"],
                condition=Q(status="preparing"),
                name="one_notice_in_preparation",
                violation_error_message="这个村已有一份待张贴的公示。",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("opened_at")), name="notice_ends_after_opening"
            ),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code


class NoticeSheet(models.Model):
    """The sheet of one group: who put it up where and when. Posting is written once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sheets")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group_name = models.CharField("组", max_length=64)
    posted_at = models.DateTimeField("张贴时间", null=True, blank=True)
    posted_place = models.CharField("张贴地点", max_length=96, blank=True)
    posted_name = models.CharField("张贴人", max_length=32, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["notice_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "group_name"], name="sheet_once")]


class NoticeLine(models.Model):
    """One household on a sheet, by the allow list of N1 and nothing else. The board shows `head_name`, the web `masked_name`."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="lines")
    sheet = models.ForeignKey(NoticeSheet, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notice_lines")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    pass_no = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField("序号")
    head_name = models.CharField("户主", max_length=64)
    masked_name = models.CharField("户主（遮盖）", max_length=64)
    persons = models.PositiveSmallIntegerField("人数")
    category = models.CharField("类别", max_length=8, blank=True)
    result = models.CharField("公示结果", max_length=64)

    class Meta:
        ordering = ["notice_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "case"], name="notice_line_once"),
            models.UniqueConstraint(fields=["notice", "position"], name="notice_position_once"),
        ]
