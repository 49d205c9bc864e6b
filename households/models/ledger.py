"""History of households: insert-only versions (rulings 6 and 7)."""

import uuid

from django.conf import settings
from django.db import models

from households.models.household import Household


class HouseholdVersion(models.Model):
    """Insert-only history: what the household (members included) looked like at a version. Encrypted whole (rulings 6 and 7)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    facts_enc = models.TextField()
    place_only = models.BooleanField("只改了所在村", default=False, help_text="撤并村：户的情况没有变。")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "version"], name="household_version_once")]
