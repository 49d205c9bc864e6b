"""`rounds/`: the county's campaigns, each with the stages that its list goes through."""

from collections.abc import Mapping

from django.db.models import QuerySet

from accounts import roles
from assessment.api.shapes import TEXT, array, document
from assessment.models import Round, RoundScope, RoundStatus
from assessment.procedures import Level, Mode, procedure_of
from core.api.paging import Keyset
from core.api.query import Param, one_of
from core.api.resources import DATE, DATE_OR_NULL, INTEGER, TIME, TIME_OR_NULL, Attr, Resource, Row
from core.api.schema import component
from core.api.views import ListView

STAGE = component(
    "RoundStage",
    document(
        code=TEXT,
        name=TEXT,
        list_name=TEXT | {"description": "这一阶段之后的名单叫什么。"},
        level=one_of(Level) | {"description": "由哪一级办理。"},
        mode=one_of(Mode) | {"description": "sitting 开会决定，notice 公示。"},
        deadline=DATE_OR_NULL,
    ),
)


def _stages(procedure: str, deadlines: Mapping[str, str]) -> list[Row]:
    return [
        {
            "code": stage.code,
            "name": stage.name,
            "list_name": stage.list_name,
            "level": stage.level,
            "mode": stage.mode,
            "deadline": deadlines.get(stage.code) or None,
        }
        for stage in procedure_of(procedure).stages
    ]


ROUND = Resource(
    "Round",
    "一个识别批次",
    (
        Attr("code", "批次号"),
        Attr("name", "名称"),
        Attr("county", "县代码", source=("county__code",)),
        Attr("year", "年度", INTEGER),
        Attr("reference_date", "基准日", DATE),
        Attr("kind", "类型"),
        Attr("procedure", "程序代码"),
        Attr("procedure_name", "程序名称", source=("procedure",), shape=lambda code: procedure_of(code).name),
        Attr("stages", "各阶段，依次办理", array(STAGE), ("procedure", "stage_deadlines"), _stages),
        Attr("notice_days", "公示天数；0 为按程序的天数", INTEGER),
        Attr("rubric", "评估表版本号", source=("rubric__code",)),
        Attr("survey_scope", "评估范围：all 全部农户，listed 在册户和申请户", one_of(RoundScope.values)),
        Attr("status", "状态", one_of(RoundStatus.values)),
        Attr("survey_deadline", "评估截止", DATE_OR_NULL),
        Attr("opened_at", "开始时间（UTC）", TIME),
        Attr("closed_at", "结束时间（UTC）；没有结束为 null", TIME_OR_NULL),
    ),
)


class RoundList(ListView):
    resource = ROUND
    keyset = Keyset(("code",))
    right = roles.ROUND_VIEW
    kind = "round"
    operation = "rounds_list"
    title = "批次列表"
    about = "令牌所在县的识别批次，含程序的各阶段和各阶段截止日期。"
    tag = "评估"
    query_params = (
        Param("status", "状态", one_of(RoundStatus.values), lookup="status"),
        Param("year", "年度", {"type": "integer", "minimum": 1990, "maximum": 2100}, lookup="year"),
    )

    def rows(self) -> QuerySet[Round]:
        return Round.objects.visible_to(self.scope)
