"""Meetings: opened for a list that waits, their head filled, dropped; what stands in the way is said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.actions.panels import PanelEntry, save_panel
from assessment.actions.sittings import drop_sitting, save_head
from assessment.models import Ballot, Case, Sitting
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from households.secrets import reveal
from tests.assessment.meetings import Hall, good_head, persons


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def three(make_case):
    """Three households of group 1: 45, 58 and 85 points."""
    return [make_case(number=number, points=points) for number, points in ((1, 58), (2, 45), (3, 85))]


def stages() -> list[tuple[str, str, int]]:
    return list(Case.objects.order_by("household__code").values_list("stage", "state", "pass_no"))


# --- opening --------------------------------------------------------------------------------------------------


def test_a_cadre_opens_the_meeting_of_a_group_and_opening_again_finds_it(hall, three):
    first = hall.open("zp")
    assert (first.kind, first.number, first.group.number) == ("regular", 1, 1)
    assert hall.open("zp", by="lead").pk == first.pk


def test_the_saved_panel_of_the_group_is_seated(hall, three, scope):
    entry = PanelEntry("group", "1组评议小组", persons(4), village_code=hall.village, group_code=f"{hall.village}01")
    save_panel(scope=scope("cadre"), entry=entry)
    sitting = hall.open("zp")
    assert (sitting.panel_name, len(sitting.panel), sitting.panel[0]["present"]) == ("1组评议小组", 4, True)


def test_with_two_saved_panels_nobody_is_seated(hall, three, scope):
    for name in ("甲", "乙"):
        entry = PanelEntry("group", name, persons(4), village_code=hall.village, group_code=f"{hall.village}01")
        save_panel(scope=scope("cadre"), entry=entry)
    assert hall.open("zp").panel == []


@pytest.mark.parametrize(
    ("stage", "by"),
    [("zp", "township"), ("zp", "county"), ("zp", "viewer"), ("cy", "cadre"), ("cy", "township"), ("cy", "county"), ("xh", "lead"),
     ("xh", "county"), ("xd", "township"), ("xd", "viewer")],
)  # fmt: skip
def test_another_level_does_not_open_the_meeting(hall, make_case, stage, by):
    case = make_case()
    Case.objects.filter(pk=case.pk).update(stage=stage)
    with pytest.raises(Denied):
        hall.open(stage, by=by)
    assert not Sitting.objects.exists()


@pytest.mark.parametrize(
    ("stage", "by"), [("zp", "cadre_other"), ("cy", "lead2"), ("xh", "township_other"), ("zp", "sysadmin")]
)
def test_another_area_hears_that_there_is_nothing(hall, three, stage, by):
    with pytest.raises(NotFound):
        hall.open(stage, by=by)


def test_a_stage_where_nobody_waits_says_where_the_list_is(hall, three):
    with pytest.raises(WrongState, match="乡核没有等待办理的农户。本村名单现在：组评 3 户"):
        hall.open("xh")


def test_a_group_meeting_asks_for_its_group_and_a_village_meeting_refuses_one(hall, three):
    with pytest.raises(BadInput):
        hall.open("zp", group_code="")
    with pytest.raises(BadInput):
        hall.open("cy", group_code=f"{hall.village}01")
    with pytest.raises(NotFound):
        hall.open("zp", group_code="42282710220199")


def test_households_without_a_group_have_a_meeting_of_their_own(hall, make_case):
    make_case(group=None)
    sitting = hall.decide("zp", group=None)
    assert (sitting.ungrouped, sitting.counts["agree"]) == (True, 1)


@pytest.mark.parametrize("stage", ["gs", "nowhere"])
def test_a_notice_is_no_meeting(hall, three, stage):
    with pytest.raises(BadInput):
        hall.open(stage, by="township")


def test_a_closed_round_opens_no_meeting(hall, three, round_):
    round_.status = "closed"
    round_.save()
    with pytest.raises(WrongState, match="已经结束"):
        hall.open("zp")


def test_the_village_waits_for_its_groups_or_names_the_missing_ones(hall, three, make_case):
    make_case(number=4, group=2)
    hall.decide("zp")
    with pytest.raises(BadInput, match="缺 2组") as refused:
        hall.open("cy")
    assert "missing_reason" in refused.value.fields
    sitting = hall.open("cy", missing_reason="2组在外务工未回")
    assert hall.close(hall.head(sitting, missing_reason="2组在外务工未回")).counts["agree"] == 3
    assert Case.objects.get(group__number=2).stage == "zp"


def test_a_second_meeting_of_the_group_is_a_supplementary_one(hall, three, make_case):
    hall.decide("zp")
    make_case(number=4)
    sitting = hall.open("zp")
    assert (sitting.kind, sitting.number) == ("supplementary", 2)


def test_a_dropped_meeting_does_not_count(hall, three, scope):
    drop_sitting(scope=scope("cadre"), sitting=str(hall.open("zp").uuid))
    sitting = hall.open("zp")
    assert (sitting.kind, sitting.number) == ("regular", 1)


# --- head -----------------------------------------------------------------------------------------------------


def test_a_half_filled_head_is_kept(hall, three, scope):
    sitting = hall.open("zp")
    kept = hall.head(sitting, chair="", panel=persons(2))
    assert (kept.chair, len(kept.panel), kept.version) == ("", 2, 2)
    assert reveal(Sitting.objects.get(), "minutes") == "逐户评议，没有异议。"


def test_minutes_are_sealed_in_the_database(hall, three):
    hall.ready("zp")
    assert "逐户评议" not in Sitting.objects.get().minutes_enc


def test_two_who_fill_the_head_do_not_overwrite_each_other(hall, three, scope):
    sitting = hall.open("zp")
    hall.head(sitting)
    with pytest.raises(StaleVersion):
        save_head(scope=scope("lead"), sitting=str(sitting.uuid), version=1, head=good_head("zp", chair="另一人"))
    assert Sitting.objects.get().chair == "向主持"


TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "over"),
    [
        ("held_on", {"held_on": TOMORROW}),
        ("held_on", {"held_on": timezone.localdate() - timedelta(days=2)}),
        ("panel", {"panel": [*persons(1), *persons(1)]}),
        ("panel", {"panel": [{"name": " ", "post": ""}]}),
        ("panel", {"panel": persons(201)}),
        ("panel", {"panel": [{"name": "长" * 33, "post": ""}]}),
        ("present", {"present": -1}),
        ("expected", {"expected": 10_000}),
        ("checks", {"checks": {"unknown": True}}),
        ("chair", {"chair": "长" * 33}),
        ("minutes", {"minutes": "长" * 4001}),
    ],
)
def test_a_head_of_the_wrong_shape_is_refused_by_field(hall, three, field, over):
    sitting = hall.open("zp")
    with pytest.raises(BadInput) as refused:
        hall.head(sitting, **over)
    assert list(refused.value.fields) == [field]


# --- dropping ---------------------------------------------------------------------------------------------------


def test_dropping_takes_the_ballots_and_moves_nobody(hall, three, scope):
    sitting = hall.ready("zp")
    hall.ballot(sitting, three[0], "reject", reasons=["vehicle"])
    drop_sitting(scope=scope("cadre"), sitting=str(sitting.uuid), key="d1")
    drop_sitting(scope=scope("cadre"), sitting=str(sitting.uuid), key="d1")
    assert Sitting.objects.get().status == "dropped"
    assert not Ballot.objects.exists()
    assert stages() == [("zp", "open", 1)] * 3


def test_a_closed_meeting_is_not_dropped(hall, three, scope):
    sitting = hall.decide("zp")
    with pytest.raises(WrongState):
        drop_sitting(scope=scope("cadre"), sitting=str(sitting.uuid))


def test_another_level_does_not_drop(hall, three, scope):
    sitting = hall.open("zp")
    with pytest.raises(Denied):
        drop_sitting(scope=scope("township"), sitting=str(sitting.uuid))
