"""`cases/`: where each household stands on the list, and what each stage decided. No free text, no name of whoever decided."""

from collections import defaultdict
from typing import Any
from uuid import UUID as UUIDValue

from django.db.models import Q, QuerySet

from accounts import roles
from assessment.api.shapes import (
    BY_PLACE,
    BY_ROUND,
    UUID,
    UUID_OR_NULL,
    WHOLE_OR_NULL,
    array,
    stage_name,
)
from assessment.filters_list import STATES, UNGROUPED, at_stage, in_group, in_state
from assessment.models import Case, CaseState, EndReason, Opinion, Verdict
from core.api.paging import Key
from core.api.query import Param, one_of
from core.api.resources import BOOLEAN, INTEGER, TEXT_OR_NULL, TIME, TIME_OR_NULL, Attr, Resource, Row
from core.api.views import ListView, ObjectView, etag_digest
from core.scope import Scope

SEAL_SHOWN = 16
CODE = Param(
    "code",
    "评议户编号：户编号@批次号",
    {"type": "string", "pattern": "^[0-9]{16}@[0-9A-Za-z-]{1,24}$"},
)

VERDICT = Resource(
    "Verdict",
    "一个阶段对一户的决定",
    (
        Attr("case", "评议户的 id", UUID, ("case__uuid",)),
        Attr("stage", "阶段代码"),
        Attr("stage_name", "阶段名称", source=("case__round__procedure", "stage"), shape=stage_name),
        Attr("pass_no", "第几轮；退回一次加一", INTEGER),
        Attr("opinion", "agree 同意，return 退回，reject 不同意", one_of(Opinion.values)),
        Attr("category", "确定的类别代码；没有为空"),
        Attr("votes_for", "同意票；不表决的阶段为 null", WHOLE_OR_NULL),
        Attr("votes_against", "不同意票；不表决的阶段为 null", WHOLE_OR_NULL),
        Attr("return_to", "退回到的阶段；不是退回为空"),
        Attr("at", "作出时间（UTC）", TIME),
        Attr(
            "standing", "是否仍然有效；后来的退回或变更使它作废", BOOLEAN, ("voiding",), lambda voiding: voiding is None
        ),
        Attr("seal", "封存校验码的前 16 位", source=("leaf",), shape=lambda leaf: leaf[:SEAL_SHOWN]),
        Attr("sitting", "作出决定的会议；公示期满的为 null", UUID_OR_NULL, ("sitting__uuid",)),
        Attr("notice", "期满的公示；会议决定的为 null", UUID_OR_NULL, ("notice__uuid",)),
    ),
)


def case_code(household: str | None, round_: str | None) -> str | None:
    """The number under which the feed names a case."""
    return f"{household}@{round_}" if household else None


def _first(pinned: Any, current: Any) -> Any:
    """The score that the first decision pinned; before that the form's own."""
    return current if pinned is None else pinned


