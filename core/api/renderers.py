"""JSON only: one renderer, one parser, no format by address (speed.md "API hot lists", trust 65)."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import orjson
from rest_framework.exceptions import APIException
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from core.errors import BadInput

BODY_LIMIT = 256 * 1024


class OrjsonRenderer(BaseRenderer):
    """Dates in ISO 8601, times in UTC, decimals as numbers."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain)


class NdjsonRenderer(OrjsonRenderer):
    """What a stream is asked for with; a refusal of one is a single line."""

    media_type = "application/x-ndjson"
    format = "ndjson"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):  # lazy text and enums
        return str(value)
    raise TypeError(type(value).__name__)


class TooLarge(APIException):
    status_code = 413


class StrictJSONParser(BaseParser):
    """JSON of a bounded size; NaN, lone surrogates and bottomless nesting are refused by the reader."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise TooLarge
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise BadInput("请求内容不是有效的 JSON。", code="bad_json") from error


class JsonOnly(DefaultContentNegotiation):
    """By `Accept` alone: `?format=` is a parameter like any other."""

    settings = SimpleNamespace(URL_FORMAT_OVERRIDE=None)
