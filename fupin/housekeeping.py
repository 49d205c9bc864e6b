"""What runs by the clock: each expiry is already a predicate when read (ruling 13), this only clears up behind it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from assessment.actions.due import conclude_due
from assessment.importing.service import purge_expired
from core import drafts
from core.models import IdempotencyKey
from core.uploads import store
from households.actions.quality_run import keep_up
from reports.exporting import remove_expired_files

IDEMPOTENCY_DAYS = 30
SPOOL_HOURS = 24


def tidy() -> dict[str, int]:
    """Remove what is over. {what: how many}."""
    now = timezone.now()
    keys, _ = IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=IDEMPOTENCY_DAYS)).delete()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    return {
        "过期未确认的导入": purge_expired(),
        "过期的导出文件": remove_expired_files(),
        "过期的提交编号": keys,
        "过期的登录": sessions,
        "过期的草稿": drafts.remove_expired(),
        "中断留下的临时文件": _sweep_spool(),
        "中断留下的佐证文件": store.sweep(),
        "规则变动后重新核对的县": keep_up(),
    }


def due(at: datetime | None = None) -> dict[str, int]:
    """Conclude notices that have run out; `at` is the demo's stepped clock. {what: how many}. WrongState when the clock lies (trust 78)."""
    counts = conclude_due(at)
    return {
        "公示期满（份）": counts["notices"],
        "认定或转下一阶段（户）": counts["cases"],
        "有异议未结（户）": counts["held"],
    }


def _sweep_spool() -> int:
    """Parts of uploads and workbooks that a killed process left: they hold numbers in the clear."""
    before = (timezone.now() - timedelta(hours=SPOOL_HOURS)).timestamp()
    old = [path for path in settings.FILE_UPLOAD_TEMP_DIR.iterdir() if path.is_file() and path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
