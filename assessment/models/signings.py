"""第三签字: which households of a group signed for the result of its meeting (B-19: two thirds; B-26: named records, no typed totals)."""

import uuid

from django.conf import settings
from django.db import models

from assessment.models.rounds import Round
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village, VillagerGroup


class Signing(models.Model):
    """One signed sheet of a group in a round, with its scan. Insert-only; a group may have several sheets, a household counts once."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="signings")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField("签字日期")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField("字节")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "农户签字表"
        ordering = ["-at"]

    @property
    def area_code(self) -> str:
        return self.village.code


class Signature(models.Model):
    """A household on a sheet: one of the register, or by the name of its head when it is not on file."""

    signing = models.ForeignKey(Signing, on_delete=models.PROTECT, related_name="signatures")
    household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("户主姓名", max_length=64)

    class Meta:
        ordering = ["signing_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["signing", "name", "household"], name="signature_once")]
