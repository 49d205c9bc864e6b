"""Place: 县 / 乡镇 / 村 / 村民小组, with statistical codes, dated, and registered population by year (brief 3.1, ruling 3)."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.scope import ScopedQuerySet


def _digits(length: int) -> RegexValidator:
    return RegexValidator(rf"^[0-9]{{{length}}}\Z", f"须为 {length} 位数字。")


def short_name(name: str) -> str:
    """桐子园村村民委员会 → 桐子园村; 大河坝社区居民委员会 → 大河坝社区."""
    for suffix in ("村民委员会", "居民委员会"):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


class Place(models.Model):
    """What every level has: a code (a label, never a key to the tree), a name, and dates."""

    name = models.CharField("名称", max_length=64)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def area_code(self) -> str:
        return self.code


class County(Place):
    SCOPE_COLUMNS = ("id", None, None)

    code = models.CharField("县代码", max_length=6, unique=True, validators=[_digits(6)])
    hide_score = models.BooleanField("填表时隐藏得分", default=False, help_text="填六看评估表时不显示得分、小计和暂列档次。")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "县"

    @property
    def county_id(self) -> int:
        return self.pk


class Township(Place):
    SCOPE_COLUMNS = ("county_id", "id", None)

    code = models.CharField("乡镇代码", max_length=9, unique=True, validators=[_digits(9)])
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="townships")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "乡镇"

    @property
    def township_id(self) -> int:
        return self.pk


class Village(Place):
    SCOPE_COLUMNS = ("county_id", "township_id", "id")

    code = models.CharField("村代码", max_length=12, unique=True, validators=[_digits(12)])
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="villages")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="villages")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "村"

    @property
    def village_id(self) -> int:
        return self.pk

    @property
    def known_as(self) -> str:
        """The short name, and where the village has gone: 大坝村（已并入芭蕉溪村）. Ask with `select_related("merged_into")`."""
        return f"{self.short_name}（已并入{self.merged_into.short_name}）" if self.merged_into_id else self.short_name

    @property
    def short_name(self) -> str:
        return short_name(self.name)


class VillagerGroup(Place):
    """村民小组. Code = village code + own two-digit suffix; below the village no national code exists (brief 3.1)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    code = models.CharField("组代码", max_length=16, unique=True, error_messages={"unique": "这个村已有同号的组。"})
    number = models.PositiveSmallIntegerField("组号")
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="groups")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["village_id", "number"]
        verbose_name = "村民小组"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "number"], name="group_number_once", violation_error_message="这个村已有同号的组。"
            ),
            models.UniqueConstraint(
                fields=["village", "name"], name="group_name_once", violation_error_message="这个村已有同名的组。"
            ),
        ]


class RegisteredPopulation(models.Model):
    """户籍户数与人口 of a group in a year: the denominator of every rate (brief 3.12, A7-02). The source is kept."""

    SCOPE_COLUMNS = ("county_id", "township_id", "village_id")

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="populations")
    group = models.ForeignKey(VillagerGroup, on_delete=models.PROTECT, related_name="populations")
    year = models.PositiveSmallIntegerField("年度")
    households = models.PositiveIntegerField("户籍户数")
    persons = models.PositiveIntegerField("户籍人口")
    source = models.CharField("来源", max_length=64, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["group_id", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "year"], name="population_once_a_year", violation_error_message="这个组这一年已有人口数。"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100),
                name="population_year_sane",
                violation_error_message="年度须在 1990 至 2100 之间。",
            ),
        ]


class DirtyMark(models.Model):
    """How often anything that a figure of the village depends on has changed. A table computed from count n is stale once n has moved
    (ruling 24; docs/decisions.md says why the counter is compared, not deleted)."""

    village = models.OneToOneField(Village, primary_key=True, on_delete=models.CASCADE, related_name="dirty")
    n = models.BigIntegerField(default=0)


class VillageMerge(models.Model):
    """撤并村: one village has gone over into another of its township. Insert-only besides its undoing. `moved` names every row that changed
    its place, so that undoing moves these back and no others (trust 91)."""

    SCOPE_COLUMNS = ("county_id", "township_id", "target_id")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    township = models.ForeignKey(Township, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="left_by")
    target = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="grown_by")
    effective_on = models.DateField("生效日期")
    reason = models.CharField("事由", max_length=200)
    document_no = models.CharField("文号", max_length=64)
    counts = models.JSONField("并入的数量", default=dict)
    moved = models.JSONField("改了地点的行", default=dict, help_text="{表: [主键]}，组另记原来的组号、组名。")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_reason = models.CharField("撤销原因", max_length=200, blank=True)
    stayed = models.JSONField("撤销后留下的户", default=list, help_text="户编号。")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "撤并村"
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(undone_at__isnull=True), name="village_merged_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="village_merges_with_another"),
        ]

    @property
    def area_code(self) -> str:
        return self.target.code


class CountyOutlines(models.Model):
    """The county's map: outlines of its villages and townships as `villages.outlines` keeps them. One a county; a new file replaces it."""

    SCOPE_COLUMNS = ("county_id", None, None)

    county = models.OneToOneField(County, on_delete=models.PROTECT, related_name="outlines", verbose_name="县")
    shapes = models.JSONField("图形", help_text="地区代码到多边形，点为万分之一度的整数。")
    sha256 = models.CharField("文件校验码", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("上传时间")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "县地图"
