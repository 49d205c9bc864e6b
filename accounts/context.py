"""What every page's frame shows: menu by role, who, where."""

from django.http import HttpRequest

from accounts import roles
from villages.selectors import counties

_MENU = (
    ("工作台", "/", "home", None),
    ("农户", "/households/", "people", roles.HOUSEHOLD_VIEW),
    ("评议", "/rounds/", "list", roles.ROUND_VIEW),
    ("报表", "/tables/", "table", roles.TABLE_VIEW),
    ("导入", "/imports/", "upload", roles.IMPORT_RUN),
    ("管理", "/manage/county/", "list", roles.COUNTY_SETTINGS),
    ("账号", "/manage/accounts/", "people", roles.ACCOUNT_MANAGE),
    ("地点", "/manage/places/", "place", roles.PLACE_MANAGE),
    ("岗位", "/manage/assignments/", "list", roles.ASSIGNMENT_MANAGE),
    ("审计", "/manage/audit/", "table", roles.AUDIT_VIEW),
)


def shell(request: HttpRequest) -> dict[str, object]:
    scope = getattr(request, "scope", None)
    if scope is None or not request.user.is_authenticated:
        return {"menu": [], "county_name": ""}
    menu = [
        {"title": title, "url": url, "icon": icon, "current": _is_current(request.path, url)}
        for title, url, icon, right in _MENU
        if right is None or scope.has(right)
    ]
    labels = {grant.role for held in scope.rights.values() for grant in held}
    county = counties(scope).first()
    return {
        "menu": menu,
        "user_label": "、".join(roles.ROLE_LABELS[role] for role in roles.ROLE_LABELS if role in labels),
        "county_name": county.name if county else "",
        "scope": scope,
    }


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
