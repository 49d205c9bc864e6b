"""Query parameters by declaration: an unknown, repeated or misshapen one is refused by name, never ignored (trust 61, 63).

The same declarations make the parameters of the OpenAPI document.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from core.errors import BadInput

LONGEST = 200
BIGGEST = 2**63 - 1
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "maxLength": LONGEST}
BOOLEAN: Schema = {"type": "boolean"}


def integer(minimum: int, maximum: int = BIGGEST, default: int | None = None) -> Schema:
    schema: Schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return schema if default is None else schema | {"default": default}


def one_of(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a route; with a `lookup` it filters the list by that ORM look-up."""

    name: str
    description: str
    schema: Schema = field(default_factory=lambda: dict(TEXT))
    required: bool = False
    lookup: str = ""


def read_query(given: QueryDict, known: Iterable[Param]) -> dict[str, Any]:
    """Typed values of the parameters that were given and not blank; BadInput names every fault at once."""
    params = {param.name: param for param in known}
    values: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    for name in given:
        fault = _read_one(params.get(name), given.getlist(name), values)
        if fault:
            faults[_CONTROL.sub("", name)[:64]] = [fault]
    for param in params.values():
        if param.required and param.name not in values and param.name not in faults:
            faults[param.name] = [f"请给出{param.description.partition('，')[0]}。"]
    if faults:
        raise BadInput("请求的参数有误：" + "、".join(faults) + "。", fields=faults)
    return values


def _read_one(param: Param | None, texts: list[str], values: dict[str, Any]) -> str:
    if param is None:
        return "没有这个参数。"
    if len(texts) > 1:
        return "参数只能给一次。"
    text = texts[0].strip()
    if len(text) > LONGEST * 4 or _CONTROL.search(text):
        return "内容过长，或含有不允许的字符。"
    if not text:
        return "" if param.schema["type"] == "string" and not param.required else "不能为空。"
    value = _READERS[param.schema["type"]](text, param.schema)
    if value is None:
        return _expected(param.schema)
    values[param.name] = value
    return ""


def _integer(text: str, schema: Mapping[str, Any]) -> int | None:
    if not re.fullmatch(r"[0-9]{1,19}", text):
        return None
    return int(text) if schema["minimum"] <= int(text) <= schema["maximum"] else None


def _text(text: str, schema: Mapping[str, Any]) -> str | None:
    return text if text in schema.get("enum", (text,)) else None


_READERS: dict[str, Callable[[str, Mapping[str, Any]], Any]] = {
    "integer": _integer,
    "string": _text,
    "boolean": lambda text, schema: _BOOLEANS.get(text.lower()),
}


def _expected(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "应为 " + "、".join(schema["enum"]) + " 之一。"
    if schema["type"] == "integer":
        return f"应为 {schema['minimum']} 至 {schema['maximum']} 的整数。"
    return "应为 true 或 false。"
