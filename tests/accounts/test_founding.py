"""The first accounts of a production system (trust I1, A3)."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.scopes import scope_of
from households.models import Household


def test_an_operator_founds_three_administrators_in_an_empty_system(db, capsys):
    call_command("create_admins", "sys1:周敏", "sec1:吴静", "aud1:郑文")
    assert set(User.objects.values_list("login", flat=True)) == {"sys1", "sec1", "aud1"}
    assert scope_of(User.objects.get(login="sys1")).has("account.manage")
    assert not Household.objects.visible_to(scope_of(User.objects.get(login="sys1"))).exists()


def test_an_operator_cannot_found_administrators_twice(cast):
    with pytest.raises(CommandError, match="已经有账号"):
        call_command("create_admins", "sys1:周敏", "sec1:吴静", "aud1:郑文")


def test_one_person_cannot_be_two_of_the_three(db):
    with pytest.raises(CommandError, match="三个不同的人"):
        call_command("create_admins", "sys1:周敏", "sys1:周敏", "aud1:郑文")
    assert not User.objects.exists()
