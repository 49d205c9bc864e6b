"""Persons and their dated memberships in households (ruling 1; brief 3.5, 3.6)."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from core.scope import ScopedQuerySet
from households.models.household import Household
from villages.models import County, Township, Village


class PersonQuerySet(ScopedQuerySet):
    pass


class MembershipQuerySet(ScopedQuerySet):
    def current(self):
        return self.filter(until__isnull=True)


def _yes_no(label: str) -> models.BooleanField:
    """null = not asked, which is never "no"."""
    return models.BooleanField(label, null=True, blank=True)


class Sex(models.TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"


class Person(models.Model):
    """A human being, made once in a county; lives in at most one household at a time (ruling 1)."""

    SCOPE_COLUMNS = ("county_id", None, None)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=64)
    pinyin = models.CharField("姓名首字母", max_length=64, blank=True, help_text="小写，由姓名带出，供检索。")
    id_kind = models.CharField("证件类型", max_length=2, blank=True)
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
    joining_reason = models.CharField("入户原因", max_length=16, blank=True)
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
    political = models.CharField("政治面貌", max_length=2, blank=True)
    mandarin = _yes_no("会讲普通话")
    dropout_reason = models.CharField("失学或辍学原因", max_length=8, blank=True)
    disability_kind = models.CharField("残疾类别", max_length=1, blank=True)
    disability_year = models.PositiveSmallIntegerField("残疾证办证年度", null=True, blank=True)
    work_region = models.CharField("务工所在地", max_length=64, blank=True)
    employer = models.CharField("务工企业名称", max_length=64, blank=True)
    abroad = _yes_no("国外务工")
    industry = models.CharField("产业分类", max_length=2, blank=True)
    channel = models.CharField("就业渠道", max_length=8, blank=True)
    post_kind = models.CharField("公益性岗位类型", max_length=8, blank=True)
    post_months = models.PositiveSmallIntegerField("公益性岗位（月数）", null=True, blank=True, validators=[MaxValueValidator(12)])
    dibao = _yes_no("享受低保")
    wubao = _yes_no("特困供养人员")
    medical_resident = _yes_no("参加城乡居民基本医疗保险")
    medical_employee = _yes_no("参加城镇职工基本医疗保险")
    medical_commercial = _yes_no("参加商业补充医疗保险")
    pension_resident = _yes_no("参加城乡居民基本养老保险")
    pension_employee = _yes_no("参加城镇职工基本养老保险")
    illness_aid = _yes_no("接受大病医疗救助")
    health_aid = _yes_no("接受其他健康扶贫")
    phone_enc = models.TextField(blank=True)
    disability_number_enc = models.TextField(blank=True)

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
