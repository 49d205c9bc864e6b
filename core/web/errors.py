"""One error → one page: what happened, why, and the way on (ui.md "Why not?")."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import BadInput, Denied, DomainError, NotFound, StaleVersion, WrongState

STATUS = {BadInput: 400, Denied: 403, NotFound: 404, WrongState: 409, StaleVersion: 412}
TITLES = {
    400: "内容有误，没有保存",
    403: "您的岗位不能办理这一项",
    404: "没有找到这一页",
    409: "这一步现在不能办",
    412: "这一户已被别人修改",
    500: "系统出了问题",
}


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error template shows."""

    title: str
    message: str
    reasons: tuple[str, ...] = ()
    actions: tuple[tuple[str, str], ...] = field(default=(("回到工作台", "/"),))


def status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def page_for(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = status_of(error)
    page = ErrorPage(TITLES[status], error.message, error.reasons)
    return render(request, f"errors/{status}.html", {"error": page, "fields": error.fields}, status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, NotFound())


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, Denied())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, BadInput("请求的内容不完整或格式不对。"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the fault is shown but the request id (trust 67)."""
    page = ErrorPage(TITLES[500], f"已记下，编号 {getattr(request, 'request_id', '')[:12]}。请稍后再试。")
    return render(request, "errors/500.html", {"error": page}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    page = ErrorPage("页面放得太久，没有保存", "请返回上一页，刷新后重新提交；您写的内容若还在页面上，请先复制下来。")
    return render(request, "errors/csrf.html", {"error": page}, status=403)
