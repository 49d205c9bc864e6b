"""Words of JSON Schema that every resource here uses, and the procedure's words for a stage."""

from functools import lru_cache
from typing import Any

from assessment.procedures import procedure_of
from core.api.query import Param

TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
WHOLE_OR_NULL = {"type": ["integer", "null"]}
UUID = {"type": "string", "format": "uuid"}
UUID_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
WHOLE_BY_CODE = {"type": "object", "additionalProperties": WHOLE}

BY_ROUND = Param("round", "批次号", lookup="round__code")
BY_PLACE = (
    Param("township", "乡镇代码", lookup="township__code"),
    Param("village", "村代码", lookup="village__code"),
)
BY_GROUP = Param("group", "组代码", lookup="group__code")
BY_STAGE = Param("stage", "阶段代码，见批次的 stages", lookup="stage")
ID = Param("id", "编号", UUID)


def document(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


@lru_cache(maxsize=64)
def stage_name(procedure: str, stage: str) -> str:
    return procedure_of(procedure).by_code[stage].name
