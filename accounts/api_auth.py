"""`Authorization: Token …`: prefix looked up, SHA-256 of the secret compared, expiry and address checked when read (rulings 13, 29)."""

import hmac
from datetime import timedelta

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.scopes import scope_of_token
from accounts.tokens import PREFIX_LENGTH, digest_of
from core.scope import Scope
from core.web.middleware import client_ip

_NO_DIGEST = "0" * 64


class TokenAuthentication(BaseAuthentication):
    """Sets `request.scope` on the underlying request; a session cookie never opens the API.

    Every failure is the same 401. The refusal is audited by the view with the scope left here: the prefix of a token that exists, and
    no right at all.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token" or not secret.strip():
            return None
        token = _by_prefix(secret.strip())
        if (
            token is None
            or not _is_live(token, secret.strip())
            or not _may_call_from(token, client_ip(request._request))
        ):
            request._request.scope = Scope(token_prefix=token.prefix if token else "")
            raise AuthenticationFailed
        _touch(token)
        request._request.scope = scope_of_token(token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def _by_prefix(secret: str) -> ApiToken | None:
    prefix = secret[:PREFIX_LENGTH]
    if not prefix.isascii() or not prefix.isprintable():
        return None
    return ApiToken.objects.select_related("owner").filter(prefix=prefix).first()


def _is_live(token: ApiToken, secret: str) -> bool:
    if not hmac.compare_digest(token.digest or _NO_DIGEST, digest_of(secret)):
        return False
    return token.revoked_at is None and token.expires_at > timezone.now() and token.owner.is_active


def _may_call_from(token: ApiToken, address: str) -> bool:
    return not token.allowed_ips or address in token.allowed_ips


def _touch(token: ApiToken) -> None:
    """When it was last used, written at most once a minute (ruling 31)."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
