"""`GET divisions/`: 县、乡镇、村、村民小组 of the token's area, as one list in the order of their codes."""

from heapq import merge
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from core.api.paging import Key, decode
from core.api.query import Param, one_of
from core.api.resources import DATE_OR_NULL, TEXT_OR_NULL, Attr, Resource, Row
from core.api.views import ListView
from villages.models import County, Place, Township, Village, VillagerGroup

LEVELS: dict[str, tuple[type[Place], str]] = {
    "county": (County, ""),
    "township": (Township, "county__code"),
    "village": (Village, "township__code"),
    "group": (VillagerGroup, "village__code"),
}

DIVISION = Resource(
    "Division",
    "一个县、乡镇、村或村民小组",
    (
        Attr("code", "代码：县 6 位，乡镇 9 位，村 12 位，组为村代码加两位"),
        Attr("name", "名称"),
        Attr("level", "级别", {"type": "string", "enum": list(LEVELS)}),
        Attr("parent", "上级代码；县没有", TEXT_OR_NULL),
        Attr("valid_from", "启用日期", DATE_OR_NULL),
        Attr("valid_to", "停用日期", DATE_OR_NULL),
    ),
)


class DivisionList(ListView):
    """The levels are four tables; codes sort as a tree, so the four sorted reads are merged. Four queries at any size."""

    resource = DIVISION
    kind = "division"
    operation = "divisions_list"
    title = "地区列表"
    about = "令牌地区之内的县、乡镇、村、村民小组，按代码排序。"
    tag = "地区"
    query_params = (
        Param("level", "级别", one_of(LEVELS)),
        Param("parent", "上级代码"),
    )

    def page(self, cursor: str, size: int) -> tuple[list[Row], Key | None]:
        after = str(decode(cursor, 1)[0]) if cursor else ""
        wanted = [self.query["level"]] if "level" in self.query else list(LEVELS)
        parts = [self._level(level, after, size + 1) for level in wanted]
        found = list(merge(*parts, key=itemgetter("code")))[: size + 1]
        return found[:size], [found[size - 1]["code"]] if len(found) > size else None

    def _level(self, level: str, after: str, limit: int) -> list[Row]:
        model, parent = LEVELS[level]
        rows: QuerySet[Any] = model.objects.visible_to(self.scope).filter(code__gt=after)
        if "parent" in self.query:
            rows = rows.filter(**{parent: self.query["parent"]}) if parent else rows.none()
        columns = ["code", "name", "valid_from", "valid_to", *([parent] if parent else [])]
        return [
            {
                "code": code,
                "name": name,
                "level": level,
                "parent": above[0] if above else None,
                "valid_from": since,
                "valid_to": until,
            }
            for code, name, since, until, *above in rows.order_by("code").values_list(*columns)[:limit]
        ]
