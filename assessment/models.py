"""Judgement: rubric, round, survey, score (rulings 4, 5, 14)."""

import json
import uuid
from functools import lru_cache

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from assessment.rubric import Rubric, parse_rubric
from core.scope import Scope, ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup
from villages.selectors import counties


@lru_cache(maxsize=16)
def _parsed(document: str) -> Rubric:
    return parse_rubric(json.loads(document))


class RubricStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


class RubricVersion(models.Model):
    """评估表版本: `document` is the canonical JSON of `assessment.rubric.Rubric`; published = immutable in the database too."""

    code = models.CharField("版本号", max_length=32, unique=True)
    name = models.CharField("名称", max_length=64)
    status = models.CharField(max_length=10, choices=RubricStatus.choices, default=RubricStatus.DRAFT)
    document = models.TextField()
    digest = models.CharField("校验码", max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "评估表"

    @property
    def value(self) -> Rubric:
        """The rubric as a value; parsed once per document."""
        return _parsed(self.document)


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
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="rounds")
    survey_scope = models.CharField(max_length=8, choices=RoundScope.choices, default=RoundScope.LISTED_AND_APPLIED)
    status = models.CharField(max_length=8, choices=RoundStatus.choices, default=RoundStatus.OPEN)
    survey_deadline = models.DateField("评估截止", null=True, blank=True)
    opened_at = models.DateTimeField()

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-reference_date", "code"]
        verbose_name = "识别批次"

    def __str__(self) -> str:
        return self.name


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    SUPERSEDED = "superseded", "已被新表代替"


class Survey(models.Model):
    """贫困农户评估表 of one household in one round. On submission every input of a figure is frozen (ruling 4): village, group,
    persons, attribute, cause. A submitted form is never edited, it is superseded."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="surveys")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="surveys")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField("第几版", default=1)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=SurveyStatus.choices, default=SurveyStatus.DRAFT)
    answers = models.CharField("答案", max_length=64, help_text="按评估表顺序的选项序号，未答为 -。")
    look_points = models.CharField("各看小计", max_length=64, blank=True, help_text="逗号分隔。")
    remarks_enc = models.TextField(blank=True, help_text="各看说明，加密 JSON。")
    persons = models.PositiveSmallIntegerField("人口", default=0)
    attribute = models.CharField(max_length=2, blank=True)
    cause = models.CharField(max_length=2, blank=True)
    household_version = models.PositiveIntegerField(default=0)
    derived = models.JSONField("自动带出的项", default=list, blank=True)
    surveyed_on = models.DateField("调查日期", null=True, blank=True)
    surveyor_name = models.CharField("调查员", max_length=64, blank=True)
    surveyor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    imported = models.BooleanField("由名册导入", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    score = models.ForeignKey("Score", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "household_id", "-revision"]
        verbose_name = "评估表"
        indexes = [models.Index(fields=["round", "village", "status"], name="survey_village")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "household"],
                condition=Q(status="submitted"),
                name="one_submitted_survey",
                violation_error_message="这一户在本批次已有提交的评估表。",
            ),
            models.UniqueConstraint(
                fields=["round", "household"],
                condition=Q(status="draft"),
                name="one_draft_survey",
                violation_error_message="这一户在本批次已有草稿。",
            ),
            models.UniqueConstraint(fields=["round", "household", "revision"], name="survey_revision_once"),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code


class ScoreRun(models.Model):
    """重算得分: an audited run with a diff (ruling 5)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="score_runs")
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    compared = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)


class Score(models.Model):
    """Insert-only: what a form scored under a rubric; `Survey.score` points to the current one (ruling 5)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="scores")
    rubric = models.ForeignKey(RubricVersion, on_delete=models.PROTECT, related_name="+")
    rubric_digest = models.CharField(max_length=64)
    run = models.ForeignKey(ScoreRun, null=True, blank=True, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField("得分")
    look_points = models.CharField("各看小计", max_length=64)
    tier = models.CharField("档次", max_length=8)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tier", "points"], name="score_tier")]


class Doubt(models.Model):
    """疑点: an answer that contradicts a household fact. Signed paper is not changed for it, it is asked about (ruling 11).

    The ground for keeping the answer is sealed with the form's remarks: it may tell of an illness (ruling 6).
    """

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="doubts")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=4)
    message = models.CharField(max_length=200)
    open = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["survey_id", "indicator"]
        constraints = [models.UniqueConstraint(fields=["survey", "indicator"], name="doubt_once")]
