"""Asked for and answered: files with whole ID numbers (trust P6)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessment.models import Round
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village


class RequestState(models.TextChoices):
    WAITING = "waiting", "待批准"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不批准"
    WITHDRAWN = "withdrawn", "已撤回"
    REVOKED = "revoked", "批准已收回"
    EXPIRED = "expired", "过期未批"


class ExportRequest(models.Model):
    """含完整号码的导出: what somebody wants whole numbers for, and the second person who said yes or no (trust P6). Expiry is a predicate when
    read (ruling 13); the state is only written when the asker asks anew. Visible to whoever sees the whole place."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    table = models.CharField("表", max_length=16)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField("地区", max_length=12)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField("用途", max_length=100)
    rows = models.PositiveIntegerField("户数", default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField("批准期限")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("不批准或收回的理由", max_length=100, blank=True)
    job = models.OneToOneField("core.Job", null=True, blank=True, on_delete=models.SET_NULL, related_name="export_request")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "含完整号码的导出申请"
        indexes = [models.Index(fields=["state", "county"], name="export_request_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "table", "round", "area_code"], condition=Q(state="waiting"), name="export_request_once",
                violation_error_message="同样的申请已经在等批准。",
            ),
            models.CheckConstraint(condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")), name="export_request_two_persons"),
        ]  # fmt: skip

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING and self.expires_at > timezone.now()

    @property
    def shown_state(self) -> str:
        late = self.state == RequestState.WAITING and not self.is_waiting
        return str(RequestState.EXPIRED.label if late else self.get_state_display())
