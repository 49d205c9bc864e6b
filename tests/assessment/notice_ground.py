"""Ground of the notice tests: households that have reached 公示, and sheets that hang."""

from datetime import datetime

import pytest
import time_machine

from assessment import clock
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.models import Case, Notice
from core.periods import SHANGHAI
from tests.assessment.papers_given import give_papers

TEXT = NoticeText(
    document_no="大河扶公〔2016〕4号",
    hotline="12317",
    office="大河镇扶贫办",
    office_place="大河镇人民政府一楼",
    signed_by="来凤县大河镇人民政府",
)
VILLAGE, ROUND = "422827102200", "2016-SB"


def shanghai(text: str) -> datetime:
    """`shanghai("2026-11-23 23:59")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def at(moment: str):
    """The process lives at this moment of Asia/Shanghai; the wall clock does not move."""
    return time_machine.travel(shanghai(moment), tick=False)


@pytest.fixture
def reach_notice(make_case):
    """`reach_notice(1, group=2, category="DIBAO")` → a case that stands at 公示, its papers signed."""

    def make(number: int = 1, category: str = "DIBAO", **more) -> Case:
        case = make_case(number=number, **more)
        case.stage, case.category = "gs", category
        case.save(update_fields=["stage", "category"])
        give_papers([case])
        return case

    return make


@pytest.fixture
def start(scope):
    """`start()` → the notice of the village, made by the township."""

    def make(village: str = VILLAGE, who: str = "township", text: NoticeText = TEXT, **more) -> Notice:
        return start_notice(scope=scope(who), round_code=ROUND, stage="gs", village_code=village, text=text, **more)

    return make


@pytest.fixture
def post(scope):
    """`post(notice, 0)` → the n-th sheet posted now (or at `posted_at`) by the cadre; all of them without a number."""

    def make(
        notice: Notice, number: int | None = None, *, who: str = "cadre", posted_at: datetime | None = None, **more
    ):
        sheets = list(notice.sheets.all())
        for sheet in sheets if number is None else [sheets[number]]:
            words = {"posted_place": "村委会公示栏", "posted_name": "覃晓燕"} | more
            post_sheet(
                scope=scope(who),
                notice=str(notice.uuid),
                sheet=str(sheet.uuid),
                posted_at=posted_at or clock.now(),
                **words,
            )
        notice.refresh_from_db()
        return notice

    return make
