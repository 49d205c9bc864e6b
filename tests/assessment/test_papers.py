"""Minutes and sign-in sheet as they are printed: what is on them, what never is, who may print, and that it is on the trail."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.docket import docket
from assessment.models import Sitting, Verdict
from core.models import AuditRow
from households.models import Membership
from households.secrets import reveal, seal

pytestmark = [pytest.mark.django_db, pytest.mark.once]
VILLAGE = "422827102200"
PANEL = [{"name": name, "post": "组员代表", "present": True} for name in ("田甲", "田乙", "田丙", "田丁")]
ILLNESS = "尿毒症透析三年"


@pytest.fixture
def meeting(round_, make_case, scope):
    """An open 组评 of the second group with three households, its head filled."""
    for number, points in ((1, 30), (2, 58), (3, 75)):
        make_case(number=number, points=points, group=2)
    caller = scope("cadre")
    sitting = open_sitting(
        scope=caller, round_code=round_.code, stage="zp", village_code=VILLAGE, group_code=f"{VILLAGE}02"
    )
    head = SittingHead(
        held_on=timezone.localdate(), held_at="2组院坝", chair="田甲", recorder="田戊", panel=PANEL, panel_name="2组评议小组", expected=12,
        present=9, minutes=f"张2家{ILLNESS}，大家同意。",
    )  # fmt: skip
    return save_head(scope=caller, sitting=str(sitting.uuid), version=sitting.version, head=head)


@pytest.fixture
def closed(meeting, scope):
    caller = scope("cadre")
    case = next(line.case for line in docket(caller, meeting.uuid).lines if line.head_name == "张3")
    entry = BallotEntry("reject", reasons=("vehicle",), votes_for=1, votes_against=8, note=f"{ILLNESS}的亲戚有车")
    save_ballot(scope=caller, sitting=str(meeting.uuid), case=str(case.uuid), version=0, entry=entry)
    meeting.refresh_from_db()
    page = docket(caller, meeting.uuid)
    return close_sitting(
        scope=caller, sitting=str(meeting.uuid), version=page.sitting.version, rest_agree=True, count=page.count
    )


def paper(client, sitting: Sitting, name: str = "minutes", query: str = "") -> str:
    answer = client.get(f"/sittings/{sitting.uuid}/{name}/print/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: str) -> list[list[str]]:
    """Cells of the list's lines."""
    body = page.split('class="list"')[1].split("<tbody>")[1].split("</tbody>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", body, re.S)
    return [[re.sub("<.*?>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)] for line in lines]


def test_the_blank_minutes_name_each_household_and_leave_the_answers_to_the_pen(login, meeting):
    page = paper(login("cadre"), meeting, query="?blank=1")
    assert [line[1:] for line in rows(page)] == [
        ["张1", "0001", "2", "30", "政策兜底户", "", "", "", "", ""],
        ["张2", "0002", "2", "58", "低保贫困户", "", "", "", "", ""],
        ["张3", "0003", "2", "75", "一般贫困户", "", "", "", "", ""],
    ]
    assert "田甲" not in page and "2组院坝" not in page and "会前空白表" in page
    assert "同意列入、不同意列入" in page, "the first stage has nobody to send back to"


def test_an_open_meetings_minutes_are_a_draft_that_says_what_is_unsaid(login, meeting, scope):
    caller = scope("cadre")
    case = docket(caller, meeting.uuid).lines[0].case
    save_ballot(scope=caller, sitting=str(meeting.uuid), case=str(case.uuid), version=0, entry=BallotEntry("agree"))
    page = paper(login("cadre"), meeting)
    assert "草稿，会议还没有结束" in page and "还没有记意见 2 户" in page and "不能作为认定依据" in page
    assert rows(page)[0][6:10] == ["同意列入", "9", "0", "政策兜底户"], (
        "votes left out are everybody's, as closing takes them"
    )
    assert rows(page)[1][6:] == ["", "", "", "", ""]


def test_closed_minutes_say_what_was_decided_with_the_seal(login, closed):
    page = paper(login("cadre"), closed)
    by_name = {line[1]: line for line in rows(page)}
    assert by_name["张2"][6:] == ["同意列入", "9", "0", "低保贫困户", ""]
    assert by_name["张3"][6:] == ["不同意列入", "1", "8", "", "有小汽车或大型农机"]
    assert "共 3 户：同意列入 2 户，不同意列入 1 户。" in page
    assert closed.list_seal in page and "田丁（组员代表）" in page and "实到" in page and "9 人" in page


def test_closed_minutes_stay_what_they_were_when_the_household_changes(login, closed):
    verdict = Verdict.objects.select_related("case__household").order_by("pk").first()
    household = verdict.case.household
    household.persons = 11
    household.save()
    assert "11" not in [cell for line in rows(paper(login("cadre"), closed)) for cell in line]


def test_no_number_of_a_person_and_no_note_on_a_household_is_on_a_paper(login, closed, make_household):
    household = closed.verdicts.first().case.household
    seal(household, "phone", "13812345678")
    household.save()
    numbers = [reveal(row.person, "id") for row in Membership.objects.select_related("person")]
    for name, query in (("minutes", ""), ("minutes", "?blank=1"), ("sign-in", "")):
        page = paper(login("cadre"), closed, name, query)
        assert not [number for number in [*numbers, "13812345678", household.code] if number in page]
        assert "的亲戚有车" not in page


def test_the_text_of_the_minutes_is_for_those_who_may_know_of_an_illness(login, closed):
    """The viewer prints decisions, not what was said in the room."""
    assert ILLNESS in paper(login("township"), closed)
    page = paper(login("viewer"), closed)
    assert ILLNESS not in page and "未打印" in page


def test_the_sign_in_sheet_has_the_panels_names_and_room_for_all_expected(login, meeting):
    page = paper(login("cadre"), meeting, "sign-in")
    assert page.split('class="sign-in"')[1].count('<td class="no">') == 22
    assert [name in page for name in ("田甲", "田丁", "组员代表")] == [True, True, True]
    assert "田甲" not in paper(login("cadre"), meeting, "sign-in", "?blank=1").split('class="sign-in"')[1]


def test_a_sign_in_sheet_of_a_large_meeting_is_as_long_as_it(login, meeting):
    Sitting.objects.filter(pk=meeting.pk).update(expected=90)
    page = paper(login("cadre"), meeting, "sign-in")
    assert '<td class="no">90</td>' in page and '<td class="no">91</td>' not in page


@pytest.mark.parametrize("name", ["minutes", "sign-in"])
def test_every_printing_is_on_the_trail_without_a_name(login, meeting, name):
    """trust L1, L5"""
    paper(login("cadre"), meeting, name)
    row = AuditRow.objects.get(action="sitting.print")
    assert (row.actor_login, row.object_code) == ("cadre", str(meeting.uuid)) and "张" not in str(row.detail)


def test_a_cancelled_meeting_has_no_papers(login, meeting):
    Sitting.objects.filter(pk=meeting.pk).update(status="dropped", version=9, list_seal="")
    answer = login("cadre").get(f"/sittings/{meeting.uuid}/minutes/print/")
    assert answer.status_code == 409 and "已取消" in answer.content.decode()


def test_a_paper_of_a_village_meeting_names_the_group_of_each_household(login, closed, round_, scope):
    sitting = open_sitting(scope=scope("lead"), round_code=round_.code, stage="cy", village_code=VILLAGE)
    page = paper(login("lead"), sitting, query="?blank=1")
    assert [line[1] for line in rows(page)] == ["2组", "2组"]


def test_the_clerks_paper_asks_the_four_gates_and_no_votes(login, round_, make_case, scope, cast):
    case = make_case()
    case.stage = "xh"
    case.save()
    sitting = open_sitting(scope=scope("township"), round_code=round_.code, stage="xh", village_code=VILLAGE)
    page = paper(login("township"), sitting, query="?blank=1")
    assert "是否有漏选错选" in page and "同意<br>票" not in page and "退回复核" in page
    assert page.count("<li>") == 2 + 5, "chair, recorder and the five of the 清查组"


def test_a_paper_costs_the_same_for_three_households_and_for_thirty(login, meeting, make_case):
    client, url = login("cadre"), f"/sittings/{meeting.uuid}/minutes/print/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(10, 37):
        make_case(number=number, points=40 + number, group=2)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)
