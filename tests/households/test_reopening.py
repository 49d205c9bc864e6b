"""恢复户: a household closed by a mistaken death, or whose people came back, exists again under its number; counts are right at every date."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow, Change
from fupin.invariants import head_counts_agree, households_have_one_head, places_agree, residences_agree
from households.actions.family import add_member, merge_households, remove_members, reopen_household
from households.entries import MemberEntry
from households.family import Happening
from households.models import Household
from households.secrets import reveal
from households.selectors_family import counts_on

pytestmark = pytest.mark.django_db
VILLAGE = "422827102200"
DIED, BACK = date(2016, 6, 1), date(2016, 9, 1)
PAPER = Happening(BACK, "派出所查实本人在世，村里登记时看错了名字。", "派出所证明")


@pytest.fixture(autouse=True)
def the_households_are_whole(db):
    yield
    for check in (households_have_one_head, head_counts_agree, residences_agree, places_agree):
        assert list(check()) == []


@pytest.fixture
def closed(make_household, scope):
    """`closed(reason)` → a household of `members` whom the cadre has all entered as gone on 1 June."""

    def make(reason="died", members=1, number=2):
        home = make_household(VILLAGE, number, members=members)
        remove_members(scope=scope("cadre"), code=home.code, version=1, members=uuids(home), reason=reason, happening=Happening(DIED))
        return home

    return make


@pytest.fixture
def reopen(scope):
    def call(home, *, who="township", reason="mistake", members=None, version=2, happening=PAPER, **more):
        chosen = uuids(home) if members is None else members
        return reopen_household(scope=scope(who), code=home.code, version=version, members=chosen, reason=reason, happening=happening, **more)

    return call


def uuids(home):
    return [str(row.uuid) for row in home.memberships.order_by("pk")]


def fresh(home):
    return Household.objects.get(pk=home.pk)


def counted(scope, home, day):
    found = {(row.village_id, row.group_id): (row.households, row.persons) for row in counts_on(scope("county"), day)}
    return found.get((home.village_id, home.group_id), (0, 0))


def test_a_township_reopens_a_household_that_a_mistaken_death_closed(closed, reopen):
    home = closed()
    reopen(home)
    found, row = fresh(home), home.memberships.select_related("person").get()
    assert (found.code, found.closed_on, found.persons, found.head_pending, found.version) == (home.code, None, 1, False, 3)
    assert (row.until, row.leaving_reason, row.relation, row.person.died_on) == (None, "", "01", None)


def test_a_household_closed_by_mistake_was_never_gone(closed, reopen, scope):
    home = closed()
    reopen(home)
    assert [counted(scope, home, DIED + timedelta(days=days)) for days in (-1, 0, 1, 200)] == [(1, 1)] * 4
    assert home.residences.count() == 1


def test_people_who_came_back_are_counted_from_that_day(closed, reopen, scope):
    home = closed("moved")
    reopen(home, reason="back")
    days = (DIED - timedelta(days=1), DIED, BACK - timedelta(days=1), BACK)
    assert [counted(scope, home, day) for day in days] == [(1, 1), (0, 0), (0, 0), (1, 1)]
    assert [row.joining_reason for row in home.memberships.order_by("pk")][1:] == ["moved_in"]


def test_what_happened_stays_on_file_with_the_reason_and_the_paper(closed, reopen):
    home = closed()
    reopen(home)
    assert list(home.events.order_by("pk").values_list("kind", flat=True)) == ["left", "closed", "reopened", "joined"]
    event = home.events.get(kind="reopened")
    assert (event.happened_on, event.reason, event.paper_title, reveal(event, "note")) == (DIED, "mistake", "派出所证明", PAPER.note)
    row = AuditRow.objects.get(action="family.reopen")
    assert (row.object_code, row.detail["reopened"]) == (home.code, "mistake") and "派出所" not in str(row.detail)
    assert Change.objects.filter(kind="household", code=home.code).exists()


def test_a_whole_family_is_back_with_its_relations(closed, reopen):
    home = closed("other", members=3)
    reopen(home)
    assert (fresh(home).persons, list(home.memberships.order_by("pk").values_list("relation", "until"))[0]) == (3, ("01", None))


def test_a_family_without_its_head_waits_for_one_to_be_named(closed, reopen):
    home = closed("other", members=3)
    reopen(home, members=uuids(home)[1:])
    assert (fresh(home).persons, fresh(home).head_pending) == (2, True)


def test_one_who_had_left_before_the_closing_is_not_brought_back_with_it(make_household, scope, reopen):
    home = make_household(VILLAGE, 3, members=2)
    head, wife = uuids(home)
    for version, who, day in ((1, wife, date(2016, 5, 1)), (2, head, DIED)):
        remove_members(scope=scope("cadre"), code=home.code, version=version, members=[who], reason="died", happening=Happening(day))
    with pytest.raises(BadInput):
        reopen(home, members=[wife], version=3)
    assert reopen(home, members=[head], version=3).persons == 1


def test_a_person_who_lives_in_another_household_does_not_reopen_the_old_one(closed, reopen, make_household, scope):
    home, other = closed("married"), make_household(VILLAGE, 5)
    number = reveal(home.memberships.get().person, "id")
    member = MemberEntry(name="张2", relation="99", identity=number)
    add_member(scope=scope("cadre"), code=other.code, version=1, member=member, reason="moved_in", happening=Happening(date(2016, 7, 1)))
    with pytest.raises(WrongState, match="别的户"):
        reopen(home)


def test_who_lived_elsewhere_meanwhile_was_not_entered_by_mistake(closed, reopen, make_household, scope):
    home, other = closed("married"), make_household(VILLAGE, 5)
    member = MemberEntry(name="张2", relation="99", identity=reveal(home.memberships.get().person, "id"))
    add_member(scope=scope("cadre"), code=other.code, version=1, member=member, reason="moved_in", happening=Happening(date(2016, 7, 1)))
    guest = str(other.memberships.get(person__name="张2").uuid)
    remove_members(scope=scope("cadre"), code=other.code, version=2, members=[guest], reason="moved", happening=Happening(date(2016, 10, 1)))
    for reason, field in (("mistake", "reason"), ("back", "on")):
        with pytest.raises(BadInput) as refused:
            reopen(home, reason=reason)
        assert [*refused.value.fields] == [field]
    assert reopen(home, reason="back", happening=Happening(date(2016, 10, 1), PAPER.note, PAPER.paper)).persons == 1


def test_a_household_that_was_merged_away_is_not_reopened(make_household, scope, reopen):
    home, into = make_household(VILLAGE, 3), make_household(VILLAGE, 4)
    relations = dict.fromkeys(uuids(home), "99")
    merge_households(scope=scope("cadre"), code=home.code, version=1, into=into.code, relations=relations, happening=Happening(DIED))
    with pytest.raises(WrongState, match="并户"):
        reopen(home)


def test_the_dead_come_back_only_by_mistake(closed, reopen):
    with pytest.raises(BadInput) as refused:
        reopen(closed(), reason="back")
    assert [*refused.value.fields] == ["reason"]


@pytest.mark.parametrize(
    ("happening", "field"), [(Happening(BACK, "查实"), "paper"), (Happening(BACK, "", "证明"), "note"), (Happening(date(2016, 5, 1), "查实", "证明"), "on")]
)
def test_without_reason_paper_and_a_day_after_the_closing_nothing_is_reopened(closed, reopen, happening, field):
    with pytest.raises(BadInput) as refused:
        reopen(closed("moved"), reason="back", happening=happening)
    assert [*refused.value.fields] == [field]


def test_a_day_to_come_is_refused(closed, reopen):
    tomorrow = Happening(timezone.localdate() + timedelta(days=1), PAPER.note, PAPER.paper)
    with pytest.raises(BadInput):
        reopen(closed("moved"), reason="back", happening=tomorrow)


@pytest.mark.parametrize(("who", "error"), [("cadre", Denied), ("lead", Denied), ("county", Denied), ("township_other", NotFound)])
def test_only_the_township_of_the_household_reopens_it(closed, reopen, who, error):
    with pytest.raises(error):
        reopen(closed(), who=who)


def test_a_household_that_is_not_closed_is_not_reopened(make_household, reopen):
    with pytest.raises(WrongState, match="没有销户"):
        reopen(make_household(VILLAGE, 3), version=1)


def test_a_stale_page_is_refused(closed, reopen):
    with pytest.raises(StaleVersion):
        reopen(closed(), version=1)


def test_a_reopened_household_may_be_closed_and_reopened_again(closed, reopen, scope):
    home = closed()
    reopen(home)
    remove_members(scope=scope("cadre"), code=home.code, version=3, members=uuids(home), reason="moved", happening=Happening(date(2016, 7, 1)))
    reopen(home, version=4)
    assert counted(scope, home, date(2016, 7, 1)) == (1, 1)


# --- pages, without JavaScript ---


def step(home):
    return reverse("family_step", args=[home.code, "reopen"])


def test_a_township_officer_finds_the_step_fills_it_and_reads_what_was_done(login, closed):
    home, client = closed(), login("township")
    assert step(home) in client.get(reverse("family", args=[home.code])).content.decode()
    assert "误登更正" in client.get(step(home)).content.decode()
    sent = {"version": "2", "key": "k", "reason": "mistake", "members": uuids(home), "paper": PAPER.paper, "note": PAPER.note}
    done = client.post(step(home), sent)
    assert done.url == reverse("family", args=[home.code])
    page = client.get(done.url).content.decode()
    assert "已恢复张2户" in page and "恢复户" in page and client.post(step(home), sent).status_code == 302
    assert fresh(home).version == 3


def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(login, closed):
    home = closed("moved")
    answer = login("township").post(step(home), {"version": "2", "reason": "back", "members": uuids(home), "note": PAPER.note})
    page = answer.content.decode()
    assert answer.status_code == 400 and "请填回来的日期" in page and PAPER.note in page


def test_a_cadre_reads_that_the_township_reopens_and_may_not_open_the_step(login, closed):
    home, client = closed(), login("cadre")
    page = client.get(reverse("family", args=[home.code])).content.decode()
    assert "报乡镇办“恢复户”" in page and step(home) not in page
    assert client.get(step(home)).status_code == 403


def test_a_living_household_is_not_offered_to_be_reopened(login, make_household):
    home = make_household(VILLAGE, 3)
    client = login("township")
    assert step(home) not in client.get(reverse("family", args=[home.code])).content.decode()
    assert "没有销户" in client.get(step(home)).content.decode()
