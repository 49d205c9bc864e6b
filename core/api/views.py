"""Frames of API views: token, right, query, answer, audit; in that order (trust P9)."""

import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar

import orjson
from django.db.models import QuerySet
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from core.actions import record, record_refusal
from core.api.paging import DEFAULT_SIZE, PAGE_PARAMS, Key, Keyset, encode
from core.api.query import Param, Schema, read_query
from core.api.renderers import JsonOnly, OrjsonRenderer, StrictJSONParser
from core.api.resources import Resource, Row
from core.api.schema import ApiSchema, component
from core.errors import Denied, NotFound, StaleVersion
from core.scope import NOBODY, Scope
from core.web.middleware import origin_of

READ = "api.read"
ETAG_HEADERS = (
    Param("If-None-Match", "上次的 ETag；没有变化时回答 304"),
    Param("If-Match", "上次的 ETag；已有变化时回答 412"),
)


class ApiView(APIView):
    """One route. A subclass says its right, its words and its parameters; `scope` holds the token's area, narrowed to the right."""

    renderer_classes = [OrjsonRenderer]
    parser_classes = [StrictJSONParser]
    content_negotiation_class = JsonOnly
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    schema = ApiSchema()

    right = ""
    kind = ""
    operation = ""
    title = ""
    about = ""
    tag = ""
    path_params: Sequence[Param] = ()
    query_params: Sequence[Param] = ()
    header_params: Sequence[Param] = ()
    request_schema: Schema | None = None
    media_type = ""
    refusals: Sequence[int] = (400, 401, 403)

    scope: Scope = NOBODY
    query: dict[str, Any]

    def params(self) -> tuple[Param, ...]:
        return tuple(self.query_params)

    def response_schema(self) -> Schema:
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A session cookie never opens the API: whatever scope the pages' middleware found is dropped first."""
        request._request.scope = NOBODY
        super().initial(request, *args, **kwargs)
        self.scope = request._request.scope
        if request.method.lower() not in self.http_method_names:
            return
        if self.right:
            if not self.scope.has(self.right):
                raise Denied("这个令牌不能办理这一项。")
            self.scope = self.scope.narrowed_to(self.right)
        self.query = read_query(request.query_params, self.params())

    def audited(self, *, code: str = "", rows: int = 1) -> None:
        """The pull in the trail: names of filters and the number of rows, never a value (trust L1). No audit, no answer."""
        filters = sorted(set(self.query) - {"cursor", "page_size"})
        record(
            self.scope, READ, origin_of(self.request._request), self.kind, code,
            token=self.scope.token_prefix, filters=filters, rows=rows,
        )  # fmt: skip

    def answer(self, body: Any, *, code: str = "", rows: int = 1, status: int = 200, headers: Any = None) -> Response:
        self.audited(code=code, rows=rows)
        return Response(body, status=status, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        """Refusals of a token and of a place are audited; mistakes in a request are not."""
        if isinstance(exc, NotAuthenticated | AuthenticationFailed | Denied | NotFound | Http404):
            refusal = NotFound() if isinstance(exc, NotFound | Http404) else Denied()
            scope = getattr(self.request._request, "scope", NOBODY)
            record_refusal(scope, READ, origin_of(self.request._request), refusal)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        patch_vary_headers(response, ("Authorization",))
        return super().finalize_response(request, response, *args, **kwargs)


class ListView(ApiView):
    """Rows of a resource, page by page: `{"results": […], "next": address or null}`."""

    resource: Resource
    keyset = Keyset(("id",))

    def params(self) -> tuple[Param, ...]:
        return (*self.query_params, *PAGE_PARAMS)

    def rows(self) -> QuerySet:
        """Rows that the token may see, before the filters."""
        raise NotImplementedError

    def filtered(self) -> QuerySet:
        rows = self.rows()
        for param in self.query_params:
            if param.lookup and param.name in self.query:
                rows = rows.filter(**{param.lookup: self.query[param.name]})
        return rows

    def page(self, cursor: str, size: int) -> tuple[list[Row], Key | None]:
        return self.resource.page(self.filtered(), self.scope, self.keyset, cursor, size)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found, last = self.page(self.query.get("cursor", ""), self.query.get("page_size", DEFAULT_SIZE))
        address = request.build_absolute_uri()
        following = None if last is None else replace_query_param(address, "cursor", encode(last))
        return self.answer({"results": found, "next": following}, rows=len(found))

    def response_schema(self) -> Schema:
        item = self.resource.ref
        body = {
            "type": "object",
            "properties": {
                "results": {"type": "array", "items": item},
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "下一页的地址；没有更多时为 null。",
                },
            },
            "required": ["results", "next"],
            "additionalProperties": False,
        }
        return component(f"{self.resource.name}Page", body)


class ObjectView(ApiView):
    """One object with its ETag: version and field classes of the caller, or a digest where there is no version (ruling 29)."""

    resource: Resource
    header_params = ETAG_HEADERS
    refusals = (400, 401, 403, 404, 412)

    def rows(self, **lookup: str) -> QuerySet:
        """At most one row that the token may see."""
        raise NotImplementedError

    def body(self, **lookup: str) -> Row:
        found = self.resource.read(self.rows(**lookup)[:1], self.scope)
        if not found:
            raise NotFound
        return found[0]

    def version(self, body: Row) -> str:
        return etag_digest(body)

    def get(self, request: Request, *args: Any, **kwargs: str) -> Response:
        body = self.body(**kwargs)
        etag = f'"{self.version(body)}.{self.scope.field_class_key or "m"}"'
        code = str(next(iter(kwargs.values()), ""))
        wanted = _etags(request, "If-Match")
        if wanted and etag not in wanted and "*" not in wanted:
            raise StaleVersion("内容已有变化，请重新读取。")
        known = _etags(request, "If-None-Match")
        if etag in known or "*" in known:
            return self.answer(None, code=code, rows=0, status=304, headers={"ETag": etag})
        return self.answer(body, code=code, headers={"ETag": etag})

    def response_schema(self) -> Schema:
        return self.resource.ref


def etag_digest(body: Row) -> str:
    return hashlib.sha256(orjson.dumps(body, default=str)).hexdigest()[:20]


def _etags(request: Request, header: str) -> set[str]:
    """Compared weakly: compression on the way turns a strong tag into a weak one."""
    return {tag.removeprefix("W/") for tag in parse_etags(request.headers.get(header, ""))}


class NoSuchRoute(ApiView):
    """Any other address below /api/: JSON, and only for a token."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        APIView.initial(self, request, *args, **kwargs)
        raise NotFound
