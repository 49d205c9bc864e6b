"""What belongs to the token itself: the change feed, its owner's jobs, and the description of the API (trust P9: not public)."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from accounts.api_auth import TokenAuthentication
from accounts.models import User
from accounts.scopes import scope_of
from core.api.paging import Keyset
from core.api.query import Param, integer, one_of
from core.api.resources import INTEGER, TIME, TIME_OR_NULL, Attr, Resource
from core.api.schema import ApiSchemaGenerator, component
from core.api.views import ApiView, ListView, ObjectView
from core.models import Change, ChangeOp, Job, JobState
from villages.models import Village

CHANGE = Resource(
    "Change",
    "一次变动",
    (
        Attr("seq", "序号，按提交先后递增，不回头", INTEGER),
        Attr("kind", "对象种类，如 household、survey、case、sitting、notice、objection"),
        Attr("code", "对象编号，可在该种对象的地址上读取；survey 和 case 为 户编号@批次号"),
        Attr("op", "upsert 新增或修改，delete 已移出令牌的地区", one_of(ChangeOp.values)),
    ),
)

JOB = Resource(
    "Job",
    "一项后台处理",
    (
        Attr("id", "编号", {"type": "string", "format": "uuid"}),
        Attr("kind", "种类"),
        Attr("title", "名称"),
        Attr("state", "状态", one_of(JobState.values)),
        Attr("progress_done", "已完成", INTEGER),
        Attr("progress_total", "总数；0 为未知", INTEGER),
        Attr("progress_note", "进度说明"),
        Attr("error", "未完成的原因"),
        Attr("file_name", "生成的文件名；没有为空"),
        Attr("attempts", "处理次数", INTEGER),
        Attr("created_at", "发起时间（UTC）", TIME),
        Attr("started_at", "开始时间（UTC）", TIME_OR_NULL),
        Attr("finished_at", "结束时间（UTC）", TIME_OR_NULL),
    ),
)

LARGEST_FEED_PAGE = 1000


class ChangeList(ApiView):
    """The feed is numbered under one lock as the last statement before COMMIT: a reader never misses a smaller number (ruling 8)."""

    right = roles.HOUSEHOLD_VIEW
    kind = "change"
    operation = "changes_list"
    title = "变动"
    about = "序号大于 since 的变动，按序号排列。把 next 作为下一次的 since；changes 为空表示已经读完。"
    tag = "同步"
    query_params = (
        Param("since", "已读到的序号", integer(0, default=0)),
        Param("limit", "最多条数", integer(1, LARGEST_FEED_PAGE, 500)),
    )

    def get(self, request: Request) -> Response:
        since = self.query.get("since", 0)
        rows = Change.objects.visible_to(self.scope).after(since)[: self.query.get("limit", 500)]
        found = CHANGE.read(rows, self.scope)
        return self.answer({"changes": found, "next": found[-1]["seq"] if found else since}, rows=len(found))

    def response_schema(self) -> dict[str, Any]:
        body = {
            "type": "object",
            "properties": {"changes": {"type": "array", "items": CHANGE.ref}, "next": INTEGER},
            "required": ["changes", "next"],
            "additionalProperties": False,
        }
        return component("Changes", body)


def own_jobs(view: ApiView) -> QuerySet[Job]:
    """Jobs of the token's owner. A job has no place of its own, so a token for less than its owner's area sees none of them."""
    owner = scope_of(view.request.user)
    outside = Village.objects.visible_to(owner).exclude(pk__in=Village.objects.visible_to(view.scope).values("pk"))
    rows = Job.objects.filter(requested_by_id=view.scope.actor_id)
    return rows.none() if outside.exists() else rows


class JobList(ListView):
    resource = JOB
    keyset = Keyset(("-created_at", "-id"))
    kind = "job"
    operation = "jobs_list"
    title = "处理进度列表"
    about = "令牌所属账号发起的导入、汇总和导出，新的在前。令牌的地区小于账号的地区时没有内容。"
    tag = "同步"
    query_params = (
        Param("state", "状态", one_of(JobState.values), lookup="state"),
        Param("kind", "种类", lookup="kind"),
    )

    def rows(self) -> QuerySet[Job]:
        return own_jobs(self)


class JobObject(ObjectView):
    resource = JOB
    kind = "job"
    operation = "jobs_read"
    title = "一项处理的进度"
    about = "状态、进度和结果文件名。"
    tag = "同步"
    path_params = (Param("id", "编号", {"type": "string", "format": "uuid"}),)

    def rows(self, **lookup: str) -> QuerySet[Job]:
        return own_jobs(self).filter(pk=lookup["id"])


class TokenScheme(OpenApiAuthenticationExtension):
    """How the token is sent, for the OpenAPI document."""

    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token 加一个空格，再加令牌"}


class ReaderSession(BaseAuthentication):
    """The description, not the data, may also be read by a logged-in user who may see tables."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        user = getattr(request._request, "user", None)
        scope = getattr(request._request, "scope", None)
        may_read = user is not None and user.is_authenticated and scope is not None and scope.has(roles.TABLE_VIEW)
        return (user, None) if may_read else None


class SchemaDocument(SpectacularAPIView):
    """OpenAPI as JSON (default) or YAML, for tokens and logged-in users only."""

    authentication_classes = [TokenAuthentication, ReaderSession]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]
    permission_classes = [IsAuthenticated]
    generator_class = ApiSchemaGenerator
    serve_public = True


class SchemaPage(SpectacularSwaggerSplitView):
    """Swagger UI from our own static files. Its styles are inline, its scripts are not, and the policy says so."""

    schema = None
    authentication_classes = [TokenAuthentication, ReaderSession]
    permission_classes = []
    url_name = "api-schema"

    POLICY = (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user is None:
            return redirect_to_login(request.get_full_path())
        return super().get(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        response.headers["Content-Security-Policy"] = self.POLICY
        return super().finalize_response(request, response, *args, **kwargs)
