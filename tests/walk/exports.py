"""导出: the page, and a request of `lead` for whole numbers that waits for a second person."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

from tests.walk.rows import COUNTY, DATA, GET, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

ASKED = "00000000-0000-4000-8000-000000000903"
MAKERS = VILLAGE | TOWNSHIP | {"county"}
BODY = {"round": "2016-SB", "table": "township", "area": "422827102"}
REFUSED = {"answer": "refuse", "reason": "先核对用途再申请。"}


def furnish(world: SimpleNamespace) -> None:
    from django.utils import timezone

    from reports.models import ExportRequest

    village, now = world.household.village, timezone.now()
    ExportRequest.objects.create(
        uuid=uuid.UUID(ASKED), table="roster", round=world.round, area_code=village.code, county=village.county, township=village.township,
        village=village, purpose="报县里核对名册", asked_by=world.cast.lead, asked_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip


ROWS = [
    Row("exports", GET, DATA),
    Row("exports", POST, TOWNSHIP | COUNTY, 302, hidden=VILLAGE | OUTSIDE, body=BODY),
    Row("export_decide", POST, MAKERS - {"lead"}, 302, hidden=OUTSIDE, args=(ASKED,), body=REFUSED),
    Row("export_withdraw", POST, MAKERS, 302, hidden=OUTSIDE, args=(ASKED,), body={"reason": "先核对用途再申请。"}),
]
