"""办理变动: births, deaths, heads, splits, merges, moves and transfers, each with its event, its version and both sides' counts."""

from datetime import date

import pytest
from django.utils import timezone

from core.errors import BadInput, Denied, StaleVersion, WrongState
from core.models import Change
from fupin.invariants import head_counts_agree, households_have_one_head, places_agree, residences_agree
from households.actions.family import (
    Answer,
    Wish,
    add_member,
    answer_transfer,
    ask_transfer,
    bring_back,
    merge_households,
    move_household,
    name_head,
    remove_members,
    split_household,
    transfer_within,
    withdraw_transfer,
)
from households.entries import MemberEntry
from households.family import Happening
from households.models import EventKind, Household, HouseholdEvent, Person, TransferState
from households.secrets import reveal, seal
from households.selectors_family import counts_on, transfers_waiting

VILLAGE, OTHER, FAR = "422827102200", "422827102201", "422827103200"
DAY = date(2016, 6, 1)
AT = Happening(DAY, "按户口本登记。", "户口本")


@pytest.fixture(autouse=True)
def the_households_are_whole(db):
    yield
    for check in (households_have_one_head, head_counts_agree, residences_agree, places_agree):
        assert list(check()) == []


@pytest.fixture
def cadre(scope):
    return scope("cadre")


@pytest.fixture
def home(make_household):
    return make_household(VILLAGE, 1, members=3)


def uuids(household):
    return [str(row.uuid) for row in household.memberships.current().order_by("pk")]


def fresh(household):
    return Household.objects.get(pk=household.pk)


def kinds(household):
    return list(HouseholdEvent.objects.filter(household=household).order_by("pk").values_list("kind", flat=True))


def persons_on(scope, day):
    return {(row.village_id, row.group_id): (row.households, row.persons) for row in counts_on(scope, day)}


def test_a_newborn_without_a_number_joins_on_the_day_of_birth(cadre, home):
    baby = MemberEntry(name="张宝", relation="04", birth=DAY, sex="F", ethnicity="01")
    add_member(scope=cadre, code=home.code, version=1, member=baby, reason="birth", happening=AT)
    row = home.memberships.get(person__name="张宝")
    assert (row.since, row.joining_reason, row.person.id_kind, fresh(home).persons, fresh(home).version) == (DAY, "birth", "90", 4, 2)
    event = home.events.get()
    assert (event.kind, event.reason, event.paper_title, reveal(event, "note")) == (EventKind.JOINED, "birth", "户口本", "按户口本登记。")
    assert "按户口本" not in event.note_enc


def test_a_person_who_lives_in_another_household_of_the_county_is_refused(cadre, home, make_household):
    other = make_household(OTHER, 1)
    number = reveal(other.memberships.first().person, "id")
    bride = MemberEntry(name="李某", relation="06", identity=number)
    with pytest.raises(BadInput) as refusal:
        add_member(scope=cadre, code=home.code, version=1, member=bride, reason="married_in", happening=Happening(timezone.localdate()))
    assert "identity" in refusal.value.fields


def test_a_stale_page_is_refused(cadre, home):
    with pytest.raises(StaleVersion):
        remove_members(scope=cadre, code=home.code, version=7, members=uuids(home)[2:], reason="married", happening=AT)


def test_a_head_who_dies_leaves_the_household_without_a_head_until_one_is_named(cadre, home):
    head, wife, daughter = uuids(home)
    remove_members(scope=cadre, code=home.code, version=1, members=[head], reason="died", happening=AT)
    found = fresh(home)
    assert (found.head_pending, found.persons, found.closed_on) == (True, 2, None)
    assert home.memberships.get(uuid=head).person.died_on == DAY
    name_head(scope=cadre, code=home.code, version=2, head=wife, relations={}, happening=AT)
    found = fresh(home)
    assert (found.head_pending, found.head_name, found.code) == (False, "李11", home.code)
    assert home.memberships.get(uuid=daughter).relation == "04"
    assert kinds(home) == ["left", "head"]


def test_the_next_head_may_be_named_with_the_death(cadre, home):
    head, wife, _ = uuids(home)
    remove_members(scope=cadre, code=home.code, version=1, members=[head], reason="died", happening=AT, next_head=wife)
    assert (fresh(home).head_name, fresh(home).head_pending) == ("李11", False)


def test_a_relation_that_does_not_follow_is_asked(cadre, home):
    head, wife, daughter = uuids(home)
    home.memberships.filter(uuid=wife).update(relation="05")
    with pytest.raises(BadInput) as refusal:
        name_head(scope=cadre, code=home.code, version=1, head=daughter, relations={head: "11"}, happening=AT)
    assert list(refusal.value.fields) == [f"relation-{wife}"]


