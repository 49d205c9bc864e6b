"""Drafts on the household's forms: offered, gone on with, in conflict, thrown away only by their own window (trust 1, 5, 6, 7, C5)."""

import json
import logging
import re

import pytest

from core.models import AuditRow, FormDraft
from households.actions import update_household
from households.entries import HouseholdEntry

pytestmark = pytest.mark.once

HIDDEN = re.compile(r'name="(draft-[a-z]+|version)" value="([^"]*)"')
NUMBER = "522399196001010011"


@pytest.fixture
def household(make_household):
    return make_household(net_income_per_head=2000)


@pytest.fixture
def pages(household):
    """page → (address, a box of it, something typed into it)"""
    home, member = f"/households/{household.code}/", household.memberships.get(relation="01")
    return {
        "new": ("/households/new/?village=422827102200", "members-0-name", "向大山"),
        "home": (f"{home}edit/?section=home", "net_income_per_head", "3万一"),
        "people": (f"{home}edit/?section=members", "members-0-name", "向大海"),
        "member": (f"{home}members/{member.uuid}/", "identity", NUMBER),
        "income": (f"{home}income/2016/", "wage", "一万二"),
        "birth": (f"{home}family/add/", "name", "向小山"),
        "excluded": (f"{home}exclusions/", "asked-03", "yes"),
    }


def _box(page: str, name: str) -> bool:
    return f'name="{name}"' in page


def _own(client, address: str) -> dict[str, str]:
    return dict(HIDDEN.findall(client.get(address).content.decode().replace("&amp;", "&")))


def _type(client, address: str, **typed) -> dict[str, str]:
    """What the page's script sends while somebody types; the page's own hidden boxes."""
    own = _own(client, address)
    answer = client.post("/drafts/", own | typed, headers={"X-Autosave": "1"})
    assert answer.status_code == 200, answer.content.decode()
    return own | {"draft-version": str(answer.json()["version"])}


ROWS = {"members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0"}


@pytest.mark.parametrize("name", ["new", "home", "people", "member", "income", "birth", "excluded"])
def test_cadre_is_offered_what_was_typed_and_goes_on_without_a_word_of_faults(login, pages, name):
    client, (address, box, typed) = login("cadre"), pages[name]
    before = client.get(address).content.decode()
    assert _box(before, box) and "接着填" not in before
    _type(client, address, **{box: typed}, **(ROWS if "members-" in box else {}))
    assert "接着填" in client.get(address).content.decode()
    page = client.get(f"{address}{'&' if '?' in address else '?'}draft=1")
    shown = page.content.decode()
    assert page.status_code == 200 and 'class="fp-err' not in shown and "fp-field--bad" not in shown and "is-invalid" not in shown
    if box.startswith("asked-"):
        assert re.search(rf'name="{box}" value="{typed}" checked', shown)
    else:
        assert typed in shown


def test_draft_begun_before_a_colleague_saved_ends_on_the_page_with_both_values(login, scope, household, pages):
    client, (address, box, _) = login("cadre"), pages["home"]
    _type(client, address, **{box: "3100"})
    entry = HouseholdEntry(None, {box: 2600}, None)
    update_household(scope=scope("lead"), code=household.code, version=household.version, entry=entry)
    assert "并排列出两边" in client.get(address).content.decode()
    own = _own(client, f"{address}&draft=1")
    answer = client.post(address, own | {"section": "home", box: "3100"})
    assert answer.status_code == 412
    assert ("3100", "2600") in [(one.mine, one.theirs) for one in answer.context["clashes"]]


def test_saving_throws_away_the_windows_own_draft(login, pages):
    client, (address, box, _) = login("cadre"), pages["home"]
    own = _type(client, address, **{box: "3100"})
    assert client.post(address, own | {"section": "home", box: "3100"}).status_code == 302
    assert not FormDraft.objects.exists()


def test_saving_another_window_leaves_a_draft_that_nobody_took_up(login, pages):
    client, (address, box, _) = login("cadre"), pages["home"]
    _type(client, address, **{box: "3100"})
    assert client.post(address, _own(client, address) | {"section": "home", box: "2600"}).status_code == 302
    assert "接着填" in client.get(address).content.decode()


def test_draft_of_a_household_that_left_the_area_is_shown_to_nobody(login, pages, household, places):
    client, (address, box, _) = login("cadre"), pages["home"]
    _type(client, address, **{box: "3100"})
    village = places.villages["422827102201"]
    type(household).objects.filter(pk=household.pk).update(village=village, township=village.township, group=None)
    assert client.get(f"{address}&draft=1").status_code == 404


def test_number_typed_into_a_draft_is_in_no_log_no_trail_and_no_address(login, pages, caplog):
    client, (address, box, typed) = login("cadre"), pages["member"]
    with caplog.at_level(logging.DEBUG):
        own = _type(client, address, **{box: typed})
        stored = client.post("/drafts/", own | {box: typed})
    assert NUMBER not in caplog.text and NUMBER not in stored.url
    assert NUMBER not in json.dumps([row.detail for row in AuditRow.objects.all()])
    assert NUMBER not in FormDraft.objects.get().content_enc


@pytest.mark.parametrize("name", ["member", "income", "birth"])
def test_refused_page_keeps_the_version_that_it_was_opened_with(login, pages, household, scope, name):
    client, (address, box, _) = login("cadre"), pages[name]
    own = _own(client, address)
    entry = HouseholdEntry(None, {"net_income_per_head": 2600}, None)
    update_household(scope=scope("lead"), code=household.code, version=household.version, entry=entry)
    refused = client.post(address, own | {box: "3万" if name == "income" else ""})
    assert refused.status_code == 400
    assert refused.context["version"] == own["version"]


def test_answers_about_exclusions_that_met_a_colleagues_stay_on_the_page(login, pages, cast):
    lead, address = login("lead"), pages["excluded"][0]
    late = _own(lead, address)
    assert lead.post(address, late | {"asked-03": "no"}).status_code == 302
    client = login("cadre")
    answer = client.post(address, late | {"asked-03": "yes", "asked-06": "no"})
    page = answer.content.decode()
    assert answer.status_code == 412 and "现在保存的是“否”" in page and cast.lead.name in page
    assert re.search(r'name="asked-03" value="yes" checked', page) and re.search(r'name="asked-06" value="no" checked', page)
