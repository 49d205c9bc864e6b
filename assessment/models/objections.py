"""异议: named or anonymous; holds that household only; handled by somebody independent, confirmed by the county (ruling 19, N5)."""

import uuid

from django.conf import settings
from django.db import models

from assessment.models.cases import Case
from assessment.models.notices import Notice
from assessment.models.rounds import Round
from assessment.models.surveys import Survey
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village


class ObjectionKind(models.TextChoices):
    OMITTED = "omitted", "漏评"
    WRONG = "wrong", "错评"
    UNTRUE = "untrue", "信息不实"


class ObjectionChannel(models.TextChoices):
    VILLAGE = "village", "村里登记"
    TOWNSHIP = "township", "乡镇登记"
    PUBLIC = "public", "公示页提出"


class ObjectionWay(models.TextChoices):
    """How it came in; the hotline and a letter are written down by whoever takes them."""

    FACE = "face", "当面"
    PAPER = "paper", "书面"
    PHONE = "phone", "电话（含 12317）"
    WEB = "web", "网页"


class ObjectionStatus(models.TextChoices):
    LODGED = "lodged", "待受理"
    HANDLING = "handling", "核查中"
    PROPOSED = "proposed", "待县定"
    CLOSED = "closed", "已办结"


class Outcome(models.TextChoices):
    KEEP = "keep", "维持原结果"
    CHANGE = "change", "改定类别"
    RETURN = "return", "退回重评"
    REMOVE = "remove", "不予列入"
    ADD = "add", "补入评议"


OPEN_STATUSES = (ObjectionStatus.LODGED, ObjectionStatus.HANDLING, ObjectionStatus.PROPOSED)


class ObjectionQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(status__in=OPEN_STATUSES)


class Objection(models.Model):
    """`code` is the receipt number a citizen is given. Free texts, name and phone of the one who objects are sealed (ruling 6)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("受理号", max_length=24, unique=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="objections")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=8, choices=ObjectionKind.choices)
    channel = models.CharField("途径", max_length=8, choices=ObjectionChannel.choices)
    way = models.CharField("方式", max_length=5, choices=ObjectionWay.choices, blank=True)
    anonymous = models.BooleanField("匿名", default=False)
    target_enc = models.TextField("对象（未登记的户）", blank=True)
    lodger_enc = models.TextField("提出人", blank=True)
    phone_enc = models.TextField("联系电话", blank=True)
    text_enc = models.TextField("意见和理由")
    status = models.CharField(max_length=8, choices=ObjectionStatus.choices, default=ObjectionStatus.LODGED)
    lodged_at = models.DateTimeField()
    due_on = models.DateField("办结期限", null=True, blank=True)
    lodged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    review = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    visited_on = models.DateField("入户复核日期", null=True, blank=True)
    proposal = models.CharField("核查意见", max_length=8, choices=Outcome.choices, blank=True)
    proposed_category = models.CharField(max_length=8, blank=True)
    finding_enc = models.TextField("核查情况", blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField("处理结果", max_length=8, choices=Outcome.choices, blank=True)
    answer_enc = models.TextField("答复", blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-lodged_at", "pk"]
        verbose_name = "异议"
        indexes = [models.Index(fields=["village", "status"], name="objection_village")]

    @property
    def area_code(self) -> str:
        return self.village.code
