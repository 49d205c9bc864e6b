"""`sittings/`: meetings and reviews of the list. Who sat is a matter of the minutes: a client reads numbers, not names."""

from typing import Any

from django.db.models import QuerySet

from accounts import roles
from assessment.api.shapes import (
    BY_GROUP,
    BY_PLACE,
    BY_ROUND,
    BY_STAGE,
    ID,
    UUID,
    WHOLE_BY_CODE,
    WHOLE_OR_NULL,
    stage_name,
)
from assessment.models import Sitting, SittingKind, SittingStatus
from core.api.query import Param, one_of
from core.api.resources import (
    BOOLEAN,
    DATE_OR_NULL,
    INTEGER,
    TEXT_OR_NULL,
    TIME,
    TIME_OR_NULL,
    Attr,
    Resource,
    Row,
)
from core.api.views import ListView, ObjectView, etag_digest


def _panel_present(panel: list[dict[str, Any]]) -> int:
    return sum(1 for member in panel if member.get("present"))


SITTING = Resource(
    "Sitting",
    "一次会议或审核",
    (
        Attr("id", "编号", UUID, ("uuid",)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("stage", "阶段代码"),
        Attr("stage_name", "阶段名称", source=("round__procedure", "stage"), shape=stage_name),
        Attr("kind", "regular 评议，supplementary 补充评议，review 异议定案", one_of(SittingKind.values)),
        Attr("township", "乡镇代码", source=("township__code",)),
        Attr("village", "村代码", source=("village__code",)),
        Attr("group", "组代码；全村的会为 null", TEXT_OR_NULL, ("group__code",)),
        Attr("ungrouped", "是否为没有分组的农户开的会", BOOLEAN),
        Attr("number", "第几次", INTEGER),
        Attr("status", "open 进行中，closed 已结束，dropped 已取消", one_of(SittingStatus.values)),
        Attr("held_on", "日期", DATE_OR_NULL),
        Attr("panel_size", "小组人数；不提供姓名", INTEGER, ("panel",), len),
        Attr("panel_present", "小组到会人数", INTEGER, ("panel",), _panel_present),
        Attr("expected", "应到", WHOLE_OR_NULL),
        Attr("present", "实到", WHOLE_OR_NULL),
        Attr("document_no", "文号；没有为空"),
        Attr(
            "checks",
            "四关：检查代码到 true 或 false",
            {"type": "object", "additionalProperties": {"type": ["boolean", "null"]}},
        ),
        Attr("counts", "各种结果的户数", WHOLE_BY_CODE),
        Attr("list_seal", "名单校验码；没有结束为空"),
        Attr("opened_at", "开始时间（UTC）", TIME),
        Attr("closed_at", "结束时间（UTC）；没有结束为 null", TIME_OR_NULL),
        Attr("version", "版本；每次变动加一", INTEGER),
    ),
)


class SittingList(ListView):
    resource = SITTING
    right = roles.LIST_VIEW
    kind = "sitting"
    operation = "sittings_list"
    title = "会议列表"
    about = "令牌地区之内的评议会和审核会。只给人数，不给姓名；会议记录不提供。"
    tag = "名单"
    query_params = (
        BY_ROUND,
        *BY_PLACE,
        BY_GROUP,
        BY_STAGE,
        Param("status", "状态", one_of(SittingStatus.values), lookup="status"),
        Param("kind", "种类", one_of(SittingKind.values), lookup="kind"),
    )

    def rows(self) -> QuerySet[Sitting]:
        return Sitting.objects.visible_to(self.scope)


class SittingObject(ObjectView):
    resource = SITTING
    right = roles.LIST_VIEW
    kind = "sitting"
    operation = "sittings_read"
    title = "一次会议"
    about = "一次评议会或审核会。各户的决定在 cases/ 里。ETag 含版本和令牌的字段权限。"
    tag = "名单"
    path_params = (ID,)

    def rows(self, **lookup: str) -> QuerySet[Sitting]:
        return Sitting.objects.visible_to(self.scope).filter(uuid=lookup["id"])

    def version(self, body: Row) -> str:
        return f"{body['version']}-{etag_digest(body)}"
