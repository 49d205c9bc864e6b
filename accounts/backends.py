"""Log-in by login name; same answer and same time for unknown and known logins (trust I4)."""

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from accounts.models import User


class LoginBackend(BaseBackend):
    def authenticate(self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs) -> User | None:
        user = User.objects.filter(login=username.strip().lower()).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
