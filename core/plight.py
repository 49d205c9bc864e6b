"""What a waiting or broken job tells its requester: what happened, and that nothing need be done, or what (ruling 10; trust 16, 19, 20). Pure."""

from datetime import datetime, timedelta

LONG_WAIT = timedelta(minutes=10)


def plight(state: str, attempts: int, created_at: datetime, lease_until: datetime | None, now: datetime) -> str:
    """'' while all goes well."""
    if state == "running" and lease_until is not None and lease_until < now:
        return "处理中断了（如服务器重新启动），没有做完的不算数。系统会在一分钟左右自动从头再做，不用重新提交。"
    if state == "running" and attempts > 1:
        return f"前面中断过，现在是第 {attempts} 次从头再做。中断的那次不算数，不会重复。"
    if state == "queued" and attempts:
        return "处理中断了，没有做完的不算数。已重新排队，会自动从头再做，不用重新提交。"
    if state == "queued" and now - created_at > LONG_WAIT:
        return "排队已超过十分钟，可能后台没有运行。提交的内容已经保存，不用重新提交；请告诉系统管理员查看后台。"
    return ""
