"""贫困农户评估表, its scores (rulings 4 and 5)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models.rounds import Round
from assessment.models.rubrics import RubricVersion
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    SUPERSEDED = "superseded", "已被新表代替"
    REVIEW = "review", "复核表"


class SurveyPurpose(models.TextChoices):
    ASSESS = "assess", "评估"
    REVIEW = "review", "复核"


class Survey(models.Model):
    """贫困农户评估表 of one household in one round. On submission every input of a figure is frozen (ruling 4): village, group,
    persons, attribute, cause. A submitted form is never edited, it is superseded."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="surveys", db_index=False)  # survey_village begins with it
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
    people = models.CharField("人员分类", max_length=200, null=True, blank=True, help_text="提交时按基准日计的各类人数，如 OLD:2；空 = 没有计过。")
    household_version = models.PositiveIntegerField(default=0)
    derived = models.JSONField("自动带出的项", default=list, blank=True)
    surveyed_on = models.DateField("调查日期", null=True, blank=True)
    surveyor_name = models.CharField("调查员", max_length=64, blank=True)
    surveyor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    editors = models.JSONField("填过的账号", default=list, blank=True, help_text="每个改过草稿的账号，供回避判断。")
    imported = models.BooleanField("由名册导入", default=False)
    purpose = models.CharField("用途", max_length=8, choices=SurveyPurpose.choices, default=SurveyPurpose.ASSESS)
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
