"""What happened to a household and its people, and where it lived when: insert-only events, dated residences, requests to move (fault 89)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.scope import ScopedQuerySet
from households.models.household import Household
from households.models.people import Membership, Person
from villages.models import County, Township, Village, VillagerGroup


class Residence(models.Model):
    """The village and group of a household from a day until a day (the day after the last). Together with memberships it gives both sides'
    counts at every date; the household's own columns are the living row."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residences")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("迁入日期")
    until = models.DateField("迁出日期", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["household_id", "since", "pk"]
        indexes = [models.Index(fields=["village", "since", "until"], name="residence_village")]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(until__isnull=True), name="household_lives_once"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="residence_dates_in_order"),
        ]


class EventKind(models.TextChoices):
    """变动 of a household. What a person's joining or leaving was is in the membership's reason."""

    JOINED = "joined", "成员增加"
    LEFT = "left", "成员减少"
    HEAD = "head", "户主变更"
    SPLIT = "split", "分户"
    MERGED = "merged", "并户"
    MOVED = "moved", "迁移"
    TRANSFERRED = "transferred", "成员转户"
    CLOSED = "closed", "销户"
    REOPENED = "reopened", "恢复户"


class HouseholdEvent(models.Model):
    """One 变动, with reason and paper. Insert-only; a mistake is undone by another event."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="events")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    happened_on = models.DateField("发生日期")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    other_household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=16, blank=True, help_text="入户、离户原因代码。")
    note_enc = models.TextField(blank=True, help_text="事由，可能写到病情。")
    paper_title = models.CharField("凭证", max_length=64, blank=True, help_text="如 死亡证明、户口本、结婚证。")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "户变动"
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["village", "happened_on"], name="household_event_village")]


class TransferState(models.TextChoices):
    ASKED = "asked", "待对方同意"
    AGREED = "agreed", "已办结"
    REFUSED = "refused", "对方不同意"
    WITHDRAWN = "withdrawn", "已撤回"


class Transfer(models.Model):
    """转户 or 迁移 over a village's border: one side asks, the other side says yes, then both sides change in one transaction.
    `membership` is empty when the whole household moves; then `to_household` is empty too. Visible to both sides: rows are scoped by the
    asking side (`village`) and by the answering side (`other_village`)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    other_township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    other_village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    other_group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_household = models.ForeignKey(Household, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField("与新户主关系", max_length=2, blank=True)
    happened_on = models.DateField("发生日期")
    reason = models.CharField("原因", max_length=16)
    note_enc = models.TextField(blank=True)
    paper_title = models.CharField("凭证", max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.ASKED)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_note = models.CharField("答复说明", max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "转户申请"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(state="asked"), name="one_open_transfer_a_member"),
            models.UniqueConstraint(fields=["household"], condition=Q(state="asked", membership__isnull=True), name="one_open_move_a_household"),
        ]

    @property
    def area_code(self) -> str:
        return self.village.code
