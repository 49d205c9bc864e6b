"""What the home page of each role shows: what to do next, at most three numbers, then the list behind them (ui.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts import roles
from assessment import selectors
from assessment.models import Round
from assessment.selectors import DOUBT, DRAFT, TO_SURVEY, Coverage, WorkItem
from core.models import Job
from core.scope import Scope
from reports.rollup import households_counted, surveys_counted
from reports.tables import Table, build_table, tiers_of
from villages.models import County, Township, Village, VillagerGroup

WORK_ROWS = 15
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


@dataclass(frozen=True, slots=True)
class Task:
    """A work item in the words of the page."""

    item: WorkItem
    label: str
    state: str
    action: str


_TASK_WORDS = {
    DRAFT: ("草稿", "doing", "续填"),
    DOUBT: ("疑点待核", "back", "去核"),
    TO_SURVEY: ("待评估", "todo", "填表"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Households to survey and surveyed, of a group."""

    name: str
    households: int
    surveyed: int

    @property
    def missing(self) -> int:
        return max(0, self.households - self.surveyed)


def page_for(scope: Scope, user, day: date) -> HomePage:
    """The home page by the widest area that the caller works in."""
    round_ = current_round(scope)
    base = {"round": round_, "day": day, "recent_jobs": list(Job.objects.filter(requested_by=user)[:3])}
    if round_ is not None:
        base |= {"round_label": round_.name, "round_url": f"/rounds/{round_.code}/"}
    if any(grant.county_id for grant in scope.rows):
        return HomePage("reports/home_county.html", base | county_context(scope, round_))
    if any(grant.township_id for grant in scope.rows):
        return HomePage("reports/home_township.html", base | township_context(scope, round_))
    if scope.rows:
        return HomePage("reports/home_village.html", base | village_context(scope, round_))
    links = [(url, title, text) for right, url, title, text in _ADMIN_LINKS if scope.has(right)]
    return HomePage("reports/home_admin.html", base | {"links": links})


def current_round(scope: Scope) -> Round | None:
    """The newest open round, or the last one of all: tables of a closed round stay readable."""
    return selectors.current_round(scope) or selectors.rounds(scope).first()


def village_context(scope: Scope, round_: Round | None) -> dict[str, Any]:
    villages = list(Village.objects.visible_to(scope).select_related("township", "county").order_by("code"))
    context: dict[str, Any] = {
        "villages": villages,
        "place": _place_of(villages),
        "may_register": scope.has(roles.HOUSEHOLD_EDIT),
    }
    if round_ is None:
        return context
    work = selectors.work_list(scope, round_, WORK_ROWS)
    tasks = [Task(item, *_TASK_WORDS[item.kind]) for item in work.items]
    groups = group_progress(scope, round_)
    return context | {"numbers": work, "tasks": tasks, "next": tasks[0] if tasks else None, "groups": groups}


def group_progress(scope: Scope, round_: Round) -> list[Progress]:
    due = _count_by(households_counted(round_).visible_to(scope), "group_id")
    done = _count_by(surveys_counted(round_).visible_to(scope), "group_id")
    groups = VillagerGroup.objects.visible_to(scope).select_related("village").order_by("village__code", "number")
    several = len({group.village_id for group in groups}) > 1
    lines = [
        Progress(
            f"{group.village.short_name}{group.name}" if several else group.name,
            due.get(group.pk, 0),
            done.get(group.pk, 0),
        )
        for group in groups
        if group.valid_to is None or due.get(group.pk) or done.get(group.pk)
    ]
    if due.get(None) or done.get(None):
        lines.append(Progress("未分组", due.get(None, 0), done.get(None, 0)))
    return lines


def township_context(scope: Scope, round_: Round | None) -> dict[str, Any]:
    townships = list(Township.objects.visible_to(scope).select_related("county"))
    context: dict[str, Any] = {"townships": townships, "place": _place_of(townships)}
    if round_ is None:
        return context
    work = selectors.work_list(scope, round_, 0)
    return context | {"numbers": work, "progress": village_progress(scope, round_, townships)}


def village_progress(scope: Scope, round_: Round, townships: Iterable[Township]) -> list[Coverage]:
    """Villages by coverage, the one that lags most first; villages without households last."""
    rows = [row for township in townships for row in selectors.coverage(scope, round_, township.code)]
    return sorted(rows, key=lambda row: (row.rate is None, row.rate or 0, -row.households))


def county_context(scope: Scope, round_: Round | None) -> dict[str, Any]:
    """The dashboard reads the county table, so that chart, table and Excel show the same number (ui.md)."""
    counties = list(County.objects.visible_to(scope))
    context: dict[str, Any] = {"place": _place_of(counties), "may_build": scope.has(roles.TABLE_BUILD)}
    if round_ is None:
        return context
    table = build_table("county", round_, round_.county.code, scope)
    return context | {
        "table": table,
        "total": table.total.values,
        "tiers": _tier_bars(table),
        "causes": _cause_bars(table),
    }


def _tier_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    return [
        _bar_row(table, f"tier.{tier.code}", tier.name, values, suffix=tier.code.lower())
        for tier in tiers_of(table.round)
    ]


def _cause_bars(table: Table) -> list[dict[str, Any]]:
    values = table.total.values
    columns = [column for column in table.columns if column.code.startswith("cause.") and values[column.code]]
    bars = [_bar_row(table, column.code, column.short, values, suffix="accent") for column in columns]
    return sorted(bars, key=lambda row: -row["value"])


def _bar_row(table: Table, code: str, label: str, values: dict[str, Any], *, suffix: str) -> dict[str, Any]:
    url = f"{reverse('table_cell', args=['county'])}?round={table.round.code}&area={table.area.code}&column={code}"
    twin = code.replace(".", "_persons.", 1)
    return {"label": label, "value": values[code] or 0, "persons": values.get(twin), "suffix": suffix, "url": url}


def _count_by(rows: QuerySet, field: str) -> dict[int | None, int]:
    return dict(rows.order_by().values_list(field).annotate(Count("pk")))


def _place_of(places: list) -> list[tuple[str, str]]:
    """县 / 乡镇 / 村 of the first place; several places are named one after the other."""
    if not places:
        return []
    first = places[0]
    above = [getattr(first, name).name for name in ("county", "township") if getattr(first, name, None) is not None]
    names = "、".join(getattr(place, "short_name", place.name) for place in places[:3])
    return [(name, "") for name in [*above, names]]
