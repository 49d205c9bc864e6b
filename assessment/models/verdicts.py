"""What a stage decided for a household: insert-only, sealed, never edited (rulings 15 and 21)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models.cases import Amendment, Case
from assessment.models.notices import Notice
from assessment.models.sittings import Sitting
from assessment.models.surveys import Score, Survey
from core.scope import ScopedQuerySet


class Opinion(models.TextChoices):
    """The three answers; each stage has its own words for them (`Stage.words`)."""

    AGREE = "agree", "同意"
    RETURN = "return", "退回"
    REJECT = "reject", "不同意"


class VerdictQuerySet(ScopedQuerySet):
    def standing(self):
        """Verdicts that no later return or 变更 has voided."""
        return self.filter(voiding__isnull=True)


class Verdict(models.Model):
    """One decision for one case at one stage in one pass. Made by a sitting, or at a notice's end by the clock.

    `leaf` = MAC of the canonical bytes, which `body_enc` keeps sealed; `previous` is this case's earlier leaf (ruling 21).
    """

    SCOPE_COLUMNS = ("case__county_id", "case__township_id", "case__village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="verdicts")
    sitting = models.ForeignKey(Sitting, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts")
    notice = models.ForeignKey(Notice, null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts")
    stage = models.CharField(max_length=8)
    pass_no = models.PositiveSmallIntegerField()
    opinion = models.CharField(max_length=6, choices=Opinion.choices)
    category = models.CharField("类别", max_length=8, blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    return_to = models.CharField(max_length=8, blank=True)
    reasons = models.JSONField(default=list)
    note_enc = models.TextField(blank=True)
    checks_failed = models.JSONField(default=list)
    recused = models.JSONField("回避的成员", default=list)
    survey = models.ForeignKey(Survey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    score = models.ForeignKey(Score, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    household_version = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    position = models.PositiveIntegerField("名单中的序号", default=0)
    seal_format = models.PositiveSmallIntegerField(default=1)
    body_enc = models.TextField()
    leaf = models.CharField(max_length=128)
    previous = models.CharField(max_length=128, blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["case_id", "pk"]
        verbose_name = "决定"
        indexes = [models.Index(fields=["stage", "opinion"], name="verdict_stage")]
        constraints = [
            models.UniqueConstraint(fields=["case", "stage", "pass_no"], name="verdict_once"),
            models.CheckConstraint(
                condition=Q(sitting__isnull=False, notice__isnull=True) | Q(sitting__isnull=True, notice__isnull=False),
                name="verdict_has_one_source",
            ),
        ]

    @property
    def decider(self) -> str:
        """Who decided, and in whose place; "" for the clock."""
        name = self.by.name if self.by_id else ""
        stood_in = self.sitting.delegation if name and self.sitting_id else None
        return f"{name}代{stood_in.principal.name}" if stood_in else name

    @property
    def place(self) -> Case:
        return self.case


class Voiding(models.Model):
    """A later return, 变更 or objection outcome makes an earlier verdict void, by reference (ruling 15). Insert-only."""

    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, related_name="voiding")
    by_verdict = models.ForeignKey(Verdict, null=True, blank=True, on_delete=models.PROTECT, related_name="voided")
    by_amendment = models.ForeignKey(Amendment, null=True, blank=True, on_delete=models.PROTECT, related_name="voided")
    at = models.DateTimeField()
