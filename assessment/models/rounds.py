"""识别批次: a county's campaign (rulings 14 and 20)."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from assessment.income_checks import DEPARTURE
from assessment.models.rubrics import RubricVersion
from assessment.sampling import LEAST, MOST_DRAWN, MOST_PERCENT, PERCENT
from core.scope import Scope
from villages.models import County
from villages.selectors import counties


class RoundStatus(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class RoundScope(models.TextChoices):
    EVERY_HOUSEHOLD = "all", "全部农户"
    LISTED_AND_APPLIED = "listed", "在册户和申请户"


class RoundQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        """A round is its county's: whoever has any area in the county sees it."""
        return self.filter(county__in=counties(scope))

    def open(self):
        return self.filter(status=RoundStatus.OPEN)


class Round(models.Model):
    """识别批次: a county's campaign. Pins procedure and rubric; `reference_date` governs ages and population year (ruling 20)."""

    code = models.CharField("批次号", max_length=24, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z-]+\Z")])
    name = models.CharField("名称", max_length=64)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField("年度")
    reference_date = models.DateField("基准日")
    kind = models.CharField("类型", max_length=12, default="identify")
    procedure = models.CharField("程序", max_length=12, default="qxn")
    procedure_digest = models.CharField("程序校验码", max_length=64, blank=True, editable=False)
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="rounds")
    survey_scope = models.CharField(max_length=8, choices=RoundScope.choices, default=RoundScope.LISTED_AND_APPLIED)
    status = models.CharField(max_length=8, choices=RoundStatus.choices, default=RoundStatus.OPEN)
    survey_deadline = models.DateField("评估截止", null=True, blank=True)
    stage_deadlines = models.JSONField("各阶段截止", default=dict, blank=True, help_text="阶段代码到日期（YYYY-MM-DD）。")
    notice_days = models.PositiveSmallIntegerField("公示天数", default=0, help_text="0 = 按程序的天数；只能更长。")
    sample_percent = models.PositiveSmallIntegerField("随机抽查比例（%）", default=PERCENT, validators=[MinValueValidator(1), MaxValueValidator(MOST_PERCENT)])
    sample_least = models.PositiveSmallIntegerField("随机抽查最少户数", default=LEAST, validators=[MinValueValidator(1), MaxValueValidator(MOST_DRAWN)])
    income_departure = models.PositiveSmallIntegerField("算账允许相差（%）", default=DEPARTURE, validators=[MaxValueValidator(MOST_PERCENT)])
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-reference_date", "code"]
        verbose_name = "识别批次"

    def __str__(self) -> str:
        return self.name