def test_a_single_person_household_closes_with_the_death_and_keeps_its_number(cadre, scope, make_household):
    alone = make_household(VILLAGE, 2, members=1)
    remove_members(scope=cadre, code=alone.code, version=1, members=uuids(alone), reason="died", happening=AT)
    found = fresh(alone)
    assert (found.closed_on, found.persons, kinds(alone)) == (DAY, 0, ["left", "closed"])
    assert persons_on(scope("county"), date(2016, 5, 31))[(alone.village_id, alone.group_id)] == (1, 1)
    assert persons_on(scope("county"), DAY) == {}


def test_a_student_who_comes_back_has_both_stretches(cadre, home):
    daughter = uuids(home)[2]
    remove_members(scope=cadre, code=home.code, version=1, members=[daughter], reason="study", happening=AT)
    with pytest.raises(BadInput):
        bring_back(scope=cadre, code=home.code, version=2, member=daughter, relation="04", happening=Happening(date(2016, 5, 1)))
    bring_back(scope=cadre, code=home.code, version=2, member=daughter, relation="04", happening=Happening(date(2016, 9, 1)))
    rows = home.memberships.filter(person__memberships__uuid=daughter).order_by("since").distinct()
    stretches = [(row.since, row.until, row.leaving_reason, row.joining_reason) for row in rows]
    assert stretches == [(date(2016, 1, 1), DAY, "study", ""), (date(2016, 9, 1), None, "", "from_study")]


def test_a_split_makes_a_household_with_a_number_of_its_own_and_the_facts_of_its_people(cadre, scope, home):
    member = home.memberships.get(uuid=uuids(home)[2])
    seal(member, "phone", "13900000000")
    member.save()
    made = split_household(scope=cadre, code=home.code, version=1, members=[str(member.uuid)], head=str(member.uuid), relations={}, happening=AT)
    row = made.memberships.get()
    assert (made.code, made.head_name, fresh(made).persons, fresh(home).persons) == (VILLAGE + "0002", "李12", 1, 2)
    assert (row.relation, row.joining_reason, row.health, reveal(row, "phone")) == ("01", "split", "01", "13900000000")
    assert (kinds(home), kinds(made)) == (["split"], ["split"])
    place = (home.village_id, home.group_id)
    assert persons_on(scope("county"), date(2016, 5, 31))[place] == (1, 3)
    assert persons_on(scope("county"), DAY)[place] == (2, 3)


def test_nobody_splits_off_the_whole_family(cadre, home):
    with pytest.raises(BadInput, match="全家"):
        split_household(scope=cadre, code=home.code, version=1, members=uuids(home), head=uuids(home)[0], relations={}, happening=AT)


def test_a_merged_household_is_closed_and_its_people_live_in_the_other(cadre, home, make_household):
    other = make_household(VILLAGE, 2)
    relations = dict(zip(uuids(other), ("21", "26"), strict=True))
    merge_households(scope=cadre, code=other.code, version=1, into=home.code, relations=relations, happening=AT)
    assert (fresh(home).persons, fresh(other).persons, fresh(other).closed_on) == (5, 0, DAY)
    assert kinds(other) == ["merged", "closed"]


def test_a_move_to_another_group_counts_there_from_that_day(cadre, scope, home, places):
    second = places.groups[f"{VILLAGE}02"]
    move_household(scope=cadre, code=home.code, version=1, group_code=second.code, happening=AT)
    before, after = persons_on(scope("county"), date(2016, 5, 31)), persons_on(scope("county"), DAY)
    assert before == {(home.village_id, home.group_id): (1, 3)}
    assert after == {(home.village_id, second.pk): (1, 3)}


def asked(cadre, home, **wish):
    wish = Wish(**({"reason": "moved", "village_code": FAR} | wish))
    return ask_transfer(scope=cadre, code=home.code, version=fresh(home).version, wish=wish, happening=AT)


def test_a_household_moves_over_the_border_when_the_other_side_agrees(cadre, scope, home, places):
    transfer = asked(cadre, home)
    assert fresh(home).village.code == VILLAGE
    assert [row.pk for row in transfers_waiting(scope("cadre_other"))] == [transfer.pk]
    group = places.groups[f"{FAR}02"]
    answer_transfer(scope=scope("cadre_other"), uuid=str(transfer.uuid), version=1, answer=Answer(True, group_code=group.code))
    found = fresh(home)
    assert (found.village.code, found.group_id, found.code) == (FAR, group.pk, home.code)
    assert persons_on(scope("county"), DAY) == {(found.village_id, group.pk): (1, 3)}
    gone = Change.objects.visible_to(scope("cadre")).filter(code=home.code).order_by("seq").last()
    here = Change.objects.visible_to(scope("cadre_other")).filter(code=home.code).order_by("seq").last()
    whole = Change.objects.visible_to(scope("county")).filter(code=home.code).values_list("op", flat=True)
    assert (gone.op, here.op, set(whole)) == ("delete", "upsert", {"upsert"})


