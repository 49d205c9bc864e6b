"""One error → one JSON shape: {"code", "message", "fields"} (contract)."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import Denied, DomainError, NotFound
from core.web.errors import come_again, full_disk, status_of
from core.web.limits import MESSAGE, RETRY_SECONDS, is_busy

log = logging.getLogger("django.request")

MESSAGES = {
    400: ("bad_input", "请求内容有误。"),
    401: ("not_authenticated", "缺少令牌，或令牌无效、过期、已停用。"),
    403: ("denied", "这个令牌不能办理这一项。"),
    404: ("not_found", "没有找到，或不在令牌的范围内。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    406: ("not_acceptable", "只提供 JSON。"),
    413: ("too_large", "请求内容过大。"),
    415: ("unsupported_media_type", "请求内容须为 JSON。"),
    429: ("throttled", "请求过于频繁，请稍后再试。"),
}


def handle_exception(error: Exception, context: dict[str, Any]) -> Response:
    if isinstance(error, DomainError):
        return _of_domain_error(error)
    if isinstance(error, SuspiciousOperation):  # more parameters than Django reads, and the like
        return body(400, *MESSAGES[400], {})
    response = exception_handler(error, context)
    if response is None:
        return _of_fault(error, context)
    code, message = MESSAGES.get(response.status_code, ("refused", "请求未被接受。"))
    if isinstance(error, Http404 | PermissionDenied) or not isinstance(error, exceptions.ValidationError):
        return body(response.status_code, code, message, {}, dict(response.items()))
    fields = response.data if isinstance(response.data, dict) else {"": response.data}
    return body(response.status_code, code, message, {name: [str(m) for m in msgs] for name, msgs in fields.items()})


def body(status: int, code: str, message: str, fields: dict, headers: dict[str, str] | None = None) -> Response:
    return Response({"code": code, "message": message, "fields": fields}, status=status, headers=headers)


def _of_domain_error(error: DomainError) -> Response:
    """Sentences written for a page's reader are said for a client; another area and missing are one body (trust A6)."""
    status = status_of(error)
    if isinstance(error, NotFound | Denied):
        return body(status, *MESSAGES[status], {})
    return come_again(body(status, error.code, error.message, error.fields), error)


def _of_fault(error: Exception, context: dict[str, Any]) -> Response:
    """A fault of ours: logged in full, told by its number alone (trust 67)."""
    if full := full_disk(error):
        set_rollback()
        return _of_domain_error(full)
    request = context["request"]._request
    if is_busy(error):
        log.warning("database busy at %s", request.path)
        set_rollback()
        return body(503, "busy", MESSAGE, {}, {"Retry-After": str(RETRY_SECONDS)})
    log.error("API fault at %s", request.path, exc_info=error)
    got_request_exception.send(sender=type(context["view"]), request=request)
    set_rollback()
    number = getattr(request, "request_id", "")[:12]
    return body(500, "server_error", f"系统出了问题，已记下，编号 {number}。请稍后再试。", {})
