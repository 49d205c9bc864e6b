"""Reads for the administrators' pages; none of them touches a household."""

from datetime import datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Assignment, User
from core.models import AuditRow

PAGE = 50

ACTION_LABELS = {
    "account.login": "登录",
    "account.logout": "退出",
    "account.found": "建立首批管理员",
    "account.create": "新建账号",
    "account.reset": "重置密码",
    "account.enable": "启用账号",
    "account.disable": "停用账号",
    "account.hand_over": "调任交接",
    "account.password": "改密码",
    "assignment.grant": "授予岗位",
    "assignment.confirm": "确认岗位",
    "assignment.refuse": "退回岗位",
    "assignment.end": "结束任职",
    "token.issue": "发放令牌",
    "token.revoke": "停用令牌",
    "keys.rotate": "更换密钥",
    "place.group": "改村民小组",
    "place.population": "改户籍人口",
    "county.settings": "改县设置",
    "audit.read": "查看审计",
    "household.register": "登记农户",
    "household.update": "修改农户",
    "household.reveal": "查看证件号码",
    "survey.draft": "保存评估草稿",
    "survey.submit": "提交评估表",
    "survey.rescore": "重算得分",
    "rubric.publish": "发布评估表版本",
    "round.open": "开启批次",
    "import.commit": "导入名册",
    "export.file": "导出",
    "export.download": "下载导出文件",
    "table.rollup": "汇总",
    "api.read": "接口读取",
}


def accounts(text: str = "") -> QuerySet[User]:
    """Accounts with their posts; `text` searches login and name."""
    rows = User.objects.prefetch_related(
        Prefetch("assignments", queryset=Assignment.objects.select_related("county", "township", "village"))
    )
    return rows.filter(Q(login__icontains=text) | Q(name__icontains=text)) if text else rows


def proposals() -> QuerySet[Assignment]:
    return Assignment.objects.filter(proposed=True).select_related("user", "county", "township", "village")


def posts(text: str = "") -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(proposed=False).select_related("user", "county", "township", "village")
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    return rows.filter(Q(user__login__icontains=text) | Q(user__name__icontains=text)) if text else rows


def audit_rows(filters: dict[str, object], before: int | None) -> list[AuditRow]:
    """One page of the trail, newest first, below sequence `before`; one row more than a page tells that there is another."""
    rows = AuditRow.objects.all()
    if before:
        rows = rows.filter(seq__lt=before)
    lookups = {"actor": "actor_login", "action": "action__startswith", "code": "object_code", "result": "result"}
    for name, lookup in lookups.items():
        if filters.get(name):
            rows = rows.filter(**{lookup: filters[name]})
    zone = timezone.get_current_timezone()
    if filters.get("since"):
        rows = rows.filter(at__gte=datetime.combine(filters["since"], time.min, zone))
    if filters.get("until"):
        rows = rows.filter(at__lt=datetime.combine(filters["until"] + timedelta(days=1), time.min, zone))
    return list(rows.order_by("-seq")[: PAGE + 1])
