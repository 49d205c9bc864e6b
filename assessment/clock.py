"""The wall clock of the notices, and the alarm when it cannot be trusted (ruling 20; trust 78).

A notice's end is stored, so a clock that was put forward could conclude a list early. A clock that has gone back, or that the
database's own clock contradicts, concludes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from core.models import AuditRow

BEHIND_TRAIL = timedelta(minutes=1)
BESIDE_DATABASE = timedelta(minutes=5)
NEWEST = 1000

_stepped: ContextVar[datetime | None] = ContextVar("stepped_clock", default=None)


def now() -> datetime:
    """The moment, or the one that the demo has stepped to."""
    return _stepped.get() or timezone.now()


@contextmanager
def stepped_to(moment: datetime) -> Iterator[None]:
    """The demo's seed and `due_work --at` live at another moment; a production process never does (ruling 20)."""
    if settings.PRODUCTION:
        raise RuntimeError("the clock of a production process cannot be stepped")
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    token = _stepped.set(moment)
    try:
        yield
    finally:
        _stepped.reset(token)


def fault(moment: datetime) -> str:
    """Chinese reason why `moment` cannot be trusted; "" when it can."""
    newest = AuditRow.objects.filter(seq__in=AuditRow.objects.order_by("-seq").values("seq")[:NEWEST]).aggregate(
        at=Max("at")
    )["at"]
    if newest is not None and moment < newest - BEHIND_TRAIL:
        return f"系统时间 {_said(moment)} 早于审计记录里的 {_said(newest)}，时间被拨回过。"
    database = _database_now()
    if database is not None and abs(database - moment) > BESIDE_DATABASE:
        return f"系统时间 {_said(moment)} 与数据库时间 {_said(database)} 相差超过 5 分钟。"
    return ""


def _database_now() -> datetime | None:
    """The database server's own clock; SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _said(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
