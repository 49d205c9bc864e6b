"""Writers of 委托代办: given by whoever holds the post himself, ended by either side. Nothing here decides on a household."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from accounts import roles
from accounts.delegating import REASONS, dates_faults, may_stand_in
from accounts.models import Assignment, Delegation, User
from accounts.selectors_delegations import as_place, posts_of, roles_held
from core.actions import Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope

NOT_GIVEN = "没有委托。"


@dataclass(frozen=True, slots=True)
class Wish:
    """As typed: which own post, to whom, from when until when, why."""

    role: str
    area_code: str
    login: str
    since: date | None
    until: date | None
    reason: str


def give_delegation(*, scope: Scope, wish: Wish, key: str = "", origin: Origin | None = None) -> Delegation:
    """Raises Denied (no post of one's own there: what was taken over is not handed on), BadInput by field."""
    try:
        with acting(scope, "delegation.give", origin) as act:
            principal = lock(User.objects.all(), pk=scope.actor_id)  # two windows: one after the other
            post = _own_post(scope, wish)
            remember = once(scope, "delegation.give", key, [wish.role, wish.area_code, wish.login, wish.since, wish.until, wish.reason])
            row = _made(post, principal, wish)
            row.save()
            act.audit(
                "delegation", str(row.uuid), place=row, role=row.role, area=row.area_code, delegate=wish.login,
                since=row.since.isoformat(), until=row.until.isoformat(), reason=REASONS[row.reason],
            )  # fmt: skip
            remember(str(row.uuid))
    except Replayed as earlier:
        return Delegation.objects.get(uuid=earlier.object_code)
    return row


def _own_post(scope: Scope, wish: Wish) -> Assignment:
    """The caller's own post of that role there. A right that is only held in somebody's place is no post: it ends here."""
    post = next((row for row in posts_of(scope) if row.role == wish.role and row.place.code == wish.area_code), None)
    if post is not None:
        return post
    if any(stand_in.grant.role == wish.role for stand_in in scope.stand_ins):
        raise Denied("代别人办的事不能再委托出去，只有本人可以委托。")
    raise Denied("您在那里没有可以委托的岗位。")


def _made(post: Assignment, principal: User, wish: Wish) -> Delegation:
    today = timezone.localdate()
    faults = dates_faults(wish.since, wish.until, today, settings.DELEGATION_MOST_DAYS)
    if wish.reason not in REASONS:
        faults["reason"] = ["请选择事由。"]
    delegate = User.objects.filter(login=wish.login, is_active=True).first()
    if fault := _delegate_fault(post, principal, delegate, today):
        faults["login"] = [fault]
    if faults:
        raise BadInput(NOT_GIVEN, fields=faults)
    row = Delegation(
        principal=principal, delegate=delegate, role=post.role, since=wish.since, until=wish.until, reason=wish.reason,
        given_at=timezone.now(), **as_place(post),
    )  # fmt: skip
    _refuse_second(row)
    return row


def _delegate_fault(post: Assignment, principal: User, delegate: User | None, today: date) -> str:
    """Why this account cannot stand in; "" when it can."""
    if delegate is None:
        return "没有这个账号，或已停用。"
    if delegate.pk == principal.pk:
        return "不能委托给自己。"
    held = Assignment.objects.in_force(today).filter(user=delegate).select_related("county", "township__county", "village__county")
    posts = list(held)
    if any(row.role == post.role and row.place == post.place for row in posts):
        return f"{delegate.name}本来就是{post.place.name}的{roles.ROLE_LABELS[post.role]}，不用委托。"
    if not _of_one_county(posts, post) or not may_stand_in(roles_held(posts), post.role):
        return f"{delegate.name}不能代办{roles.ROLE_LABELS[post.role]}：只能委托给本县、不低于这一级的在任人员，管理员不能代办。"
    return ""


def _of_one_county(posts: Iterable[Assignment], post: Assignment) -> bool:
    county = as_place(post)["county"]
    return any(row.place is not None and as_place(row)["county"] == county for row in posts)


def _refuse_second(row: Delegation) -> None:
    """One at a time for each post: who stands in is never in doubt."""
    level = roles.ROLE_LEVEL[row.role]
    same = Delegation.objects.filter(principal=row.principal, role=row.role, revoked_at__isnull=True, **{level: getattr(row, level)})
    other = same.filter(since__lte=row.until, until__gte=row.since).select_related("delegate").first()
    if other is not None:
        sentence = f"{other.since:%Y-%m-%d} 至 {other.until:%Y-%m-%d} 已委托{other.delegate.name}；要换人，请先收回。"
        raise BadInput(NOT_GIVEN, fields={"since": [sentence]})


def end_delegation(*, scope: Scope, delegation: str, origin: Origin | None = None) -> Delegation:
    """Taken back by whoever gave it, or handed back by whoever holds it. NotFound for anybody else; WrongState when it is over."""
    with acting(scope, "delegation.end", origin) as act:
        if scope.actor_id is None:
            raise NotFound
        row = lock(Delegation.objects.of(scope.actor_id), uuid=delegation)
        if row.revoked_at is not None or row.until < timezone.localdate():
            raise WrongState("这项委托已经结束。", code="delegation_over")
        row.revoked_at, row.revoked_by_id = timezone.now(), scope.actor_id
        row.save(update_fields=["revoked_at", "revoked_by"])
        act.audit("delegation", str(row.uuid), place=row, role=row.role, area=row.area_code, delegate=row.delegate.login)
    return row


