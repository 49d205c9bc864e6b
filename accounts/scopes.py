"""From assignments or a token to a Scope: read anew on each request, so a role taken away is gone at once (trust 21, 81)."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import roles
from accounts.delegating import FIELDS, may_stand_in, rights_of
from accounts.models import ApiToken, Assignment, Delegation, User
from core.scope import NOBODY, Behalf, Grant, Scope, StandIn
from villages.models import Village
from villages.selectors import absorbed


def scope_of(user) -> Scope:
    """Scope of a logged-in user; NOBODY for an anonymous or disabled one."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOBODY
    grown = Exists(Village.objects.filter(merged_into=OuterRef("village")))
    asked = Exists(Delegation.objects.filter(delegate=OuterRef("user"), revoked_at__isnull=True, until__gte=timezone.localdate()))
    held = list(Assignment.objects.in_force(timezone.localdate()).filter(user=user).annotate(grown=grown, asked=asked))
    grants = [Grant(row.role, row.county_id, row.township_id, row.village_id) for row in held]
    own = [*grants, *(_of_merged(grants) if any(row.grown for row in held) else ())]
    return build_scope(own, user=user, find_stand_ins=cache(lambda: _stand_ins(user, {row.role for row in held if row.asked})))


def _stand_ins(user: User, held: set[str]) -> tuple[StandIn, ...]:
    """What others have asked this account to decide in their place, as long as both still hold their posts. Whoever has no post, or was
    asked by nobody, has no place to take: that costs no query."""
    if not held & set(roles.DATA_ROLES):
        return ()
    rows = Delegation.objects.in_force(timezone.localdate()).filter(delegate=user).select_related("principal").order_by("pk")
    return tuple(
        StandIn(Grant(row.role, **_area(row), behalf=Behalf(row.pk, row.principal_id, row.principal.name)), rights_of(row.role), FIELDS)
        for row in rows
        if may_stand_in(held, row.role)
    )


def _area(row: Delegation) -> dict[str, int]:
    name = f"{roles.ROLE_LEVEL[row.role]}_id"
    return {name: getattr(row, name)}


def scope_of_token(token: ApiToken) -> Scope:
    """Scope of a token: its own area, masked fields, read rights of an API client, write rights never."""
    grant = Grant(roles.API_CLIENT, token.county_id, token.township_id, token.village_id)
    return build_scope([grant, *_of_merged([grant])], user=token.owner, token_prefix=token.prefix)


def _of_merged(grants: list[Grant]) -> list[Grant]:
    """A village comes with those merged into it: their lists keep the place they were begun in, and somebody must finish them (ruling 2)."""
    villages = {grant.village_id for grant in grants if grant.village_id is not None}
    return [Grant(grant.role, village_id=old) for old, new in absorbed(villages).items() for grant in grants if grant.village_id == new]


def build_scope(grants: list[Grant], *, user: User, token_prefix: str = "", find_stand_ins: Callable[[], tuple[StandIn, ...]] = tuple) -> Scope:
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
        find_stand_ins=find_stand_ins,
    )


SYSTEM = Scope(login="system", actor_label="系统")
"""The system itself, for maintenance commands: named in the audit trail, opens no row."""

PUBLIC = Scope(login="公众", actor_label="公众")
"""Whoever writes on a public page without an account: named in the audit trail, opens no row."""
