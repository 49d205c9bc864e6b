"""What every page's frame shows: menu by role, the pages inside the open section, who, where."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts import roles
from core.scope import Scope
from villages.selectors import counties

MOST_TABS = 5  # on a phone; the rest stands behind …
_MEETS = tuple(roles.SITTING_RIGHTS.values())


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of a section, for whoever holds one of the rights."""

    title: str
    url: str
    rights: tuple[str, ...] = ()

    def open_to(self, scope: Scope) -> bool:
        return not self.rights or any(scope.has(right) for right in self.rights)


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    icon: str
    pages: tuple[_Page, ...]


_SECTIONS = (
    _Section("工作台", "home", (_Page("工作台", "/"),)),
    _Section("农户", "people", (_Page("农户", "/households/", (roles.HOUSEHOLD_VIEW,)), _Page("疑点", "/doubts/", (roles.DOUBT_VIEW,)), _Page("不落一户", "/coverage/", (roles.COVERAGE_VIEW,)), _Page("打印", "/papers/", (roles.LIST_VIEW,)), _Page("转户", "/transfers/", (roles.TRANSFER_ANSWER,)), _Page("导入名册", "/imports/", (roles.IMPORT_RUN,)))),
    _Section(
        "评议", "list",
        (
            _Page("会议", "/sittings/", _MEETS), _Page("名单和进度", "/rounds/", (roles.ROUND_VIEW,)),
            _Page("评议小组", "/panels/", (roles.PANEL_KEEP,)), _Page("委托代办", "/delegations/", (roles.DELEGATION_VIEW,)),
        ),
    ),
    _Section("公示", "notice", (_Page("公示", "/notices/", (roles.LIST_VIEW,)), _Page("异议", "/objections/", (roles.LIST_VIEW,)))),
    _Section(
        "报表",
        "table",
        (
            _Page("报表", "/tables/", (roles.TABLE_VIEW,)),
            _Page("上报表", "/documents/", (roles.TABLE_VIEW,)),
            _Page("看板", "/dashboard/", (roles.TABLE_VIEW,)),
            _Page("地图", "/map/", (roles.TABLE_VIEW,)),
            _Page("导出", "/exports/", (roles.EXPORT_ROSTER,)),
        ),
    ),
    _Section("管理", "gear", (_Page("县设置", "/manage/county/", (roles.COUNTY_SETTINGS,)), _Page("评估表", "/rubrics/", (roles.COUNTY_SETTINGS,)), _Page("疑点规则", "/manage/quality/", (roles.COUNTY_SETTINGS,)), _Page("撤并村", "/villages/merges/", (roles.COUNTY_SETTINGS,)))),
    _Section("账号", "people", (_Page("账号", "/manage/accounts/", (roles.ACCOUNT_MANAGE,)),)),
    _Section("地点", "place", (_Page("地点", "/manage/places/", (roles.PLACE_MANAGE,)),)),
    _Section("岗位", "list", (_Page("岗位", "/manage/assignments/", (roles.ASSIGNMENT_MANAGE,)),)),
    _Section("审计", "table", (_Page("审计", "/manage/audit/", (roles.AUDIT_VIEW,)),)),
)  # fmt: skip


def shell(request: HttpRequest) -> dict[str, object]:
    scope = getattr(request, "scope", None)
    if scope is None or not request.user.is_authenticated:
        return {"menu": [], "county_name": ""}
    meets = any(scope.has(right) for right in _MEETS)
    menu, inside = _menu(scope if meets else scope.standing_in(), request.path)  # whoever stands in finds the meetings too
    labels = {grant.role for held in scope.rights.values() for grant in held if grant.behalf is None}
    county = counties(scope).first()
    return {
        "menu": menu,
        "tabs": menu[:MOST_TABS],
        "more": menu[MOST_TABS:],
        "submenu": inside,
        "user_label": "、".join(roles.ROLE_LABELS[role] for role in roles.ROLE_LABELS if role in labels),
        "county_name": county.name if county else "",
        "scope": scope,
    }


def _menu(scope: Scope, path: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The sections, each leading to its first page that is open to the caller; and the pages of the one that is open."""
    menu, inside = [], []
    for section in _SECTIONS:
        pages = [page for page in section.pages if page.open_to(scope)]
        if not pages:
            continue
        current = any(_is_current(path, page.url) for page in pages)
        menu.append({"title": section.title, "url": pages[0].url, "icon": section.icon, "current": current})
        if current and len(pages) > 1:
            inside = [{"title": page.title, "url": page.url, "current": _is_current(path, page.url)} for page in pages]
    return menu, inside


def _is_current(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
