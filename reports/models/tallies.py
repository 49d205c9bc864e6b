"""Stored figures: one row per village, group and round; upper levels are sums of these rows (architecture "Roll-ups")."""

from django.db import models
from django.db.models import Q

from assessment.models import Round
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village, VillagerGroup


class Tally(models.Model):
    """Base figures of one 村民小组 in a round; `group` null = 未分组, so that Σ groups = village (ruling 3)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tallies")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "group_id"]
        indexes = [models.Index(fields=["round", "township"], name="tally_township")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village", "group"], condition=Q(group__isnull=False), name="tally_once_a_group"
            ),
            models.UniqueConstraint(
                fields=["round", "village"], condition=Q(group__isnull=True), name="tally_once_without_group"
            ),
        ]


class TallyState(models.Model):
    """The dirty counter that a village's figures were computed from; stale once `villages.DirtyMark.n` has moved on (ruling 24)."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="+")
    n = models.BigIntegerField()
    catalog_version = models.CharField(max_length=16)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "village"], name="tally_state_once")]
