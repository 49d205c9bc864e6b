"""公示 and the public page."""

from datetime import timedelta

from django.utils import timezone

from assessment.models import Case, Notice, NoticeLine, NoticeSheet
from core.periods import notice_end
from tests.walk.rows import DATA, EVERYBODY, GET, IN_AREA, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

PREPARING, OPEN = "00000000-0000-4000-8000-00000000d001", "00000000-0000-4000-8000-00000000d002"
SHEET = "00000000-0000-4000-8000-00000000d011"
TOKEN = "walkwalkwalkwalkwalk0001"
START = "?round=2016-SB&stage=gs&village=422827102200"

ROWS = [
    Row("notices", GET, DATA),
    Row("notice_new", GET, TOWNSHIP, hidden=frozenset({"township_other"}), query=START),
    Row("notice_new", POST, TOWNSHIP, 400, hidden=frozenset({"township_other"}), query=START),
    Row("notice", GET, IN_AREA, hidden=OUTSIDE, args=(PREPARING,)),
    Row("notice_post", POST, VILLAGE, 400, hidden=OUTSIDE, args=(PREPARING, SHEET)),
    Row("notice_withdraw", POST, TOWNSHIP | {"county"}, 400, hidden=frozenset({"township_other"}), args=(OPEN,)),
    Row("notice_print", GET, IN_AREA, hidden=OUTSIDE, args=(OPEN,)),
    Row("public_notice", GET, EVERYBODY, args=(TOKEN,), public=True),
    Row("public_check", GET, EVERYBODY, public=True),
    Row("public_check", POST, EVERYBODY, 400, public=True),
]


def furnish(world) -> None:
    """One notice in preparation and one that hangs since yesterday, both of the household of the world."""
    case = Case.objects.get(household=world.household)
    for uuid, status, token in ((PREPARING, "preparing", "walkwalkwalkwalkwalk0000"), (OPEN, "open", TOKEN)):
        posted = timezone.now() - timedelta(days=1) if status == "open" else None
        notice = Notice.objects.create(
            uuid=uuid, token=token, round=world.round, stage="gs", county=case.county, township=case.township, village=case.village,
            days=7, title="公示", hotline="12317", office="大河镇扶贫办", office_place="镇政府一楼", signed_by="大河镇人民政府",
            started_by=world.cast.township, started_at=timezone.now() - timedelta(days=2), status=status, opened_at=posted,
            ends_at=notice_end(posted, 7) if posted else None, check_code="0" * 64, seal="-",
        )  # fmt: skip
        sheet = NoticeSheet.objects.create(notice=notice, group=case.group, group_name="1组", posted_at=posted)
        if not posted:
            NoticeSheet.objects.filter(pk=sheet.pk).update(uuid=SHEET)
        NoticeLine.objects.create(
            notice=notice, sheet=sheet, case=case, household=world.household, pass_no=1, position=1, head_name="张1", masked_name="张*",
            persons=2, category="DIBAO", result="低保贫困户",
        )  # fmt: skip
