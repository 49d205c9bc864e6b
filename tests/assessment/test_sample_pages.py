"""算账 beside what was reported, the pages of 抽查 and 算账, and the score against the decision (A9-04, D6-09)."""

import re

import pytest
from django.utils import timezone

from assessment.models import IncomeCheck, Sample
from assessment.selectors_samples import inspected
from core.errors import BadInput, Denied, StaleVersion
from core.models import AuditRow
from households.income import COUNTED
from households.models import Household
from tests.assessment.sample_ground import (  # noqa: F401
    TWO,
    VILLAGE,
    at_township,
    better,
    case_of,
    hall,
    meeting,
    one_wrong,
    reckon,
    take,
    visit,
    whole,
)
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once  # what a page shows is the same on any database


def test_a_reckoning_stands_beside_what_the_household_said(reckon):
    Household.objects.filter(code=f"{VILLAGE}0001").update(net_income_per_head=2500)
    made = reckon(note="工资卡流水")
    assert (made.per_head, made.reported, made.poverty_line, made.allowed) == (2900, 2500, 2855, 10)
    assert made.parts.keys() == set(COUNTED) and "流水" not in made.note_enc


def test_a_reckoning_that_does_not_add_up_names_what_was_not_asked(reckon):
    with pytest.raises(BadInput) as refused:
        reckon(rest_zero=False)
    assert "一项也没有填" in next(iter(refused.value.fields.values()))[0]


def test_another_reckoning_is_another_row_and_only_by_who_saw_the_first(reckon):
    first = reckon()
    with pytest.raises(StaleVersion):
        reckon(wage="6000")
    reckon(wage="6000", seen=first.pk)
    assert IncomeCheck.objects.count() == 2


def test_the_amounts_stay_out_of_the_trail(reckon):
    reckon(wage="5801")
    assert "5801" not in str(AuditRow.objects.get(action="income.check").detail)


def test_a_village_reckons_nothing_for_the_township(reckon):
    with pytest.raises(Denied):
        reckon(by="lead")


# --- pages ----------------------------------------------------------------------------------------------------


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_clerk_draws_visits_and_sees_the_errors_on_the_desk(hall, meeting, login):
    client, base = login("township"), f"/sittings/{meeting.uuid}/"
    assert "还没有抽查" in text_of(client.get(base))
    assert client.post(f"{base}sample/", {"size": "3"}).status_code == 400
    assert client.post(f"{base}sample/", {"size": "7"}).status_code == 302
    page = text_of(client.get(f"{base}sample/"))
    assert Sample.objects.get().seed in page and "抽查 7 户，7 户还没有复核结果" in page
    case = case_of(2)
    form = {"outcome": "differs", "visited_on": str(timezone.localdate()), "visitors": ["代表1"], "version": "0", "note": "新盖的房"}
    form |= {f"changes-{code}": option for code, option in better(case, 15).items()}
    refused = client.post(f"{base}sample/{case.uuid}/", form)
    assert refused.status_code == 400 and "复核的人至少 2 名" in text_of(refused) and "新盖的房" in text_of(refused)
    assert client.post(f"{base}sample/{case.uuid}/", form | {"visitors": list(TWO)}).status_code == 302
    desk = text_of(client.get(f"{base}?case={case.uuid}"))
    assert "抽查 7 户，6 户还没有复核结果，1 户有出入，1 户档次会变。" in desk
    assert re.search(r"原 58 分 低保贫困户 → 复核 \d+ 分", desk) and "同意须写明理由" in desk and "新盖的房" in desk


def test_a_viewer_sees_the_points_but_no_answer_and_no_note(whole, visit, meeting, login):
    case = case_of(2)
    visit(2, "differs", changes=better(case, 15), note="MARKER-NOTE")
    for address in ("sample/", f"?case={case.uuid}"):
        page = text_of(login("viewer").get(f"/sittings/{meeting.uuid}/{address}"))
        assert "原 58 分 低保贫困户 → 复核" in page and "MARKER-NOTE" not in page and " → 砖" not in page


def test_the_paper_to_take_along_has_every_household_and_no_full_number(one_wrong, meeting, login):
    blank = text_of(login("township").get(f"/sittings/{meeting.uuid}/sample/print/?blank=1"))
    assert all(f"张{number}" in blank for number in range(1, 8)) and "□ 有出入" in blank and f"{VILLAGE}0001" not in blank
    filled = text_of(login("township").get(f"/sittings/{meeting.uuid}/sample/print/"))
    assert "错误率 14 %，1 户档次会变" in filled and "原 58 分 低保贫困户 → 复核" in filled and "代表1、代表2" in filled


def test_the_file_and_the_score_sheet_of_a_household_tell_of_both(one_wrong, reckon, round_, login):
    reckon(2)
    home = case_of(2).household
    file = text_of(login("township").get(f"/households/{home.code}/file/print/"))
    assert "随机抽查 · 有出入" in file and "清查组算账 · 2015 年度" in file and "人均 2,900 元" in file
    assert "人均 2,900 元" not in text_of(login("viewer").get(f"/households/{home.code}/"))
    said = inspected(home, round_)
    assert "抽查复核：有出入，原 58 分 低保贫困户 → 复核" in said[0] and said[1].startswith("清查组算账：2015 年度人均纯收入 2,900 元")


def test_a_clerk_reckons_on_the_page_and_the_card_remarks(hall, meeting, login):
    Household.objects.filter(code=f"{VILLAGE}0001").update(net_income_per_head=2500)
    client, address = login("township"), f"/sittings/{meeting.uuid}/income/{case_of(1).uuid}/"
    assert "户里报的人均 2,500 元" in text_of(client.get(address))
    bad = client.post(address, {"version": "0", "year": "2015", "persons": "2", "wage": "5,800元整"})
    assert bad.status_code == 400
    assert client.post(address, {"version": "0", "year": "2015", "persons": "2", "wage": "5800", "rest_zero": "on"}).status_code == 302
    card = text_of(client.get(f"/sittings/{meeting.uuid}/?case={case_of(1).uuid}"))
    assert "比户里报的多 400 元，相差 16 %，超过 10 %" in card and "户里报的低于扶贫标准，清查组算的不低于" in card
    assert "2,900" not in text_of(login("viewer").get(f"/sittings/{meeting.uuid}/?case={case_of(1).uuid}"))


# --- score says A, the decision says C ------------------------------------------------------------------------


def test_departures_from_the_score_are_told_before_and_after_the_lock(hall, meeting, login, round_):
    hall.ballot(meeting, case_of(2), category="YIBAN", reasons=["better_off"], note="")
    hall.ballot(meeting, case_of(7), category="DIBAO", reasons=["sudden_harm"], note="")
    said = "2 户定的类别与得分档次不同：1 户定得比得分更困难，1 户定得比得分更宽裕。"
    client = login("county")
    page = text_of(client.get(f"/sittings/{meeting.uuid}/"))
    assert said in page and "突发变故" in page
    hall.close(meeting)
    assert said in text_of(client.get(f"/sittings/{meeting.uuid}/"))
    board = text_of(client.get(f"/rounds/{round_.code}/"))
    assert "类别与得分档次不同" in board and f"/rounds/{round_.code}/villages/{VILLAGE}/?state=differs" in board
    listed = text_of(client.get(f"/rounds/{round_.code}/villages/{VILLAGE}/?state=differs"))
    assert "乡核：突发变故" in listed and "乡核：实际生活好于得分" in listed and ">张1<" not in listed
