"""`score/`: what answers would score; nothing is stored."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from assessment.answers import missing, read_answers
from assessment.api.rubrics import published_rubric
from assessment.api.shapes import TEXT, WHOLE, array, document
from assessment.api.surveys import LOOK
from assessment.rubric import Rubric
from assessment.scoring import Score, score
from core.api.query import Param
from core.api.resources import Row
from core.api.schema import component
from core.api.views import ApiView
from core.errors import BadInput


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
        body = document(
            score=WHOLE,
            tier=document(code=TEXT, name=TEXT),
            looks=array(LOOK),
            answers=array(document(code=TEXT, points=WHOLE, max=WHOLE)),
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
