"""From assignments or a token to a Scope: read anew on each request, so a role taken away is gone at once (trust 21, 81)."""

from collections import defaultdict

from django.utils import timezone

from accounts import roles
from accounts.models import ApiToken, Assignment, User
from core.scope import NOBODY, Grant, Scope


def scope_of(user) -> Scope:
    """Scope of a logged-in user; NOBODY for an anonymous or disabled one."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    held = Assignment.objects.in_force(timezone.localdate()).filter(user=user)
    grants = [Grant(row.role, row.county_id, row.township_id, row.village_id) for row in held]
    return build_scope(grants, user=user)


def scope_of_token(token: ApiToken) -> Scope:
    """Scope of a token: its own area, masked fields, read rights of an API client, write rights never."""
    grant = Grant(roles.API_CLIENT, token.county_id, token.township_id, token.village_id)
    return build_scope([grant], user=token.owner, token_prefix=token.prefix)


def build_scope(grants: list[Grant], *, user: User, token_prefix: str = "") -> Scope:
    rights: dict[str, list[Grant]] = defaultdict(list)
    fields: dict[str, list[Grant]] = defaultdict(list)
    for grant in grants:
        for right, holders in roles.RIGHTS.items():
            if grant.role in holders:
                rights[right].append(grant)
        for field_class, holders in roles.FIELD_RIGHTS.items():
            if grant.role in holders:
                fields[field_class.value].append(grant)
    return Scope(
        actor_id=user.pk,
        actor_label=user.name,
        login=user.login,
        rows=tuple(grant for grant in grants if grant.role in roles.DATA_ROLES),
        rights={name: tuple(held) for name, held in rights.items()},
        field_rights={name: tuple(held) for name, held in fields.items()},
        token_prefix=token_prefix,
    )


SYSTEM = Scope(login="system", actor_label="系统")
"""The system itself, for maintenance commands: named in the audit trail, opens no row."""

PUBLIC = Scope(login="公众", actor_label="公众")
"""Whoever writes on a public page without an account: named in the audit trail, opens no row."""
