"""`households/` and `members/`: facts without secrets. Identity numbers are a row of stars, telephone numbers and amounts are not
served at all, illness and disability only with the field class (trust A2, P9)."""

from django.db.models import QuerySet

from accounts import roles
from core.api.filters import filter_params, filtered
from core.api.paging import Keyset
from core.api.query import BOOLEAN as BOOLEAN_PARAM
from core.api.query import Param, one_of
from core.api.resources import (
    BOOLEAN,
    BOOLEAN_OR_NULL,
    DATE,
    DATE_OR_NULL,
    INTEGER,
    NUMBER_OR_NULL,
    TEXT_OR_NULL,
    TIME,
    Attr,
    Resource,
    Row,
    nullable,
)
from core.api.schema import component
from core.api.streams import Streamed
from core.api.views import ListView, ObjectView
from core.ids import mask_id
from core.scope import FieldClass
from households import codes, fields
from households.api_fields import attrs_of
from households.filters import HouseholdFilter
from households.models import Household, Membership

_HOUSEHOLD = (
    Attr("code", "户编号"),
    Attr("head_name", "户主姓名"),
    Attr("persons", "人口", INTEGER),
    Attr("county", "县代码", source=("county__code",)),
    Attr("township", "乡镇代码", source=("township__code",)),
    Attr("village", "村代码", source=("village__code",)),
    Attr("group", "组代码；未分组为 null", TEXT_OR_NULL, ("group__code",)),
    Attr("attribute", "贫困户属性，国家代码；未填为空"),
    Attr("exit_status", "脱贫属性代码；未填为空"),
    Attr("cause", "主要致贫原因，国家代码；未填为空"),
    Attr("other_causes", "其他致贫原因，国家代码，逗号分隔"),
    Attr("structure", "房屋结构代码"),
    Attr("danger_level", "危房级别"),
    Attr("dangerous_house", "危房户", BOOLEAN_OR_NULL),
    Attr("area_m2", "住房面积（㎡）", NUMBER_OR_NULL),
    Attr("water_safe", "饮水安全", BOOLEAN_OR_NULL),
    Attr("water_difficult", "饮水困难", BOOLEAN_OR_NULL),
    Attr("tap_water", "自来水入户", BOOLEAN_OR_NULL),
    Attr("electricity", "通生活用电", BOOLEAN_OR_NULL),
    Attr("road", "入户路类型代码"),
    Attr("cultivated_mu", "耕地面积（亩）", NUMBER_OR_NULL),
    Attr("vehicle", "交通工具代码"),
    Attr("machines", "生产机具代码"),
    Attr("net_income_per_head", "人均纯收入（元）", nullable("integer"), needs=(FieldClass.FINANCE,)),
    Attr("standing", "认定结果；尚未认定为空"),
    Attr("standing_since", "认定日期", DATE_OR_NULL),
    Attr("hold", "是否锁定", BOOLEAN),
    Attr("registered_on", "登记日期", DATE),
    Attr("closed_on", "销户日期", DATE_OR_NULL),
    Attr("version", "版本；户、成员、收入任一修改都加一", INTEGER),
    Attr("updated_at", "最后修改时间（UTC）", TIME),
)
HOUSEHOLD = Resource("Household", "一户", (*_HOUSEHOLD, *attrs_of(fields.HOUSEHOLD, {attr.name for attr in _HOUSEHOLD})))

