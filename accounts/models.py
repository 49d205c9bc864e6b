"""People and rights: accounts, dated assignments to exactly one area, dated stand-ins, API tokens."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts import roles
from accounts.delegating import DELEGABLE, REASONS
from core.scope import ScopedQuerySet
from villages.models import County, Township, Village


class UserManager(BaseUserManager):
    """Accounts are made by `accounts.actions`; this manager only looks them up for log-in."""

    def get_by_natural_key(self, login: str):
        return self.get(login=login.strip().lower())


class User(AbstractBaseUser):
    """账号: one person, one account, never re-used (trust I1). There is no superuser: rights come from assignments alone (A4)."""

    login = models.CharField(
        "登录名",
        max_length=32,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]{2,31}\Z", "登录名用小写字母开头，只含小写字母、数字和下划线，3 至 32 位。")],
        error_messages={"unique": "这个登录名已经用过，不能重复使用。"},
    )
    name = models.CharField("姓名", max_length=32)
    title = models.CharField("职务", max_length=32, blank=True, help_text="如 第一书记、驻村队员、信息录入员。")
    office_phone = models.CharField("办公电话", max_length=20, blank=True, help_text="进度落后时找得到人。")
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("首次登录须改密码", default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["login"]
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Role(models.TextChoices):
    CADRE = roles.CADRE, roles.ROLE_LABELS[roles.CADRE]
    VILLAGE_LEAD = roles.VILLAGE_LEAD, roles.ROLE_LABELS[roles.VILLAGE_LEAD]
    TOWNSHIP = roles.TOWNSHIP, roles.ROLE_LABELS[roles.TOWNSHIP]
    COUNTY = roles.COUNTY, roles.ROLE_LABELS[roles.COUNTY]
    VIEWER = roles.VIEWER, roles.ROLE_LABELS[roles.VIEWER]
    SYSADMIN = roles.SYSADMIN, roles.ROLE_LABELS[roles.SYSADMIN]
    SECADMIN = roles.SECADMIN, roles.ROLE_LABELS[roles.SECADMIN]
    AUDITOR = roles.AUDITOR, roles.ROLE_LABELS[roles.AUDITOR]


_IN_A_VILLAGE = Q(role__in=roles.VILLAGE_ROLES, village__isnull=False, township__isnull=True, county__isnull=True)
_IN_A_TOWNSHIP = Q(role=roles.TOWNSHIP, township__isnull=False, village__isnull=True, county__isnull=True)
_IN_A_COUNTY = Q(role__in=(roles.COUNTY, roles.VIEWER), county__isnull=False, village__isnull=True, township__isnull=True)
_NOWHERE = Q(role__in=roles.ADMIN_ROLES, county__isnull=True, township__isnull=True, village__isnull=True)


class AssignmentQuerySet(models.QuerySet):
    def in_force(self, day):
        """Held on `day` and no mere proposal: the expiry is a predicate when read (ruling 13)."""
        return self.filter(Q(proposed=False), Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day))


class Assignment(models.Model):
    """任职: a role in exactly one area that fits the role, from a day until a day (inclusive).

    What a system administrator enters is a proposal; only a security administrator's word puts it in force (trust A3).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField("岗位", max_length=16, choices=Role.choices)
    county = models.ForeignKey(County, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    proposed = models.BooleanField("待确认", default=False)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["user_id", "role", "since"]
        constraints = [
            models.CheckConstraint(
                condition=_IN_A_VILLAGE | _IN_A_TOWNSHIP | _IN_A_COUNTY | _NOWHERE,
                name="assignment_area_fits_role",
                violation_error_message="岗位与地区不相配：村级岗位选村，乡镇岗位选乡镇，县级岗位选县，管理员不选地区。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="assignment_dates_in_order",
                violation_error_message="止日不能早于起日。",
            ),
        ]

    @property
    def place(self):
        return self.village or self.township or self.county


class DelegationQuerySet(ScopedQuerySet):
    def in_force(self, day):
        """On `day` neither over nor taken back, and whoever gave it still holds that very post: nobody gives what he no longer has. A
        predicate on every request (ruling 13; trust 75, 81)."""
        same = Q()
        for role in DELEGABLE:
            level = roles.ROLE_LEVEL[role]
            same |= Q(role=role, **{level: OuterRef(level)})
        held = Assignment.objects.in_force(day).filter(same, user=OuterRef("principal"), role=OuterRef("role"))
        return self.filter(Exists(held), revoked_at__isnull=True, since__lte=day, until__gte=day, principal__is_active=True)

    def of(self, user_id: int):
        """Given or received by this account."""
        return self.filter(Q(principal_id=user_id) | Q(delegate_id=user_id))


class Delegation(models.Model):
    """委托代办: whoever decides at a level names another account to decide in his place, from a day until a day (inclusive).

    What was given never changes; it is only taken back. The place stands in all its columns, as rows of an area do (ruling 2).
    """

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    principal = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    role = models.CharField("岗位", max_length=16, choices=[(role, roles.ROLE_LABELS[role]) for role in DELEGABLE])
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("事由", max_length=12, choices=list(REASONS.items()))
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "pk"]
        verbose_name = "委托代办"
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")),
                name="delegation_dates_in_order",
                violation_error_message="止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(principal=models.F("delegate")),
                name="delegation_to_another",
                violation_error_message="不能委托给自己。",
            ),
        ]

    @property
    def place(self):
        return self.village or self.township or self.county

    @property
    def area_code(self) -> str:
        return self.place.code


class ApiToken(models.Model):
    """接口令牌: prefix + SHA-256 of 256 random bits, one area, expiry, optional IP list (ruling 29). The secret is shown once."""

    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    name = models.CharField("用途", max_length=64)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    county = models.ForeignKey(County, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    read_only = models.BooleanField(default=True)
    allowed_ips = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(county__isnull=False, township__isnull=True, village__isnull=True)
                | Q(county__isnull=True, township__isnull=False, village__isnull=True)
                | Q(county__isnull=True, township__isnull=True, village__isnull=False),
                name="token_has_one_area",
                violation_error_message="令牌须限定一个县、乡镇或村。",
            )
        ]
