"""What is typed, at the same moment: one household in two hands, one draft in two windows (trust 1, 7, 86)."""

import pytest
from django.http import QueryDict
from django.test import Client

from core.drafts import draft_of, save_draft
from core.models import FormDraft
from tests.faults.racing import ATTEMPTS, at_once, refusals

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
again_and_again = pytest.mark.parametrize("seed", range(ATTEMPTS))


@again_and_again
def test_of_two_cadres_who_save_one_household_at_once_the_second_sees_both_values(cast, make_household, seed):
    household = make_household(net_income_per_head=2000)

    def saving(login: str, amount: str):
        client = Client()
        client.force_login(getattr(cast, login), backend="accounts.backends.LoginBackend")
        body = {"version": str(household.version), "section": "home", "net_income_per_head": amount}
        return lambda: client.post(f"/households/{household.code}/edit/", body)

    first, second = sorted(at_once(saving("cadre", "2600"), saving("lead", "3100"), seed=seed), key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (302, 412)
    household.refresh_from_db()
    clash = next(one for one in second.context["clashes"] if one.name == "net_income_per_head")
    assert {clash.mine, clash.theirs} == {"2600", "3100"} and clash.theirs == str(household.net_income_per_head)
    assert second.context["overtaken"].by in (cast.cadre.name, cast.lead.name)


@again_and_again
def test_of_two_windows_that_begin_one_draft_at_once_the_second_is_told(scope, seed):
    caller = scope("cadre")

    def typing(tab: str, name: str):
        data = QueryDict(mutable=True)
        data["members-0-name"] = name
        return lambda: save_draft(scope=caller, kind="household.new", subject="new/422827102200", data=data, tab=tab, version=0)

    results = at_once(typing("aaaaaaaa-1", "第一窗"), typing("bbbbbbbb-2", "第二窗"), seed=seed)
    assert refusals(results) == ["stale"]
    kept = next(row for row in results if isinstance(row, FormDraft))
    assert draft_of(caller, "household.new", "new/422827102200").tab == kept.tab
