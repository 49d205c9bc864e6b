"""Two saves that meet, the family's history, and crafted input: trust 1, 12, 48, 71, 86, 89, L1; rulings 1 and 23."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from core.errors import BadInput
from core.models import AuditRow
from households.actions import register_household, update_household
from households.entries import MemberEntry
from households.models import Membership, Person
from households.secrets import id_index

VILLAGE = "422827102200"


def _stored(household, entry, **facts):
    """The stored household as an entry, some facts changed."""
    rows = household.memberships.current().select_related("person").order_by("relation")
    members = tuple(
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid), sex=row.person.sex, birth=row.person.birth) for row in rows
    )
    return replace(entry(), members=members, facts=entry().facts | facts)


def _opened(client, url, section):
    """What a browser would post back from a section's page it has just opened."""
    context = client.get(url, {"section": section}).context
    body = {"version": str(context["version"]), "section": section}
    rows = context["members"]
    for form in [context["form"]] if rows is None else (rows.management_form, *rows):
        for bound in form:
            value = bound.value()
            if isinstance(value, list | tuple):
                body[bound.html_name] = [str(item) for item in value]
            elif value is not None and value is not False:
                body[bound.html_name] = str(value)
    return body


@pytest.fixture
def household(scope, entry):
    return register_household(scope=scope("lead"), village_code=VILLAGE, entry=entry())


@pytest.fixture
def form(login, household):
    """(client, url, what the cadre's open section would post): 户 unless another is named."""
    client, url = login("cadre"), f"/households/{household.code}/edit/"
    return lambda section="home": (client, url, _opened(client, url, section))


@pytest.fixture
def lead_saves(scope, household):
    """The village secretary saves while the cadre's form is open."""
    return lambda body, version=1: update_household(scope=scope("lead"), code=household.code, version=version, entry=body)


def test_a_member_whom_the_other_added_is_kept_and_counted_after_the_conflict(form, lead_saves, household, entry, make_id):
    client, url, mine = form("members")
    mine |= {"members-0-skill": "01"}
    body = _stored(household, entry)
    child = MemberEntry(name="向小河", relation="03", identity=make_id(77, "20000101", "M"))
    lead_saves(replace(body, members=(*body.members, child)))
    assert "向小河" in client.post(url, mine).content.decode()
    assert client.post(url, mine | {"version": "2"}).status_code == 302
    household.refresh_from_db()
    assert household.persons == household.memberships.current().count() == 3


def test_a_member_whom_the_other_took_out_is_not_made_again_after_the_conflict(form, lead_saves, household, entry):
    client, url, mine = form("members")
    mine |= {"members-0-skill": "01"}
    body, people = _stored(household, entry), Person.objects.count()
    lead_saves(replace(body, members=(body.members[0], replace(body.members[1], leaving_reason="married"))))
    assert "已由对方办理离户" in client.post(url, mine).content.decode()
    assert client.post(url, mine | {"version": "2"}).status_code == 302
    assert Person.objects.count() == people and household.memberships.current().count() == 1


def test_saving_again_as_offered_keeps_what_only_the_other_changed_and_what_only_i_changed(form, lead_saves, household, entry):
    client, url, mine = form()
    lead_saves(_stored(household, entry, cause="08"))
    mine |= {"attribute": "04"}
    offered = re.findall(r'name="(keep-[^"]+)" value="(\w+)" checked', client.post(url, mine).content.decode())
    client.post(url, mine | {"version": "2"} | dict(offered))
    household.refresh_from_db()
    assert (household.cause, household.attribute) == ("08", "04")


def test_the_conflict_page_shows_what_the_other_saved_even_in_the_last_moment(form, lead_saves, household, entry, monkeypatch):
    client, url, mine = form()
    body = _stored(household, entry, cause="08")

    def overtaken(**call):
        lead_saves(body)
        return update_household(**call)

    monkeypatch.setattr("households.views_edit.actions.update_household", overtaken)
    late = client.post(url, mine | {"cause": "03"})
    assert late.status_code == 412
    assert [(clash.mine, clash.theirs) for clash in late.context["clashes"]] == [("因学", "缺劳力")]


@pytest.mark.parametrize(
    ("number", "change"), [(0, {"birth": date(1990, 1, 1)}), (0, {"sex": "F"}), (1, {"relation": "03", "sex": ""})]
)
def test_a_member_is_held_against_the_number_on_file(scope, household, entry, number, change):
    body = _stored(household, entry)
    members = [replace(member, **change) if place == number else member for place, member in enumerate(body.members)]
    with pytest.raises(BadInput):
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=tuple(members)))


