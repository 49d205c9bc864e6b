"""随机抽查 and 算账 of the 清查组: who is visited again, what was found, what the household is reckoned to earn (A9-04, D4-07, D6-09)."""

import uuid

from django.conf import settings
from django.db import models

from assessment.models.cases import Case
from assessment.models.sittings import Sitting
from assessment.models.surveys import Survey
from assessment.rechecks import OUTCOMES
from assessment.sampling import METHOD
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village


class Sample(models.Model):
    """One draw from the list of a meeting, with all that it needs to be drawn again: `frame` = [[household code, tier], …] and `seed`.

    Insert-only: another draw is another row with a reason, the first stays. A meeting that is held anew after it was cancelled has the
    samples of the cancelled one.
    """

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="samples")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("第几次抽查", default=1)
    method = models.PositiveSmallIntegerField("抽法", default=METHOD)
    seed = models.CharField("种子", max_length=64)
    size = models.PositiveSmallIntegerField("抽几户")
    frame = models.JSONField("被抽的名单", help_text="[户编号, 得分档次]，按户编号。")
    digest = models.CharField("名单校验码", max_length=64)
    reason = models.CharField("再抽的理由", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["sitting_id", "number"]
        verbose_name = "随机抽查"
        constraints = [models.UniqueConstraint(fields=["sitting", "number"], name="sample_once", violation_error_message="这一次抽查已经抽过。")]

    @property
    def area_code(self) -> str:
        return self.village.code


class SampleLine(models.Model):
    """A household that was drawn, in the order of the line."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sampled")
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        ordering = ["sample_id", "position"]
        constraints = [models.UniqueConstraint(fields=["sample", "case"], name="sampled_once")]


class Recheck(models.Model):
    """What one re-visit found. `changes` = indicator → option as it should be, `income_lines` = columns of the income sheet that differ;
    points and tier as scored with the changes. Insert-only: the last one of the case's pass counts, the earlier ones stay."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(SampleLine, on_delete=models.PROTECT, related_name="rechecks")
    pass_no = models.PositiveSmallIntegerField("第几轮")
    visited_on = models.DateField("入户日期")
    visitors = models.JSONField("复核人", default=list)
    outcome = models.CharField("结果", max_length=8, choices=OUTCOMES)
    survey = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField("改正的答案", default=dict)
    income_lines = models.JSONField("有出入的收入项", default=list)
    note_enc = models.TextField("说明", blank=True)
    points_before = models.PositiveSmallIntegerField("原得分", null=True, blank=True)
    tier_before = models.CharField("原档次", max_length=8, blank=True)
    points = models.PositiveSmallIntegerField("复核得分", null=True, blank=True)
    tier = models.CharField("复核档次", max_length=8, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["line_id", "pk"]
        verbose_name = "抽查复核"

    @property
    def changes_tier(self) -> bool:
        return bool(self.tier and self.tier != self.tier_before)


class IncomeCheck(models.Model):
    """清查组算账: the household's income of a year as the 清查组 reckons it, line by line, beside what was on file then. Insert-only: the last
    one of a meeting counts. `parts` = column of the income sheet → yuan as text."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="income_checks")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="income_checks")
    year = models.PositiveSmallIntegerField("收入年度")
    parts = models.JSONField("各项收支", default=dict)
    persons = models.PositiveSmallIntegerField("人口")
    net = models.DecimalField("纯收入（元）", max_digits=12, decimal_places=2)
    per_head = models.IntegerField("人均纯收入（元）")
    reported = models.IntegerField("户里报的人均（元）", null=True, blank=True)
    poverty_line = models.PositiveIntegerField("扶贫标准（元）", null=True, blank=True)
    allowed = models.PositiveSmallIntegerField("允许相差（%）")
    note_enc = models.TextField("说明", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["case_id", "pk"]
        verbose_name = "清查组算账"
