"""The office phone of an account: whom the progress board says to call."""

import pytest

from accounts.actions import set_contact
from accounts.models import User
from core.errors import Denied
from core.models import AuditRow


def test_sysadmin_sets_title_and_office_phone_of_an_account(login, cast):
    answer = login("sysadmin").post(
        "/manage/accounts/lead2/contact/", {"title": "村党组织书记", "office_phone": "0718-6283000"}
    )
    lead = User.objects.get(login="lead2")
    assert answer.status_code == 302 and (lead.title, lead.office_phone) == ("村党组织书记", "0718-6283000")
    assert AuditRow.objects.filter(action="account.contact").latest("seq").detail["after"]["phone"] == "0718-6283000"


def test_a_new_account_may_have_an_office_phone(login, cast):
    login("sysadmin").post(
        "/manage/accounts/new/", {"login": "newone", "name": "向小明", "office_phone": "0718-6283001"}
    )
    assert User.objects.get(login="newone").office_phone == "0718-6283001"


@pytest.mark.parametrize("phone", ["abc", "<b>1</b>", "12", "0718-6283000\n1"])
def test_what_is_no_phone_is_refused_and_stays_on_the_form(login, cast, phone):
    login("sysadmin").post("/manage/accounts/lead2/contact/", {"title": "", "office_phone": phone})
    assert User.objects.get(login="lead2").office_phone == ""


def test_the_county_may_not_change_an_account(scope):
    with pytest.raises(Denied):
        set_contact(scope=scope("county"), login="lead2", title="", office_phone="0718-1")
