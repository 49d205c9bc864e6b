"""`objections/`: number, kind, state and outcome. Who objected, their telephone and every text stay in the office (ruling 6, N5)."""

from django.db.models import QuerySet

from accounts import roles
from assessment.api.cases import case_code
from assessment.api.shapes import BY_PLACE, BY_ROUND, UUID_OR_NULL
from assessment.models import Objection, ObjectionChannel, ObjectionKind, ObjectionStatus, ObjectionWay, Outcome
from core.api.query import Param, one_of
from core.api.resources import DATE_OR_NULL, INTEGER, TEXT_OR_NULL, TIME, TIME_OR_NULL, Attr, Resource, Row
from core.api.views import ListView, ObjectView, etag_digest

CODE = Param("code", "受理号", {"type": "string", "pattern": "^[0-9A-Za-z-]{1,24}$"})

OBJECTION = Resource(
    "Objection",
    "一件异议",
    (
        Attr("code", "受理号"),
        Attr("round", "批次号", source=("round__code",)),
        Attr("township", "乡镇代码", source=("township__code",)),
        Attr("village", "村代码", source=("village__code",)),
        Attr("notice", "所对的公示；没有为 null", UUID_OR_NULL, ("notice__uuid",)),
        Attr("household", "所对的户编号；没有登记的户为 null", TEXT_OR_NULL, ("household__code",)),
        Attr(
            "case",
            "所对的评议户编号；没有列入名单的为 null",
            TEXT_OR_NULL,
            ("case__household__code", "case__round__code"),
            case_code,
        ),
        Attr("kind", "omitted 漏评，wrong 错评，untrue 信息不实", one_of(ObjectionKind.values)),
        Attr("channel", "village 村里登记，township 乡镇登记，public 公示页提出", one_of(ObjectionChannel.values)),
        Attr(
            "status",
            "lodged 待受理，handling 核查中，proposed 待县定，closed 已办结",
            one_of(ObjectionStatus.values),
        ),
        Attr(
            "outcome",
            "keep 维持原结果，change 改定类别，return 退回重评，remove 不予列入，add 补入评议；没有办结为空",
            {"type": "string", "enum": ["", *Outcome.values]},
        ),
        Attr("lodged_at", "提出时间（UTC）", TIME),
        Attr("way", "face 当面，paper 书面，phone 电话，web 网页；早期登记的为空", {"type": "string", "enum": ["", *ObjectionWay.values]}),
        Attr("due_on", "办结期限；早期登记的为 null", DATE_OR_NULL),
        Attr("taken_at", "受理时间（UTC）", TIME_OR_NULL),
        Attr("visited_on", "入户复核日期", DATE_OR_NULL),
        Attr("proposed_at", "核查意见报县时间（UTC）", TIME_OR_NULL),
        Attr("confirmed_at", "县定时间（UTC）", TIME_OR_NULL),
        Attr("version", "版本；每次变动加一", INTEGER),
    ),
)


class ObjectionList(ListView):
    resource = OBJECTION
    right = roles.LIST_VIEW
    kind = "objection"
    operation = "objections_list"
    title = "异议列表"
    about = "令牌地区之内的异议：种类、进度和结果。提出人、电话和内容不提供。"
    tag = "名单"
    query_params = (
        BY_ROUND,
        *BY_PLACE,
        Param("status", "状态", one_of(ObjectionStatus.values), lookup="status"),
        Param("kind", "种类", one_of(ObjectionKind.values), lookup="kind"),
    )

    def rows(self) -> QuerySet[Objection]:
        return Objection.objects.visible_to(self.scope)


class ObjectionObject(ObjectView):
    resource = OBJECTION
    right = roles.LIST_VIEW
    kind = "objection"
    operation = "objections_read"
    title = "一件异议"
    about = "一件异议的进度和结果。提出人、电话和内容不提供。ETag 含版本和令牌的字段权限。"
    tag = "名单"
    path_params = (CODE,)

    def rows(self, **lookup: str) -> QuerySet[Objection]:
        return Objection.objects.visible_to(self.scope).filter(**lookup)

    def version(self, body: Row) -> str:
        return f"{body['version']}-{etag_digest(body)}"
