"""What a list keeps in the clear takes neither number nor illness: such a text is refused where it is typed (trust A2, N1; ruling 6)."""

import io

import pytest

from assessment.actions.evidence import add_evidence
from assessment.actions.panels import PanelEntry, save_panel
from core.errors import BadInput
from tests.assessment.meetings import Hall
from tests.core.scan_files import photo
from tests.faults.canary_walk import NUMBER, PHONE, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def meeting(scope, make_case):
    """An open 组评 of group 1; group 2 has one household too."""
    for number in (1, 2):
        make_case(number=number, group=number)
    return Hall(scope).open("zp")


@pytest.mark.parametrize("marker", [NUMBER, PHONE, f"{NUMBER[:6]}********{NUMBER[-4:]}"])
@pytest.mark.parametrize("name", ["held_at", "chair", "recorder", "panel_name", "missing_reason"])
def test_the_head_of_a_meeting_takes_no_number_of_a_person(scope, meeting, name, marker):
    with pytest.raises(BadInput) as refused:
        Hall(scope).head(meeting, **{name: f"张 {marker}"})
    assert list(refused.value.fields) == [name]


@pytest.mark.parametrize("field", ["name", "post"])
def test_the_members_of_a_meeting_carry_no_number(scope, meeting, field):
    with pytest.raises(BadInput) as refused:
        Hall(scope).head(meeting, panel=[{"name": "田代表", "post": "", "present": True} | {field: PHONE}])
    assert list(refused.value.fields) == ["panel"]


@pytest.mark.parametrize("field", ["name", "members"])
def test_a_saved_panel_carries_no_number(scope, places, field):
    values = {"name": "村民代表", "members": [{"name": "田代表", "post": "残疾人专干"}]} | {
        field: PHONE if field == "name" else [{"name": NUMBER, "post": ""}]
    }
    with pytest.raises(BadInput) as refused:
        save_panel(scope=scope("lead"), entry=PanelEntry("village", village_code=VILLAGE, **values))
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("reason", [f"等 {PHONE} 回话", "二组组长的母亲住院"])
def test_the_ground_for_a_missing_group_names_neither_number_nor_illness(scope, meeting, reason):
    hall = Hall(scope)
    hall.close(hall.head(meeting))
    with pytest.raises(BadInput) as refused:
        hall.open("cy", missing_reason=reason)
    assert list(refused.value.fields) == ["missing_reason"]


@pytest.mark.parametrize("title", [f"{NUMBER}签字页", f"电话{PHONE}", "住院证明"])
def test_the_title_of_a_scan_names_neither_number_nor_illness(scope, meeting, settings, tmp_path, title):
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    with pytest.raises(BadInput) as refused:
        add_evidence(
            scope=scope("cadre"), kind="minutes", file=io.BytesIO(photo()), title=title, sitting=str(meeting.uuid)
        )
    assert list(refused.value.fields) == ["title"]
