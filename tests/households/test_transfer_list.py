"""转户: the list of requests with its tabs, states and pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from households.models import Transfer

pytestmark = pytest.mark.django_db
VILLAGE, FAR = "422827102200", "422827103200"


@pytest.fixture
def asked(make_household, cast, places):
    """Of 120 requests of `lead` to another township three wait, the others were answered or withdrawn."""
    home, other = make_household(VILLAGE, 1, members=3), places.villages[FAR]
    here = places.villages[VILLAGE]
    members = list(home.memberships.all())
    Transfer.objects.bulk_create(
        Transfer(
            county=here.county, township=here.township, village=here, other_township=other.township, other_village=other, household=home,
            membership=members[n % 3], happened_on=date(2016, 6, 1), reason="moved", asked_by=cast.lead, asked_at=timezone.now() + timedelta(minutes=n),
            state="asked" if n < 3 else ("agreed", "refused", "withdrawn")[n % 3],
        ) for n in range(120)
    )  # fmt: skip
    return list(Transfer.objects.order_by("pk"))


def shown(page):
    return [line["transfer"].pk for line in page.context["lines"]]


def test_the_other_side_sees_first_who_has_waited_longest(asked, login):
    page = login("cadre_other").get("/transfers/")
    assert shown(page) == [row.pk for row in asked[:3]] and "待我答复 3 件" in page.content.decode()


def test_a_long_list_of_requests_goes_on_by_keyset_newest_first(asked, login):
    client, seen, address = login("cadre"), [], "?list=asked"
    while address:
        page = client.get(f"/transfers/{address}")
        seen += shown(page)
        address = page.context["next"]
    assert seen == [row.pk for row in reversed(asked)]


@pytest.mark.parametrize("which", ["asked", "all"])
def test_a_cadre_narrows_the_requests_by_state(asked, login, which):
    page = login("cadre").get(f"/transfers/?list={which}&state=refused")
    assert {line["transfer"].state for line in page.context["lines"]} == {"refused"}


def test_the_tab_stays_when_a_state_is_chosen(asked, login):
    assert '<input type="hidden" name="list" value="all">' in login("cadre").get("/transfers/?list=all").content.decode()


def test_what_waits_has_one_state_and_asks_for_none(asked, login):
    page = login("cadre_other").get("/transfers/?list=waiting&state=refused")
    assert len(shown(page)) == 3 and 'name="state"' not in page.content.decode()


def test_a_state_without_requests_says_so(asked, login):
    Transfer.objects.filter(state="refused").delete()
    assert "没有符合条件的申请" in login("cadre").get("/transfers/?list=all&state=refused").content.decode()


def test_a_village_without_requests_is_told_where_they_come_from(asked, login):
    assert "没有申请" in login("cadre2").get("/transfers/?list=all").content.decode()


def test_the_work_list_leads_to_what_waits_whatever_was_looked_at_last(asked, login, round_):
    client = login("cadre_other")
    client.get("/transfers/?list=all")
    assert 'href="/transfers/?list=waiting"' in client.get("/").content.decode()


@pytest.mark.parametrize("left", [3, 120])
def test_the_list_costs_the_same_for_3_requests_and_120(asked, login, left, django_assert_max_num_queries):
    Transfer.objects.exclude(pk__in=[row.pk for row in asked[:left]]).delete()
    client = login("cadre")
    client.get("/transfers/?list=all")
    with django_assert_max_num_queries(8):
        client.get("/transfers/?list=all")
