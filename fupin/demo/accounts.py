"""The demo's cast: one account a role, passwords from the environment or made and printed (contract "Demo accounts")."""

import secrets
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
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
WALKED = {
    "lead_12": ("冉光祥", "422827102212"), "lead_08": ("舒祥云", "422827102208"), "lead_05": ("罗兴贵", "422827102205"),
    "lead_03": ("龙德安", "422827102203"), "lead_09": ("余志友", "422827102209"), "lead_06": ("邓祖文", "422827102206"),
    "lead_13": ("王成富", "422827102213"), "lead_07": ("曾玉春", "422827102207"),
}  # fmt: skip
"""村党组织书记 of the villages whose lists the demo has walked already; `cadre3` (包村干部) holds a post in each of them."""
AREA_MODELS = {6: ("county", County), 9: ("township", Township), 12: ("village", Village)}


def make_accounts(password: str) -> None:
    """Make the cast that is missing; at every start the printed password is valid for all of it (trust I1). Hashed once: it is one password."""
    encoded = make_password(password)
    for login, name, title, role, area in CAST:
        _make(login, name, title, encoded, role, (area,))
    for login, (name, area) in WALKED.items():
        _make(login, name, "村党组织书记", encoded, "village_lead", (area,))
    _make("cadre3", "向志远", "包村干部", encoded, "cadre", tuple(area for _, area in WALKED.values()))
    User.objects.filter(login__in=[*(row[0] for row in CAST), *WALKED, "cadre3"]).update(password=encoded)


def _make(login: str, name: str, title: str, encoded: str, role: str, areas: tuple[str, ...]) -> None:
    if User.objects.filter(login=login).exists():
        return
    phone = f"0718-62{User.objects.count():05d}"
    user = User(login=login, name=name, title=title, office_phone=phone, must_change_password=False, password=encoded)
    user.save()
    for area in areas:
        place = {}
        if area:
            field, model = AREA_MODELS[len(area)]
            place[field] = model.objects.get(code=area)
        Assignment.objects.create(user=user, role=role, since=date(2016, 1, 1), **place)


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
