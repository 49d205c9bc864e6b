"""Log-in, log-out and failed log-in go into the audit trail (trust L1). The name tried is kept, the password never."""

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from accounts.models import User
from core.actions import record, record_refusal
from core.errors import Denied
from core.scope import Scope
from core.web.middleware import origin_of


def _scope(user: User) -> Scope:
    return Scope(actor_id=user.pk, actor_label=user.name, login=user.login)


@receiver(user_logged_in)
def note_login(sender, request, user, **kwargs) -> None:
    record(_scope(user), "account.login", origin_of(request), "account", user.login)


@receiver(user_logged_out)
def note_logout(sender, request, user, **kwargs) -> None:
    if user is not None:
        record(_scope(user), "account.logout", origin_of(request), "account", user.login)


@receiver(user_login_failed)
def note_failure(sender, credentials, request=None, **kwargs) -> None:
    if request is not None:
        tried = str(credentials.get("username", ""))[:64]
        record_refusal(Scope(login=tried), "account.login", origin_of(request), Denied())
