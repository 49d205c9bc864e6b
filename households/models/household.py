"""The household as aggregate (rulings 1, 2, 6; brief 3.6-3.8).

Secrets are stored as ciphertext with AAD (table, field, row uuid) in `*_enc` columns and are only read through `households.secrets`.
"""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

from core.scope import ScopedQuerySet
from villages.models import County, Township, Village, VillagerGroup


class HouseholdQuerySet(ScopedQuerySet):
    def registered(self):
        """Households that exist today: not closed."""
        return self.filter(closed_on__isnull=True)


def _area(label: str) -> models.DecimalField:
    """亩, two decimals, null = not asked."""
    return models.DecimalField(f"{label}（亩）", max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])


def _yes_no(label: str) -> models.BooleanField:
    """null = not asked, which is never "no"."""
    return models.BooleanField(label, null=True, blank=True)


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
    # No index of their own: the three of Meta that begin with them serve a look-up by place too (docs/performance.md).
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+", db_index=False)
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households", db_index=False)
    group = models.ForeignKey(VillagerGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="households")
    head_name = models.CharField("户主姓名", max_length=64, blank=True, help_text="由户主成员带出，供清单和检索。")
    head_pinyin = models.CharField("户主姓名首字母", max_length=64, blank=True, help_text="小写，由姓名带出，供检索。")
    head_pending = models.BooleanField("户主待定", default=False, help_text="户主离户后还没有指定新户主；除此之外一户必有一名户主。")
    persons = models.PositiveSmallIntegerField("人口", default=0, help_text="在户成员数，由成员带出。")
    version = models.PositiveIntegerField("版本", default=1)

    attribute = models.CharField("贫困户属性", max_length=2, blank=True)
    exit_status = models.CharField("脱贫属性", max_length=1, blank=True)
    cause = models.CharField("主要致贫原因", max_length=2, blank=True)
    other_causes = models.CharField("其他致贫原因", max_length=8, blank=True, help_text="国家代码，逗号分隔，至多两个。")
    standard = models.CharField("识别标准", max_length=8, blank=True)
    exit_year = models.PositiveSmallIntegerField("脱贫年度", null=True, blank=True)

    structure = models.CharField("房屋结构", max_length=16, blank=True)
    danger_level = models.CharField("危房级别", max_length=1, blank=True)
    dangerous_house = models.BooleanField("危房户", null=True, blank=True)
    area_m2 = models.DecimalField("住房面积（㎡）", max_digits=7, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    toilet = _yes_no("有卫生厕所")
    water_safe = _yes_no("饮水安全")
    water_difficult = _yes_no("饮水困难")
    tap_water = _yes_no("自来水入户")
    electricity = _yes_no("通生活用电")
    production_power = _yes_no("通生产用电")
    broadcast = _yes_no("通广播电视")
    road = models.CharField("入户路类型", max_length=8, blank=True)
    road_km = models.DecimalField("与村主干路距离（公里）", max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])
    fuel = models.CharField("主要燃料类型", max_length=8, blank=True)
    cultivated_mu = _area("耕地面积")
    irrigated_mu = _area("有效灌溉面积")
    forest_mu = _area("林地面积")
    returned_mu = _area("退耕还林面积")
    orchard_mu = _area("林果面积")
    pasture_mu = _area("牧草地面积")
    water_mu = _area("水面面积")
    cooperative = _yes_no("加入农民专业合作组织")
    leading_firm = _yes_no("有龙头企业带动")
    leader_led = _yes_no("有创业致富带头人带动")
    appliances = models.JSONField("家用电器", null=True, blank=True)
    vehicle = models.CharField("交通工具", max_length=12, blank=True)
    machines = models.CharField("生产机具", max_length=8, blank=True)
    net_income_per_head = models.IntegerField("人均纯收入（元）", null=True, blank=True, help_text="有收支表的年度由收支表算出。")

    # What the door plate, the six items (B-24) and the checks of monitoring read; 帮扶 and 监测 get apps of their own later.
    needs = models.JSONField("脱贫需求", null=True, blank=True, help_text="措施代码（A8-15）。")
    plan = models.CharField("帮扶计划", max_length=400, blank=True)
    measures_taken = models.CharField("脱贫措施", max_length=400, blank=True)
    income_project = models.CharField("增收项目", max_length=200, blank=True)
    funding = models.CharField("资金扶持", max_length=200, blank=True)
    helper_name = models.CharField("帮扶责任人", max_length=64, blank=True)
    helper_unit = models.CharField("帮扶单位", max_length=64, blank=True)
    monitor_kind = models.CharField("监测对象类别", max_length=8, blank=True)
    risks = models.JSONField("致贫返贫风险", null=True, blank=True)
    risk_note = models.CharField("其他风险说明", max_length=200, blank=True)
    monitored_on = models.DateField("纳入监测日期", null=True, blank=True)
    monitor_measures = models.JSONField("监测帮扶措施", null=True, blank=True)
    removal = models.CharField("风险消除方式", max_length=8, blank=True)
    removed_on = models.DateField("风险消除日期", null=True, blank=True)

    phone_enc = models.TextField(blank=True)
    bank_name = models.CharField("开户银行", max_length=64, blank=True)
    bank_card_enc = models.TextField(blank=True)
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
            models.Index(fields=["village", "head_pinyin"], name="household_head_pinyin"),
        ]

    def __str__(self) -> str:
        return f"{self.head_name or self.code}户"

    @property
    def area_code(self) -> str:
        return self.village.code
