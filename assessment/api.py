"""`rubrics/`, `rounds/`, `surveys/` and the stateless `score/` (contract "REST")."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from assessment.answers import chosen, missing, read_answers
from assessment.models import Round, RoundScope, RoundStatus, RubricStatus, RubricVersion, Survey, SurveyStatus
from assessment.rubric import Rubric
from assessment.scoring import Score, score
from core.api.paging import Keyset
from core.api.query import Param, one_of
from core.api.resources import (
    BOOLEAN,
    DATE,
    DATE_OR_NULL,
    INTEGER,
    TEXT_OR_NULL,
    TIME,
    TIME_OR_NULL,
    Attr,
    Resource,
    Row,
)
from core.api.schema import component
from core.api.views import ApiView, ListView, ObjectView
from core.errors import BadInput, NotFound
from core.scope import FieldClass

CODE_SHAPE = {"type": "string", "pattern": "^[0-9A-Za-z-]{1,32}$"}
SERVED_RUBRICS = (RubricStatus.PUBLISHED, RubricStatus.RETIRED)
SERVED_SURVEYS = (SurveyStatus.SUBMITTED, SurveyStatus.SUPERSEDED)


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_TEXT = {"type": "string"}
_WHOLE = {"type": "integer"}

RUBRIC = Resource(
    "Rubric",
    "一个评估表版本",
    (
        Attr("code", "版本号"),
        Attr("name", "名称"),
        Attr("status", "状态", one_of(SERVED_RUBRICS)),
        Attr("digest", "内容的校验码（SHA-256）"),
        Attr("published_at", "发布时间（UTC）", TIME_OR_NULL),
    ),
)

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
        Attr("procedure", "程序"),
        Attr("rubric", "评估表版本号", source=("rubric__code",)),
        Attr("survey_scope", "评估范围：all 全部农户，listed 在册户和申请户", one_of(RoundScope.values)),
        Attr("status", "状态", one_of(RoundStatus.values)),
        Attr("survey_deadline", "评估截止", DATE_OR_NULL),
    ),
)


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


LOOK = component("LookScore", _object(code=_TEXT, score=_WHOLE, max=_WHOLE))

SURVEY = Resource(
    "Survey",
    "一份已提交的《贫困农户评估表》",
    (
        Attr("id", "评估表编号", {"type": "string", "format": "uuid"}, ("uuid",)),
        Attr("round", "批次号", source=("round__code",)),
        Attr("household", "户编号", source=("household__code",)),
        Attr("township", "乡镇代码（提交时）", source=("township__code",)),
        Attr("village", "村代码（提交时）", source=("village__code",)),
        Attr("group", "组代码（提交时）；未分组为 null", TEXT_OR_NULL, ("group__code",)),
        Attr("revision", "第几版", INTEGER),
        Attr("status", "submitted 现行，superseded 已被新表代替", one_of(SERVED_SURVEYS)),
        Attr("score", "得分", {"type": ["integer", "null"]}, ("score__points",)),
        Attr("tier", "档次代码", TEXT_OR_NULL, ("score__tier",)),
        Attr("looks", "六看小计", _list(LOOK), ("score__look_points", "score__rubric_digest"), _looks),
        Attr("rubric", "评估表版本号", TEXT_OR_NULL, ("score__rubric__code",)),
        Attr("rubric_digest", "评估表校验码", TEXT_OR_NULL, ("score__rubric_digest",)),
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
            {"type": "object", "additionalProperties": _TEXT},
            ("answers", "score__rubric_digest"),
            _given,
            needs=(FieldClass.HEALTH, FieldClass.FINANCE),
        ),
    ),
)


class RubricList(ListView):
    resource = RUBRIC
    keyset = Keyset(("code",))
    right = roles.RUBRIC_VIEW
    kind = "rubric"
    operation = "rubrics_list"
    title = "评估表版本列表"
    about = "已发布和已停用的评估表版本。"
    tag = "评估"
    query_params = (Param("status", "状态", one_of(SERVED_RUBRICS), lookup="status"),)

    def rows(self) -> QuerySet[RubricVersion]:
        return RubricVersion.objects.filter(status__in=SERVED_RUBRICS)


class RubricObject(ObjectView):
    resource = RUBRIC
    right = roles.RUBRIC_VIEW
    kind = "rubric"
    operation = "rubrics_read"
    title = "一个评估表版本"
    about = "六看、指标、选项、分值和档次。发布后不再变化。"
    tag = "评估"
    path_params = (Param("code", "版本号", CODE_SHAPE),)

    def body(self, **lookup: str) -> Row:
        version = published_rubric(lookup["code"])
        found = RUBRIC.read(RubricVersion.objects.filter(pk=version.pk), self.scope)[0]
        return found | _content(version.value)

    def response_schema(self) -> dict[str, Any]:
        option = _object(code=_TEXT, label=_TEXT, points=_WHOLE)
        item = _object(code=_TEXT, name=_TEXT, max=_WHOLE, options=_list(option))
        more = {
            "looks": _list(_object(code=_TEXT, name=_TEXT, max=_WHOLE, indicators=_list(item))),
            "tiers": _list(_object(code=_TEXT, name=_TEXT, min=_WHOLE, max=_WHOLE)),
        }
        return component("RubricWithContent", RUBRIC.schema("评估表版本及其内容", more))


def published_rubric(code: str) -> RubricVersion:
    version = RubricVersion.objects.filter(code=code, status__in=SERVED_RUBRICS).first()
    if version is None:
        raise NotFound
    return version


def _content(rubric: Rubric) -> Row:
    return {
        "looks": [
            {
                "code": look.code,
                "name": look.name,
                "max": look.weight,
                "indicators": [
                    {
                        "code": item.code,
                        "name": item.name,
                        "max": item.weight,
                        "options": [{"code": o.code, "label": o.label, "points": o.points} for o in item.options],
                    }
                    for item in look.indicators
                ],
            }
            for look in rubric.looks
        ],
        "tiers": [{"code": tier.code, "name": tier.name, "min": tier.min, "max": tier.max} for tier in rubric.tiers],
    }


class RoundList(ListView):
    resource = ROUND
    keyset = Keyset(("code",))
    right = roles.ROUND_VIEW
    kind = "round"
    operation = "rounds_list"
    title = "批次列表"
    about = "令牌所在县的识别批次。"
    tag = "评估"
    query_params = (
        Param("status", "状态", one_of(RoundStatus.values), lookup="status"),
        Param("year", "年度", {"type": "integer", "minimum": 1990, "maximum": 2100}, lookup="year"),
    )

    def rows(self) -> QuerySet[Round]:
        return Round.objects.visible_to(self.scope)


class SurveyList(ListView):
    resource = SURVEY
    right = roles.HOUSEHOLD_VIEW
    kind = "survey"
    operation = "surveys_list"
    title = "评估表列表"
    about = "令牌地区之内已提交的评估表；草稿不提供。地区和人口按提交时的情况。"
    tag = "评估"
    query_params = (
        Param("round", "批次号", lookup="round__code"),
        Param("household", "户编号", lookup="household__code"),
        Param("township", "乡镇代码", lookup="township__code"),
        Param("village", "村代码", lookup="village__code"),
        Param("group", "组代码", lookup="group__code"),
        Param("tier", "档次代码", lookup="score__tier"),
        Param("status", "状态", one_of(SERVED_SURVEYS), lookup="status"),
    )

    def rows(self) -> QuerySet[Survey]:
        return Survey.objects.visible_to(self.scope).filter(status__in=SERVED_SURVEYS)


class ScoreForm(ApiView):
    """Nothing is stored, so there is nothing to repeat: an `Idempotency-Key` is accepted and means nothing here."""

    http_method_names = ["post"]
    right = roles.RUBRIC_VIEW
    kind = "score"
    operation = "score"
    title = "试算得分"
    about = "按评估表版本计算一份答案的得分、小计和档次，不保存。答案写选项文字或选项代码。"
    tag = "评估"
    header_params = (Param("Idempotency-Key", "可以给出；试算不保存内容，因此没有作用"),)
    refusals = (400, 401, 403, 404, 413, 415)
    request_schema = {
        "type": "object",
        "properties": {
            "rubric": {"type": "string", "description": "评估表版本号"},
            "answers": {
                "type": "object",
                "description": "每个指标代码的答案",
                "additionalProperties": {"type": "string"},
            },
        },
        "required": ["rubric", "answers"],
        "additionalProperties": False,
    }

    def post(self, request: Request) -> Response:
        code, answers = _read_form(request.data)
        rubric = published_rubric(code).value
        return self.answer(score_body(rubric, _complete(rubric, answers)), code=code)

    def response_schema(self) -> dict[str, Any]:
        body = _object(
            score=_WHOLE,
            tier=_object(code=_TEXT, name=_TEXT),
            looks=_list(LOOK),
            answers=_list(_object(code=_TEXT, points=_WHOLE, max=_WHOLE)),
            to_next_tier={"type": ["integer", "null"], "description": "距上一档的分数；最高档为 null。"},
        )
        return component("ScoreResult", body)


def _read_form(data: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(data, dict):
        raise BadInput("请求内容须为 JSON 对象，含 rubric 和 answers。")
    faults = {name: ["没有这一项。"] for name in data if name not in ("rubric", "answers")}
    if not isinstance(data.get("rubric"), str) or not data["rubric"].strip() or "\x00" in data["rubric"]:
        faults["rubric"] = ["请给出评估表版本号。"]
    if not isinstance(data.get("answers"), dict):
        faults["answers"] = ["请给出各项答案：指标代码到选项文字或选项代码。"]
    if faults:
        raise BadInput("请求内容有误。", fields=faults)
    return data["rubric"].strip(), data["answers"]


def _complete(rubric: Rubric, cells: Mapping[str, Any]) -> str:
    """The answers string; every missing or unknown one is named under its indicator."""
    text, problems = read_answers(rubric, cells)
    faults = {code: [problem + "。"] for code, problem in problems.items()}
    for code in missing(rubric, text):
        faults.setdefault(code, [f"{code} {rubric.by_code[code].name}未作答。"])
    if faults:
        raise BadInput(f"有 {len(faults)} 项答案缺少或无法识别。", code="bad_answers", fields=faults)
    return text


def score_body(rubric: Rubric, answers: str) -> Row:
    result: Score = score(rubric, answers)
    return {
        "score": result.points,
        "tier": {"code": result.tier.code, "name": result.tier.name},
        "looks": [
            {"code": look.code, "score": points, "max": look.weight}
            for look, points in zip(rubric.looks, result.looks, strict=True)
        ],
        "answers": [{"code": item.code, "points": item.points, "max": item.max} for item in result.answers],
        "to_next_tier": result.to_next_tier,
    }
