"""`surveys/`: submitted forms with score and subtotals; drafts and 复核 that wait for the county are not served."""

from functools import lru_cache

from django.db.models import QuerySet

from accounts import roles
from assessment.answers import chosen
from assessment.api.shapes import BY_GROUP, BY_PLACE, BY_ROUND, TEXT, UUID, WHOLE, WHOLE_OR_NULL, array, document
from assessment.models import RubricVersion, Survey, SurveyPurpose, SurveyStatus
from assessment.rubric import Rubric
from core.api.query import Param, one_of
from core.api.resources import BOOLEAN, DATE_OR_NULL, INTEGER, TEXT_OR_NULL, TIME, TIME_OR_NULL, Attr, Resource, Row
from core.api.schema import component
from core.api.views import ListView
from core.scope import FieldClass

SERVED_SURVEYS = (SurveyStatus.SUBMITTED, SurveyStatus.SUPERSEDED)


@lru_cache(maxsize=16)
def _rubric_of(digest: str) -> Rubric:
    """The rubric that a score names by its digest: content never changes under one, so a process reads it once."""
    return RubricVersion.objects.filter(digest=digest)[0].value


def _looks(points: str | None, digest: str | None) -> list[Row]:
    if not digest:
        return []
    rubric = _rubric_of(digest)
    return [
        {"code": look.code, "score": int(got), "max": look.weight}
        for look, got in zip(rubric.looks, points.split(","), strict=True)
    ]


def _given(answers: str, digest: str | None) -> dict[str, str]:
    if not digest:
        return {}
    return {code: option.code for code, option in chosen(_rubric_of(digest), answers).items() if option is not None}


LOOK = component("LookScore", document(code=TEXT, score=WHOLE, max=WHOLE))

SURVEY = Resource(
    "Survey",
    "一份已提交的《贫困农户评估表》",
    (
        Attr("id", "评估表编号", UUID, ("uuid",)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("household", "户编号", source=("household__code",)),
        Attr("township", "乡镇代码（提交时）", source=("township__code",)),
        Attr("village", "村代码（提交时）", source=("village__code",)),
        Attr("group", "组代码（提交时）；未分组为 null", TEXT_OR_NULL, ("group__code",)),
        Attr("revision", "第几版", INTEGER),
        Attr("status", "submitted 现行，superseded 已被新表代替", one_of(SERVED_SURVEYS)),
        Attr("score", "得分", WHOLE_OR_NULL, ("score__points",)),
        Attr("tier", "档次代码", TEXT_OR_NULL, ("score__tier",)),
        Attr("looks", "六看小计", array(LOOK), ("score__look_points", "score__rubric_digest"), _looks),
        Attr("rubric", "评估表版本号", TEXT_OR_NULL, ("score__rubric__code",)),
        Attr("rubric_digest", "评估表校验码", TEXT_OR_NULL, ("score__rubric_digest",)),
        Attr("purpose", "assess 评估，review 异议复核后由县认定", one_of(SurveyPurpose.values)),
        Attr("persons", "人口（提交时）", INTEGER),
        Attr("attribute", "贫困户属性（提交时）"),
        Attr("cause", "主要致贫原因（提交时）"),
        Attr("surveyed_on", "调查日期", DATE_OR_NULL),
        Attr("surveyor_name", "调查员"),
        Attr("imported", "是否由名册导入", BOOLEAN),
        Attr("submitted_at", "提交时间（UTC）", TIME_OR_NULL),
        Attr("saved_at", "保存时间（UTC）", TIME),
        # Single answers tell illness and deposits: D1, D2, E2 of the default rubric, others of a county's own.
        Attr(
            "answers",
            "各项答案：指标代码到选项代码",
            {"type": "object", "additionalProperties": TEXT},
            ("answers", "score__rubric_digest"),
            _given,
            needs=(FieldClass.HEALTH, FieldClass.FINANCE),
        ),
    ),
)


class SurveyList(ListView):
    resource = SURVEY
    right = roles.HOUSEHOLD_VIEW
    kind = "survey"
    operation = "surveys_list"
    title = "评估表列表"
    about = "令牌地区之内已提交的评估表；草稿不提供。地区和人口按提交时的情况。"
    tag = "评估"
    query_params = (
        BY_ROUND,
        Param("household", "户编号", lookup="household__code"),
        *BY_PLACE,
        BY_GROUP,
        Param("tier", "档次代码", lookup="score__tier"),
        Param("status", "状态", one_of(SERVED_SURVEYS), lookup="status"),
    )

    def rows(self) -> QuerySet[Survey]:
        return Survey.objects.visible_to(self.scope).filter(status__in=SERVED_SURVEYS)