_MEMBER = (
    Attr("code", "人编号"),
    Attr("household", "户编号", source=("household__code",)),
    Attr("name", "姓名", source=("person__name",)),
    Attr("sex", "性别：M 男，F 女，未知为空", source=("person__sex",)),
    Attr(
        "birth_year", "出生年", nullable("integer"), ("person__birth",), lambda birth: birth.year if birth else None
    ),
    Attr("birth", "出生日期", DATE_OR_NULL, ("person__birth",), needs=(FieldClass.IDENTITY,)),
    Attr("id_number", "证件号码，一律以星号代替；没有登记为空", source=("person__id_index",), shape=mask_id),
    Attr("ethnicity", "民族，国家代码", source=("person__ethnicity",)),
    Attr("relation", "与户主关系，国家代码"),
    Attr("education", "文化程度，国家代码"),
    Attr("schooling", "在校生状况，国家代码"),
    Attr("skill", "劳动技能，国家代码"),
    Attr("work_place", "务工状况，国家代码"),
    Attr("work_months", "务工时间（月）", nullable("integer")),
    Attr("since", "入户日期", DATE),
    Attr("until", "离户日期", DATE_OR_NULL),
    Attr("leaving_reason", "离户原因"),
    Attr("health", "健康状况，国家代码，逗号分隔", needs=(FieldClass.HEALTH,)),
    Attr("disability_grade", "残疾等级", nullable("integer"), needs=(FieldClass.HEALTH,)),
    Attr("serious_illness_insured", "参加大病医疗", BOOLEAN_OR_NULL, needs=(FieldClass.HEALTH,)),
)
MEMBER = Resource("Member", "一名家庭成员", (*_MEMBER, *attrs_of(fields.MEMBER, {attr.name for attr in _MEMBER})))

CODE = Param("code", "户编号，16 位数字", {"type": "string", "pattern": "^[0-9]{16}$"})
PLACE_PARAMS = (
    Param("township", "乡镇代码", lookup="township__code"),
    Param("village", "村代码", lookup="village__code"),
)


class HouseholdList(ListView):
    resource = HOUSEHOLD
    keyset = Keyset(("code",))
    right = roles.HOUSEHOLD_VIEW
    kind = "household"
    operation = "households_list"
    title = "农户列表"
    about = "令牌地区之内的农户，按户编号排序；不给 closed 时只列在册户。"
    tag = "农户"
    query_params = (
        *filter_params(HouseholdFilter),
        Param("closed", "true 只列已销户的", BOOLEAN_PARAM),
    )

    def rows(self) -> QuerySet[Household]:
        rows = Household.objects.visible_to(self.scope).filter(closed_on__isnull=not self.query.get("closed", False))
        return filtered(HouseholdFilter, self.query, rows, self.request)


class HouseholdStream(Streamed, HouseholdList):
    operation = "households_stream"
    title = "全部农户，一户一行"
    about = (
        "与农户列表相同的户、筛选和各项，不分页：每行一个 JSON 对象（NDJSON），按户编号排序。供整批取数，内存和时间都比逐页省。"
        "X-Row-Count 是开始时的户数；收到的行数少于它，就是中途断开，请重取。"
    )


class HouseholdObject(ObjectView):
    resource = HOUSEHOLD
    right = roles.HOUSEHOLD_VIEW
    kind = "household"
    operation = "households_read"
    title = "一户及其成员"
    about = "一户的全部事实和现有成员。ETag 含版本和令牌的字段权限。"
    tag = "农户"
    path_params = (CODE,)

    def rows(self, **lookup: str) -> QuerySet[Household]:
        return Household.objects.visible_to(self.scope).filter(**lookup)

    def body(self, **lookup: str) -> Row:
        household = super().body(**lookup)
        members = Membership.objects.visible_to(self.scope).current().filter(household__code=household["code"])
        return household | {"members": MEMBER.read(members.order_by("relation", "id"), self.scope)}

    def version(self, body: Row) -> str:
        return str(body["version"])

    def response_schema(self) -> dict:
        members = {"type": "array", "items": MEMBER.ref, "description": "现有成员，户主在前。"}
        return component("HouseholdWithMembers", HOUSEHOLD.schema("一户及其成员", {"members": members}))


class MemberList(ListView):
    resource = MEMBER
    right = roles.HOUSEHOLD_VIEW
    kind = "member"
    operation = "members_list"
    title = "家庭成员列表"
    about = "令牌地区之内在册户的成员；不给 left 时只列现有成员。"
    tag = "农户"
    query_params = (
        *PLACE_PARAMS,
        Param("household", "户编号", lookup="household__code"),
        Param("relation", "与户主关系", one_of(codes.RELATION.items), lookup="relation"),
        Param("left", "true 只列已离户的", BOOLEAN_PARAM),
    )

    def rows(self) -> QuerySet[Membership]:
        return Membership.objects.visible_to(self.scope).filter(until__isnull=not self.query.get("left", False))
