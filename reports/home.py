"""What the home page of each role shows: what to do next, at most three numbers, then the list behind them (ui.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts import roles
from assessment import selectors
from assessment.models import Round
from core.models import Job
from core.scope import Scope
from reports.homes import offices, village
from reports.homes.reminders import export_reminders, first_things, stand_in_reminders

_ADMIN_LINKS = (
    (roles.ACCOUNT_MANAGE, "/manage/accounts/", "账号", "新建账号、重置密码、干部调动时移交。"),
    (roles.PLACE_MANAGE, "/manage/places/", "地点", "乡镇、村、村民小组和各年户籍人口。"),
    (roles.ASSIGNMENT_MANAGE, "/manage/assignments/", "岗位", "谁在哪里任什么岗位，从哪天到哪天。"),
    (roles.AUDIT_VIEW, "/manage/audit/", "审计", "谁在什么时候做了什么，按人、按对象查。"),
)


@dataclass(frozen=True, slots=True)
class HomePage:
    template: str
    context: dict[str, Any]


def page_for(scope: Scope, user, day: date) -> HomePage:
    """The home page by the widest area that the caller works in."""
    round_ = current_round(scope)
    base = {"round": round_, "day": day, "recent_jobs": list(Job.objects.filter(requested_by=user)[:3])}
    if round_ is not None:
        base |= {"round_label": round_.name, "round_url": f"/rounds/{round_.code}/"}
    if scope.rows:
        return _with_reminders(_working_page(scope, round_, day, base), scope, round_, day)
    links = [(url, title, text) for right, url, title, text in _ADMIN_LINKS if scope.has(right)]
    return HomePage("reports/home_admin.html", base | {"links": links})


def _working_page(scope: Scope, round_: Round | None, day: date, base: dict[str, Any]) -> HomePage:
    if any(grant.county_id for grant in scope.rows):
        return _page("county", base, offices.county_context(scope, round_, day), "counties")
    if any(grant.township_id for grant in scope.rows):
        return _page("township", base, offices.township_context(scope, round_, day), "townships")
    return _page("village", base, village.context_of(scope, round_, day), "villages")


def _with_reminders(page: HomePage, scope: Scope, round_: Round | None, day: date) -> HomePage:
    lines = first_things(page.context.get("reminders", ()), stand_in_reminders(scope, round_, day), export_reminders(scope))
    return HomePage(page.template, page.context | {"reminders": lines})


def current_round(scope: Scope) -> Round | None:
    """The newest open round, or the last one of all: tables of a closed round stay readable."""
    return selectors.current_round(scope) or selectors.rounds(scope).first()


def _page(level: str, base: dict[str, Any], context: dict[str, Any], places: str) -> HomePage:
    return HomePage(f"reports/home_{level}.html", base | context | {"place": _place_of(context[places])})


def _place_of(places: list) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 of the first place; several places are named one after the other."""
    if not places:
        return []
    first = places[0]
    above = [getattr(first, name).name for name in ("county", "township") if getattr(first, name, None) is not None]
    names = "、".join(getattr(place, "short_name", place.name) for place in places[:3])
    return [(name, "") for name in [*above, names]]
