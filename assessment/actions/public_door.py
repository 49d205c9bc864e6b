"""Doors that need no account: who comes is counted by address on the trail, so that every process counts alike.

The trail keeps a keyed mark of the address that changes with the day, never the address itself: who asks or objects stays unknown.
"""

from datetime import timedelta

from django.utils import timezone

from core.actions import Origin
from core.crypto import blind_index
from core.models import AuditRow

WINDOW = timedelta(hours=1)
MARK = 12


def hidden(origin: Origin | None) -> Origin:
    came = origin or Origin()
    day = timezone.localdate()
    mark = blind_index(f"{came.ip or 'unknown'} {day:%Y%m%d}", purpose="public-address")
    return Origin(ip="", session=mark.rpartition(".")[2][:MARK], request_id=came.request_id)


def within_the_hour(**wanted: str) -> int:
    """Rows of the trail of the last hour."""
    return AuditRow.objects.filter(at__gt=timezone.now() - WINDOW, **wanted).count()