def test_somebody_who_moves_over_never_lives_in_two_households_on_one_day(scope, entry):
    cadre = scope("cadre")
    with time_machine.travel("2016-03-01 10:00+08:00"):
        left, joined = (register_household(scope=cadre, village_code=VILLAGE, entry=entry(seed)) for seed in (1, 2))
    with time_machine.travel("2016-09-01 10:00+08:00"):
        body = _stored(left, entry)
        leaver = replace(body.members[1], leaving_reason="married")
        update_household(scope=cadre, code=left.code, version=1, entry=replace(body, members=(body.members[0], leaver)))
        body, number = _stored(joined, entry), entry(1).members[1].identity
        comer = MemberEntry(name="田小水", relation="26", identity=number)
        update_household(scope=cadre, code=joined.code, version=1, entry=replace(body, members=(*body.members, comer)))
    before, after = Membership.objects.filter(person__id_index=id_index(number)).order_by("pk")
    assert before.until <= after.since == date(2016, 9, 1)


def test_the_trail_tells_which_members_changed_but_no_income(scope, household, entry):
    body = _stored(household, entry, net_income_per_head=2718)
    leaver = replace(body.members[1], leaving_reason="married")
    update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=(body.members[0], leaver)))
    detail = AuditRow.objects.get(action="household.update").detail
    assert detail["left"] == {f"{household.code}02": "married"}
    assert "net_income_per_head" in detail["changed"] and "2718" not in str(detail)


def test_viewer_reads_no_income(login, make_household):
    household = make_household(net_income_per_head=2718)
    assert "2,718" not in login("viewer").get(f"/households/{household.code}/").content.decode()
    assert "2,718" in login("cadre").get(f"/households/{household.code}/").content.decode()


def test_a_post_without_the_head_does_not_make_a_second_head(scope, household, entry):
    body = _stored(household, entry)
    forged = replace(body, members=(replace(body.members[1], relation="01"),))
    with pytest.raises(BadInput):
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=forged)


def test_a_member_of_another_household_cannot_be_named(scope, household, entry, make_household):
    other = make_household("422827102201", 9)
    body = _stored(household, entry)
    forged = replace(body.members[1], uuid=str(other.memberships.get(relation="02").uuid))
    with pytest.raises(BadInput):
        update_household(scope=scope("cadre"), code=household.code, version=1, entry=replace(body, members=(body.members[0], forged)))


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("home", {"version": "abc", "cause": "08"}), ("home", {"version": "9" * 30, "cause": "08"}), ("members", {"members-TOTAL_FORMS": "x"}),
        ("members", {"members-TOTAL_FORMS": "x", "add_member": "1"}), ("members", {"members-0-name": "向\x00山"}),
        ("members", {"members-0-name": "向" * 5000}), ("members", {"members-0-uuid": "zz"}), ("home", {"net_income_per_head": "1e308"}),
        ("house", {"area_m2": "NaN"}), ("assets", {"savings": "3万"}), ("home", {"section": "x"}),
    ],
)  # fmt: skip
def test_crafted_input_is_refused_without_a_server_error(form, section, change):
    client, url, mine = form(section)
    client.raise_request_exception = False
    assert client.post(url, mine | change).status_code in (200, 400, 412)


@pytest.mark.parametrize("query", ["after=%00", "before=%00", "q=%00", "q=%E2%91%A0", "township=x", "tier=x", "after=zzz"])
def test_a_crafted_address_of_the_list_is_no_server_error(login, make_household, query):
    make_household()
    client = login("cadre")
    client.raise_request_exception = False
    assert client.get(f"/households/?{query}").status_code == 200


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_cadres_give_two_members_the_same_number_at_once_and_one_is_refused(scope, entry, make_household, make_id):
    from tests.households.test_household_races import _together

    number = make_id(88, "19700101", "M")

    def work(login, household):
        body, who = _stored(household, entry), scope(login)
        body = replace(body, group_code="", members=(replace(body.members[0], identity=number, birth=None, sex=""),))
        return lambda: update_household(scope=who, code=household.code, version=1, entry=body)

    works = work("cadre", make_household(VILLAGE, 1, 1)), work("cadre2", make_household("422827102201", 2, 1))
    assert sorted(type(result).__name__ for result in _together(*works)) == ["BadInput", "Household"]
