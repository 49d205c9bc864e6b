"""Signed papers of a household: what it applied for, wished, declared and confirmed (A8-01, A8-13, B-19)."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models

from core.scope import ScopedQuerySet
from households.models.household import Household
from villages.models import County, Township, Village


class PaperKind(models.TextChoices):
    APPLICATION = "application", "贫困农户申请书"
    WISH = "wish", "贫困农户脱贫意愿书"
    REGISTRATION = "registration", "贫困农户基本情况登记表"
    SURVEY = "survey", "贫困农户评估表"
    INCOME = "income", "收入测算表"
    EXCLUSION = "exclusion", "排除情形佐证"
    EVENT = "event", "变动凭证"


class SigningWay(models.TextChoices):
    SCAN = "scan", "纸质签字扫描"
    SCREEN = "screen", "屏幕签字"


class ProxyReason(models.TextChoices):
    """Why somebody else of the family signed; no illness is named in the clear."""

    CANNOT_WRITE = "cannot_write", "本人不会写字"
    AWAY = "away", "本人外出，已电话同意"
    UNABLE = "unable", "本人不便签字"


class Paper(models.Model):
    """A signed paper as it came back: a scan, or a signature drawn on the screen. Insert-only; a better one is another row, and a wrong one
    is set aside by `PaperSetAside`. `facts_digest` names the printed version: what was signed is what stood then."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="papers")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PaperKind.choices)
    round_code = models.CharField("批次", max_length=24, blank=True)
    year = models.PositiveSmallIntegerField("收入年度", null=True, blank=True)
    household_version = models.PositiveIntegerField("户信息版本", default=0)
    survey_revision = models.PositiveSmallIntegerField("评估表版次", null=True, blank=True)
    facts_digest = models.CharField("所签内容校验码", max_length=64, blank=True)
    signed_on = models.DateField("签字日期")
    signer_name = models.CharField("签字人", max_length=64)
    signer_relation = models.CharField("与户主关系", max_length=2, blank=True)
    by_proxy = models.BooleanField("代签", default=False, help_text="本人不能签字的，由家人代签并按手印。")
    proxy_reason = models.CharField("代签原因", max_length=12, choices=ProxyReason.choices, blank=True)
    surveyor_name = models.CharField("调查员签字", max_length=64, blank=True)
    face_to_face = models.BooleanField("当面签字", default=False)
    way = models.CharField(max_length=8, choices=SigningWay.choices, default=SigningWay.SCAN)
    title = models.CharField("名称", max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, validators=[RegexValidator(r"^[0-9a-f]{64}\Z")])
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField("字节")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "签字材料"
        ordering = ["-at"]
        indexes = [models.Index(fields=["household", "kind"], name="paper_of_household")]

    @property
    def area_code(self) -> str:
        return self.village.code

    @property
    def is_set_aside(self) -> bool:
        return hasattr(self, "set_aside")


class PaperSetAside(models.Model):
    """作废: a paper that was put to the wrong household or cannot be read. Insert-only, with its reason."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="set_aside")
    reason = models.CharField("作废原因", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
