"""收支: one row per household and income year, 1 October to 30 September, named by the year it ends in (brief 3.9, D3-02)."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from core.scope import ScopedQuerySet
from households.models.household import Household
from villages.models import County, Township, Village


def _yuan(label: str) -> models.DecimalField:
    """元 a year, two decimals; null = not asked."""
    return models.DecimalField(f"{label}（元）", max_digits=11, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))])


class IncomeYear(models.Model):
    """What the household earned and spent on its business in an income year. Parts are stored, sums are reckoned (`households.income`);
    net and per head are kept as reckoned with `persons`, so that a printed sheet does not move."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="income_years")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("收入年度", help_text="上年 10 月 1 日至本年 9 月 30 日。")
    wage = _yuan("工资性收入")
    business = _yuan("生产经营性收入")
    dividend = _yuan("资产收益扶贫分红收入")
    property_other = _yuan("其他财产性收入")
    family_planning = _yuan("计划生育金")
    dibao_money = _yuan("低保金")
    wubao_money = _yuan("五保金")
    pension = _yuan("养老保险金")
    ecology = _yuan("生态补偿金")
    transfer_other = _yuan("其他转移性收入")
    expense = _yuan("生产经营性支出")
    insurance_paid = _yuan("理赔收入")
    medical_paid = _yuan("合规自付支出")
    persons = models.PositiveSmallIntegerField("人口", default=0)
    net = models.DecimalField("纯收入（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    per_head = models.IntegerField("人均纯收入（元）", null=True, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "年度收支"
        ordering = ["household_id", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="income_year_once", violation_error_message="这一户这一年度已有收支表。"),
            models.CheckConstraint(condition=models.Q(year__gte=2010, year__lte=2100), name="income_year_sane", violation_error_message="年度须在 2010 至 2100 之间。"),
        ]