CASE = Resource(
    "Case",
    "一个评议户：一户在一个批次里的办理情况",
    (
        Attr("code", "评议户编号：户编号@批次号", source=("household__code", "round__code"), shape=case_code),
        Attr("id", "编号", UUID, ("uuid",)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("household", "户编号", source=("household__code",)),
        Attr("head_name", "户主姓名", source=("household__head_name",)),
        Attr("kind", "类别"),
        Attr("township", "乡镇代码（列入名单时）", source=("township__code",)),
        Attr("village", "村代码（列入名单时）", source=("village__code",)),
        Attr("group", "组代码（列入名单时）；未分组为 null", TEXT_OR_NULL, ("group__code",)),
        Attr("stage", "所在阶段的代码"),
        Attr("stage_name", "所在阶段的名称", source=("round__procedure", "stage"), shape=stage_name),
        Attr(
            "state",
            "open 办理中，held 异议核查中，concluded 已认定，rejected 不予列入，ended 已终止",
            one_of(CaseState.values),
        ),
        Attr("pass_no", "第几轮；退回一次加一", INTEGER),
        Attr("supplementary", "是否补充评议", BOOLEAN),
        Attr("survey", "所依据的评估表编号", UUID_OR_NULL, ("survey__uuid",)),
        Attr("persons", "人口（评估表提交时）", WHOLE_OR_NULL, ("survey__persons",)),
        Attr("score", "六看得分", WHOLE_OR_NULL, ("score__points", "survey__score__points"), _first),
        Attr("tier", "六看档次代码", TEXT_OR_NULL, ("score__tier", "survey__score__tier"), _first),
        Attr("category", "拟定类别代码；已认定的就是认定结果；还没有决定的为空"),
        Attr("end_reason", "终止原因；没有终止为空", {"type": "string", "enum": ["", *EndReason.values]}),
        Attr("opened_at", "列入名单时间（UTC）", TIME),
        Attr("stage_since", "进入所在阶段的时间（UTC）", TIME),
        Attr("concluded_at", "办结时间（UTC）；没有办结为 null", TIME_OR_NULL),
        Attr("version", "版本；每次变动加一", INTEGER),
        # Empty until `with_verdicts` has read the decisions of all rows at once.
        Attr("verdicts", "各阶段的决定，按先后", array(VERDICT.ref), ("uuid",), lambda uuid: []),
    ),
)


def with_verdicts(rows: list[Row], scope: Scope) -> list[Row]:
    """The rows with their decisions, in one more query for all of them."""
    decided: dict[UUIDValue, list[Row]] = defaultdict(list)
    found = Verdict.objects.visible_to(scope).filter(case__uuid__in=[row["id"] for row in rows]).order_by("pk")
    for verdict in VERDICT.read(found, scope):
        decided[verdict["case"]].append(verdict)
    return [row | {"verdicts": decided[row["id"]]} for row in rows]


def _of_tier(cases: QuerySet, value: str) -> QuerySet:
    return cases.filter(Q(score__tier=value) | Q(score=None, survey__score__tier=value))


_FILTERS = {"group": in_group, "stage": at_stage, "state": in_state, "tier": _of_tier}


class CaseList(ListView):
    resource = CASE
    right = roles.LIST_VIEW
    kind = "case"
    operation = "cases_list"
    title = "评议户列表"
    about = "令牌地区之内的评议户：在哪个阶段、什么状态、拟定什么类别、各阶段怎样决定。地区按列入名单时的情况。"
    tag = "名单"
    query_params = (
        BY_ROUND,
        *BY_PLACE,
        Param("group", f"组代码；{UNGROUPED} 为未分组"),
        Param("stage", "阶段代码，见批次的 stages；只列正在这个阶段等待的"),
        Param("state", "状态；" + "，".join(f"{code} {label}" for code, label in STATES), one_of(dict(STATES))),
        Param("category", "拟定类别代码", lookup="category"),
        Param("tier", "六看档次代码"),
        Param("household", "户编号", lookup="household__code"),
    )

    def rows(self) -> QuerySet[Case]:
        rows = Case.objects.visible_to(self.scope)
        for name, narrowed in _FILTERS.items():
            if name in self.query:
                rows = narrowed(rows, self.query[name])
        return rows

    def page(self, cursor: str, size: int) -> tuple[list[Row], Key | None]:
        found, last = super().page(cursor, size)
        return with_verdicts(found, self.scope), last


class CaseObject(ObjectView):
    resource = CASE
    right = roles.LIST_VIEW
    kind = "case"
    operation = "cases_read"
    title = "一个评议户"
    about = "一户在一个批次里的办理情况和各阶段的决定。ETag 含版本和令牌的字段权限。"
    tag = "名单"
    path_params = (CODE,)

    def rows(self, **lookup: str) -> QuerySet[Case]:
        household, _, round_ = lookup["code"].partition("@")
        return Case.objects.visible_to(self.scope).filter(household__code=household, round__code=round_).order_by("pk")

    def body(self, **lookup: str) -> Row:
        return with_verdicts([super().body(**lookup)], self.scope)[0]

    def version(self, body: Row) -> str:
        """The case's version, and a digest of what is beside it: a new score or a corrected name leaves the case as it was."""
        return f"{body['version']}-{etag_digest(body)}"
