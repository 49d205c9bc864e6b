"""Issue and revoke API tokens (ruling 29). A token never reaches further than the account that answers for it."""

import ipaddress
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts import roles
from accounts.models import ApiToken, User
from accounts.scopes import scope_of
from accounts.tokens import PREFIX_LENGTH, digest_of
from core.actions import Origin, acting, lock
from core.errors import BadInput, Denied
from core.scope import Scope
from villages.models import County, Place, Township, Village
from villages.selectors import gone_words

LONGEST_DAYS = 366
_LEVELS: dict[int, tuple[str, type[Place]]] = {
    6: ("county", County),
    9: ("township", Township),
    12: ("village", Village),
}


def issue_token(
    *,
    scope: Scope,
    name: str,
    owner: str,
    area_code: str,
    days: int,
    ips: Sequence[str] = (),
    origin: Origin | None = None,
) -> str:
    """Make a token and return its secret, which is not kept and cannot be shown again."""
    with acting(scope, "token.issue", origin) as act:
        _require(scope)
        user = User.objects.filter(login=owner, is_active=True).first()
        if user is None:
            raise BadInput("没有这个启用的账号。", fields={"owner": ["请填启用账号的登录名。"]})
        level, place = _area(user, area_code)
        if not name.strip() or not 1 <= days <= LONGEST_DAYS:
            raise BadInput(
                f"请写明用途，有效期为 1 至 {LONGEST_DAYS} 天。", fields={"name": ["必填。"], "days": ["有效天数。"]}
            )
        secret = secrets.token_hex(32)
        token = ApiToken.objects.create(
            prefix=secret[:PREFIX_LENGTH],
            digest=digest_of(secret),
            name=name.strip(),
            owner=user,
            allowed_ips=_addresses(ips),
            expires_at=timezone.now() + timedelta(days=days),
            **{level: place},
        )
        act.audit("token", token.prefix, owner=owner, area=area_code, days=days, addresses=len(token.allowed_ips))
    return secret


def revoke_token(*, scope: Scope, prefix: str, origin: Origin | None = None) -> None:
    """End a token at once; it stays on record."""
    with acting(scope, "token.revoke", origin) as act:
        _require(scope)
        token = lock(ApiToken.objects.filter(revoked_at__isnull=True), prefix=prefix)
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        act.audit("token", token.prefix, owner=token.owner.login)


def _require(scope: Scope) -> None:
    """Whoever grants posts grants tokens: both open household rows to somebody."""
    if not scope.has(roles.ASSIGNMENT_MANAGE):
        raise Denied


def _area(owner: User, code: str) -> tuple[str, Place]:
    level, model = _LEVELS.get(len(code), ("", County))
    place = model.objects.visible_to(scope_of(owner)).filter(code=code).first() if level else None
    if place is None:
        raise BadInput("令牌的地区须在这个账号的地区之内。", fields={"area": ["请填 6、9 或 12 位地区代码。"]})
    if level == "village" and (words := gone_words(place)):
        raise BadInput(words, fields={"area": [words]})
    return level, place


def _addresses(ips: Sequence[str]) -> list[str]:
    try:
        return [str(ipaddress.ip_address(text.strip())) for text in ips]
    except ValueError:
        raise BadInput("地址有误。", fields={"ip": ["请填 IP 地址，如 10.1.2.3。"]}) from None
