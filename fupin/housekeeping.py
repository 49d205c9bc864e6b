"""What runs by the clock: each expiry is already a predicate when read (ruling 13), this only clears up behind it."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from assessment.importing.service import purge_expired
from core.models import IdempotencyKey
from reports.exporting import remove_expired_files

IDEMPOTENCY_DAYS = 30


def tidy() -> dict[str, int]:
    """Remove what is over. {what: how many}."""
    now = timezone.now()
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=IDEMPOTENCY_DAYS)).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    return {"过期未确认的导入": purge_expired(), "过期的导出文件": remove_expired_files(), "过期的提交编号": keys, "过期的登录": sessions}
