"""`snapshots/`: frozen tables, one of them whole, and one held against another."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from core.api.paging import Keyset
from core.api.query import Param, one_of
from core.api.resources import TIME, Attr, Resource
from core.api.schema import component
from core.api.views import ApiView, ListView
from households.models import Household
from reports.areas import LEVELS, table_scope
from reports.comparing import Difference, difference
from reports.frozen import open_snapshot, table_of
from reports.models import Snapshot

UUID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string"}
_WHOLE = {"type": "integer"}

SNAPSHOT = Resource(
    "Snapshot",
    "一份定稿的报表",
    (
        Attr("id", "编号", UUID, ("uuid",)),
        Attr("serial", "定稿编号"),
        Attr("level", "级别", one_of(LEVELS)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("area", "地区代码", source=("area_code",)),
        Attr("name", "地区名称", source=("area_name",)),
        Attr("rubric_digest", "评估表校验码"),
        Attr("catalog_version", "各栏口径的版本"),
        Attr("feed_seq", "定稿时变更流水的序号", _WHOLE),
        Attr("lists", "所依据的已锁定会议次数", _WHOLE, ("list_seals",), len),
        Attr("digest", "全表校验码（SHA-256）"),
        Attr("table_digest", "各格内容校验码，与 tables/ 的 digest 同一算法"),
        Attr("at", "定稿时间（UTC）", TIME),
    ),
)


class SnapshotList(ListView):
    resource = SNAPSHOT
    keyset = Keyset(("-at", "-id"))
    right = roles.TABLE_VIEW
    kind = "snapshot"
    operation = "snapshots_list"
    title = "定稿列表"
    about = "令牌地区之内定稿的村表、乡镇表、县表，最新的在前。定稿的数字不再变动。"
    tag = "报表"
    query_params = (
        Param("level", "级别", one_of(LEVELS), lookup="level"),
        Param("round", "批次号", lookup="round__code"),
        Param("area", "地区代码", lookup="area_code"),
    )

    def rows(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.visible_to(self.scope)


class SnapshotObject(ApiView):
    right = roles.TABLE_VIEW
    kind = "snapshot"
    operation = "snapshots_read"
    title = "一份定稿，或两份定稿的差别"
    about = "table 为定稿时的表，形状同 tables/。给出 with（另一份的编号，同一地区、同一级别）时另有 difference：变动的格和进出各栏的户。"
    tag = "报表"
    path_params = (Param("id", "定稿编号或 uuid"),)
    query_params = (Param("with", "与哪一份定稿对照，编号或 uuid"),)
    refusals = (400, 401, 403, 404)

    def get(self, request: Request, id: str) -> Response:
        snapshot = open_snapshot(self.scope, id)
        body: dict[str, Any] = SNAPSHOT.read(Snapshot.objects.visible_to(self.scope).filter(pk=snapshot.pk), self.scope)[0]
        body["table"] = table_of(snapshot).as_dict()
        if other := self.query.get("with"):
            body["difference"] = self._difference(difference(snapshot, open_snapshot(self.scope, other), self.scope))
        return self.answer(body, code=snapshot.serial)

    def _difference(self, found: Difference) -> dict[str, Any]:
        ids = {pk for moved in found.moved.values() for pk in (*moved.entered, *moved.left)}
        rows = Household.objects.visible_to(table_scope(self.scope)).filter(pk__in=ids)
        codes = dict(rows.values_list("pk", "code"))

        def seen(moved: tuple[int, ...]) -> list[str]:
            return sorted(codes[pk] for pk in moved if pk in codes)

        return {
            "from": found.old.serial,
            "to": found.new.serial,
            "cells": [
                {"area": cell.area, "name": cell.name, "column": cell.column.code, "before": cell.before, "after": cell.after, "change": cell.change}
                for cell in (*found.cells, *found.total)
            ],
            "moved": {code: {"entered": seen(moved.entered), "left": seen(moved.left)} for code, moved in found.moved.items()},
        }

    def response_schema(self) -> dict[str, Any]:
        number = {"type": ["number", "null"]}
        cell = {"type": "object", "properties": dict.fromkeys(("area", "name", "column"), _TEXT) | dict.fromkeys(("before", "after", "change"), number)}
        codes = {"type": "array", "items": _TEXT}
        moved = {"type": "object", "additionalProperties": {"type": "object", "properties": {"entered": codes, "left": codes}}}
        found = {"type": "object", "properties": {"from": _TEXT, "to": _TEXT, "cells": {"type": "array", "items": cell}, "moved": moved}}
        more = {"table": {"$ref": "#/components/schemas/Table"}}
        schema = SNAPSHOT.schema("一份定稿的报表，连同它的各格", more)
        schema["properties"] |= {"difference": found}
        return component("SnapshotTable", schema)
