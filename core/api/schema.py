"""OpenAPI 3.1 from the declarations that the views are made of: what is described is what is served."""

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from core.api.query import Param

_components: dict[str, dict[str, Any]] = {}


def component(name: str, schema: dict[str, Any]) -> dict[str, str]:
    """Register a schema under a name and return the reference to it."""
    if _components.setdefault(name, schema) != schema:
        raise ValueError(f"two schemas named {name}")
    return {"$ref": f"#/components/schemas/{name}"}


ERROR = component(
    "Error",
    {
        "type": "object",
        "description": "各种拒绝的统一格式。",
        "properties": {
            "code": {"type": "string", "description": "固定的英文代号，供程序判断。"},
            "message": {"type": "string", "description": "中文说明。"},
            "fields": {
                "type": "object",
                "description": "哪一个参数或哪一项有误，以及原因。",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
        },
        "required": ["code", "message", "fields"],
        "additionalProperties": False,
    },
)

REFUSALS = {
    400: "参数或内容有误，fields 逐项说明",
    401: "缺少令牌，或令牌无效、过期、已停用",
    403: "令牌没有这一项权限",
    404: "没有，或不在令牌的地区内（两者回答相同）",
    412: "If-Match 的版本已经过时",
    413: "请求内容过大",
    415: "请求内容不是 JSON",
}


class ApiSchema(AutoSchema):
    """Asks the view for its words; see `core.api.views.ApiView.describe`."""

    def get_operation_id(self) -> str:
        return self.view.operation

    def get_summary(self) -> str:
        return self.view.title

    def get_description(self) -> str:
        return self.view.about

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        in_path = [_parameter(param, OpenApiParameter.PATH) for param in self.view.path_params]
        in_query = [_parameter(param, OpenApiParameter.QUERY) for param in self.view.params()]
        headers = [_parameter(param, OpenApiParameter.HEADER) for param in self.view.header_params]
        return in_path + in_query + headers

    def get_request_serializer(self) -> Any:
        return {"application/json": self.view.request_schema} if self.view.request_schema else None

    def _get_request_body(self, direction: Any = "request") -> dict[str, Any] | None:
        body = super()._get_request_body(direction)
        return body | {"required": True} if body else body

    def get_response_serializers(self) -> dict[int | tuple[int, str], Any]:
        served = (200, self.view.media_type) if self.view.media_type else 200
        return {served: self.view.response_schema()} | dict.fromkeys(self.view.refusals, ERROR)

    def _get_response_for_code(self, serializer: Any, status_code: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        response = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        return response | {"description": REFUSALS.get(int(status_code), "成功")}


def _parameter(param: Param, location: str) -> OpenApiParameter:
    return OpenApiParameter(
        param.name,
        dict(param.schema),
        location,
        required=param.required or location == OpenApiParameter.PATH,
        description=param.description,
    )


class ApiSchemaGenerator(SchemaGenerator):
    """Adds the named schemas, and says 3.1: types with null are written as JSON Schema writes them."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        schema = super().get_schema(request, public)
        schema["openapi"] = "3.1.0"
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(sorted(_components.items()))
        return schema
