"""疑点: what the rules of `households.quality` found, one row a finding, worked off with a reason (brief 3.13, ruling 11)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.scope import ScopedQuerySet
from households.models.household import Household
from households.models.people import Membership
from villages.models import County, Township, Village, VillagerGroup


class DoubtState(models.TextChoices):
    OPEN = "open", "待核实"
    KEPT = "kept", "已说明"
    MENDED = "mended", "已消除"


class Doubt(models.Model):
    """One finding of one rule about one household, one member or one village. `fingerprint` is what was found: a doubt that was explained
    stays explained while that stays the same, and opens again when the facts make it another."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="doubts")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="doubts")
    subject = models.CharField(max_length=64, help_text="户、成员或村的标识，与规则一起唯一。")
    rule = models.CharField("规则", max_length=16)
    family = models.PositiveSmallIntegerField("类别")
    severity = models.CharField("程度", max_length=8)
    weight = models.PositiveSmallIntegerField("轻重", default=0)
    message = models.CharField("疑点", max_length=200)
    remedy = models.CharField("怎样改", max_length=200, blank=True)
    fact = models.CharField("对应项", max_length=32, blank=True)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=DoubtState.choices, default=DoubtState.OPEN)
    found_at = models.DateTimeField("发现时间")
    seen_at = models.DateTimeField("最近核对")
    note_enc = models.TextField(blank=True, help_text="说明，加密。")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "疑点"
        ordering = ["-weight", "household_id", "rule", "pk"]
        indexes = [
            models.Index(fields=["village", "state", "-weight"], name="doubt_village"),
            models.Index(fields=["county", "state", "rule"], name="doubt_rule"),
            models.Index(fields=["household", "state"], name="doubt_household"),
        ]
        constraints = [models.UniqueConstraint(fields=["rule", "subject"], name="doubt_once_a_subject")]

    @property
    def area_code(self) -> str:
        return self.village.code


class QualityRun(models.Model):
    """核对 of an area by a set of rules: when, with which rules and thresholds, how many households, how many doubts."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="quality_run")
    rules_digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    households = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="{程度: 条数}。")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        verbose_name = "疑点核对"


class DoubtDay(models.Model):
    """How many doubts of a rule were open in a village at the end of a day: the points of the trend."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    rule = models.CharField(max_length=16)
    open = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "day", "rule"], name="doubt_day_once")]


class QualitySetting(models.Model):
    """Thresholds and severities of a county where they differ from the defaults; a change runs the rules again."""

    SCOPE_COLUMNS = ("county_id", None, None)

    county = models.OneToOneField(County, on_delete=models.PROTECT, related_name="quality_setting")
    thresholds = models.JSONField(default=dict, help_text="{阈值代码: 数值}，只存与默认不同的。")
    severities = models.JSONField(default=dict, help_text="{规则代码: 程度或 off}。")
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()


class Exclusion(models.Model):
    """One of the ten exclusion conditions (D6-02) as it stands for a household: what the facts say, what was asked, and an override."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="exclusions")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    code = models.CharField("情形", max_length=2)
    asked = models.BooleanField("入户询问的回答", null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    override_enc = models.TextField(blank=True, help_text="仍应列入的书面理由，加密。")
    paper = models.ForeignKey("households.Paper", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField("乡核确认", null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirm_note_enc = models.TextField(blank=True, help_text="乡镇确认或不同意的说明，加密。")
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "排除情形"
        ordering = ["household_id", "code"]
        constraints = [
            models.UniqueConstraint(fields=["household", "code"], name="exclusion_once"),
            models.CheckConstraint(condition=Q(confirmed__isnull=True) | Q(overridden_at__isnull=False), name="exclusion_confirms_an_override"),
        ]
