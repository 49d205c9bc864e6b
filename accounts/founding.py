"""The first three administrators of an empty system; afterwards the door is shut (trust I1: a fresh install has no usable account)."""

from collections.abc import Mapping

from django.utils import timezone

from accounts import roles
from accounts.actions import FirstPassword, NewAccount, make_user
from accounts.models import Assignment, User
from accounts.scopes import SYSTEM
from core.actions import acting
from core.errors import BadInput, WrongState


def found_administrators(people: Mapping[str, tuple[str, str]]) -> list[FirstPassword]:
    """`people`: role → (login, name) for the three administrators, three different persons. WrongState once any account exists."""
    if set(people) != set(roles.ADMIN_ROLES) or len({login for login, _ in people.values()}) != len(people):
        raise BadInput("要三个不同的人，分别任系统管理员、安全管理员、审计管理员。")
    with acting(SYSTEM, "account.found") as act:
        if User.objects.exists():
            raise WrongState("已经有账号，第一批管理员只能在空库里建。")
        made = []
        for number, (role, (login, name)) in enumerate(people.items(), 1):
            user, password = make_user(number, NewAccount(login, name))
            Assignment.objects.create(user=user, role=role, since=timezone.localdate())
            made.append(FirstPassword(user.login, user.name, password))
            act.audit("account", login, role=role)
    return made
