"""Facts: the household as aggregate, persons, dated memberships (rulings 1, 2, 6; brief 3.5-3.9).

Secrets are stored as ciphertext with AAD (table, field, row uuid) in `*_enc` columns and are only read through `households.secrets`.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from core.scope import ScopedQuerySet
from villages.models import County, Township, Village, VillagerGroup


class HouseholdQuerySet(ScopedQuerySet):
    def registered(self):
        """Households that exist today: not closed."""
        return self.filter(closed_on__isnull=True)


class PersonQuerySet(ScopedQuerySet):
    pass


class MembershipQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(until__isnull=True)


class Household(models.Model):
    """农户. Any write to members, income or papers bumps `version`. `code` is a label that a move never re-derives (ruling 2)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(
        "户编号",
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^[0-9]{16}\Z", "户编号须为 16 位数字。")],
        error_messages={"unique": "这个户编号已经登记。"},
    )
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households")
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="households")
    head_name = models.CharField("户主姓名", max_length=64, blank=True, help_text="由户主成员带出，供清单和检索。")
    persons = models.PositiveSmallIntegerField("人口", default=0, help_text="在户成员数，由成员带出。")
    version = models.PositiveIntegerField("版本", default=1)

    attribute = models.CharField("贫困户属性", max_length=2, blank=True)
    exit_status = models.CharField("脱贫属性", max_length=1, blank=True)
    cause = models.CharField("主要致贫原因", max_length=2, blank=True)
    other_causes = models.CharField("其他致贫原因", max_length=8, blank=True)

    structure = models.CharField("房屋结构", max_length=16, blank=True)
    danger_level = models.CharField("危房级别", max_length=1, blank=True)
    dangerous_house = models.BooleanField("危房户", null=True, blank=True)
    area_m2 = models.DecimalField("住房面积（㎡）", max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    water_safe = models.BooleanField("饮水安全", null=True, blank=True)
    water_difficult = models.BooleanField("饮水困难", null=True, blank=True)
    tap_water = models.BooleanField("自来水入户", null=True, blank=True)
    electricity = models.BooleanField("通生活用电", null=True, blank=True)
    road = models.CharField("入户路类型", max_length=8, blank=True)
    cultivated_mu = models.DecimalField("耕地面积（亩）", max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    appliances = models.JSONField("家用电器", null=True, blank=True)
    vehicle = models.CharField("交通工具", max_length=12, blank=True)
    machines = models.CharField("生产机具", max_length=8, blank=True)
    net_income_per_head = models.IntegerField("人均纯收入（元）", null=True, blank=True)

    phone_enc = models.TextField(blank=True)
    savings_enc = models.TextField(blank=True)
    debt_enc = models.TextField(blank=True)
    education_debt_enc = models.TextField(blank=True)

    standing = models.CharField("认定结果", max_length=8, blank=True)
    standing_since = models.DateField(null=True, blank=True)
    hold = models.BooleanField("锁定", default=False)
    hold_reason = models.CharField("锁定原因", max_length=120, blank=True)
    registered_on = models.DateField("登记日期")
    closed_on = models.DateField("销户日期", null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "农户"
        ordering = ["code"]
        indexes = [
            models.Index(fields=["village", "code"], name="household_village"),
            models.Index(fields=["township", "code"], name="household_township"),
            models.Index(fields=["county", "code"], name="household_county"),
            models.Index(fields=["village", "head_name"], name="household_head_name"),
        ]

    def __str__(self) -> str:
        return f"{self.head_name or self.code}户"

    @property
    def area_code(self) -> str:
        return self.village.code


class Sex(models.TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"


class Person(models.Model):
    """A human being, made once in a county; lives in at most one household at a time (ruling 1)."""

    SCOPE_COLUMNS = ("county_id", None, None)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=64)
    id_enc = models.TextField(blank=True)
    id_index = models.CharField(max_length=96, blank=True)
    id_last4_index = models.CharField(max_length=96, blank=True, db_index=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, blank=True)
    ethnicity = models.CharField("民族", max_length=2, blank=True)
    died_on = models.DateField("死亡日期", null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "id_index"],
                condition=~Q(id_index=""),
                name="person_once_in_county",
                violation_error_message="这个证件号码在本县已有登记。",
            )
        ]


class Membership(models.Model):
    """A person in a household from a day until a day, with what the national person layout says of the person there."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("人编号", max_length=18, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("入户日期")
    until = models.DateField("离户日期", null=True, blank=True)
    leaving_reason = models.CharField("离户原因", max_length=16, blank=True)
    relation = models.CharField("与户主关系", max_length=2)
    education = models.CharField("文化程度", max_length=2, blank=True)
    schooling = models.CharField("在校生状况", max_length=2, blank=True)
    health = models.CharField("健康状况", max_length=11, blank=True, help_text="国家代码，逗号分隔，可多选。")
    disability_grade = models.PositiveSmallIntegerField(
        "残疾等级", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    skill = models.CharField("劳动技能", max_length=2, blank=True)
    skilled_certificate = models.BooleanField("有技能资质证书", default=False)
    work_place = models.CharField("务工状况", max_length=2, blank=True)
    work_months = models.PositiveSmallIntegerField("务工时间（月）", null=True, blank=True, validators=[MaxValueValidator(12)])
    serious_illness_insured = models.BooleanField("参加大病医疗", null=True, blank=True)
    phone_enc = models.TextField(blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "家庭成员"
        ordering = ["household_id", "relation", "id"]
        indexes = [models.Index(fields=["village", "until"], name="membership_village")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until__isnull=True),
                name="person_in_one_household",
                violation_error_message="这个人已在另一户，一人只能在一户。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation="01", until__isnull=True),
                name="household_has_one_head",
                violation_error_message="一户只能有一个户主。",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="membership_dates_in_order",
                violation_error_message="离户日期不能早于入户日期。",
            ),
            models.CheckConstraint(
                condition=Q(work_months__isnull=True) | Q(work_months__lte=12),
                name="membership_work_months",
                violation_error_message="务工时间在 0 至 12 个月之间。",
            ),
        ]


class HouseholdVersion(models.Model):
    """Insert-only history: what the household (members included) looked like at a version. Encrypted whole (rulings 6 and 7)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    facts_enc = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "version"], name="household_version_once")]


class ImportRun(models.Model):
    """One import of a workbook: checked, staged, committed or thrown away (ruling 11). The job carries the progress."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        REFUSED = "refused", "有错误，未导入"
        READY = "ready", "已核对，待导入"
        COMMITTED = "committed", "已导入"
        CANCELLED = "cancelled", "已取消"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    job = models.OneToOneField("core.Job", null=True, on_delete=models.SET_NULL, related_name="import_run")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    round_code = models.CharField(max_length=24)
    file_name = models.CharField(max_length=160)
    file_digest = models.CharField(max_length=64)
    file_path = models.CharField(max_length=255, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created_at"]


class ImportProblem(models.Model):
    """One fault of one cell: where, what, why, how to mend. Secret values are masked before they get here."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    severity = models.CharField(max_length=8)
    sheet = models.CharField(max_length=64)
    row = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=64, blank=True)
    value = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200)
    remedy = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["run_id", "severity", "sheet", "row", "id"]


class StagedRow(models.Model):
    """A checked row on its way in: `content_enc` is the encrypted JSON of the household or form. Expires with the run."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="staged")
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=18)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    content_enc = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "kind", "code"], name="staged_once")]
