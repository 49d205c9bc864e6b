"""Writers of accounts and assignments (trust I1, I4, A3)."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from accounts import roles
from accounts.models import Assignment, User
from core.actions import Origin, acting, lock
from core.errors import BadInput, Denied
from core.scope import Scope
from villages.models import County, Township, Village
from villages.selectors import gone_words

AREA_BY_LEVEL = {"county": County, "township": Township, "village": Village}
READABLE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that reads like another on paper


@dataclass(frozen=True, slots=True)
class NewAccount:
    """One account to make: role and area code are a proposal for the security administrator, or empty."""

    login: str
    name: str
    title: str = ""
    role: str = ""
    area_code: str = ""
    office_phone: str = ""


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """Shown once to the administrator, stored only as a hash; the first log-in forces a change."""

    login: str
    name: str
    password: str


def create_accounts(*, scope: Scope, accounts: Sequence[NewAccount], origin: Origin | None = None) -> list[FirstPassword]:
    """Make all accounts or none. BadInput.fields names the row (1-based) and what is wrong with it."""
    with acting(scope, "account.create", origin) as act:
        _require(scope, roles.ACCOUNT_MANAGE)
        _refuse_repeats(accounts)
        made = []
        for number, wanted in enumerate(accounts, 1):
            user, password = make_user(number, wanted)
            made.append(FirstPassword(user.login, user.name, password))
            if wanted.role:
                _propose(user, wanted.role, wanted.area_code, timezone.localdate(), number)
            act.audit("account", user.login, title=wanted.title, proposed_role=wanted.role, proposed_area=wanted.area_code)
    return made


def reset_password(*, scope: Scope, login: str, origin: Origin | None = None) -> FirstPassword:
    """A new first password; every session of the account ends."""
    with acting(scope, "account.reset", origin) as act:
        _require(scope, roles.ACCOUNT_MANAGE)
        user = lock(User.objects.all(), login=login)
        password = _new_password()
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_sessions(user)
        act.audit("account", user.login)
    return FirstPassword(user.login, user.name, password)


def set_active(*, scope: Scope, login: str, active: bool, origin: Origin | None = None) -> None:
    """Disable or enable. An account is never deleted and its name never used again (trust I1)."""
    with acting(scope, "account.enable" if active else "account.disable", origin) as act:
        _require(scope, roles.ACCOUNT_MANAGE)
        user = lock(User.objects.all(), login=login)
        if user.pk == scope.actor_id:
            raise BadInput("不能停用自己的账号。")
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            end_sessions(user)
        act.audit("account", user.login)


def set_contact(*, scope: Scope, login: str, title: str, office_phone: str, origin: Origin | None = None) -> User:
    """Title and office phone, by which the progress board says whom to call. An office's number is no secret."""
    with acting(scope, "account.contact", origin) as act:
        _require(scope, roles.ACCOUNT_MANAGE)
        user = lock(User.objects.all(), login=login)
        before = {"title": user.title, "phone": user.office_phone}
        user.title, user.office_phone = title.strip(), office_phone.strip()
        try:
            user.full_clean(exclude=["password"])
        except ValidationError as error:
            raise BadInput("没有保存。", fields=error.message_dict) from error
        user.save(update_fields=["title", "office_phone"])
        act.audit("account", user.login, before=before, after={"title": user.title, "phone": user.office_phone})
    return user


def hand_over(*, scope: Scope, leaver: str, successor: str, day: date, origin: Origin | None = None) -> int:
    """调任交接: the leaver's posts end on the day before `day`; the same posts are proposed for the successor from `day` on.

    Returns how many posts were handed over. The security administrator confirms them (trust A3).
    """
    with acting(scope, "account.hand_over", origin) as act:
        _require(scope, roles.ACCOUNT_MANAGE)
        if leaver == successor:
            raise BadInput("交出人和接手人不能是同一个账号。", fields={"successor": ["请选另一个账号。"]})
        old, new = lock(User.objects.all(), login=leaver), lock(User.objects.filter(is_active=True), login=successor)
        posts = list(Assignment.objects.in_force(day).filter(user=old).select_for_update())
        if not posts:
            raise BadInput("交出人在这一天没有任职。", fields={"leaver": ["这个账号没有可交接的任职。"]})
        for post in posts:
            _end_post(post, day)
            Assignment.objects.create(
                user=new, role=post.role, county_id=post.county_id, township_id=post.township_id, village_id=post.village_id,
                since=day, proposed=True, granted_by_id=scope.actor_id,
            )  # fmt: skip
        act.audit("account", leaver, successor=successor, day=day.isoformat(), posts=len(posts))
    return len(posts)


def assign(
    *, scope: Scope, login: str, role: str, area_code: str, since: date, until: date | None = None, origin: Origin | None = None
) -> Assignment:
    """A security administrator puts a role in force (A3: never for oneself, never two administrators in one person)."""
    with acting(scope, "assignment.grant", origin) as act:
        _require(scope, roles.ASSIGNMENT_MANAGE)
        user = lock(User.objects.all(), login=login)
        _refuse_self(scope, user)
        post = Assignment(user=user, role=role, since=since, until=until, granted_by_id=scope.actor_id)
        _place(post, area_code)
        _refuse_conflict(user, role)
        _save_valid(post)
        act.audit("assignment", login, role=role, area=area_code, since=since.isoformat())
    return post


