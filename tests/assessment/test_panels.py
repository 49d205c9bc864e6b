"""Saved panels: kept once, chosen at a meeting."""

import pytest

from assessment.actions.panels import PanelEntry, retire_panel, save_panel
from assessment.models import Panel
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from tests.assessment.meetings import VILLAGE, persons

GROUP = PanelEntry("group", "1组评议小组", persons(4), village_code=VILLAGE, group_code=f"{VILLAGE}01")
REPRESENTATIVES = PanelEntry("village", "村民代表", persons(20), village_code=VILLAGE)
INSPECTION = PanelEntry("inspection", "大河镇清查组", persons(5), township_code=VILLAGE[:9])


@pytest.mark.parametrize(
    ("login", "entry"),
    [("cadre", GROUP), ("lead", REPRESENTATIVES), ("township", GROUP), ("township", INSPECTION)],
)
def test_a_panel_is_kept_in_its_place(scope, login, entry):
    row = save_panel(scope=scope(login), entry=entry)
    stored = Panel.objects.get()
    assert (stored.kind, stored.name, len(stored.members), stored.version) == (
        entry.kind,
        entry.name,
        len(entry.members),
        1,
    )
    assert stored.members[0] == {"name": "代表1", "post": ""}
    assert (row.township.code, bool(row.village_id), bool(row.group_id)) == (
        VILLAGE[:9], entry.kind != "inspection", entry.kind == "group",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("login", "entry", "error"),
    [
        ("lead", INSPECTION, NotFound),
        ("county", GROUP, Denied),
        ("viewer", REPRESENTATIVES, Denied),
        ("cadre2", GROUP, NotFound),
        ("township_other", INSPECTION, NotFound),
        ("sysadmin", GROUP, NotFound),
    ],
)
def test_others_keep_no_panel_here(scope, login, entry, error):
    with pytest.raises(error):
        save_panel(scope=scope(login), entry=entry)
    assert not Panel.objects.exists()


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("kind", PanelEntry("friends", "名", persons(4), village_code=VILLAGE)),
        ("name", PanelEntry("village", " ", persons(4), village_code=VILLAGE)),
        ("name", PanelEntry("village", "长" * 65, persons(4), village_code=VILLAGE)),
        ("members", PanelEntry("village", "村民代表", [], village_code=VILLAGE)),
        ("members", PanelEntry("village", "村民代表", [*persons(2), *persons(1)], village_code=VILLAGE)),
    ],
)
def test_a_wrong_panel_is_refused_by_field(scope, field, entry):
    with pytest.raises(BadInput) as refused:
        save_panel(scope=scope("lead"), entry=entry)
    assert list(refused.value.fields) == [field]


def test_a_group_of_another_village_is_not_found(scope):
    with pytest.raises(NotFound):
        save_panel(
            scope=scope("township"),
            entry=PanelEntry("group", "甲", persons(4), village_code=VILLAGE, group_code="42282710220101"),
        )


def test_two_panels_of_one_name_in_one_place_are_refused(scope):
    save_panel(scope=scope("cadre"), entry=GROUP)
    with pytest.raises(BadInput, match="没有保存"):
        save_panel(scope=scope("cadre"), entry=GROUP)


def test_of_two_who_change_a_panel_the_second_is_told(scope):
    row = save_panel(scope=scope("cadre"), entry=GROUP)
    save_panel(scope=scope("lead"), entry=GROUP, panel=str(row.uuid), version=1)
    with pytest.raises(StaleVersion):
        save_panel(scope=scope("cadre"), entry=GROUP, panel=str(row.uuid), version=1)


def test_a_double_click_makes_one_panel(scope):
    first = save_panel(scope=scope("cadre"), entry=GROUP, key="k")
    assert save_panel(scope=scope("cadre"), entry=GROUP, key="k").pk == first.pk
    changed = save_panel(scope=scope("cadre"), entry=GROUP, panel=str(first.uuid), version=1, key="k2")
    again = save_panel(scope=scope("cadre"), entry=GROUP, panel=str(first.uuid), version=1, key="k2")
    assert (changed.version, again.version) == (2, 2)


def test_a_retired_panel_is_not_changed_and_frees_its_name(scope):
    row = save_panel(scope=scope("cadre"), entry=GROUP)
    retire_panel(scope=scope("lead"), panel=str(row.uuid), version=1)
    with pytest.raises(WrongState):
        save_panel(scope=scope("cadre"), entry=GROUP, panel=str(row.uuid), version=2)
    assert save_panel(scope=scope("cadre"), entry=GROUP).pk != row.pk


def test_the_county_retires_nothing(scope):
    row = save_panel(scope=scope("cadre"), entry=GROUP)
    with pytest.raises(Denied):
        retire_panel(scope=scope("county"), panel=str(row.uuid), version=1)


def test_the_trail_names_the_panel_and_no_person(scope):
    save_panel(scope=scope("cadre"), entry=GROUP)
    detail = AuditRow.objects.get(action="panel.save").detail
    assert detail == {"subject": "评议小组", "name": "1组评议小组", "persons": 4}