def test_a_person_moves_into_a_household_of_another_village(cadre, scope, home, make_household):
    other = make_household(OTHER, 5)
    daughter = uuids(home)[2]
    transfer = asked(cadre, home, reason="married", member=daughter, to_code=other.code, relation="05", village_code="")
    answer_transfer(scope=scope("township"), uuid=str(transfer.uuid), version=1, answer=Answer(True))
    assert (fresh(home).persons, fresh(other).persons, fresh(other).version) == (2, 3, 2)
    assert (kinds(home), kinds(other)) == (["transferred"], ["transferred"])
    county = persons_on(scope("county"), DAY)
    assert (county[(home.village_id, home.group_id)], county[(other.village_id, other.group_id)]) == ((1, 2), (1, 3))


def test_within_a_village_a_person_changes_the_household_at_once(cadre, home, make_household):
    other = make_household(VILLAGE, 2)
    wish = Wish(reason="adopted", member=uuids(home)[2], to_code=other.code, relation="04")
    transfer_within(scope=cadre, code=home.code, version=1, wish=wish, happening=AT)
    assert (fresh(home).persons, fresh(other).persons) == (2, 3)


@pytest.mark.parametrize(("who", "refusal"), [("cadre", Denied), ("lead", Denied), ("viewer", Denied), ("township", Denied)])
def test_only_the_other_side_answers(cadre, scope, home, who, refusal):
    transfer = asked(cadre, home)
    with pytest.raises(refusal):
        answer_transfer(scope=scope(who), uuid=str(transfer.uuid), version=1, answer=Answer(True))
    assert fresh(home).village.code == VILLAGE


def test_who_asked_does_not_answer_though_he_works_in_both_villages(scope, cast, home, places):
    from accounts.models import Assignment

    Assignment.objects.create(user=cast.cadre, role="cadre", village=places.villages[FAR], since=date(2016, 1, 1))
    both = scope("cadre")
    transfer = asked(both, home)
    assert not transfers_waiting(both)
    with pytest.raises(Denied, match="另一个人"):
        answer_transfer(scope=both, uuid=str(transfer.uuid), version=1, answer=Answer(True))


def test_a_withdrawn_request_is_not_answered(cadre, scope, home):
    transfer = asked(cadre, home)
    withdraw_transfer(scope=scope("lead"), uuid=str(transfer.uuid), version=1)
    with pytest.raises(WrongState, match="已撤回"):
        answer_transfer(scope=scope("cadre_other"), uuid=str(transfer.uuid), version=2, answer=Answer(True))


def test_a_no_needs_a_reason_and_changes_nothing(cadre, scope, home):
    transfer = asked(cadre, home)
    with pytest.raises(BadInput):
        answer_transfer(scope=scope("cadre_other"), uuid=str(transfer.uuid), version=1, answer=Answer(False))
    done = answer_transfer(scope=scope("cadre_other"), uuid=str(transfer.uuid), version=1, answer=Answer(False, "没有空房。"))
    assert (done.state, fresh(home).version) == (TransferState.REFUSED, 1)


def test_a_locked_household_points_to_the_way_out(cadre, home):
    Household.objects.filter(pk=home.pk).update(hold=True, hold_reason="村评议")
    with pytest.raises(WrongState) as refusal:
        remove_members(scope=cadre, code=home.code, version=1, members=uuids(home)[:1], reason="died", happening=AT)
    assert any("终止" in reason for reason in refusal.value.reasons)


def test_a_household_with_a_case_in_hand_stays_in_its_village(cadre, make_case):
    home = make_case(number=9).household
    with pytest.raises(WrongState) as refusal:
        asked(cadre, home)
    assert any("终止" in reason for reason in refusal.value.reasons)


def test_a_death_entered_by_mistake_is_undone(cadre, home):
    daughter = uuids(home)[2]
    remove_members(scope=cadre, code=home.code, version=1, members=[daughter], reason="died", happening=AT)
    bring_back(scope=cadre, code=home.code, version=2, member=daughter, relation="04", happening=AT)
    assert Person.objects.get(memberships__uuid=daughter).died_on is None
    assert fresh(home).persons == 3
