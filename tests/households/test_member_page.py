"""One member with all national fields: read by the area, changed by the village (trust 1, 46, 48, 71, A2, L1)."""

from datetime import date

import pytest

from core.errors import BadInput, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from households.actions.person import update_member
from households.models import Household, Membership
from households.person import PersonEntry
from households.secrets import reveal, seal

pytestmark = pytest.mark.once


@pytest.fixture
def household(make_household):
    return make_household(members=3)


@pytest.fixture
def wife(household):
    row = household.memberships.select_related("person").get(relation="02")
    row.person.name = "李小水"
    row.person.save()
    return row


@pytest.fixture
def save(scope, household, wife):
    """The cadre saves the wife as she is on file, some things changed."""

    def run(row=wife, login="cadre", version=1, **change):
        person = row.person
        own = {"name": person.name, "relation": row.relation, "id_kind": person.id_kind, "birth": person.birth, "sex": person.sex}
        return update_member(scope=scope(login), code=household.code, member=row.uuid, version=version, entry=PersonEntry(**own | change))

    return run


def _posted(client, url, **change):
    """What a browser would post back from the open page."""
    context = client.get(url).context
    body = {"version": str(context["version"])}
    for bound in context["form"]:
        value = bound.value()
        if isinstance(value, list):
            body[bound.html_name] = [str(one) for one in value]
        elif value not in (None, False):
            body[bound.html_name] = str(value)
    return body | change


@pytest.fixture
def url(household, wife):
    return f"/households/{household.code}/members/{wife.uuid}/"


def test_a_cadre_fills_a_members_page_and_only_that_changes(login, url, household, wife):
    client = login("cadre")
    body = _posted(client, url, medical_resident="1", political="05", work_region="浙江省温州市", phone="138 0000 0001", health=["02", "04"])
    assert client.post(url, body).status_code == 302
    before, wife = wife, Membership.objects.get(pk=wife.pk)
    assert (wife.medical_resident, wife.mandarin, wife.political, wife.health) == (True, None, "05", "02,04")
    assert (reveal(wife, "phone"), wife.education, wife.person.name) == ("13800000001", before.education, before.person.name)
    assert Household.objects.get(pk=household.pk).version == 2


def test_the_page_never_shows_a_number_of_papers(login, url, wife):
    seal(wife, "disability_number", reveal(wife.person, "id") + "42")
    wife.save()
    for who in ("cadre", "township", "viewer"):
        assert reveal(wife.person, "id") not in login(who).get(url).content.decode()


@pytest.mark.parametrize(("who", "illness", "birth"), [("township", True, True), ("viewer", False, False)])
def test_who_only_reads_sees_illness_and_birth_with_the_field_class(login, url, wife, who, illness, birth):
    Membership.objects.filter(pk=wife.pk).update(health="03", disability_grade=2)
    text = login(who).get(url).content.decode()
    born = wife.person.birth
    assert ("2 级" in text, "健康状况" in text, f"{born.year}年{born.month}月{born.day}日" in text) == (illness, illness, birth)
    assert "<form method=\"post\" novalidate>" not in text


def test_the_trail_tells_open_facts_and_masks_the_rest(save):
    save(name="田小水", facts={"health": "03", "employer": "某厂", "political": "01"}, secrets={"phone": "13800000002"})
    changed = AuditRow.objects.get(action="member.update").detail["changed"]
    assert changed.pop("政治面貌") == ["未填", "中共党员"]
    assert set(changed) == {"姓名", "健康状况", "务工企业名称", "成员联系电话"} and set(changed.values()) == {"***"}


def test_a_new_name_of_the_head_is_the_households_name(save, household):
    save(household.memberships.get(relation="01"), name="欧阳大山")
    household.refresh_from_db()
    assert (household.head_name, household.head_pinyin) == ("欧阳大山", "oyds")


def test_an_old_number_is_offered_on_the_page_and_taken_when_ticked(login, url, wife, make_id):
    client, number = login("cadre"), make_id(901, "19800305", "F")
    body = _posted(client, url, identity=number[:6] + number[8:17], birth="", sex="")
    offered = client.post(url, body)
    assert offered.status_code == 400 and 'name="take_offer"' in offered.content.decode()
    assert client.post(url, body | {"take_offer": "on"}).status_code == 302
    person = Membership.objects.get(pk=wife.pk).person
    assert (reveal(person, "id"), person.birth, person.id_kind) == (number, date(1980, 3, 5), "01")


def test_a_card_fills_kind_and_grade_and_a_contradiction_is_told(save, wife):
    card = reveal(wife.person, "id") + "42"
    assert save(secrets={"disability_number": card}) == ()
    row = Membership.objects.get(pk=wife.pk)
    assert (row.disability_kind, row.disability_grade, reveal(row, "disability_number")) == ("4", 2, card)
    assert len(save(version=2, facts={"disability_grade": 4}, secrets={"disability_number": card})) == 1


def test_a_number_of_somebody_else_in_the_county_is_refused(save, make_household):
    other = make_household("422827102201", 9)
    with pytest.raises(BadInput) as refused:
        save(identity=reveal(other.memberships.get(relation="02").person, "id"))
    assert list(refused.value.fields) == ["identity"]


@pytest.mark.parametrize("change", [{"relation": "01"}, {"relation": "03"}, {"relation": "77"}])
def test_a_relation_that_cannot_be_is_refused(save, change):
    with pytest.raises(BadInput):
        save(**change)


def test_a_member_who_left_is_listed_and_no_longer_changed(login, save, household, wife):
    child = household.memberships.get(relation="04")
    Membership.objects.filter(pk=child.pk).update(until=date(2016, 5, 1), leaving_reason="married")
    text = login("cadre").get(f"/households/{household.code}/members/{wife.uuid}/").content.decode()
    assert "历史成员" in text and "2016年5月1日" in text and "婚嫁" in text
    assert "不再修改" in login("cadre").get(f"/households/{household.code}/members/{child.uuid}/").content.decode()
    with pytest.raises(NotFound):
        save(child)


def test_a_member_of_another_household_is_not_found_here(save, make_household):
    with pytest.raises(NotFound):
        save(make_household(number=2).memberships.get(relation="02"))


def test_a_locked_household_keeps_its_members_as_they_are(save, household):
    Household.objects.filter(pk=household.pk).update(hold=True)
    with pytest.raises(WrongState):
        save(ethnicity="15")


def test_two_saves_that_meet_show_what_both_wrote(login, save, url):
    save(facts={"political": "05"})
    client = login("cadre")
    mine = _posted(client, url, political="01", mandarin="1")
    save(login="lead", version=2, facts={"political": "03", "skill": "02"})
    late = client.post(url, mine)
    assert late.status_code == 412
    assert [(one.label, one.mine, one.theirs, one.untouched) for one in late.context["clashes"]] == [
        ("政治面貌", "中共党员", "共青团员", False), ("劳动技能", "普通劳动力", "技能劳动力", True),
    ]  # fmt: skip
    with pytest.raises(StaleVersion):
        save(version=2)


def test_a_cadre_whose_answer_was_lost_sends_the_page_again_and_goes_on(login, url, household):
    client = login("cadre")
    mine = _posted(client, url, political="01", mandarin="1")
    assert [client.post(url, mine).status_code for _ in range(2)] == [302, 302]
    household.refresh_from_db()
    assert household.version == int(mine["version"]) + 1
    assert client.post(url, mine | {"political": "03"}).status_code == 412
