"""`Authorization: Token …`: prefix looked up, SHA-256 of the secret compared, expiry and address checked when read (rulings 13, 29)."""

import hashlib
import hmac

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.scopes import scope_of_token
from core.web.middleware import client_ip

PREFIX_LENGTH = 8


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAuthentication(BaseAuthentication):
    """Sets `request.scope` on the underlying request; a session cookie never opens the API."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "token" or not secret:
            return None
        token = find_token(secret.strip())
        if token is None or (token.allowed_ips and client_ip(request._request) not in token.allowed_ips):
            raise AuthenticationFailed
        request._request.scope = request.scope = scope_of_token(token)
        return token.owner, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def find_token(secret: str) -> ApiToken | None:
    """The live token of this secret, or None: unknown, expired, revoked and disabled owner look alike."""
    token = ApiToken.objects.select_related("owner").filter(prefix=secret[:PREFIX_LENGTH]).first()
    if token is None or not hmac.compare_digest(token.digest, digest_of(secret)):
        return None
    live = token.revoked_at is None and token.expires_at > timezone.now() and token.owner.is_active
    return token if live else None
