"""Registering and changing a household: trust 1, 3, 12, 45, 48, 71, 86; rulings 1, 2, 8, 9."""

from dataclasses import replace

import pytest

from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion, WrongState
from core.models import AuditRow, Change
from households.actions import register_household, reveal_household, update_household
from households.entries import MemberEntry
from households.models import Household, HouseholdVersion, Membership
from households.secrets import reveal
from villages.models import DirtyMark

VILLAGE = "422827102200"


def test_cadre_registers_a_household_with_the_villages_next_number(scope, entry, make_household):
    make_household(VILLAGE, number=41)
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    assert (made.code, made.persons, made.head_name) == (f"{VILLAGE}0042", 2, "向大山")


def test_birth_and_sex_are_read_from_the_number(scope, entry):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    head = made.memberships.get(relation="01").person
    assert (str(head.birth), head.sex) == ("1970-03-05", "M")


def test_the_number_is_stored_sealed_only(scope, entry):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    person, typed = made.memberships.get(relation="01").person, entry().members[0].identity
    assert typed not in person.id_enc and reveal(person, "id") == typed


def test_registering_leaves_version_audit_feed_and_dirty_mark(scope, entry, places):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    assert HouseholdVersion.objects.filter(household=made, version=1).exists()
    assert AuditRow.objects.get(action="household.register").object_code == made.code
    assert Change.objects.get(kind="household").code == made.code
    assert DirtyMark.objects.get(village=places.villages[VILLAGE]).n == 1


def test_the_audit_row_holds_no_number_and_no_phone(scope, entry):
    register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(secrets={"phone": "19000001234"}))
    detail = str(AuditRow.objects.get(action="household.register").detail)
    assert entry().members[0].identity not in detail and "19000001234" not in detail


def test_cadre_gets_404_for_the_next_village(scope, entry):
    with pytest.raises(NotFound):
        register_household(scope=scope("cadre"), village_code="422827102201", entry=entry(group=""))


@pytest.mark.parametrize("who", ["township", "county", "viewer"])
def test_an_office_may_see_the_village_but_not_register(scope, entry, who):
    with pytest.raises(Denied):
        register_household(scope=scope(who), village_code=VILLAGE, entry=entry())


def test_a_double_click_registers_once_and_gives_the_same_answer(scope, entry):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(), key="k1")
    with pytest.raises(Replayed) as repeat:
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(), key="k1")
    assert repeat.value.object_code == made.code and Household.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict(scope, entry):
    register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(), key="k1")
    with pytest.raises(BadInput, match="不同的内容"):
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(2), key="k1")


def test_a_refused_form_frees_its_key(scope, entry, make_id):
    bad = entry(members=[MemberEntry(name="向大山", relation="02", identity=make_id(1))])
    with pytest.raises(BadInput):
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=bad, key="k1")
    assert register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(), key="k1").pk


def test_a_person_of_another_village_is_refused_without_naming_where(scope, entry):
    register_household(scope=scope("cadre2"), village_code="422827102201", entry=entry(group=""))
    with pytest.raises(BadInput) as refusal:
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    text = str(refusal.value.fields)
    assert "members-0-identity" in text and "芭蕉溪" not in text and "422827102201" not in text
    assert Household.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"identity": "522399197003050011"}, "members-0-identity", "校验"),
        ({"identity": "52239919700230001X"}, "members-0-identity", ""),
        ({"relation": "02"}, "members", "户主"),
        ({"relation": "04"}, "members", "户主"),
        ({"sex": "F"}, "members-0-sex", "性别"),
    ],
)
def test_a_faulty_member_is_named_with_its_field(scope, entry, change, field, word):
    good = entry()
    bad = replace(good, members=(replace(good.members[0], **change), good.members[1]))
    with pytest.raises(BadInput) as refusal:
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=bad)
    assert word in "".join(refusal.value.fields[field])


def test_two_heads_are_refused(scope, entry):
    good = entry()
    with pytest.raises(BadInput, match="要改"):
        register_household(scope=scope("cadre"), village_code=VILLAGE, entry=replace(good, members=(good.members[0], replace(good.members[1], relation="01"))))


def _as_entry(household, entry, **facts):
    """The stored household as an entry, some facts changed."""
    members = tuple(
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid), sex=row.person.sex, birth=row.person.birth)
        for row in household.memberships.current().select_related("person").order_by("relation")
    )
    return replace(entry(), members=members, facts=entry().facts | facts)


def test_cadre_changes_a_household_and_its_version_moves(scope, entry, make_household):
    household = make_household()
    changed = update_household(scope=scope("cadre"), code=household.code, version=1, entry=_as_entry(household, entry, cause="08"))
    assert (changed.version, changed.cause) == (2, "08")


def test_a_stale_version_is_refused_and_tells_who_saved(scope, entry, make_household):
    household = make_household()
    update_household(scope=scope("lead"), code=household.code, version=1, entry=_as_entry(household, entry, cause="08"))
    with pytest.raises(StaleVersion) as stale:
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=_as_entry(household, entry, cause="03"))
    assert stale.value.conflict.by == "测试lead"
    assert Household.objects.get(pk=household.pk).cause == "08"


def test_a_locked_household_is_not_changed(scope, entry, make_household):
    household = make_household(hold=True, hold_reason="名单已锁定")
    with pytest.raises(WrongState):
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=_as_entry(household, entry))


def test_a_member_who_leaves_stays_on_record_and_frees_the_person(scope, entry, make_household):
    household = make_household()
    body = _as_entry(household, entry)
    leaving = replace(body.members[1], leaving_reason="married")
    changed = update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=(body.members[0], leaving)))
    assert changed.persons == 1
    assert Membership.objects.get(uuid=leaving.uuid).until is not None


def test_when_the_head_dies_another_head_must_be_named(scope, entry, make_household):
    household = make_household()
    body = _as_entry(household, entry)
    dead = replace(body.members[0], leaving_reason="died")
    with pytest.raises(BadInput, match="要改"):
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=(dead, body.members[1])))
    heir = replace(body.members[1], relation="01")
    changed = update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=(dead, heir)))
    assert changed.head_name == heir.name


def test_cadre_sees_full_numbers_only_with_a_purpose_that_is_recorded(scope, make_household):
    household = make_household()
    with pytest.raises(BadInput):
        reveal_household(scope=scope("cadre"), code=household.code, purpose="")
    shown = reveal_household(scope=scope("cadre"), code=household.code, purpose="核对户口本")
    assert all(len(number) == 18 for number in shown.identities.values())
    assert AuditRow.objects.get(action="household.reveal", result="ok").detail["purpose"] == "核对户口本"


@pytest.mark.parametrize("who", ["county", "viewer"])
def test_county_and_viewer_cannot_see_full_numbers(scope, make_household, who):
    with pytest.raises(Denied):
        reveal_household(scope=scope(who), code=make_household().code, purpose="核对")


def test_an_income_that_was_changed_is_masked_on_the_trail(scope, entry, make_household):
    household = make_household()
    update_household(scope=scope("cadre"), code=household.code, version=1, entry=_as_entry(household, entry, net_income_per_head=4321))
    assert AuditRow.objects.get(action="household.update").detail["changed"]["net_income_per_head"] == "***"


def test_a_purpose_that_holds_a_number_is_refused(scope, make_household):
    with pytest.raises(BadInput, match="不要写"):
        reveal_household(scope=scope("cadre"), code=make_household().code, purpose="核对 522399197003050011")
