"""The demo's cast: one account a role, passwords from the environment or made and printed (contract "Demo accounts")."""

import secrets
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import ApiToken, Assignment, User
from accounts.tokens import PREFIX_LENGTH, digest_of
from fupin.env import env
from villages.models import County, Township, Village

CAST = (
    ("cadre", "覃晓燕", "信息录入员", "cadre", "422827102200"),
    ("lead", "张永富", "村党组织书记", "village_lead", "422827102200"),
    ("cadre2", "向志成", "驻村队员", "cadre", "422827102201"),
    ("lead2", "滕建国", "村党组织书记", "village_lead", "422827102201"),
    ("township", "田维珍", "扶贫办主任", "township", "422827102"),
    ("township2", "杨昌明", "扶贫专干", "township", "422827102"),
    ("township_other", "彭世英", "扶贫专干", "township", "422827103"),
    ("county", "彭家顺", "县扶贫办主任", "county", "422827"),
    ("county2", "黄兴华", "县扶贫办副主任", "county", "422827"),
    ("viewer", "姚卫东", "县审计局联络员", "viewer", "422827"),
    ("sysadmin", "周敏", "系统管理员", "sysadmin", ""),
    ("secadmin", "吴静", "安全管理员", "secadmin", ""),
    ("auditor", "郑文", "审计管理员", "auditor", ""),
)
AREA_MODELS = {6: ("county", County), 9: ("township", Township), 12: ("village", Village)}


def make_accounts(password: str) -> None:
    """Make the cast that is missing. No account has a known password but the one given (trust I1)."""
    for login, name, title, role, area in CAST:
        if User.objects.filter(login=login).exists():
            continue
        user = User(login=login, name=name, title=title, must_change_password=False)
        user.set_password(password)
        user.save()
        place = {}
        if area:
            field, model = AREA_MODELS[len(area)]
            place[field] = model.objects.get(code=area)
        Assignment.objects.create(user=user, role=role, since=date(2016, 1, 1), **place)


def set_passwords(password: str) -> None:
    """On a later start: the printed password is valid again for the whole cast."""
    for user in User.objects.filter(login__in=[row[0] for row in CAST]):
        user.set_password(password)
        user.save(update_fields=["password"])


def make_token(secret: str) -> None:
    """The demo's API token: county scope, read only. Stored as prefix and digest."""
    prefix = secret[:PREFIX_LENGTH]
    ApiToken.objects.filter(name="演示令牌").exclude(prefix=prefix).update(revoked_at=timezone.now())
    ApiToken.objects.update_or_create(
        prefix=prefix,
        defaults={
            "digest": digest_of(secret),
            "name": "演示令牌",
            "owner": User.objects.get(login="county"),
            "county": County.objects.get(code="422827"),
            "expires_at": timezone.now() + timedelta(days=365),
            "revoked_at": None,
        },
    )


def demo_password() -> str:
    return env.str("FUPIN_DEMO_PASSWORD", "") or secrets.token_urlsafe(9)


def demo_token() -> str:
    return env.str("FUPIN_DEMO_TOKEN", "") or secrets.token_urlsafe(32)