def confirm(*, scope: Scope, assignment_id: int, accept: bool, origin: Origin | None = None) -> None:
    """Confirm or refuse a proposal of the system administrator."""
    with acting(scope, "assignment.confirm" if accept else "assignment.refuse", origin) as act:
        _require(scope, roles.ASSIGNMENT_MANAGE)
        post = lock(Assignment.objects.filter(proposed=True), pk=assignment_id)
        _refuse_self(scope, post.user)
        act.audit("assignment", post.user.login, role=post.role, area=getattr(post.place, "code", ""))
        if not accept:
            post.delete()
            return
        _refuse_conflict(post.user, post.role)
        post.proposed, post.granted_by_id = False, scope.actor_id
        post.save(update_fields=["proposed", "granted_by"])


def end_assignment(*, scope: Scope, assignment_id: int, origin: Origin | None = None) -> None:
    """End a post today; it stays on record."""
    with acting(scope, "assignment.end", origin) as act:
        _require(scope, roles.ASSIGNMENT_MANAGE)
        post = lock(Assignment.objects.all(), pk=assignment_id)
        _refuse_self(scope, post.user)
        _end_post(post, timezone.localdate())
        act.audit("assignment", post.user.login, role=post.role, area=getattr(post.place, "code", ""))


def change_own_password(*, scope: Scope, user: User, password: str, origin: Origin | None = None) -> None:
    with acting(scope, "account.password", origin) as act:
        user.set_password(password)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        act.audit("account", user.login)


def end_sessions(user: User) -> None:
    """End every session of the account at once (trust I5, 81)."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _require(scope: Scope, right: str) -> None:
    if not scope.has(right):
        raise Denied


def _refuse_self(scope: Scope, user: User) -> None:
    if user.pk == scope.actor_id:
        raise Denied("不能给自己授权或免职，请由另一位安全管理员办理。")


def _refuse_conflict(user: User, role: str) -> None:
    held = set(Assignment.objects.in_force(timezone.localdate()).filter(user=user).values_list("role", flat=True)) | {role}
    reasons = roles.conflicting_roles(held)
    if reasons:
        raise BadInput(reasons[0], fields={"role": reasons})


def _refuse_repeats(accounts: Iterable[NewAccount]) -> None:
    seen: set[str] = set()
    for number, wanted in enumerate(accounts, 1):
        if wanted.login in seen:
            raise BadInput(f"第 {number} 行登录名 {wanted.login} 与前面重复。", fields={str(number): ["登录名重复。"]})
        seen.add(wanted.login)


def make_user(number: int, wanted: NewAccount) -> tuple[User, str]:
    """A step inside an action: the stored account and its first password; BadInput names the account by its number."""
    user = User(login=wanted.login, name=wanted.name, title=wanted.title, office_phone=wanted.office_phone)
    password = _new_password()
    user.set_password(password)
    try:
        user.full_clean()
        validate_password(password, user)
    except ValidationError as error:
        reasons = [message for messages in error.message_dict.values() for message in messages]
        raise BadInput(f"第 {number} 个账号：{reasons[0]}", fields={str(number): reasons}) from error
    user.save()
    return user, password


def _propose(user: User, role: str, area_code: str, since: date, number: int) -> None:
    post = Assignment(user=user, role=role, since=since, proposed=True)
    try:
        _place(post, area_code)
        _save_valid(post)
    except BadInput as error:
        raise BadInput(f"第 {number} 个账号：{error.message}", fields={str(number): [error.message]}) from error


def _place(post: Assignment, area_code: str) -> None:
    level = roles.ROLE_LEVEL.get(post.role)
    if level is None:
        return
    area = AREA_BY_LEVEL[level].objects.filter(code=area_code).first()
    if area is None:
        raise BadInput(f"没有代码为 {area_code or '（空）'} 的地区，或级别与岗位不符。", fields={"area_code": ["请填与岗位相配的地区代码。"]})
    if level == "village" and (words := gone_words(area)):
        raise BadInput(words, fields={"area_code": [words]})
    setattr(post, level, area)


def _save_valid(post: Assignment) -> None:
    try:
        post.full_clean()
    except ValidationError as error:
        reasons = [message for messages in error.message_dict.values() for message in messages]
        raise BadInput(reasons[0], fields=error.message_dict) from error
    held = Q(user=post.user, role=post.role, county=post.county, township=post.township, village=post.village)
    if Assignment.objects.in_force(post.since).filter(held).exists():
        raise BadInput("这个账号已有同样的任职。", fields={"role": ["任职重复。"]})
    post.save()


def _end_post(post: Assignment, day: date) -> None:
    """Out of force from `day` on; a post that begins that very day is taken back whole."""
    if post.since >= day:
        post.delete()
    else:
        post.until = day - timedelta(days=1)
        post.save(update_fields=["until"])


def _new_password() -> str:
    return "-".join("".join(secrets.choice(READABLE_LETTERS) for _ in range(4)) for _ in range(3))
