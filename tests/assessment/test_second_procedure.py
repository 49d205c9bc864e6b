"""新疆某乡程序 is a row of data: the same actions walk it to the end, with two notices and no line of code of its own (issue 3.9)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.models import Case, NoticeSheet, Verdict
from assessment.procedures import Mode
from assessment.procedures.identify import XINJIANG
from assessment.verification import verify_list
from households.models import Household

VILLAGE = "422827102200"
WHO = {"sq": "cadre", "fy": "lead", "qc": "township", "yj": "lead", "sh": "township2", "ba": "county"}
TEXT = NoticeText(office="大河镇扶贫办", office_place="镇政府一楼", signed_by="大河镇人民政府")


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def listed(clock, round_, make_case):
    round_.procedure = XINJIANG.code
    round_.save()
    cases = [make_case(number=n, points=40 + 10 * n) for n in (1, 2, 3)]
    Case.objects.update(stage=XINJIANG.first.code)
    return cases


@pytest.fixture
def take_stage(scope, round_, clock):
    """The stage's own way on: a sitting closed with 其余全部同意, or a notice that runs out."""

    def sit(stage):
        who, size = scope(WHO[stage.code]), (stage.panel.exactly or 5) if stage.panel else 0
        group = f"{VILLAGE}01" if stage.per_group else ""
        sitting = open_sitting(
            scope=who, round_code=round_.code, stage=stage.code, village_code=VILLAGE, group_code=group
        )
        head = SittingHead(
            held_on=timezone.localdate(), held_at="村委会", chair="张永富", recorder="覃晓燕", panel_name="小组" if size else "",
            panel=[{"name": f"成员{n}", "post": "村民代表", "present": True} for n in range(size)], expected=size or None,
            present=size or None, checks={check.code: check.good for check in stage.checks},
            document_no="3号" if stage.needs_document else "",
        )  # fmt: skip
        sitting = save_head(scope=who, sitting=str(sitting.uuid), version=sitting.version, head=head)
        close_sitting(scope=who, sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=3)

    def post(stage):
        notice = start_notice(
            scope=scope("township"), round_code=round_.code, stage=stage.code, village_code=VILLAGE, text=TEXT
        )
        for sheet in NoticeSheet.objects.filter(notice=notice):
            post_sheet(
                scope=scope("cadre"), notice=str(notice.uuid), sheet=str(sheet.uuid), posted_at=timezone.now(),
                posted_place="公示栏", posted_name="覃晓燕",
            )  # fmt: skip
        clock.shift(timedelta(days=stage.notice.days + 1))
        conclude_due(timezone.now())  # the database server's own clock cannot travel

    return lambda stage: (post if stage.mode is Mode.NOTICE else sit)(stage)


def test_a_township_of_xinjiang_walks_its_list_to_the_end(listed, take_stage):
    for stage in XINJIANG.stages:
        assert set(Case.objects.values_list("stage", flat=True)) == {stage.code}
        take_stage(stage)
    assert set(Case.objects.values_list("state", flat=True)) == {"concluded"}
    assert sorted(Household.objects.values_list("standing", flat=True)) == ["DIBAO", "DIBAO", "DOUDI"]


def test_its_first_notice_moves_on_and_only_the_last_stage_writes_the_standing(listed, take_stage):
    for stage in XINJIANG.stages[:5]:
        take_stage(stage)
    assert set(Case.objects.values_list("stage", "state")) == {("sh", "open")}
    assert not Household.objects.exclude(standing="").exists()


def test_its_list_verifies_like_any_other(listed, take_stage, round_, places):
    for stage in XINJIANG.stages:
        take_stage(stage)
    assert Verdict.objects.count() == 3 * len(XINJIANG.stages)
    assert verify_list(round_, places.villages[VILLAGE]) == []
