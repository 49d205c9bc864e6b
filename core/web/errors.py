"""One error → one page: what happened, why, and the way on (ui.md "Why not?")."""

import sys
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.disk import is_disk_full
from core.errors import BadInput, Denied, DiskFull, DomainError, NotFound, StaleVersion, TooOften, WrongState
from core.web.limits import MESSAGE, RETRY_SECONDS, is_busy

STATUS = {BadInput: 400, Denied: 403, NotFound: 404, DiskFull: 507, WrongState: 409, StaleVersion: 412, TooOften: 429}
TITLES = {
    400: "内容有误，没有保存",
    403: "您的岗位不能办理这一项",
    404: "没有找到这一页",
    409: "这一步现在不能办",
    412: "这一户已被别人修改",
    429: "办得太频繁，请稍后再来",
    500: "系统出了问题",
    503: "系统正忙，请稍后再试",
    507: "服务器磁盘已满，没有保存",
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
    return come_again(render(request, f"errors/{status}.html", {"error": page, "fields": error.fields}, status=status), error)


def come_again(response: HttpResponse, error: DomainError | None) -> HttpResponse:
    """Who came too often is told when to come again, also by a page that shows the refusal in its own form."""
    if isinstance(error, TooOften):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def full_disk(fault: BaseException) -> DiskFull | None:
    """The refusal that stands for a full disk, whoever noticed it: the system, SQLite or PostgreSQL. None for any other fault."""
    return DiskFull() if is_disk_full(fault) else None


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, NotFound())


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, Denied())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page_for(request, BadInput("请求的内容不完整或格式不对。"))


def busy(request: HttpRequest) -> HttpResponse:
    """The database gave up waiting (`core.web.limits`). The page asks it nothing more."""
    page = render_to_string("errors/503.html", {"error": ErrorPage(TITLES[503], MESSAGE)})  # without the request: no menu, no county
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def server_error(request: HttpRequest) -> HttpResponse:
    """Nothing of the fault is shown but the request id (trust 67)."""
    if is_busy(sys.exception()):  # outside a view: session, account
        return busy(request)
    page = ErrorPage(TITLES[500], f"已记下，编号 {getattr(request, 'request_id', '')[:12]}。请稍后再试。")
    return render(request, "errors/500.html", {"error": page}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    page = ErrorPage("页面放得太久，没有保存", "请返回上一页，刷新后重新提交；您写的内容若还在页面上，请先复制下来。")
    response = render(request, "errors/csrf.html", {"error": page}, status=403)
    response.headers["X-Go-To"] = settings.LOGIN_URL  # a page that sends by script stays, and takes a new token after a log-in
    return response
