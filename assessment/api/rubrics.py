"""`rubrics/`: published 评估表 versions with their content."""

from typing import Any

from django.db.models import QuerySet

from accounts import roles
from assessment.api.shapes import TEXT, WHOLE, array, document
from assessment.models import RubricStatus, RubricVersion
from assessment.rubric import Rubric
from core.api.paging import Keyset
from core.api.query import Param, one_of
from core.api.resources import TIME_OR_NULL, Attr, Resource, Row
from core.api.schema import component
from core.api.views import ListView, ObjectView
from core.errors import NotFound

CODE_SHAPE = {"type": "string", "pattern": "^[0-9A-Za-z-]{1,32}$"}
SERVED_RUBRICS = (RubricStatus.PUBLISHED, RubricStatus.RETIRED)

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
        return found | content_of(version.value)

    def response_schema(self) -> dict[str, Any]:
        option = document(code=TEXT, label=TEXT, points=WHOLE)
        item = document(code=TEXT, name=TEXT, max=WHOLE, options=array(option))
        more = {
            "looks": array(document(code=TEXT, name=TEXT, max=WHOLE, indicators=array(item))),
            "tiers": array(document(code=TEXT, name=TEXT, min=WHOLE, max=WHOLE)),
        }
        return component("RubricWithContent", RUBRIC.schema("评估表版本及其内容", more))


def published_rubric(code: str) -> RubricVersion:
    version = RubricVersion.objects.filter(code=code, status__in=SERVED_RUBRICS).first()
    if version is None:
        raise NotFound
    return version


def content_of(rubric: Rubric) -> Row:
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
