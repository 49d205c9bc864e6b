"""逐户排队 of a group's meeting: one sheet a scorer, decisions between equals, the line (A9-02, A9-03)."""

import uuid

from django.conf import settings
from django.db import models

from assessment.models.sittings import Sitting


class RankingWay(models.TextChoices):
    EACH = "each", "逐人排"
    JOINT = "joint", "小组合排一张"


class Ranking(models.Model):
    """The queue of one meeting. `drawn_for` is the mark of the order that the line was drawn through; a line of another order does not
    count. `listed` are the households that were on the list when the meeting closed, in its order (case uuids)."""

    sitting = models.OneToOneField(Sitting, on_delete=models.CASCADE, related_name="ranking")
    way = models.CharField("排法", max_length=5, choices=RankingWay.choices, default=RankingWay.EACH)
    taken = models.PositiveSmallIntegerField("从队尾取的户数", null=True, blank=True)
    drawn_for = models.CharField("划线时的队列", max_length=16, blank=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(null=True, blank=True)
    listed = models.JSONField("排队的户", default=list)
    version = models.PositiveIntegerField(default=0)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "排队"


class RankingSheet(models.Model):
    """One scorer's places; drafts as long as some household has none. `scorer` is the name on the panel, "" for the panel as one."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="ranking_sheets")
    scorer = models.CharField("排队的人", max_length=32, blank=True)
    places = models.JSONField("位次", default=dict, help_text="户的 uuid 到位次，1 是最好的。")
    stepped_back = models.JSONField("回避的户", default=list)
    namesakes = models.JSONField("同名不是本户", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sitting_id", "pk"]
        verbose_name = "排队表"
        constraints = [models.UniqueConstraint(fields=["sitting", "scorer"], name="ranking_sheet_once")]


class TieBreak(models.Model):
    """The panel's decision which of equals goes first: by votes, or for a reason. The latest for the same households counts."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="tie_breaks")
    cases = models.JSONField("先后", default=list, help_text="户的 uuid，最好的在前。")
    votes_for = models.PositiveSmallIntegerField("同意票", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("不同意票", null=True, blank=True)
    reason_enc = models.TextField("理由", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sitting_id", "pk"]
        verbose_name = "并列的先后"
