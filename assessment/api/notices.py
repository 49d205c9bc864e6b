"""`notices/`: what was posted, as the public page shows it: masked names, and never who posted or the address of the page."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from accounts import roles
from assessment import clock
from assessment.api.cases import case_code
from assessment.api.shapes import BY_PLACE, BY_ROUND, BY_STAGE, ID, UUID, array, stage_name
from assessment.models import Notice, NoticeKind, NoticeStatus
from core.api.query import Param, one_of
from core.api.resources import BOOLEAN, INTEGER, TEXT_OR_NULL, TIME, TIME_OR_NULL, Attr, Resource, Row
from core.api.schema import component
from core.api.views import ListView, ObjectView, etag_digest
from core.errors import NotFound


def _on_show(status: str, opened_at: datetime | None, ends_at: datetime | None) -> bool:
    """An expiry is a predicate when read, whatever the job has written down (ruling 13)."""
    return status == NoticeStatus.OPEN and bool(opened_at and ends_at) and opened_at <= clock.now() < ends_at


NOTICE = Resource(
    "Notice",
    "一份公示",
    (
        Attr("id", "编号", UUID, ("uuid",)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("stage", "阶段代码"),
        Attr("stage_name", "阶段名称", source=("round__procedure", "stage"), shape=stage_name),
        Attr("kind", "regular 公示，supplementary 补充公示", one_of(NoticeKind.values)),
        Attr("number", "第几次", INTEGER),
        Attr("township", "乡镇代码", source=("township__code",)),
        Attr("village", "村代码", source=("village__code",)),
        Attr(
            "status",
            "preparing 待张贴，open 公示中，ended 已期满，withdrawn 已撤回",
            one_of(NoticeStatus.values),
        ),
        Attr("on_show", "此刻是否在公示期内", BOOLEAN, ("status", "opened_at", "ends_at"), _on_show),
        Attr("title", "标题"),
        Attr("document_no", "文号；没有为空"),
        Attr("days", "公示天数", INTEGER),
        Attr("hotline", "监督举报电话"),
        Attr("office", "受理单位"),
        Attr("office_place", "受理地点"),
        Attr("opened_at", "最后一组张贴、开始计算的时间（UTC）", TIME_OR_NULL),
        Attr("ends_at", "截止时间（UTC）", TIME_OR_NULL),
        Attr("ended_at", "办结时间（UTC）", TIME_OR_NULL),
        Attr("withdrawn_at", "撤回时间（UTC）", TIME_OR_NULL),
        Attr("check_code", "校验码：公开内容的 SHA-256"),
        Attr("line_count", "户数", INTEGER),
        Attr("started_at", "发起时间（UTC）", TIME),
        Attr("version", "版本；每次变动加一", INTEGER),
    ),
)

SHEET = Resource(
    "NoticeSheet",
    "一个组的公示表",
    (
        Attr("group", "组代码；没有分组的为 null", TEXT_OR_NULL, ("group__code",)),
        Attr("group_name", "组名称"),
        Attr("posted_at", "张贴时间（UTC）；没有张贴为 null", TIME_OR_NULL),
    ),
)

LINE = Resource(
    "NoticeLine",
    "公示的一户",
    (
        Attr("position", "序号", INTEGER),
        Attr("group_name", "组名称", source=("sheet__group_name",)),
        Attr("case", "评议户编号", source=("household__code", "case__round__code"), shape=case_code),
        Attr("head_name", "户主姓名，遮盖后的", source=("masked_name",)),
        Attr("persons", "人数", INTEGER),
        Attr("category", "类别代码；没有为空"),
        Attr("result", "公示结果"),
    ),
)


def _counted(rows: QuerySet[Notice]) -> QuerySet[Notice]:
    return rows.annotate(line_count=Count("lines"))


class NoticeList(ListView):
    resource = NOTICE
    right = roles.LIST_VIEW
    kind = "notice"
    operation = "notices_list"
    title = "公示列表"
    about = "令牌地区之内的公示。各户见单份公示，姓名一律遮盖。"
    tag = "名单"
    query_params = (
        BY_ROUND,
        *BY_PLACE,
        BY_STAGE,
        Param("status", "状态", one_of(NoticeStatus.values), lookup="status"),
        Param("kind", "种类", one_of(NoticeKind.values), lookup="kind"),
    )

    def rows(self) -> QuerySet[Notice]:
        return _counted(Notice.objects.visible_to(self.scope))


class NoticeObject(ObjectView):
    resource = NOTICE
    right = roles.LIST_VIEW
    kind = "notice"
    operation = "notices_read"
    title = "一份公示"
    about = "一份公示的各组公示表和各户，姓名一律遮盖。ETag 含版本和令牌的字段权限。"
    tag = "名单"
    path_params = (ID,)

    def rows(self, **lookup: str) -> QuerySet[Notice]:
        return _counted(Notice.objects.visible_to(self.scope).filter(uuid=lookup["id"]))

    def body(self, **lookup: str) -> Row:
        notice = self.rows(**lookup).first()
        if notice is None:
            raise NotFound
        return super().body(**lookup) | {
            "sheets": SHEET.read(notice.sheets.order_by("pk"), self.scope),
            "lines": LINE.read(notice.lines.order_by("position"), self.scope),
        }

    def version(self, body: Row) -> str:
        return f"{body['version']}-{etag_digest(body)}"

    def response_schema(self) -> dict[str, Any]:
        more = {"sheets": array(SHEET.ref), "lines": array(LINE.ref)}
        return component("NoticeWithLines", NOTICE.schema("一份公示及其各户", more))
