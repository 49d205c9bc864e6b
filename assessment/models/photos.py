"""Photos per look: what the surveyor saw (issue of proof beside a score; trust 13)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessment.models.rounds import Round
from core.scope import ScopedQuerySet
from households.models import Household
from villages.models import County, Township, Village


class LookPhoto(models.Model):
    """A photo to one look of a household's form in a round. The picture is written anew without EXIF; time and place of taking are kept
    only as these fields, and only when the surveyor gives them. Removing one leaves the row, without its files."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="photos")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="photos")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    look = models.CharField("看", max_length=4)
    caption = models.CharField("说明", max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    thumb_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField("字节")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    taken_at = models.DateTimeField("拍摄时间", null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "入户照片"
        ordering = ["look", "at"]
        indexes = [
            models.Index(fields=["household", "round", "look"], name="photo_of_look"),
            models.Index(fields=["sha256"], name="photo_hash"),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code

    @classmethod
    def names_file(cls, sha256: str) -> bool:
        """True while a photo that was not removed names this file, as picture or as thumbnail."""
        return cls.objects.filter(Q(sha256=sha256) | Q(thumb_sha256=sha256), removed_at__isnull=True).exists()
