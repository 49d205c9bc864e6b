"""Reads for 委托代办: one's own posts that can be given, who may stand in, what has been given and received, what runs in an area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts import roles
from accounts.delegating import DELEGABLE, STANDS_IN
from accounts.models import Assignment, Delegation
from core.scope import Scope

MOST_SHOWN = 100
_PLACES = ("county", "township__county", "village__county", "village__township")
_ROWS = ("principal", "delegate", "county", "township", "village", "revoked_by")


def posts_of(scope: Scope) -> list[Assignment]:
    """The caller's own posts in force whose deciding can be delegated."""
    if scope.actor_id is None:
        return []
    rows = Assignment.objects.in_force(timezone.localdate()).filter(user_id=scope.actor_id, role__in=DELEGABLE)
    return list(rows.select_related(*_PLACES).order_by("pk"))


def as_place(post: Assignment) -> dict[str, object]:
    """county, township and village of a post, as rows of an area carry them."""
    township = post.township or (post.village.township if post.village_id else None)
    county = post.county or (township.county if township else None)
    return {"county": county, "township": township, "village": post.village}


def roles_held(posts: Iterable[Assignment]) -> set[str]:
    return {row.role for row in posts}


def candidates(posts: Iterable[Assignment]) -> list[tuple[str, str]]:
    """(login, words) of accounts that may stand in for one of the posts: the same level or above in the same county, for a village its
    township's village people. Whoever has the post there anyway is left out."""
    found: dict[str, str] = {}
    for post in posts:
        place = as_place(post)
        near = Q(county=place["county"]) | Q(township__county=place["county"])
        near |= Q(village__township=place["township"]) if post.village_id else Q()
        rows = Assignment.objects.in_force(timezone.localdate()).filter(near, role__in=STANDS_IN[post.role], user__is_active=True)
        rows = rows.exclude(user_id=post.user_id).select_related("user", "county", "township", "village")
        already = {row.user_id for row in rows if row.role == post.role and row.place == post.place}
        for row in rows.order_by("user__login"):
            if row.user_id not in already:
                found.setdefault(row.user.login, f"{row.user.name}（{row.place.name}{roles.ROLE_LABELS[row.role]}，{row.user.login}）")
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation as a page shows it."""

    row: Delegation
    state: str
    colour: str
    ends: bool
    """Whether the caller can end it now."""


def lines(scope: Scope, day: date) -> dict[str, list[Line]]:
    """given, held, area: what the caller gave and holds, and what runs or ran in the caller's area besides. Three queries."""
    mine = Delegation.objects.of(scope.actor_id).select_related(*_ROWS)[:MOST_SHOWN]
    area = Delegation.objects.visible_to(scope).exclude(Q(principal_id=scope.actor_id) | Q(delegate_id=scope.actor_id))
    area = area.filter(until__gte=day).select_related(*_ROWS)[:MOST_SHOWN]
    valid = set(Delegation.objects.in_force(day).filter(Q(principal_id=scope.actor_id) | Q(delegate_id=scope.actor_id) | Q(pk__in=[row.pk for row in area])).values_list("pk", flat=True))
    read = [_line(row, row.pk in valid, day, scope) for row in (*mine, *area)]
    own = [line for line in read if scope.actor_id in (line.row.principal_id, line.row.delegate_id)]
    return {
        "given": [line for line in own if line.row.principal_id == scope.actor_id],
        "held": [line for line in own if line.row.delegate_id == scope.actor_id],
        "area": [line for line in read if line not in own],
    }


def _line(row: Delegation, valid: bool, day: date, scope: Scope) -> Line:
    state, colour = _state(row, valid, day)
    over = row.revoked_at is not None or row.until < day
    return Line(row, state, colour, ends=not over and scope.actor_id in (row.principal_id, row.delegate_id))


def _state(row: Delegation, valid: bool, day: date) -> tuple[str, str]:
    if row.revoked_at is not None:
        return ("已收回" if row.revoked_by_id == row.principal_id else "已退回"), "todo"
    if row.until < day:
        return "已到期", "todo"
    if row.since > day:
        return f"{row.since:%-m月%-d日}起", "doing"
    return ("代办中", "done") if valid else ("已失效：委托人不再任职", "no")


def running(scope: Scope, day: date) -> tuple[int, int]:
    """(given, held) that run today: for the home page, one query."""
    rows = Delegation.objects.in_force(day).of(scope.actor_id).values_list("principal_id", "delegate_id")
    found = list(rows)
    return sum(principal == scope.actor_id for principal, _ in found), sum(delegate == scope.actor_id for _, delegate in found)


