"""`tables/…` and `tables/cell/`: the same figures as page and workbook, and the households behind each (contract "REST")."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from assessment.models import Round
from core.api.paging import Keyset
from core.api.query import Param, one_of
from core.api.schema import component
from core.api.views import ApiView, ListView
from core.errors import NotFound
from core.scope import Scope
from households.api import HOUSEHOLD
from households.models import Household
from reports.areas import LEVELS
from reports.cells import cell_households
from reports.frozen import frozen_households, open_snapshot, table_of
from reports.models import Snapshot
from reports.tables import Table, build_table

ROUND = Param("round", "批次号", required=True)
AREA = Param("area", "地区代码", required=True)
SNAPSHOT = Param("snapshot", "定稿编号或 uuid；给出时是当时的数字和当时的户")


def find_round(scope: Scope, code: str) -> Round:
    round_ = Round.objects.visible_to(scope).select_related("rubric", "county").filter(code=code).first()
    if round_ is None:
        raise NotFound
    return round_


def _named(scope: Scope, query: dict[str, Any], level: str, area: str = "") -> Snapshot:
    """The frozen table that is asked for; NotFound when it is of another round, level or area than the address says."""
    snapshot = open_snapshot(scope, query["snapshot"])
    if (snapshot.level, snapshot.round.code) != (level, query["round"]) or area not in ("", snapshot.area_code):
        raise NotFound
    return snapshot


_FIGURES = {"type": "object", "additionalProperties": {"type": ["number", "null"]}}
_TEXT = {"type": "string"}


class TableObject(ApiView):
    right = roles.TABLE_VIEW
    kind = "table"
    operation = "tables_read"
    title = "村表、乡镇表、县表"
    about = (
        "village 每行一个村民小组，township 每行一个村，county 每行一个乡镇。"
        "数字来自最近一次汇总（as_of）；null 为不可算。stale_villages 列出之后又有改动的村。"
    )
    tag = "报表"
    path_params = (Param("level", "级别", one_of(LEVELS)),)
    query_params = (ROUND, AREA, SNAPSHOT)
    refusals = (400, 401, 403, 404)

    def get(self, request: Request, level: str) -> Response:
        round_ = find_round(self.scope, self.query["round"])
        table = self._frozen(level) or build_table(level, round_, self.query["area"], self.scope)
        return self.answer(table.as_dict(), code=f"{level}/{table.area.code}", rows=len(table.rows))

    def _frozen(self, level: str) -> Table | None:
        return table_of(_named(self.scope, self.query, level, self.query["area"])) if "snapshot" in self.query else None

    def response_schema(self) -> dict[str, Any]:
        column = {
            "type": "object",
            "properties": dict.fromkeys(("code", "title", "definition", "unit", "kind"), _TEXT) | {"predicate": {"type": ["string", "null"]}},
            "required": ["code", "title", "definition"],
        }
        row = {
            "type": "object",
            "properties": {"area": _TEXT, "name": _TEXT, "values": _FIGURES},
            "required": ["area", "name", "values"],
        }
        properties = {
            "level": _TEXT,
            "round": _TEXT,
            "area": _TEXT,
            "name": _TEXT,
            "columns": {"type": "array", "items": column},
            "rows": {"type": "array", "items": row},
            "total": _FIGURES,
            "digest": _TEXT | {"description": "各格数字的校验码；数字相同则相同。"},
            "as_of": {"type": ["string", "null"], "format": "date-time", "description": "截至"},
            "stale_villages": {"type": "array", "items": _TEXT},
            "snapshot": {"type": ["string", "null"], "description": "定稿编号；现在的数字为 null。"},
        }
        required = ["columns", "rows", "total", "digest"]
        return component("Table", {"type": "object", "properties": properties, "required": required})


class CellList(ListView):
    resource = HOUSEHOLD
    keyset = Keyset(("code",))
    right = roles.TABLE_VIEW
    kind = "table_cell"
    operation = "tables_cell"
    title = "一个数字背后的农户"
    about = "报表一格所统计的农户。area 为该行的地区代码，合计行为表的地区代码；比率栏给出分子的农户。"
    tag = "报表"
    query_params = (
        Param("level", "级别", one_of(LEVELS), required=True),
        ROUND,
        AREA,
        Param("column", "栏代码", required=True),
        SNAPSHOT,
    )
    refusals = (400, 401, 403, 404)

    def rows(self) -> QuerySet[Household]:
        round_ = find_round(self.scope, self.query["round"])
        if "snapshot" in self.query:
            snapshot = _named(self.scope, self.query, self.query["level"])
            then = frozen_households(snapshot, self.query["area"], self.query["column"], self.scope)
            return then.visible_to(self.scope.narrowed_to(roles.HOUSEHOLD_VIEW))
        behind = cell_households(self.query["level"], round_, self.query["area"], self.query["column"], self.scope)
        return behind.visible_to(self.scope.narrowed_to(roles.HOUSEHOLD_VIEW))
