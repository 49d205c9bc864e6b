"""评议会、审核会: saved panels, meetings with their open ballots, and the papers that prove them (rulings 16-18)."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.models import Delegation
from assessment.models.cases import Case
from assessment.models.rounds import Round
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village, VillagerGroup

SHA256 = RegexValidator(r"^[0-9a-f]{64}\Z")


class PanelKind(models.TextChoices):
    GROUP = "group", "评议小组"
    VILLAGE = "village", "村民代表"
    INSPECTION = "inspection", "清查组"


class Panel(models.Model):
    """Saved once, chosen at a sitting, which keeps its own copy (ruling 17). `members` = [{"name": …, "post": …}]."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("种类", max_length=12, choices=PanelKind.choices)
    name = models.CharField("名称", max_length=64)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    members = models.JSONField("成员", default=list)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "village_id", "group_id", "name"]
        verbose_name = "评议小组"

    @property
    def area_code(self) -> str:
        return self.village.code if self.village_id else self.township.code


class SittingKind(models.TextChoices):
    REGULAR = "regular", "评议"
    SUPPLEMENTARY = "supplementary", "补充评议"
    REVIEW = "review", "异议定案"


class SittingStatus(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"
    DROPPED = "dropped", "已取消"


class Sitting(models.Model):
    """One meeting or review at one stage for one village (or one of its groups). Closing freezes the row, inserts a Verdict for each
    case and seals the list (ruling 21). `list_seal` = MAC over the head and the ordered leaves."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sittings")
    stage = models.CharField("阶段", max_length=8)
    kind = models.CharField("种类", max_length=14, choices=SittingKind.choices, default=SittingKind.REGULAR)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ungrouped = models.BooleanField("未分组农户", default=False, help_text="按组开的会里，没有分组的农户单开一次。")
    number = models.PositiveSmallIntegerField("第几次", default=1)
    status = models.CharField(max_length=8, choices=SittingStatus.choices, default=SittingStatus.OPEN)
    held_on = models.DateField("日期", null=True, blank=True)
    held_at = models.CharField("地点", max_length=64, blank=True)
    chair = models.CharField("主持人", max_length=32, blank=True)
    recorder = models.CharField("记录人", max_length=32, blank=True)
    panel_name = models.CharField("小组", max_length=64, blank=True)
    panel = models.JSONField("组成人员", default=list, help_text="[{name, post, present}]，会议自己的一份。")
    expected = models.PositiveSmallIntegerField("应到", null=True, blank=True)
    present = models.PositiveSmallIntegerField("实到", null=True, blank=True)
    document_no = models.CharField("文号", max_length=64, blank=True)
    missing = models.JSONField("缺的组或村", default=list, help_text="名称；开会和结束时还没走到这一阶段的。")
    missing_reason = models.CharField("缺组、缺村原因", max_length=200, blank=True)
    checks = models.JSONField("四关", default=dict, help_text="检查代码到 true/false，全名单一次。")
    minutes_enc = models.TextField("会议记录", blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    delegation = models.ForeignKey(Delegation, verbose_name="代谁办理", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField("结果户数", default=dict)
    list_seal = models.CharField("名单校验码", max_length=128, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "pk"]
        verbose_name = "会议"
        indexes = [models.Index(fields=["round", "village", "stage", "status"], name="sitting_village")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "stage", "village", "group"],
                condition=Q(status="open", group__isnull=False),
                name="one_open_group_sitting",
                violation_error_message="这个组已有正在进行的会议。",
            ),
            models.UniqueConstraint(
                fields=["round", "stage", "village", "ungrouped"],
                condition=Q(status="open", group__isnull=True),
                name="one_open_village_sitting",
                violation_error_message="这个村已有正在进行的会议。",
            ),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code

    @property
    def closer(self) -> str:
        """Who decided, and in whose place."""
        name = self.closed_by.name if self.closed_by_id else ""
        return f"{name}（代 {self.delegation.principal.name} 办理）" if name and self.delegation_id else name


class Ballot(models.Model):
    """What has been entered for one household in an open sitting; becomes a Verdict when the sitting closes. A household without
    a ballot is among "其余全部同意"."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="ballots")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    opinion = models.CharField("意见", max_length=6)
    category = models.CharField("类别", max_length=8, blank=True)
    votes_for = models.PositiveSmallIntegerField("同意票", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("不同意票", null=True, blank=True)
    return_to = models.CharField("退回到", max_length=8, blank=True)
    reasons = models.JSONField("理由", default=list)
    note_enc = models.TextField("说明", blank=True)
    checks_failed = models.JSONField("没有过的关", default=list)
    recused = models.JSONField("回避的成员", default=list)
    namesakes = models.JSONField("同名不是本人", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["sitting_id", "case_id"]
        constraints = [models.UniqueConstraint(fields=["sitting", "case"], name="ballot_once")]


class EvidenceKind(models.TextChoices):
    MINUTES = "minutes", "会议记录签字件"
    SIGN_IN = "sign_in", "签到表"
    POSTING = "posting", "张贴照片"
    OBJECTION = "objection", "异议材料"
    WAIVER = "waiver", "放弃声明签字件"


class Evidence(models.Model):
    """A scan or photo that proves a meeting, a posting, an objection or a waiver: the file lies outside the web root under its hash.
    Insert-only; a better scan is another row."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    sheet = models.ForeignKey("NoticeSheet", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    objection = models.ForeignKey("Objection", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField("名称", max_length=64)
    sha256 = models.CharField(max_length=64, validators=[SHA256])
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField("字节")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="空 = 公示页上交来的。"
    )
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        verbose_name = "佐证材料"

    @property
    def area_code(self) -> str:
        return self.village.code
