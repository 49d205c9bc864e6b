"""A household's way through a round, and the named 变更 that sends it back (rulings 14-17)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models.rounds import Round
from assessment.models.surveys import Score, Survey
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup


class CaseState(models.TextChoices):
    OPEN = "open", "办理中"
    HELD = "held", "异议核查中"
    CONCLUDED = "concluded", "已认定"
    REJECTED = "rejected", "不予列入"
    ENDED = "ended", "已终止"


LIVE = (CaseState.OPEN, CaseState.HELD)


class EndReason(models.TextChoices):
    """Ways in which a case ends without a decision (ruling 19)."""

    GIVEN_UP = "given_up", "自愿放弃"
    DIED = "died", "死亡"
    MOVED = "moved", "外迁"
    LEFT = "left", "整户外出"


class CaseQuerySet(ScopedQuerySet):
    def live(self):
        return self.filter(state__in=LIVE)

    def at_stage(self, stage: str):
        """Cases that wait for a decision at the stage; those held by an objection do not move."""
        return self.filter(state=CaseState.OPEN, stage=stage)


class Case(models.Model):
    """评议户. Its place is frozen when it opens (ruling 2). `stage` is where it stands now, with `pass_no` counting its journeys:
    a return opens the next pass. `score` is the row its first seal pinned; before that the form's current score counts (ruling 5)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="cases")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField("类别", max_length=12, default="identify")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    score = models.ForeignKey(Score, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField("所在阶段", max_length=8)
    pass_no = models.PositiveSmallIntegerField("第几轮", default=1)
    state = models.CharField("状态", max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    category = models.CharField("拟定类别", max_length=8, blank=True, help_text="最近一次评议确定的类别；未评议的为空。")
    supplementary = models.BooleanField("补充评议", default=False)
    blocked_stage = models.CharField("须由他人决定的阶段", max_length=8, blank=True)
    end_reason = models.CharField("终止原因", max_length=10, choices=EndReason.choices, blank=True)
    end_note_enc = models.TextField("终止情况", blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    stage_since = models.DateTimeField("进入本阶段")
    concluded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["household__code"]
        verbose_name = "评议户"
        indexes = [
            models.Index(fields=["round", "village", "state", "stage"], name="case_village"),
            models.Index(fields=["round", "township", "state", "stage"], name="case_township"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "kind"],
                condition=Q(state__in=["open", "held"]),
                name="one_live_case",
                violation_error_message="这一户已在另一份名单里办理。",
            ),
            models.UniqueConstraint(fields=["round", "household", "kind"], name="case_once_in_round"),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code


class Amendment(models.Model):
    """变更 of a locked household: named, with a reason; breaks this household's own seal only and sends it back. Insert-only."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="amendments")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField("变更事项", max_length=12)
    reason_enc = models.TextField("变更理由")
    from_stage = models.CharField(max_length=8)
    back_to = models.CharField(max_length=8)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["case_id", "at"]
        verbose_name = "变更"
