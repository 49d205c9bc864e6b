"""Accounts and assignments: trust I1, A3, I5, 81."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import actions
from accounts.actions import NewAccount
from accounts.models import Assignment, User
from accounts.scopes import scope_of
from core.errors import BadInput, Denied
from core.models import AuditRow
from households.models import Household


def test_sysadmin_makes_an_account_with_a_first_password_that_must_be_changed(scope):
    (made,) = actions.create_accounts(scope=scope("sysadmin"), accounts=[NewAccount("newcadre", "向小明")])
    user = User.objects.get(login="newcadre")
    assert user.must_change_password and user.check_password(made.password)


def test_sysadmin_cannot_use_a_login_name_twice(scope):
    with pytest.raises(BadInput, match="已经用过"):
        actions.create_accounts(scope=scope("sysadmin"), accounts=[NewAccount("cadre", "另一人")])


def test_one_bad_row_of_a_bulk_list_makes_no_account(scope):
    rows = [NewAccount("fine", "好"), NewAccount("坏", "坏")]
    with pytest.raises(BadInput, match="第 2 个账号"):
        actions.create_accounts(scope=scope("sysadmin"), accounts=rows)
    assert not User.objects.filter(login="fine").exists()


def test_cadre_cannot_make_accounts(scope):
    with pytest.raises(Denied):
        actions.create_accounts(scope=scope("cadre"), accounts=[NewAccount("other", "某人")])


def test_a_refused_action_is_on_the_audit_trail(scope):
    with pytest.raises(Denied):
        actions.reset_password(scope=scope("cadre"), login="lead")
    assert AuditRow.objects.get(action="account.reset").result == "denied"


def test_a_role_that_sysadmin_proposes_is_not_in_force_until_secadmin_confirms(scope, cast):
    actions.create_accounts(scope=scope("sysadmin"), accounts=[NewAccount("newcadre", "向小明", "", "cadre", "422827102200")])
    user = User.objects.get(login="newcadre")
    assert not scope_of(user).rows
    actions.confirm(scope=scope("secadmin"), assignment_id=user.assignments.get().pk, accept=True)
    assert scope_of(user).rows


def test_secadmin_cannot_assign_a_role_to_oneself(scope):
    with pytest.raises(Denied):
        actions.assign(scope=scope("secadmin"), login="secadmin", role="auditor", area_code="", since=date(2016, 1, 1))


@pytest.mark.parametrize(("login", "role", "area"), [("auditor", "sysadmin", ""), ("sysadmin", "cadre", "422827102200"), ("cadre", "auditor", "")])
def test_secadmin_cannot_give_conflicting_roles_to_one_person(scope, login, role, area):
    with pytest.raises(BadInput, match="管理员"):
        actions.assign(scope=scope("secadmin"), login=login, role=role, area_code=area, since=date(2016, 1, 1))


def test_secadmin_cannot_put_a_village_role_on_a_township(scope):
    with pytest.raises(BadInput, match="地区"):
        actions.assign(scope=scope("secadmin"), login="nobody", role="cadre", area_code="422827102", since=date(2016, 1, 1))


def test_hand_over_ends_the_leavers_post_and_proposes_it_for_the_successor(scope, cast):
    day = timezone.localdate() + timedelta(days=3)
    assert actions.hand_over(scope=scope("sysadmin"), leaver="cadre", successor="nobody", day=day) == 1
    assert cast.cadre.assignments.get().until == day - timedelta(days=1)
    assert cast.nobody.assignments.get().proposed


def test_a_post_that_has_ended_opens_nothing(scope, cast):
    Assignment.objects.filter(user=cast.cadre).update(until=timezone.localdate() - timedelta(days=1))
    assert not scope("cadre").rows


@pytest.mark.parametrize("login", ["sysadmin", "secadmin", "auditor", "nobody"])
def test_an_administrator_sees_no_household(scope, make_household, login):
    make_household()
    assert not Household.objects.visible_to(scope(login)).exists()


@pytest.mark.parametrize(("login", "seen"), [("cadre", 1), ("cadre2", 1), ("township", 2), ("township_other", 1), ("county", 3), ("viewer", 3)])
def test_each_role_sees_the_households_of_its_area_only(scope, make_household, login, seen):
    for village in ("422827102200", "422827102201", "422827103200"):
        make_household(village)
    assert Household.objects.visible_to(scope(login)).count() == seen


def test_a_disabled_account_is_logged_out_at_the_next_request(login, cast):
    client = login("cadre")
    User.objects.filter(pk=cast.cadre.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_resetting_a_password_ends_every_session_of_the_account(login, scope):
    client = login("cadre")
    actions.reset_password(scope=scope("sysadmin"), login="cadre")
    assert client.get("/password/").status_code == 302
